import type { ResourceRules } from "./rules";
import { keepSame } from "./same";
import { type BlockSchema, eachBlock, join, valuesAt } from "./schema";
import { copy, equal, isList, isObject, type ObjectValue, UNKNOWN, type Value } from "./value";

/** One planned change of a resource. */
export interface Plan {
  readonly planned: ObjectValue;
  /** Top-level attributes and blocks whose change replaces the object. */
  readonly replace: readonly string[];
}

/** A change to plan, before the provider's own knowledge is added. */
export interface Change {
  /** Null for a creation. */
  readonly prior: ObjectValue | null;
  /** Terraform core's proposal: the configuration, with prior values for missing ones. */
  readonly proposed: ObjectValue;
  readonly config: ObjectValue;
}

/** Plans a creation or an update as the plugin SDKs do. */
export function plan(block: BlockSchema, rules: ResourceRules, change: Change): Plan {
  const { prior } = change;
  const planned = copy(change.proposed);
  eachBlock(block, planned, (schema, value, path) => {
    for (const [name, attribute] of Object.entries(schema.attributes ?? {})) {
      const preset = rules.defaults?.[join(path, name)];
      if (attribute.write_only) value[name] = null;
      else if (value[name] === null && preset !== undefined) value[name] = preset;
      // Below the top level, core has no prior value to propose for a new element.
      else if (value[name] === null && attribute.computed && (prior === null || path !== "")) {
        value[name] = UNKNOWN;
      }
    }
  });
  presetInObjects(block, planned, rules);
  if (prior !== null) {
    keepSame(planned, prior, rules);
    for (const name of rules.keptBlocks ?? []) {
      const configured = change.config[name];
      if (isList(configured) && configured.length === 0) planned[name] = copy(prior[name] ?? []);
    }
  }
  return { planned, replace: prior === null ? [] : replacements(rules, prior, planned) };
}

/** Sets defaults in lists and sets of objects, which are blocks in the real provider. */
function presetInObjects(block: BlockSchema, planned: ObjectValue, rules: ResourceRules): void {
  const visit = (value: Value | undefined, path: string): void => {
    if (isList(value)) for (const each of value) visit(each, path);
    if (!isObject(value)) return;
    for (const name of Object.keys(value)) {
      const preset = rules.defaults?.[join(path, name)];
      if (value[name] === null && preset !== undefined) value[name] = preset;
      visit(value[name], join(path, name));
    }
  };
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    if (Array.isArray(type) && type[0] !== "map") visit(planned[name], name);
  }
}

function replacements(rules: ResourceRules, prior: ObjectValue, planned: ObjectValue): string[] {
  const changed = (rules.forceNew ?? []).filter(
    (path) => !equal(presentAt(prior, path), presentAt(planned, path)),
  );
  return [...new Set(changed.map((path) => path.split(".")[0] ?? path))];
}

// An API may return an empty text for one that was never set. That is not a change.
function presentAt(value: ObjectValue, path: string): Value[] {
  return valuesAt(value, path).filter((item) => item !== null && item !== "");
}

/** Fills in the values that the plan left unknown. */
export function fill(
  block: BlockSchema,
  planned: ObjectValue,
  value: (path: string, name: string, attribute: { type?: unknown }) => Value,
): ObjectValue {
  const filled = copy(planned);
  eachBlock(block, filled, (schema, target, path) => {
    for (const [name, attribute] of Object.entries(schema.attributes ?? {})) {
      if (target[name] === UNKNOWN) target[name] = value(path, name, attribute);
    }
  });
  return filled;
}

/** Brings stored state into the schema's shape: removes unknown members, sets missing ones to null. */
export function conform(block: BlockSchema, raw: Value | undefined): ObjectValue {
  const source = isObject(raw) ? raw : {};
  const result: ObjectValue = {};
  for (const name of Object.keys(block.attributes ?? {})) result[name] = source[name] ?? null;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const value = source[name];
    if (nested.nesting_mode === "list" || nested.nesting_mode === "set") {
      result[name] = Array.isArray(value) ? value.map((item) => conform(nested.block, item)) : [];
    } else if (nested.nesting_mode === "map") {
      const members = isObject(value) ? Object.entries(value) : [];
      result[name] = Object.fromEntries(
        members.map(([key, item]) => [key, conform(nested.block, item)]),
      );
    } else {
      result[name] = isObject(value) ? conform(nested.block, value) : null;
    }
  }
  return result;
}
