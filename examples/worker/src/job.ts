import type { Grants } from "@pixy/grants";

/** What the job found for one user: the status of the API's answer, or the code of what went wrong. */
export type Finding = readonly [user: string, what: string];

/** One round of the job: nobody is there, and everybody's token works. */
export async function work(grants: Grants, users: readonly string[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const owner of users) {
    if (!(await grants.has({ owner }))) continue;
    try {
      const answer = await grants.of({ owner }).fetch("/v1/me");
      await answer.body?.cancel();
      findings.push([owner, String(answer.status)]);
    } catch (error) {
      // `reauth_required` is for the person; everything else is better in the next round.
      findings.push([owner, (error as { readonly code?: string }).code ?? "failed"]);
    }
  }
  // What nobody has used for long is kept alive; a day's notice is more than the minute until the next round.
  await grants.upkeep({ within: 86_400 });
  return findings;
}
