import { createAuth, type SignedIn, spotify } from "@pixy/server";

const auth = createAuth({
  provider: spotify,
  clientId: "client",
  baseUrl: "https://app.example",
  secret: "",
  onLogin: () => ({ name: "Ada" }),
});

export async function handle(request: Request): Promise<readonly unknown[]> {
  const opened = auth.open({ method: request.method, url: request.url, header: (name) => request.headers.get(name) });
  // @ts-expect-error: who may be signed out has no token.
  const early = await opened.accessToken();
  const verdict = await auth.requireLogin(opened);
  // @ts-expect-error: the verdict may be an answer to send.
  const unchecked = verdict.current;
  if (verdict instanceof Response) return [verdict, early, unchecked];
  const login: SignedIn<{ name: string }> = verdict;
  const token: string = await login.accessToken();
  // @ts-expect-error: a typo.
  const typo = login.current.data.nmae;
  return [token, typo];
}
