/** What the process that measures handed to this app; both run in it. */
export interface Bench {
  readonly body: (name: string) => { readonly name: string };
  readonly nameOf: (person: unknown) => string;
  readonly tokens: { accessToken: string; refreshToken: string; expiresIn: number; scope: string[] };
}

export const bench = (): Bench => (globalThis as unknown as { bench: Bench }).bench;
