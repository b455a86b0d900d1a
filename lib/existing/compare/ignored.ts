import type { IgnoredDifferenceEntry } from "../../registry/model";
import { wildcardPattern } from "../../registry/wildcards";
import { pathText } from "../model";
import type { Difference } from "./difference";

/** An entry of the registry, and the organisation that has it. */
export interface IgnoreRule {
  readonly org: string;
  readonly entry: IgnoredDifferenceEntry;
}

/** A rule, and how many differences it left out. */
export interface UsedRule extends IgnoreRule {
  readonly count: number;
}

/** Differences, without those that rules leave out. */
export interface Sifted {
  readonly differences: readonly Difference[];
  readonly ignored: readonly UsedRule[];
  /** Rules that matched nothing. */
  readonly unused: readonly IgnoreRule[];
}

/** Separates the differences that rules leave out; each counts for the first rule that matches. */
export function siftDifferences(all: readonly Difference[], rules: readonly IgnoreRule[]): Sifted {
  const matchers = rules.map(({ entry }) => matcherOf(entry));
  const counts = rules.map(() => 0);
  const matched = rules.map(() => false);
  const differences = all.filter((difference) => {
    const matching = matchers.flatMap((matches, index) => (matches(difference) ? [index] : []));
    for (const index of matching) matched[index] = true;
    const [first] = matching;
    if (first !== undefined) counts[first] = (counts[first] ?? 0) + 1;
    return first === undefined;
  });
  const used = rules.map((rule, index) => ({ ...rule, count: counts[index] ?? 0 }));
  return {
    differences,
    ignored: used.filter(({ count }) => count > 0),
    // The same rule in both organisations is useful in each.
    unused: rules.filter((_, index) => !matched[index]),
  };
}

function matcherOf({ type, attribute, name }: IgnoredDifferenceEntry) {
  const names = name === undefined ? undefined : wildcardPattern(name);
  const attributes = attribute === undefined ? undefined : wildcardPattern(attribute, "([.[].*)?");
  return (difference: Difference): boolean =>
    difference.type === type &&
    (names?.test(pathText(difference.path)) ?? true) &&
    (!attributes || (difference.argument !== undefined && attributes.test(difference.argument)));
}
