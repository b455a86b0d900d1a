import type { ResourceRules } from "./rules";
import { join } from "./schema";
import { canonical, isList, isObject, mapValues, type ObjectValue, type Value } from "./value";

/**
 * Puts prior values back where the older plugin SDK sees no difference (run with its version 2.40.0): an
 * argument that is missing and a value that is empty, zero or false; elements of a set that differ in
 * nothing else; JSON that says the same.
 */
export function keepSame(
  planned: ObjectValue,
  prior: ObjectValue,
  rules: ResourceRules,
  path = "",
): void {
  for (const [name, value] of Object.entries(planned)) {
    planned[name] = kept(value, prior[name] ?? null, rules, join(path, name));
  }
}

function kept(planned: Value, prior: Value, rules: ResourceRules, path: string): Value {
  if (planned === null && isZero(prior)) return prior;
  if (prior === null && (planned === "" || (isList(planned) && planned.length === 0))) return null;
  if (isObject(planned) && isObject(prior)) {
    keepSame(planned, prior, rules, path);
    return planned;
  }
  if (isList(planned) && isList(prior)) return keptElements(planned, prior, rules, path);
  return rules.json?.includes(path) && sameJson(planned, prior) ? prior : planned;
}

function keptElements(
  planned: readonly Value[],
  prior: readonly Value[],
  rules: ResourceRules,
  path: string,
): Value {
  // A value does not say whether it is a list or a set. Elements of a set have no place, so those that
  // are the same come first.
  const left = new Map<string, Value[]>();
  for (const each of prior) {
    const key = canonical(withoutZeros(each));
    left.set(key, [...(left.get(key) ?? []), each]);
  }
  return planned.map((each, index) => {
    const same = left.get(canonical(withoutZeros(each)))?.shift();
    if (same !== undefined) return same;
    return kept(each, prior[index] ?? null, rules, path);
  });
}

function withoutZeros(value: Value): Value {
  if (isList(value)) return value.map(withoutZeros);
  if (!isObject(value)) return isZero(value) ? null : value;
  const members = Object.entries(mapValues(value, withoutZeros));
  return Object.fromEntries(members.filter(([, member]) => !isZero(member)));
}

function isZero(value: Value): boolean {
  if (isList(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === null || value === "" || value === false || value === 0 || value === 0n;
}

function sameJson(one: Value, other: Value): boolean {
  if (typeof one !== "string" || typeof other !== "string") return false;
  try {
    return canonical(JSON.parse(one) as Value) === canonical(JSON.parse(other) as Value);
  } catch {
    return false;
  }
}
