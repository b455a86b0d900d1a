import { Refusal } from "./refusal";
import type { Limit, Rules } from "./rules";
import { type BlockSchema, eachBlock, join, valuesAt } from "./schema";
import { isList, type ObjectValue, UNKNOWN, type Value } from "./value";

/** Returns the mistakes of a configuration that Terraform core leaves to providers. */
export function validate(block: BlockSchema, rules: Rules, config: ObjectValue): Refusal[] {
  return [
    ...computedOnly(block, config),
    ...combinations(rules, config),
    ...Object.entries(rules.limits ?? {}).flatMap(([path, limit]) =>
      valuesAt(config, path)
        .flatMap((value): readonly Value[] => (isList(value) ? value : [value]))
        .flatMap((value) => checkValue(path, limit, value)),
    ),
  ];
}

function computedOnly(block: BlockSchema, config: ObjectValue): Refusal[] {
  const refusals: Refusal[] = [];
  eachBlock(block, config, (schema, value, path) => {
    for (const [name, attribute] of Object.entries(schema.attributes ?? {})) {
      const configurable = attribute.optional || attribute.required;
      if (configurable || value[name] === null || value[name] === undefined) continue;
      refusals.push(
        refuse(
          "Value for unconfigurable attribute",
          `Can't configure a value for "${join(path, name)}": its value will be decided automatically based on the result of applying this configuration.`,
          join(path, name),
        ),
      );
    }
  });
  return refusals;
}

function combinations(rules: Rules, config: ObjectValue): Refusal[] {
  const isSet = (path: string) => valuesAt(config, path).some(isPresent);
  const refusals: Refusal[] = [];
  for (const [path, others] of Object.entries(rules.conflicts ?? {})) {
    for (const other of others.filter((name) => isSet(path) && isSet(name))) {
      refusals.push(
        refuse("Conflicting configuration arguments", `"${path}": conflicts with ${other}`, path),
      );
    }
  }
  for (const [path, others] of Object.entries(rules.requires ?? {})) {
    for (const other of others.filter((name) => isSet(path) && !isSet(name))) {
      refusals.push(
        refuse(
          "Missing required argument",
          `"${path}": all of \`${path},${other}\` must be specified`,
          path,
        ),
      );
    }
  }
  for (const group of rules.exactlyOneOf ?? []) {
    const count = group.filter(isSet).length;
    if (count === 1) continue;
    const wanted = `one of \`${group.join(",")}\` must be specified`;
    refusals.push(
      count === 0
        ? new Refusal("Invalid combination of arguments", wanted)
        : new Refusal("Invalid combination of arguments", `only ${wanted}, not ${count}`),
    );
  }
  for (const group of rules.atLeastOneOf ?? []) {
    if (group.some(isSet)) continue;
    refusals.push(
      new Refusal("Missing required argument", `one of \`${group.join(",")}\` must be specified`),
    );
  }
  return refusals;
}

function isPresent(value: Value): boolean {
  // A missing block is an empty list.
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

function checkValue(path: string, limit: Limit, value: Value): Refusal[] {
  if (value === null || value === UNKNOWN) return [];
  const problem = valueProblem(limit, value);
  if (problem === undefined) return [];
  return [refuse(`Invalid value for "${path}"`, `expected ${path} ${problem}`, path)];
}

function valueProblem(limit: Limit, value: Value): string | undefined {
  const { oneOf, ignoreCase } = limit;
  const fold = (item: Value) => (ignoreCase ? String(item).toLowerCase() : item);
  if (oneOf && !oneOf.some((item) => fold(item) === fold(value))) {
    return `to be one of ${JSON.stringify(oneOf)}, got ${String(value)}`;
  }
  if (typeof value === "number") return numberProblem(limit, value);
  if (typeof value === "string") return textProblem(limit, value);
  return undefined;
}

function numberProblem(limit: Limit, value: number): string | undefined {
  const { min = -Infinity, max = Infinity, or } = limit;
  if ((value >= min && value <= max) || value === or) return undefined;
  const also = or === undefined ? "" : `${or} or `;
  if (limit.max === undefined) return `to be ${also}at least (${min}), got ${value}`;
  if (limit.min === undefined) return `to be ${also}at most (${max}), got ${value}`;
  return `to be ${also}in the range (${min} - ${max}), got ${value}`;
}

function textProblem(limit: Limit, value: string): string | undefined {
  const { minLength = 0, maxLength = Infinity, pattern, json } = limit;
  const content = json ? compactJson(value) : value;
  if (content === undefined) return "to be valid JSON";
  const { length } = content;
  if (length < minLength) return `to have at least ${minLength} characters, got ${length}`;
  if (length > maxLength) return `to have at most ${maxLength} characters, got ${length}`;
  if (pattern !== undefined && !new RegExp(pattern).test(value)) {
    return `to match ${pattern}, got ${value}`;
  }
  return undefined;
}

function compactJson(value: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function refuse(summary: string, detail: string, path: string): Refusal {
  return new Refusal(summary, detail, path.split(".")[0]);
}
