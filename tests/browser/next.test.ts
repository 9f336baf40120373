import { describeInBrowser } from "./in-browser.ts";

describeInBrowser("next");
