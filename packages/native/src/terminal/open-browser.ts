/** Opens the system's browser. What cannot be opened is no error: the URL was shown, too. */
export async function openInBrowser(url: string): Promise<void> {
  try {
    // When it is needed: a program that is logged in has no use for it.
    const { default: open } = await import("open");
    const child = await open(url);
    child.on("error", () => {});
  } catch {
    // No browser, or none that could be found.
  }
}
