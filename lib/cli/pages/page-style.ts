/** The style of pages: both colour schemes, narrow windows, and print. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c2430; --muted: #5b6675; --line: #dde2e9; --back: #fff;
  --head: #f4f6f9; --bad: #b3261e; --bad-back: #fdecea; --soon: #8a5a00; --soon-back: #fff4dc;
  --good: #1d6b3a; --good-back: #e6f4ea; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaf0; --muted: #9aa5b4; --line: #303845;
  --back: #14181f; --head: #1c222c; --bad: #ff9d94; --bad-back: #4a1f1c; --soon: #ffd27a;
  --soon-back: #433412; --good: #8fdca9; --good-back: #173823; } }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--text); background: var(--back); }
header, main { padding: 16px 24px; }
h1 { margin: 0; font-size: 20px; }
p { margin: 4px 0 12px; color: var(--muted); }
a { color: inherit; }
code, pre { font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 6px 0; padding: 8px 10px; border-left: 3px solid var(--bad); background: var(--head);
  white-space: pre-wrap; }
td, code, pre { unicode-bidi: isolate; }
.facts { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 2px 16px; margin: 8px 0 16px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 12px; padding: 0; list-style: none; }
.counts button, .tone { font: inherit; border: 0; border-radius: 6px; padding: 2px 8px;
  color: var(--text); background: var(--head); white-space: nowrap; }
.counts button { cursor: pointer; padding: 4px 10px; }
.counts button[aria-pressed="true"] { outline: 2px solid currentColor; }
.counts .bad, .tone.bad { color: var(--bad); background: var(--bad-back); }
.counts .soon, .tone.soon { color: var(--soon); background: var(--soon-back); }
.counts .good, .tone.good { color: var(--good); background: var(--good-back); }
input { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line);
  border-radius: 6px; padding: 4px 8px; width: min(320px, 60vw); }
:is(.counts button, input, summary):focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
main { padding-top: 0; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 10px; border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: var(--head); padding: 0; }
th button { all: unset; cursor: pointer; font-weight: 600; padding: 8px 10px; display: block;
  white-space: nowrap; }
th button:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
th[aria-sort="ascending"] button::after { content: " ↑"; }
th[aria-sort="descending"] button::after { content: " ↓"; }
small { display: block; color: var(--muted); font-size: 12px; overflow-wrap: anywhere; max-width: 34ch; }
.line { white-space: nowrap; }
.wide { width: 55%; min-width: 240px; max-width: 0; }
.wide ul { margin: 4px 0 8px; padding-left: 18px; }
.wide h3 { margin: 8px 0 0; font-size: 12px; color: var(--muted); }
.bar { display: block; width: 120px; height: 6px; margin-top: 4px; background: var(--line); border-radius: 3px; }
.bar rect { fill: var(--muted); } .bar.bad rect { fill: var(--bad); } .bar.good rect { fill: var(--good); }
abbr { text-decoration: none; }
summary { color: var(--muted); font-size: 12px; cursor: pointer; overflow-wrap: anywhere; }
.wide summary { font-size: inherit; color: inherit; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.value { width: 24%; min-width: 140px; }
.path { min-width: 190px; }
.value div { max-height: 14em; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.value mark { color: inherit; background: var(--soon-back); border-radius: 3px; }
@media (max-width: 760px) {
  header, main { padding: 12px; }
  .facts { grid-template-columns: max-content 1fr; }
  /* A table with a wide column becomes a list of cards, under the buttons that sort it. */
  table:has(.wide) { display: block; }
  table:has(.wide) :is(thead, tbody) { display: block; }
  table:has(.wide) tr { display: flex; flex-wrap: wrap; gap: 4px 14px; padding: 10px 0; border-bottom: 1px solid var(--line); }
  table:has(.wide) tr[hidden] { display: none; }
  table:has(.wide) thead tr { gap: 0; padding: 0; background: var(--head); }
  table:has(.wide) :is(th, td) { padding: 0; border: 0; }
  table:has(.wide) td.empty { display: none; }
  td.wide { width: 100%; max-width: 100%; }
  td:has(.bar) { margin-left: auto; }
}
@media print { label, th button::after { display: none; } th { position: static; } main { overflow: visible; } }
`;
