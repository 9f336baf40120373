import { describeDiscovery } from "../contract/discovery.ts";

describeDiscovery("hono on workerd", "hono", { away: true });
