/** What the program is run in, as far as it decides how things are printed. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Colours belong to a terminal whose owner has not said no (https://no-color.org). */
export function hasColours({ isTerminal, variables }: Screen): boolean {
  return isTerminal && !variables.NO_COLOR && variables.TERM !== "dumb";
}

export interface Colours {
  bold(text: string): string;
  faint(text: string): string;
  red(text: string): string;
}

export function coloursFor(screen: Screen): Colours {
  const isColoured = hasColours(screen);
  const within = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: within(1), faint: within(2), red: within(31) };
}
