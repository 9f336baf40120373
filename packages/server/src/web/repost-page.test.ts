import { expect, it } from "vitest";
import { repostPage } from "./repost-page.ts";

it("has each field in its order, repeated ones too, and its own path to post them to", async () => {
  const html = await repostPage("/a&b/callback", new URLSearchParams("code=1&code=2&state=%22%3E")).text();
  expect(html).toContain(
    '<form method="post" action="/a&#38;b/callback"><input type="hidden" name="code" value="1">' +
      '<input type="hidden" name="code" value="2"><input type="hidden" name="state" value="&#34;&#62;">',
  );
});

it("lets one script run, by a nonce of this answer's own, and names our origin to us alone", () => {
  const [first, second] = [1, 2].map(() => repostPage("/callback", new URLSearchParams()).headers);
  const nonceOf = (headers: Headers | undefined) =>
    /script-src 'nonce-([\w-]{43})'/.exec(headers?.get("content-security-policy") ?? "")?.[1];
  expect(nonceOf(first)).toBeDefined();
  expect(nonceOf(second)).not.toBe(nonceOf(first));
  expect(first?.get("referrer-policy")).toBe("same-origin");
  expect(first?.get("cache-control")).toBe("private, no-store");
});
