/** Runs once as the server starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ readEnvironment }, { preset }, { connectStore }] = await Promise.all([
    import("example-shared/environment"),
    import("./options.ts"),
    import("./store.ts"),
  ]);
  await connectStore(readEnvironment(process.env, preset));
}
