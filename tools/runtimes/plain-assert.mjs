/** Stands for the part of `node:assert/strict` that `core.test.mjs` uses, in a browser. */
function equal(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`expected ${expected}, got ${actual}`);
}

export default {
  equal,
  notEqual(actual, expected) {
    if (Object.is(actual, expected)) throw new Error(`expected anything but ${expected}`);
  },
  deepEqual: (actual, expected) => equal(canonical(actual), canonical(expected)),
  match(actual, pattern) {
    if (!pattern.test(actual)) throw new Error(`expected ${pattern}, got ${actual}`);
  },
};

function canonical(value) {
  return JSON.stringify(value, (_name, part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
