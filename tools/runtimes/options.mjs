import { spotify } from "../../packages/providers/dist/spotify.js";

/** The moment at which the sealed session of `fixture.mjs` was made. */
export const moment = Date.UTC(2026, 10, 1);

/** Made up for these tests: `next` replaces `current`. */
export const current = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";
export const next = "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y";

export const options = {
  provider: spotify,
  clientId: "client-of-the-app",
  baseUrl: "https://app.example",
  scope: ["user-read-private"],
  secret: current,
  now: () => moment,
};
