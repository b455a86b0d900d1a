import type { z } from "zod";
import { textAt } from "../raw-value";
import type { RegistryProblem } from "../registry-error";
import { checkEntry } from "./entry";

/** An entry of a registry, checked by itself. */
export interface ReadEntry<Entry> {
  /** What problems call it. */
  readonly subject: string;
  readonly raw: unknown;
  readonly problems: readonly RegistryProblem[];
  /** The same value; undefined where anything is wrong with it. */
  readonly entry?: Entry;
}

/** What problems call the entries of a list. */
export interface Naming {
  /** Name of the list, for an entry without a name. */
  readonly list: string;
  /** What comes before a name. */
  readonly kind: string;
  /** The file of each entry, where there are files. */
  readonly sources: readonly string[];
}

/**
 * Checks each entry of a list by itself. Problems call it by its name, or by its file or place where
 * it has none, or another one has the same.
 */
export function readEntries<Entry>(
  schema: z.ZodType<Entry>,
  entries: readonly unknown[],
  { list, kind, sources }: Naming,
): ReadEntry<Entry>[] {
  // Not map: it skips the holes of a list.
  const raws = Array.from(entries);
  const names = raws.map((raw) => textAt(raw, "name") || undefined);
  const count = new Map<string | undefined, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return raws.map((raw, index) => {
    const place = sources[index] ?? `${list}[${index}]`;
    const name = names[index];
    const unique = count.get(name) === 1 ? name : `${name} (${place})`;
    const subject = name === undefined ? place : `${kind}${unique}`;
    const problems = checkEntry(schema, raw, subject);
    return { subject, raw, problems, entry: problems.length === 0 ? (raw as Entry) : undefined };
  });
}
