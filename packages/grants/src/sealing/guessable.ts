const sampleWords = /secret|password|passphrase|change_?-?me|replace|example|default|insecure|development|production/i;

// The rows and columns of a keyboard, and the alphabet.
const walks =
  "01234567890-_ qwertyuiop asdfghjkl zxcvbnm 1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik 9ol abcdefghijklmnopqrstuvwxyz";
const longestPeriod = 64;

/**
 * Tells whether a secret is text, a pattern or a sample rather than random. Of 32 random bytes it says so less than once
 * in ten million times.
 *
 * @param text the secret as it is written
 * @param bytes what it means
 */
export function isGuessable(text: string, bytes: Uint8Array): boolean {
  const codes = new TextEncoder().encode(text);
  const hex = text.length === bytes.length * 2;
  return isPoor(bytes) || isText(bytes) || isRegular(bytes) || isRegular(codes) || (!hex && isTyped(text, codes));
}

/** Whether values come again more often than chance lets them. */
function isPoor(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, longestPeriod);
  return new Set(start).size < 0.6 * start.length;
}

/** Whether the bytes are UTF-8 without control characters. */
function isText(bytes: Uint8Array): boolean {
  // `stream`: the last character may be cut.
  return !/[^\P{Cc}\s]|\ufffd/u.test(new TextDecoder().decode(bytes, { stream: true }));
}

/** Whether the values repeat themselves, or what is added from each to the next does, as in a sequence. */
function isRegular(values: Uint8Array): boolean {
  return isPeriodic(values) || isPeriodic(values.map((value, index) => value - (values[index - 1] ?? 0)));
}

/** Whether a third of the values, or more, repeat those at one distance before them. */
function isPeriodic(values: Uint8Array): boolean {
  const { length } = values;
  for (let period = 1; period <= longestPeriod && period * 3 <= length * 2; period++) {
    let repeated = 0;
    for (let index = period; index < length; index++) if (values[index] === values[index - period]) repeated++;
    if (repeated * 3 >= length) return true;
  }
  return false;
}

/** Whether a person wrote the characters: of one kind, few, in the order of the keyboard, or as words. */
function isTyped(text: string, codes: Uint8Array): boolean {
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text) || new Set(codes).size < 16) return true;
  return isSample(text) || isWalk(text.toLowerCase()) || isWords(text);
}

/** By chance `seCreT` is there a hundred times more often than as a word. */
function isSample(text: string): boolean {
  const [word = ""] = sampleWords.exec(text) ?? [];
  return /^(?:[A-Z]?[a-z_-]+|[A-Z_-]+)$/.test(word);
}

function isWalk(text: string): boolean {
  let walked = 0;
  for (let index = 1; index < text.length; index++) {
    const [first, second] = [text.charAt(index - 1), text.charAt(index)];
    if (first === second || walks.includes(first + second) || walks.includes(second + first)) walked++;
  }
  return walked > 0.52 * text.length;
}

/** Small letters that follow each other, and as many vowels among all letters as languages have. */
function isWords(text: string): boolean {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const least = /[0-9]/.test(text) ? 0.62 : 0.5;
  return count(/[a-z](?=[a-z])/g) > least * text.length && count(/[aeiou]/gi) * 3 > count(/[a-z]/gi);
}
