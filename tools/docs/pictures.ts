import { createHash } from "node:crypto";
import { renderMermaidSVG } from "beautiful-mermaid";

/** The site's own colours, which change with its theme. */
const colours = {
  bg: "var(--vp-c-bg)",
  fg: "var(--vp-c-text-1)",
  muted: "var(--vp-c-text-1)",
  line: "var(--vp-c-text-2)",
  accent: "var(--vp-c-text-2)",
  surface: "var(--vp-c-bg-soft)",
  border: "var(--vp-c-text-3)",
};

/** What the pictures need of the page's style; each brings a copy of the rest, which a page of Vue may not have. */
export const pictureStyle: string = `
.picture svg { max-width: 100%; height: auto; overflow: visible;
  --_text: var(--fg); --_text-sec: var(--muted); --_text-muted: var(--muted); --_text-faint: var(--muted);
  --_line: var(--line); --_arrow: var(--accent); --_node-fill: var(--surface); --_node-stroke: var(--border);
  --_group-fill: var(--bg); --_group-hdr: var(--surface); --_inner-stroke: var(--border); --_key-badge: var(--surface) }
.picture text { font-family: inherit }`;

const drawn = new Map<string, string>();

/** Draws a block of Mermaid as SVG, once for the page, its script and the search. */
export function pictureOf(code: string): string {
  const picture = drawn.get(code) ?? draw(code);
  drawn.set(code, picture);
  return picture;
}

/** Nothing in it comes from elsewhere, and no name in it is that of another picture. */
function draw(code: string): string {
  const name = `picture-${createHash("sha256").update(code).digest("hex").slice(0, 8)}-`;
  const svg = renderMermaidSVG(code, { ...colours, font: "Inter", transparent: true, padding: 8, layerSpacing: 28 })
    // Its style asks Google for a font.
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/\bid="/g, `id="${name}`)
    .replace(/url\(#/g, `url(#${name}`)
    .replace(/^<svg /, `<svg role="img" aria-label="${labelOf(code)}" `);
  if (/<script|https?:(?!\/\/www\.w3\.org\/)/.test(svg)) throw new Error("The picture asks for something elsewhere.");
  return `<div class="picture" v-pre>${svg.replace(/\n\s*/g, "")}</div>\n`;
}

/** What the picture says, for who cannot see it: its own text, which is short. */
function labelOf(code: string): string {
  const words = code
    .replaceAll(/<br>|\[\*\]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return words.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
