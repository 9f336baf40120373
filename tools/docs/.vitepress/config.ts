import { existsSync } from "node:fs";
import { defineConfig } from "vitepress";
import { anchorOf } from "../../../tests/docs/markdown.ts";
import { readChapters } from "../pages.ts";
import { pictureOf, pictureStyle } from "../pictures.ts";

const hasApi = existsSync(new URL("../../../docs/api", import.meta.url));

export default defineConfig({
  title: "Pixy",
  description: "OAuth 2.0 login with PKCE that keeps people logged in, on Express, Next.js, Hono and web standards.",
  srcDir: ".cache/pages",
  outDir: ".cache/site",
  cacheDir: ".cache/vitepress",
  cleanUrls: true,
  // The same anchors as on GitHub, which `tests/docs/links.test.ts` holds the pages to.
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: "github-light-high-contrast", dark: "github-dark" },
    config(markdown) {
      const { fence } = markdown.renderer.rules;
      markdown.renderer.rules.fence = (tokens, index, ...others) => {
        const { info, content } = tokens[index] ?? { info: "", content: "" };
        return info === "mermaid" ? pictureOf(content) : (fence?.(tokens, index, ...others) ?? "");
      };
    },
  },
  // The theme's own is too faint for small text.
  head: [["style", {}, `:root { --vp-code-lang-color: var(--vp-c-text-2) }${pictureStyle}`]],
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    // Written by `write reference`, as HTML with a search of its own.
    nav: hasApi ? [{ text: "API", link: "/api/index.html", target: "_self" }] : [],
    outline: [2, 3],
    sidebar: readChapters().map(({ title, pages }) => ({
      text: title,
      ...(pages.length > 20 ? { collapsed: true } : {}),
      items: pages.map((page) => ({ text: page.title, link: `/${page.address}` })),
    })),
    search: { provider: "local", options: { detailedView: true } },
  },
});
