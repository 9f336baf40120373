const read = /^(code|state|iss|error(_description)?)$/;

/** The fields of a provider's form that nothing of ours reads, such as Apple's `user`; of a repeated one the last. */
export function postedFields(form: URLSearchParams): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries([...form].filter(([name]) => !read.test(name))));
}
