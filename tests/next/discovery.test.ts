import { describeDiscovery } from "../contract/discovery.ts";

describeDiscovery("next, as it was built", "next", { away: false });
