/** Milliseconds that no test outlives. */
export const long = 600_000;

/** The times of a lease that no test outlives. */
export const lasting: { readonly lease: number; readonly intent: number } = { lease: long, intent: long };

/** Waits for something that happens by a clock which nobody can move. */
export async function until(happened: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error("what was waited for did not happen within 30 seconds");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
