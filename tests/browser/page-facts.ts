import type { Page } from "playwright-core";

/** What has to hold of every page, read from the page as the browser has laid it out. */
export interface PageFacts {
  readonly title: string;
  readonly language: string;
  readonly headings: number;
  readonly landmarks: number;
  /** Buttons, links and fields that a screen reader could not name. */
  readonly nameless: readonly string[];
  /** Pixels by which the page is wider than the window. */
  readonly overflow: number;
  /** Texts with less contrast than WCAG AA asks for: 4.5, or 3 where the text is large. */
  readonly faint: readonly string[];
}

export function readPage(page: Page): Promise<PageFacts> {
  return page.evaluate(() => {
    type Colour = readonly [red: number, green: number, blue: number, alpha: number];
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const parse = (text: string): Colour => {
      if (canvas === null) throw new Error("This browser cannot draw.");
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha / 255];
    };
    const over = (top: Colour, below: Colour): Colour => {
      const mix = (index: 0 | 1 | 2): number => top[index] * top[3] + below[index] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const luminance = (colour: Colour): number => {
      const linear = (value: number): number =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
    };
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "Canvas";
    const paper = parse(getComputedStyle(probe).color);
    probe.remove();
    const ancestors = (element: Element): Element[] => {
      const parent = element.parentElement;
      return parent === null ? [element] : [...ancestors(parent), element];
    };
    const contrast = (element: Element): number => {
      const line = ancestors(element);
      const ground = line.reduce((below, item) => over(parse(getComputedStyle(item).backgroundColor), below), paper);
      const opacity = line.reduce((product, item) => product * Number(getComputedStyle(item).opacity), 1);
      const [red, green, blue, alpha] = parse(getComputedStyle(element).color);
      const [one, two] = [luminance(over([red, green, blue, alpha * opacity], ground)), luminance(ground)];
      return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    };
    const faint: string[] = [];
    for (const element of document.body.querySelectorAll("*")) {
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      const words = text
        .map((node) => node.textContent?.trim())
        .join(" ")
        .trim();
      if (words === "" || !element.checkVisibility() || element.matches("script, style")) continue;
      const { fontSize, fontWeight } = getComputedStyle(element);
      const size = Number.parseFloat(fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      const measured = contrast(element);
      if (measured < (isLarge ? 3 : 4.5)) faint.push(`${words.slice(0, 40)}: ${measured.toFixed(2)}`);
    }
    const named = [...document.querySelectorAll("a[href], button, input, select, textarea")];
    return {
      title: document.title,
      language: document.documentElement.lang,
      headings: document.querySelectorAll("h1").length,
      landmarks: document.querySelectorAll("main").length,
      nameless: named
        .filter((element) => {
          const label = "labels" in element ? (element.labels as NodeListOf<Element> | null)?.[0] : undefined;
          return !(element.textContent?.trim() || element.getAttribute("aria-label") || label?.textContent?.trim());
        })
        .map((element) => element.outerHTML.slice(0, 80)),
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      faint,
    };
  });
}

/** What has the keyboard's attention: its name, and whether a person can see that. */
export interface Focus {
  readonly name: string;
  readonly isVisible: boolean;
}

export function readFocus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return { name: "", isVisible: false };
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const name = element.textContent?.replace(/\s+/g, " ").trim() ?? "";
    return { name, isVisible: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 };
  });
}

/** Presses Tab until something of this name has the focus; throws when the keyboard never gets there. */
export async function tabTo(page: Page, name: RegExp): Promise<Focus> {
  const met: string[] = [];
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press("Tab");
    const focus = await readFocus(page);
    if (name.test(focus.name)) return focus;
    met.push(focus.name);
  }
  throw new Error(`The keyboard does not reach ${name}; it met: ${met.join(", ")}.`);
}
