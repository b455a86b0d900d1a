/** Something secret in a place where a scan looks, and whether the scan finds it. */
export interface Planted<T> {
  /** Row of the table in docs/secret-scans.md. */
  readonly kind: string;
  /** Name in the test, which says how the secret is written. */
  readonly name: string;
  readonly plant: T;
  /** Reason why the scan cannot find it. Undefined if it must. */
  readonly missed?: string;
}

/** Returns planted secrets of one kind. */
export const ofKind = <T>(
  kind: string,
  ...planted: readonly (readonly [name: string, plant: T, missed?: string])[]
): Planted<T>[] => planted.map(([name, plant, missed]) => ({ kind, name, plant, missed }));

/** Returns the rows of the table in docs/secret-scans.md. */
export function summaryOf<T>(planted: readonly Planted<T>[]): string[] {
  const rows = [...new Set(planted.map(({ kind }) => kind))].map((kind) => {
    const all = planted.filter((one) => one.kind === kind);
    const missed = all.filter((one) => one.missed !== undefined);
    const reasons = [...new Set(missed.map(({ missed: why }) => why))].map((why) => {
      const names = missed.filter((one) => one.missed === why).map(({ name }) => name);
      return `${names.join(", ")} (${why})`;
    });
    return `| ${kind} | ${all.length - missed.length} of ${all.length} | ${reasons.join("; ")} |`;
  });
  const found = planted.filter(({ missed }) => missed === undefined).length;
  return [...rows, `| **all** | **${found} of ${planted.length}** | |`];
}
