import type { z } from "zod";
import { textAt } from "../raw-value";
import type { RegistryProblem } from "../registry-error";
import { checkEntry } from "./check-entry";

/** An entry of a registry, checked by itself. */
export interface ReadEntry<Entry> {
  /** Its name in problems. */
  readonly subject: string;
  readonly raw: unknown;
  readonly problems: readonly RegistryProblem[];
  /** The same value; undefined when it has problems. */
  readonly entry?: Entry;
}

/** The names of a list's entries in problems. */
export interface Naming {
  /** Name of the list, for an entry without a name. */
  readonly list: string;
  /** Text before each name. */
  readonly kind: string;
  /** The file of each entry, where there are files. */
  readonly sources: readonly string[];
}

/**
 * Checks each entry of a list by itself. Problems call it by its name, and by its file or place where
 * it has no name or shares it.
 */
export function readEntries<Entry>(
  schema: z.ZodType<Entry>,
  entries: readonly unknown[],
  { list, kind, sources }: Naming,
): ReadEntry<Entry>[] {
  // A map would skip the holes of a list.
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
