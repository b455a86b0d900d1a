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
const tiles = [...document.querySelectorAll("[data-only]")];
const texts = new Map();
const textOf = (row) => {
  if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
  return texts.get(row);
};
const show = () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const only = tiles.find((tile) => tile.getAttribute("aria-pressed") === "true")?.dataset.only;
  let shown = 0;
  for (const row of body.rows) {
    row.hidden = (only !== undefined && row.dataset.kind !== only) ||
      !words.every((word) => textOf(row).includes(word));
    shown += row.hidden ? 0 : 1;
  }
  document.querySelector("#none").hidden = shown > 0;
};
filter.addEventListener("input", show);
for (const tile of tiles) tile.addEventListener("click", () => {
  const pressed = tile.getAttribute("aria-pressed") === "true";
  for (const each of tiles) each.setAttribute("aria-pressed", "false");
  tile.setAttribute("aria-pressed", String(!pressed));
  show();
});
// A closed row is printed without its text.
addEventListener("beforeprint", () => {
  for (const row of document.querySelectorAll("details.urgent")) row.open = true;
});
// Where scripts are blocked, it would do nothing.
document.querySelector("#find").hidden = false;
`;
