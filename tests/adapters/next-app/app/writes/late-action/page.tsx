import { after } from "next/server";
import { instanceAt } from "../../../instances.ts";
import { report } from "../late/report.ts";

/** Goes on after its answer with the login that it had. */
async function begin(): Promise<void> {
  "use server";
  await instanceAt("/")?.auth.action((login) => after(() => report(login)))();
}

export default function LateAction() {
  return (
    <form action={begin}>
      <button type="submit">Begin</button>
    </form>
  );
}
