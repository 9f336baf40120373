import { defineConfig, type Options } from "tsup";

type Config = ReturnType<typeof defineConfig>;

/** JavaScript only: `tsc` writes the declarations. */
export function library(options: Options = {}): Config {
  return defineConfig({
    entry: ["src/index.ts"],
    format: ["esm"],
    dts: false,
    clean: true,
    target: "es2022",
    platform: "neutral",
    treeshake: true,
    ...options,
  });
}
