import { describe, expect, it } from "vitest";
import { PixyError, printable, printableError, TokenRequestError } from "./index.ts";

// What a terminal or an eye takes for something else than it is.
const hostile: Readonly<Record<string, string>> = {
  "an escape": "\u001b[2J",
  "a bell": "\u0007",
  "a null": "\0",
  "a line break": "\r\n",
  "a tab": "\t",
  delete: "\u007f",
  "an escape of one character": "\u009b31m",
  "a next line": "\u0085",
  "a line separator": "\u2028",
  "a paragraph separator": "\u2029",
  "an override of direction": "\u202e",
  "an isolate": "\u2066",
  "a mark of direction": "\u200f",
  "nothing of a width": "\u200b",
  "a byte order mark": "\ufeff",
  "a hyphen that hides": "\u00ad",
  "letters that nobody sees": "\u{e0041}",
  "half a character": "\ud83d",
};

describe("text made printable", () => {
  it.each(Object.entries(hostile))("shows a question mark for %s", (_, text) => {
    const made = printable(`a${text}b`);
    expect(made).toMatch(/^a\?+(\[2J|31m)?b$/);
    expect(made.replaceAll("?", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  it("keeps what people write and read", () => {
    const text = 'The scope "a b" <is> ungültig: \\ 範囲が無効です — 🙂';
    expect(printable(text)).toBe(text);
  });

  it("ends after 1,000 characters, or as many as are asked for, and with no half of one", () => {
    expect(printable("a".repeat(100_000))).toBe("a".repeat(1000));
    expect(printable("a".repeat(1000), 300)).toHaveLength(300);
    expect(printable(`${"a".repeat(299)}🙂`, 300)).toBe(`${"a".repeat(299)}?`);
    expect(printable("")).toBe("");
  });
});

describe("an error of ours", () => {
  it("is printable, whatever it was made of", () => {
    for (const text of Object.values(hostile)) {
      const error = new TokenRequestError(`no ${text}`, { code: "rate_limited", outcome: "unavailable", hint: text });
      const [first = ""] = String(error.stack).split("\n    at ");
      expect(`${error.message}${error.hint}${first}`).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }
    const error = new TokenRequestError("a".repeat(5000), { code: "rate_limited", outcome: "unavailable", hint: "h" });
    expect(error.message).toHaveLength(1000);
    expect(PixyError.isInstance(error)).toBe(true);
  });
});

describe("an error told for a log", () => {
  it("has its causes, codes, hints and stacks, one line each", () => {
    const cause = new TokenRequestError("not now", { code: "rate_limited", outcome: "unavailable", hint: "Wait." });
    const lines = printableError(new Error("failed", { cause })).split("\n");
    expect(lines[0]).toBe("Error: failed");
    expect(lines[1]).toMatch(/^ {4}at .*printable\.test\.ts/);
    const second = lines.indexOf("caused by TokenRequestError: not now [rate_limited]");
    expect(lines[second + 1]).toBe("    Wait.");
  });

  it("has no line and no escape of what a provider answered", () => {
    // JSON.parse quotes what it was given.
    const text = "\u001b[31m\nError: forged\u202e";
    const quoting = (() => {
      try {
        return JSON.parse(text);
      } catch (error) {
        return error;
      }
    })();
    for (const error of [quoting, new Error("outer", { cause: quoting }), text, { message: text }]) {
      const told = printableError(error);
      expect(told.replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(told).not.toMatch(/^Error: forged/m);
    }
  });

  it("takes no words of the message for a line of the stack", () => {
    expect(printableError(new Error("looked  at the sky")).match(/at the sky/g)).toHaveLength(1);
  });

  it("tells what is no error, and ends where causes go in a circle", () => {
    expect([undefined, null, 5, Symbol("x")].map((value) => printableError(value))).toEqual([
      "",
      "object: null",
      "number: 5",
      "symbol: Symbol(x)",
    ]);
    const circle = new Error("circle");
    circle.cause = circle;
    expect(printableError(circle).split("\n").length).toBeLessThan(300);
    const plain = { name: "Error", message: "circle", cause: {} };
    plain.cause = plain;
    expect(printableError(plain).split("\n")).toHaveLength(100);
  });
});
