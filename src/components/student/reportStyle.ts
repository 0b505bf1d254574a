/** How a report looks, on screen and on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light; --ink: #22211d; --muted: #5f5c54; --line: #d5d0c4; --ood: #963f73; --done: #00694f; --open: #8a4b00; }
* { box-sizing: border-box; }
html { background: #fff; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 3rem; color: var(--ink); font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1, h2, .said { font-family: "Iowan Old Style", Charter, "Bitstream Charter", Palatino, "DejaVu Serif", Georgia, serif; }
h1 { margin: 0 0 0.2rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 0; font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 1rem 0 0.3rem; font-size: 0.9375rem; }
p { margin: 0.35rem 0; }
.who { font-size: 1.125rem; margin: 0; }
.meta { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.1rem 1rem; margin: 1rem 0 0; padding: 0.75rem 0; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.meta dt { color: var(--muted); } .meta dd { margin: 0; }
.task { margin-top: 1.75rem; padding-top: 0.9rem; border-top: 1px solid var(--line); }
.head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1rem; }
.state { font-weight: 600; color: var(--done); white-space: nowrap; } .state[data-done="false"] { color: var(--open); }
.asked, .small { color: var(--muted); }
.small { font-size: 0.8125rem; }
.answer { margin: 0.6rem 0; padding-left: 0.85rem; border-left: 3px solid var(--line); }
.answer > p { margin: 0.1rem 0; }
.said { font-size: 1.0625rem; white-space: pre-wrap; unicode-bidi: plaintext; text-align: start; }
.found { margin-top: 0.6rem; }
.lead { font-family: inherit; }
figure { margin: 0.75rem 0 0; } figure img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1rem; align-items: start; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.8125rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
caption { text-align: left; color: var(--muted); padding: 0.5rem 0 0.2rem; }
th, td { padding: 0.12rem 0.7rem 0.12rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; font-weight: 400; vertical-align: top; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
thead th { color: var(--muted); }
.text td { text-align: left; white-space: normal; }
.link { font: 0.8125rem/1.45 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; word-break: break-all; }
a { color: #0069a4; }
footer { margin-top: 2rem; padding-top: 0.75rem; border-top: 2px solid var(--ink); }
@page { margin: 16mm 15mm; }
@media print {
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  h2, h3, .head, .asked, caption { break-after: avoid; }
  .answer, figure, tr, footer { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 0.75rem; } th, td { padding-right: 0.45rem; }
  a { color: inherit; text-decoration: none; }
}
`;
