import { execFileSync } from "node:child_process";

/** The version of a package of Debian's that is installed. Throws with the command that would install it. */
export function debianVersionOf(name: string): string {
  try {
    const line = execFileSync("dpkg-query", ["--show", name], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [, version = ""] = line.trim().split("\t");
    return version;
  } catch (cause) {
    throw new Error(`${name} is missing: apt-get install -y --no-install-recommends ${name}`, { cause });
  }
}
