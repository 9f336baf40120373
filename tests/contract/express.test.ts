import { describeContract } from "./contract.ts";

describeContract("express", { example: "express" });
