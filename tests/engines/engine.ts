/** A browser that speaks no protocol of Chromium. */
export interface Engine {
  /** Opens a window of somebody who has no cookies. */
  open(): Promise<Tab>;
  close(): Promise<void>;
}

/** What a person and a script do with one window. */
export interface Tab {
  goto(url: string): Promise<void>;
  /** Clicks the link or the button with this text, as soon as it is there. */
  click(text: string): Promise<void>;
  back(): Promise<void>;
  url(): Promise<string>;
  /** Evaluates an expression in the page, and waits for it if it is a promise. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** The names of the cookies that the page's server gets. */
  cookieNames(): Promise<string[]>;
  close(): Promise<void>;
}

/** Finds the link or the button with this text. */
export function clickable(text: string): string {
  return `//*[self::a or self::button][normalize-space()="${text}"]`;
}
