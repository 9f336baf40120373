import { describeContract } from "../contract/contract.ts";

describeContract("next", { example: "next" });
describeContract("next, sessions in memory", { example: "next", variables: { SESSION_STORE: "memory" } });
