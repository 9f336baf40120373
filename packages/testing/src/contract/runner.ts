/** `describe` and `it` of vitest, `node:test`, bun or any runner that takes a name and a function. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}
