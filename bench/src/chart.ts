export interface Bar {
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** Horizontal bars, ours in another colour, as an SVG that needs nothing else. */
export function chart(groups: Readonly<Record<string, readonly Bar[]>>): string {
  const row = 24;
  const left = 330;
  const width = 820;
  let top = 10;
  const parts: string[] = [];
  const text = (x: number, y: number, value: string, more = ""): void => {
    parts.push(`<text x="${x}" y="${y}" ${more}>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`);
  };
  for (const [title, bars] of Object.entries(groups)) {
    text(10, top + 18, title, 'font-weight="bold"');
    top += 30;
    for (const { name, share } of bars) {
      const length = Math.max(1, Math.round(share * (width - left - 70)));
      text(left - 10, top + 16, name, 'text-anchor="end"');
      parts.push(
        `<rect x="${left}" y="${top + 3}" width="${length}" height="${row - 7}" rx="2" fill="${colourOf(name)}"/>`,
      );
      text(left + length + 8, top + 16, share.toFixed(2));
      top += row;
    }
    top += 14;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" font-family="sans-serif" font-size="13" fill="#222" role="img">`,
    "<title>Signed-in requests per second, as a share of the bare framework</title>",
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function colourOf(name: string): string {
  if (name.startsWith("@pixy/")) return "#1f7a4d";
  return name === "bare" || name.startsWith("(") ? "#999" : "#b8860b";
}
