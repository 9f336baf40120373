import { cookies } from "next/headers";
import { instanceAt } from "../../../instances.ts";

async function connect(): Promise<void> {
  "use server";
  const owner = (await cookies()).get("user")?.value;
  await instanceAt("/")?.auth.connect({ owner, returnTo: "/connecting/connected" });
}

export default function Action() {
  return (
    <form action={connect}>
      <button type="submit">Connect</button>
    </form>
  );
}
