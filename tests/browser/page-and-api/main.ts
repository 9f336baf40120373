import { pixy } from "@pixy/browser";

/** A page that a dev server makes, in front of an API that is another process. */
const auth = pixy<{ readonly displayName: string }>();

function show(): void {
  const { status, session } = auth.state;
  const said = document.querySelector("[role=status]");
  if (said !== null) said.textContent = `${status} ${session?.data?.displayName ?? "nobody"}`;
}

const on = (id: string, click: () => void) => document.getElementById(id)?.addEventListener("click", click);

auth.subscribe(show);
show();
on("in", () => auth.login());
on("out", () => void auth.logout({ returnTo: false }));
on("ask", async () => {
  const answer = await auth.fetch("/me");
  document.title = `${answer.status} ${((await answer.json()) as { readonly id?: string }).id}`;
});
