import { nearest } from "../../registry/nearest";

/** Returns an unknown name, with the names that may have been meant. */
export function withHint(name: string, known: readonly string[]): string {
  const candidates = nearest(name, known);
  return candidates.length > 0 ? `${name} (did you mean ${candidates.join(", ")}?)` : name;
}
