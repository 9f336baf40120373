/** The look of the examples: system fonts, both colour schemes, no file to load. */
export const styles: string = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ee; --card: #fffdf8; --ink: #1d1b16; --soft: #615c50; --line: #dcd6c8;
  --accent: #0f6b3e; --on-accent: #ffffff; --warn: #7a2e0e; --warn-paper: #fbe9dd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14150f; --card: #1d1f18; --ink: #f0eee4; --soft: #b0ab9b; --line: #3a3c32;
    --accent: #6fd79f; --on-accent: #06301b; --warn: #ffc9a8; --warn-paper: #3d2113;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: clamp(1rem, 5vw, 4rem) clamp(1rem, 5vw, 2rem);
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif;
  overflow-wrap: anywhere;
}
.page { max-width: 38rem; margin: 0 auto; }
.brand { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; margin: 0 0 1.25rem; color: var(--soft); font-size: .9375rem; }
.brand strong { color: var(--ink); font-size: 1.0625rem; letter-spacing: -.01em; }
.brand a { color: inherit; text-decoration: none; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1.25rem, 5vw, 2.25rem); }
h1 { margin: 0 0 .5rem; font-size: clamp(1.6rem, 6vw, 2.15rem); line-height: 1.15; letter-spacing: -.025em; text-wrap: balance; }
h2 { margin: 2rem 0 .25rem; font-size: 1rem; letter-spacing: -.005em; }
p { margin: 0 0 1.25rem; }
.lead { color: var(--soft); max-width: 32rem; text-wrap: pretty; }
.notice { margin: 0 0 1.25rem; padding: .8rem 1rem; border-radius: .7rem; background: var(--warn-paper); color: var(--warn); }
.facts { margin: 1.5rem 0 0; border-top: 1px solid var(--line); }
.facts div { display: grid; grid-template-columns: minmax(9rem, 2fr) 3fr; gap: 0 1rem; align-items: baseline; padding: .7rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
.facts small { display: block; color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; }
.links { list-style: none; margin: .75rem 0 0; padding: 0; border-top: 1px solid var(--line); }
.links a { display: grid; align-items: baseline; grid-template-columns: minmax(9rem, 2fr) 3fr; gap: 0 1rem; padding: .7rem 0; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
.links li:last-child a { border-bottom: 0; }
.links code { color: var(--accent); font: 500 .9375rem/1.6 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); text-underline-offset: .25em; transition: text-decoration-color .15s; }
.links a:hover code { text-decoration-color: currentColor; }
.links span { color: var(--soft); }
.button {
  display: inline-block; border: 1px solid var(--accent); border-radius: .7rem; padding: .7rem 1.35rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none;
  cursor: pointer; transition: filter .15s;
}
.button:hover { filter: brightness(1.1); }
.button.quiet { background: transparent; border-color: var(--soft); color: var(--ink); }
.button.quiet:hover { border-color: currentColor; filter: none; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.75rem 0 0; }
.actions form { margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .4rem; }
.button:focus-visible { border-radius: .7rem; }
@media (max-width: 30rem) {
  .facts div, .links a { grid-template-columns: 1fr; }
  .actions > *, .actions .button { width: 100%; text-align: center; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .button { border-color: ButtonText; } }
`;
