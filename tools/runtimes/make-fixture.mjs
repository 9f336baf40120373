// Seals a session with the Node that runs this, for the other runtimes to open: node tools/runtimes/make-fixture.mjs
import { writeFileSync } from "node:fs";
import { issueSession } from "../../packages/server/dist/index.js";
import { options } from "./options.mjs";

const tokens = { accessToken: "access", expiresIn: 3600, scope: ["user-read-private"], refreshToken: "refresh" };
const [line] = await issueSession(options, { tokens, data: { name: "Ada Lovelace" } });
const text = `/** Sealed on Node ${process.version} by make-fixture.mjs. */
export const cookie =
  "${line.split(";")[0]}";
`;
writeFileSync(new URL("fixture.mjs", import.meta.url), text);
