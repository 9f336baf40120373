import { describeContract } from "../contract/contract.ts";

describeContract("hono on workerd", { example: "hono" });
describeContract("hono on workerd, sessions in Durable Objects", {
  example: "hono",
  variables: { SESSION_STORE: "durable-object" },
});
describeContract("hono on node, sessions in memory", {
  ...{ example: "hono", script: "start:node", variables: { SESSION_STORE: "memory" } },
});
