/** The style of the page: both colour schemes, and print. */
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
.counts { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 12px; padding: 0; list-style: none; }
.counts li, .tone { border-radius: 6px; padding: 2px 8px; background: var(--head); white-space: nowrap; }
.bad { color: var(--bad); background: var(--bad-back) !important; }
.soon { color: var(--soon); background: var(--soon-back) !important; }
.good { color: var(--good); background: var(--good-back) !important; }
input { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line);
  border-radius: 6px; padding: 4px 8px; width: min(320px, 60vw); }
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
summary { color: var(--muted); font-size: 12px; cursor: pointer; }
@media print { input, label { display: none; } th { position: static; } main { overflow: visible; } }
`;

/** Sorting and filtering. The rows come sorted by urgency. */
export const SCRIPT = `
const body = document.querySelector("tbody");
const heads = [...document.querySelectorAll("th")];
const compare = (one, other, sign) => {
  // What is not known comes last, in both directions.
  if (one === "" || other === "") return (one === "") - (other === "");
  const isText = Number.isNaN(Number(one)) || Number.isNaN(Number(other));
  return sign * (isText ? one.localeCompare(other) : Number(one) - Number(other));
};
heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
  const falls = head.getAttribute("aria-sort") === "ascending";
  for (const each of heads) each.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", falls ? "descending" : "ascending");
  const keyOf = (row) => row.cells[column].dataset.sort;
  const rows = [...body.rows].sort((one, other) =>
    compare(keyOf(one), keyOf(other), falls ? -1 : 1));
  body.append(...rows);
}));
const filter = document.querySelector("#filter");
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of body.rows) {
    row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
    shown += row.hidden ? 0 : 1;
  }
  document.querySelector("#none").hidden = shown > 0;
});
`;
