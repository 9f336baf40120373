import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticatedFetch, staticAuthenticator } from "../../packages/core/dist/index.js";

// Served by two-origins.ts outside, because workerd listens on no port.
const [api, elsewhere] = process.env.ORIGINS.split(" ");
const call = authenticatedFetch(staticAuthenticator("token"), { origins: [api], base: api });
const to = (location, status = 302) => `/to/${status}?${encodeURIComponent(location)}`;
const codeOf = (answer) =>
  answer.then(
    async (response) => `${response.status} ${await response.text()}`,
    (error) => error.code,
  );

const targets = {
  "a file": "/file",
  data: to("data:text/plain,private"),
  "a user name": to(elsewhere.replace("//", "//ada:pw@")),
};
for (const [what, path] of Object.entries(targets)) {
  test(`a redirect to ${what} is refused, also behind another origin`, async () => {
    assert.equal(await codeOf(call(path)), "redirect_refused");
    assert.equal(await codeOf(call(to(`${elsewhere}${path}`))), "redirect_refused");
  });
}

test("another origin gets harmless headers only, and keeps the token away when it sends back", async () => {
  const own = { cookie: "a=1", "proxy-authorization": "Basic YTpi", "x-api-key": "key" };
  const init = { headers: { ...own, accept: "text/plain", range: "bytes=1-" } };
  for (const path of [to(`${elsewhere}/`), to(`${elsewhere}${to(`${api}/back`)}`)]) {
    const { headers } = await (await call(path, init)).json();
    const secrets = Object.keys(headers).filter((name) => name in own || name === "authorization");
    assert.deepEqual([secrets, headers.accept, headers.range], [[], "text/plain", "bytes=1-"]);
  }
  const { headers } = await (await call(to("/here"), init)).json();
  assert.deepEqual([headers.authorization, headers["x-api-key"]], ["Bearer token", "key"]);
});

test("a body is sent again within the origin, and to no other", async () => {
  const init = { method: "PUT", body: "private", headers: { "content-type": "text/plain" } };
  const seen = await (await call(to("/here", 307), init)).json();
  assert.deepEqual([seen.method, seen.body, seen.headers["content-type"]], ["PUT", "private", "text/plain"]);
  const read = await (await call(to("/here", 303), init)).json();
  assert.deepEqual([read.method, read.body, read.headers["content-type"]], ["GET", "", undefined]);
  assert.equal(await codeOf(call(to(`${elsewhere}/`, 307), init)), "redirect_refused");
});

test("a redirect is handed through under manual, and refused under error", async () => {
  const answer = await call(to("/here"), { redirect: "manual" });
  assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/here"]);
  assert.equal(await codeOf(call(to("/here"), { redirect: "error" })), "redirect_refused");
  assert.equal((await call("/here", { redirect: "error" })).status, 200);
});
