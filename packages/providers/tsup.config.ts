import { library } from "../../tsup.base.ts";

// What is written down about a provider is for its page and for tests.
export default library({ entry: ["src/*.ts", "!src/*.test.ts", "!src/*.facts.ts"] });
