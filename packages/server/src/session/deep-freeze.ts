/** Freezes JSON data and all that is in it: what many requests are given is changed by none. Returns the data. */
export function deepFreeze<Data>(data: Data): Data {
  // A list and no recursion: data may lie deeper than a stack is.
  const found: unknown[] = [data];
  for (const value of found) {
    if (typeof value !== "object" || value === null) continue;
    for (const member of Object.values(Object.freeze(value))) found.push(member);
  }
  return data;
}
