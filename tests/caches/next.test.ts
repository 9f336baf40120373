import { prepareNext } from "../adapters/next-server.ts";
import { describeStream } from "./stream.ts";
import { describePeople } from "./two-people.ts";

const start = prepareNext();

describePeople({
  name: "V8 K20 Next 16",
  paths: [
    // The first one comes before Next has loaded the app.
    ...["own", "plain", "accelerated", "leaving", "guarded"],
    ...["configured", "configured/page", "configured/guarded", "pages", "pages/leaving"],
  ].map((path) => `/people/${path}`),
  late: ["/people/pages/streaming"],
  nameless: ["missing", "failing", "gated", "pages/missing", "pages/failing"].map((path) => `/people/${path}`),
  start,
});

describeStream({ name: "Next 16", start });
