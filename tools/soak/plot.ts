import type { SoakResult } from "./run.ts";

const width = 720;
const height = 92;
const left = 56;

/** Draws memory, load and latency over time, with the disturbances as bands behind them. */
export function plot(result: SoakResult, started: number): string {
  const { samples, options, seconds } = result;
  const x = (at: number): number => round(left + (at / Math.max(1, seconds)) * (width - left - 12));
  const rows = [
    { title: "MB resident", values: samples.map(({ memory }) => memory), color: "#1f6feb" },
    { title: "requests a second", values: samples.map(({ rate }) => rate), color: "#2da44e" },
    { title: "ms, 95th percentile", values: samples.map(({ p95 }) => p95), color: "#bc4c00" },
    { title: "open files", values: samples.map(({ descriptors }) => descriptors), color: "#8250df" },
  ];
  const total = rows.length * height + 34;
  const bands = result.disturbances.map(({ what, from, to }) => {
    const start = x((from - started) / 1000);
    const end = x(Math.min(seconds, (to - started) / 1000));
    const color = what.startsWith("store") ? "#cf222e" : "#bf8700";
    return `<rect x="${start}" y="24" width="${round(Math.max(1, end - start))}" height="${total - 44}" fill="${color}" opacity=".16"/>`;
  });
  const lines = rows.flatMap(({ title, values, color }, row) => {
    const bottom = 24 + (row + 1) * height - 12;
    const most = Math.max(1, ...values);
    const points = values.map(
      (value, at) => `${x(samples[at]?.at ?? 0)},${round(bottom - (value / most) * (height - 26))}`,
    );
    return [
      `<text x="${left}" y="${bottom - height + 24}">${title}</text>`,
      `<text x="${left - 6}" y="${bottom - height + 34}" text-anchor="end">${round(most)}</text>`,
      `<text x="${left - 6}" y="${bottom}" text-anchor="end">0</text>`,
      `<path d="M${left} ${bottom}H${width - 12}" stroke="#8c959f" stroke-width=".5"/>`,
      `<polyline points="${points.join(" ")}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" font-family="system-ui,sans-serif" font-size="10" fill="#57606a" role="img">`,
    `<title>Memory, requests, latency and open files of ${options.example} with sessions in ${options.store}</title>`,
    `<rect width="${width}" height="${total}" fill="#fff"/>`,
    `<text x="${left}" y="14" font-size="12" fill="#1f2328">${options.example}, ${options.store}: ${options.visitors} visitors, ${seconds} s</text>`,
    `<text x="${width - 12}" y="14" text-anchor="end">yellow: provider disturbed, red: store away</text>`,
    ...bands,
    ...lines,
    `<text x="${width - 12}" y="${total - 4}" text-anchor="end">${seconds} s</text>`,
    "</svg>\n",
  ].join("\n");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
