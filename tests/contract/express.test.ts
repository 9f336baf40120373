import { describeContract } from "./contract.ts";

describeContract("express", { example: "express" });
describeContract("express, sessions in memory", { example: "express", variables: { SESSION_STORE: "memory" } });
