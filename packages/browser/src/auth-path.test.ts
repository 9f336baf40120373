import { afterEach, describe, expect, it, vi } from "vitest";
import { usualAuthPath } from "./auth-path.ts";

describe("where the routes are", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is /auth, in Next below its base path, and no error where there is no process", () => {
    expect(usualAuthPath()).toBe("/auth");
    vi.stubGlobal("process", { env: { __NEXT_ROUTER_BASEPATH: "/shop" } });
    expect(usualAuthPath()).toBe("/shop/auth");
    vi.stubGlobal("process", undefined);
    expect(usualAuthPath()).toBe("/auth");
  });
});
