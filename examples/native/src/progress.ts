/** Where progress is drawn. */
export interface ProgressScreen {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** Milliseconds before it is drawn at all: what is quick needs none. */
const patience = 300;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Says that something goes on, on one line that is gone afterwards; nothing where nobody sees it. Returns what ends it. */
export function showProgress(what: string, { isTerminal, write }: ProgressScreen): () => void {
  if (!isTerminal) return () => {};
  const began = performance.now();
  let frame = 0;
  const timer = setInterval(() => {
    const elapsed = performance.now() - began;
    if (elapsed >= patience)
      write(`\r${frames[frame++ % frames.length]} ${what} ${Math.floor(elapsed / 1000)} s\u001b[K`);
  }, 100);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (frame > 0) write("\r\u001b[K");
    frame = 0;
  };
}
