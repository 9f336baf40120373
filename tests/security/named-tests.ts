/** A test, by the ids at the front of its name. */
export interface NamedTest {
  readonly id: string;
  readonly file: string;
  readonly name: string;
}

/** Files whose texts are names of tests. */
function isTestFile(path: string): boolean {
  return /\.test\.ts$/.test(path) || /^tests\/(contract|browser)\//.test(path) || /\/store-contract\//.test(path);
}

// A name is a text that begins with ids: "A8 S6 refuses duplicates", "F8 same-site" in a table, "K17 P10: no token".
const named = /(?<quote>["'`])(?<name>(?:[A-Z]\d{1,2}(?:[ ,:]+))+(?:(?!\k<quote>|\\).|\\.)*)/g;

/** The tests of the repository that carry an id, in the order of their files. */
export function namedTests(files: ReadonlyMap<string, string>): NamedTest[] {
  return [...files].flatMap(([file, text]) => {
    if (!isTestFile(file)) return [];
    return [...text.matchAll(named)].flatMap(({ groups }) => {
      const { name = "" } = groups ?? {};
      const ids = /^(?:[A-Z]\d{1,2}[ ,:]+)+/.exec(name)?.[0] ?? "";
      return (ids.match(/[A-Z]\d{1,2}/g) ?? []).map((id) => ({ id, file, name }));
    });
  });
}
