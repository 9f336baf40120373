import { randomBytes } from "node:crypto";
import { createAuthorizationServer, createClock, createUserAgent, serve, type UserAgent } from "@pixy/testing";
import type { Project } from "../../tests/packages/project.ts";
import { createBalancer } from "../lib/balancer.ts";
import { startRedis } from "../soak/redis.ts";
import { createFleet, type Fleet, type Server } from "./fleet.ts";
import { readOptions, usage } from "./options.ts";
import { installCommit, installPacked, ownCheckout } from "./release.ts";

if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit();
}
const options = readOptions(process.argv.slice(2));
const hour = 3_600_000;
const callsAtOnce = 8;
const failures: string[] = [];
const rows: Record<string, string | number>[] = [];

const clock = createClock();
const provider = createAuthorizationServer({ clock, rotation: "strict", autoApprove: "ada" });
const served = await serve(provider);
provider.configure({ issuer: served.url });
const balancer = await createBalancer();
const secret = { PROVIDER_URL: served.url, SESSION_SECRET: randomBytes(32).toString("base64url") };

console.log(`packing ${options.from} and this checkout`);
const projects: Project[] = [];
try {
  projects.push(await installCommit(options.from), await installPacked(ownCheckout));
  const [before, after] = projects as [Project, Project];
  await inRedis(before, after);
  await inCookies(before, after);
} finally {
  await Promise.all(projects.map((project) => project.remove()));
  await Promise.all([served.close(), balancer.close()]);
}
console.table(rows);
for (const failure of failures.slice(0, 20)) console.error(`failed: ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Four processes on one Redis; two are upgraded one after the other, and taken back. */
async function inRedis(before: Project, after: Project): Promise<void> {
  const redis = await startRedis();
  const fleet = createFleet(balancer, { ...secret, REDIS_URL: redis.url });
  try {
    const [first, second] = [await fleet.start(before), await fleet.start(before)];
    await fleet.start(after);
    await fleet.start(after);
    const people = await logInAll();
    await expire("2 old, 2 new", people, fleet);
    await logOut(people.pop(), fleet.servers[0], fleet.servers[2]);
    const [third, fourth] = [await fleet.start(after, first), second];
    await expire("1 old, 3 new", people, fleet);
    await logOut(people.pop(), fleet.servers[2], fourth);
    const fifth = await fleet.start(after, fourth);
    await expire("4 new", people, fleet);
    for (const replaced of [third, fifth]) await fleet.start(before, replaced);
    await expire("2 old again, 2 new", people, fleet);
  } finally {
    await fleet.stop();
    await redis.stop();
  }
}

/** Sessions in cookies: one process, upgraded and taken back. */
async function inCookies(before: Project, after: Project): Promise<void> {
  const fleet = createFleet(balancer, secret);
  try {
    const first = await fleet.start(before);
    const people = await logInAll();
    const second = await fleet.start(after, first);
    await expire("cookies, new", people, fleet);
    await fleet.start(before, second);
    await expire("cookies, old again", people, fleet);
  } finally {
    await fleet.stop();
  }
}

/** Each login begins at one process and ends at the next, whichever release they are. */
function logInAll(): Promise<UserAgent[]> {
  return Promise.all(
    Array.from({ length: options.people }, async () => {
      const browser = createUserAgent();
      const page = await browser.navigate(`${balancer.url}/auth/login?returnTo=/me`);
      if (page.status !== 200) failures.push(`a login was answered with ${page.status}: ${page.body}`);
      return browser;
    }),
  );
}

/** Lets all tokens expire, as often as was asked for, and has everybody call at each process at once. */
async function expire(phase: string, people: readonly UserAgent[], fleet: Fleet): Promise<void> {
  const answers: string[] = [];
  let refreshes = 0;
  let violations = 0;
  for (let round = 0; round < options.rounds; round++) {
    clock.advance(hour + 1_000);
    await fleet.advance(hour + 1_000);
    provider.reset();
    answers.push(...(await Promise.all(people.map((person) => callAtOnce(person)))).flat());
    refreshes += provider.tokenRequests("refresh_token").length;
    violations += provider.violations.length;
  }
  const expected = people.length * options.rounds;
  const others = answers.filter((answer) => !answer.startsWith("200"));
  rows.push({
    ...{ phase, people: people.length, calls: answers.length, refused: others.length },
    ...{ refreshes, expected, violations },
  });
  failures.push(...others.map((answer) => `${phase}: ${answer}`));
  if (refreshes !== expected) failures.push(`${phase}: ${refreshes} refreshes in the place of ${expected}`);
  if (violations > 0) failures.push(`${phase}: the provider saw ${violations} violations`);
}

/** One call that the browser takes the cookies of, and copies of it that are sent at the same moment. */
async function callAtOnce(person: UserAgent): Promise<string[]> {
  const copies = await Promise.all(Array.from({ length: callsAtOnce - 1 }, () => person.clone()));
  const pages = await Promise.all([person, ...copies].map((browser) => browser.call(`${balancer.url}/me`)));
  return pages.map(({ status, body }) => `${status} ${body}`);
}

/** A logout at one process is one at each. */
async function logOut(
  person: UserAgent | undefined,
  there: Server | undefined,
  elsewhere: Server | undefined,
): Promise<void> {
  if (!person || !there || !elsewhere) return;
  const before = balancer.servers;
  const twin = await person.clone();
  balancer.servers = [there.url];
  await person.call(`${balancer.url}/auth/logout`, { method: "POST" });
  balancer.servers = [elsewhere.url];
  const { status } = await twin.call(`${balancer.url}/me`);
  balancer.servers = before;
  rows.push({ phase: "a logout, asked elsewhere", people: 1, calls: 1, refused: status === 401 ? 1 : 0 });
  if (status !== 401) failures.push(`a logout is answered with ${status} by another process`);
}
