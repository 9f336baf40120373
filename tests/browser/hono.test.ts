import { describeInBrowser } from "./in-browser.ts";

describeInBrowser("hono");
