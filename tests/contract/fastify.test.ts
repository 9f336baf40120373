import { describeContract } from "./contract.ts";

// Its adapter is the guide's, to the letter: docs/writing-an-adapter.md.
describeContract("fastify", { example: "fastify" });
