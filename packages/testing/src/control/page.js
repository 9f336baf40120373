// The control page's script: asks the server what there is, shows it, and sends what somebody clicks.

/**
 * @typedef {{ status: number | null, code: string | null, count: number, mood: string }} Outcome
 * @typedef {{ requests: number, tokenRequests: number, outcomes: Outcome[], state: string }} Burst
 * @typedef {{ name: string, kind: string, href: string | null, visited: boolean, state: string, burst: Burst | null }} App
 * @typedef {{ key: string, at: number, what: string, app: string | null, text: string, count: number, mood: string }} Entry
 * @typedef {{ at: string, kind: string, times?: number }} Fault
 * @typedef {{ rotation: string, usualRotation: string, faults: Fault[], apps: App[], timeLine: Entry[] }} Room
 */

const askEveryMs = 300;

/** @type {Record<string, string>} */
const states = {
  new: "no visitor yet",
  loggedIn: "logged in",
  loggedOut: "logged out",
  unknown: "does not answer",
};

/** @type {Room | null} */
let room = null;
let busy = false;
let shown = "";

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function find(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element;
}

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} content
 * @returns {HTMLElement}
 */
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...content);
  return element;
}

/**
 * @param {string} command
 * @param {unknown} [body]
 * @returns {Promise<unknown>}
 */
async function send(command, body = {}) {
  const answer = await fetch(`/__test/${command}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}

/** @param {string} text */
function say(text) {
  find("said").textContent = text;
}

async function look() {
  try {
    room = /** @type {Room} */ (await send("room"));
    show(room);
  } catch {
    say("The provider does not answer. Is it still running?");
  }
}

async function watch() {
  for (;;) {
    if (!document.hidden) await look();
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}

/** @param {Room} now */
function show(now) {
  const text = JSON.stringify(now);
  // What has not changed is left alone: a selection, the focus and the place in the list stay.
  if (text === shown) return;
  shown = text;
  find("away").setAttribute("aria-pressed", String(isAway(now)));
  find("strict").setAttribute("aria-pressed", String(now.rotation === "strict"));
  find("hint").textContent = hintOf(now);
  showApps(now.apps);
  find("line").replaceChildren(...now.timeLine.map(lineOf));
}

/** @param {Room} now */
function isAway({ faults }) {
  return faults.some(({ at, kind, times }) => at === "token" && kind === "status" && times === undefined);
}

/** @param {Room} now */
function hintOf(now) {
  const lost = now.faults.filter(({ kind }) => kind === "reset-after-consume").length;
  const hints = [];
  if (isAway(now)) hints.push("The token endpoint answers 503: sessions are kept, and it works again once it is back.");
  if (lost > 0 && now.rotation !== "strict") hints.push("The next answer to a refresh gets lost: the app asks again.");
  if (lost > 0 && now.rotation === "strict") {
    hints.push("The next answer gets lost, and a spent refresh token ends the login: this is what nobody can prevent.");
  } else if (now.rotation === "strict") {
    hints.push("Each refresh token works once; a second use ends the login.");
  }
  return hints.join(" ");
}

/** @param {App[]} apps */
function showApps(apps) {
  const list = find("apps");
  if (list.childElementCount !== apps.length) {
    const cards = apps.map(({ name, href }) => {
      const link = href === null ? name : make("a", { href, target: "_blank", rel: "noopener" }, name);
      return make("article", { class: "app" }, make("h3", {}, link), make("p", { class: "state" }), make("div"));
    });
    const none = make("p", { class: "soft" }, "None is named: start it with --app name=http://127.0.0.1:3000/me.");
    list.replaceChildren(...(apps.length === 0 && list.childElementCount === 0 ? [none] : cards));
  }
  for (const [index, { kind, visited, state, burst }] of apps.entries()) {
    const card = list.children[index];
    const [line, picture] = [card?.querySelector(".state"), card?.querySelector("div")];
    if (!line || !picture) continue;
    line.textContent = visited ? (states[state] ?? state) : "open it, log in, and see the time line";
    line.setAttribute("data-state", visited ? state : "new");
    picture.replaceChildren(...(burst === null ? [] : [pictureOf(burst, kind)]));
  }
}

/**
 * @param {Burst} burst
 * @param {string} kind
 */
function pictureOf({ requests, tokenRequests, outcomes }, kind) {
  const answers = outcomes.flatMap(({ mood, count }) => Array(count).fill(mood));
  return make(
    "div",
    { class: "herd" },
    stage(`${requests}`, kind === "program" ? "processes" : "requests", Array(requests).fill("plain")),
    stage(
      `${tokenRequests}`,
      tokenRequests === 1 ? "token request" : "token requests",
      Array(tokenRequests).fill("token"),
    ),
    stage(outcomes.map(nameOf).join(", "), kind === "program" ? "ends" : "answers", answers),
  );
}

/**
 * @param {string} number
 * @param {string} label
 * @param {string[]} dots
 */
function stage(number, label, dots) {
  const squares = dots.map((mood) => make("i", { class: mood }));
  return make(
    "div",
    {},
    make("b", {}, number),
    ` ${label}`,
    make("span", { class: "dots", "aria-hidden": "true" }, ...squares),
  );
}

/** @param {Outcome} outcome */
function nameOf({ status, code, count }) {
  return `${count} × ${[status, code].filter((part) => part !== null).join(" ")}`;
}

/** @param {Entry} entry */
function lineOf({ at, what, app, text, count, mood }) {
  const time = new Date(at).toISOString().slice(11, 23);
  return make(
    "li",
    { class: `${what} ${mood}` },
    make("time", { datetime: new Date(at).toISOString() }, time),
    make("span", { class: "who" }, app ?? ""),
    make("span", {}, count === 1 ? text : `${count} × ${text}`),
  );
}

/**
 * @param {string} id
 * @param {() => Promise<string>} work
 */
function onClick(id, work) {
  find(id).addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    find(id).setAttribute("aria-busy", "true");
    say("…");
    try {
      const said = await work();
      await look();
      say(said || summary());
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    } finally {
      busy = false;
      find(id).removeAttribute("aria-busy");
    }
  });
}

/** What the last requests came to, in one sentence. */
function summary() {
  const seen = (room?.apps ?? []).flatMap(({ kind, burst }) => (burst === null ? [] : [{ ...burst, kind }]));
  if (seen.length === 0) return "There is no app to visit.";
  const count = (/** @type {string} */ kind) => seen.filter((one) => one.kind === kind);
  const sum = (/** @type {Burst[]} */ of) => of.reduce((total, { requests }) => total + requests, 0);
  const [apps, programs] = [count("app"), count("program")];
  const parts = [
    ...(apps.length === 0 ? [] : [`${sum(apps)} requests to ${apps.length === 1 ? "1 app" : `${apps.length} apps`}`]),
    ...(programs.length === 0 ? [] : [`${sum(programs)} processes`]),
  ];
  const tokens = seen.reduce((total, { tokenRequests }) => total + tokenRequests, 0);
  const loggedOut = seen.filter(({ state }) => state === "loggedOut").length;
  const who = loggedOut === 0 ? "Nobody was logged out." : `${loggedOut} logged out.`;
  return `${parts.join(" and ")}, ${tokens} token ${tokens === 1 ? "request" : "requests"}. ${who}`;
}

onClick("at-once", async () => {
  const box = find("expired");
  await send("at-once", { count: 50, expired: box instanceof HTMLInputElement && box.checked });
  return "";
});
onClick("expire", async () => {
  await send("revoke-access-tokens");
  return "Every access token is refused from now on.";
});
onClick("away", async () => {
  if (room !== null && isAway(room)) {
    await send("clear-faults");
    return "The provider is back.";
  }
  await send("fault", { at: "token", kind: "status", status: 503 });
  return "The provider's token endpoint answers 503.";
});
onClick("strict", async () => {
  const usual = room?.usualRotation === "strict" ? "omit" : (room?.usualRotation ?? "omit");
  const isStrict = room?.rotation === "strict";
  await send("settings", { rotation: isStrict ? usual : "strict" });
  return isStrict ? "Refresh tokens live as before." : "A refresh token that is used twice ends the login.";
});
onClick("lose", async () => {
  await send("fault", { at: "token", kind: "reset-after-consume", grantType: "refresh_token", times: 1 });
  return "The next answer to a refresh gets lost.";
});
onClick("log-out", async () => {
  await send("log-out");
  return "The visitors have logged out everywhere.";
});

void watch();
