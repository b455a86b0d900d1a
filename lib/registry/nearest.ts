/** Returns the names that may have been meant, best first: at most three, all of them similar. */
export function nearest(wanted: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, edits: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(
      ({ name, edits }) =>
        edits <= Math.max(2, Math.floor(wanted.length / 3)) ||
        isPart(wanted.toLowerCase(), name.toLowerCase()),
    )
    .sort((left, right) => left.edits - right.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}

function isPart(wanted: string, name: string): boolean {
  return wanted.length >= 3 && (name.includes(wanted) || wanted.includes(name));
}

// The Levenshtein distance.
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, character] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const replaced = (row[j] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
