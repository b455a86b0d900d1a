import { createHash } from "node:crypto";

/** What Terraform would do with an object. */
export type Action = "create" | "update" | "replace" | "delete" | "import" | "move" | "forget";

/** An attribute that changes. Values are not kept, since they may be secrets. */
export interface AttributeChange {
  /** Path below the resource, for example `tags.owner`. */
  readonly path: string;
  /**
   * Hash of the value before, so that two plans can be compared; `sensitive` for a value that is marked so,
   * `unknown` for one that only the apply will show. @default - there is no value
   */
  readonly before?: string;
  /** The same of the value after. @default - there is no value */
  readonly after?: string;
}

/** The planned change of one object. */
export interface PlannedChange {
  /** Address of the object, for example `aws_s3_bucket.states`. */
  readonly address: string;
  /** Type of the object, for example `aws_s3_bucket`. */
  readonly type: string;
  /** What Terraform would do with it. */
  readonly action: Action;
  /** Ordered by path. A new or a deleted object has all of its attributes here. */
  readonly attributes: readonly AttributeChange[];
  /** Address before a move. @default - it did not move */
  readonly movedFrom?: string;
  /** Why it is replaced or deleted, in Terraform's own word. @default - Terraform does not say */
  readonly reason?: string;
}

/** One object in the JSON of `terraform show -json <plan>`. */
export interface ResourceChange {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly previous_address?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly importing?: object;
  };
}

/** The parts of a plan in JSON that are read here. */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  /** Objects that are no longer as the state has them. */
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, ResourceChange["change"]>>;
}

/**
 * Returns the changes of a plan, ordered by address, in a form that is the same for two plans that do the
 * same.
 *
 * @param shown a value in the attributes, if that may be more than its hash
 */
export const plannedChanges = (
  { resource_changes: all = [] }: PlanJson,
  shown: (value: unknown) => string = hashOf,
): PlannedChange[] =>
  all
    .flatMap((change) => plannedChange(change, shown) ?? [])
    .sort((one, other) => (one.address < other.address ? -1 : 1));

/**
 * Returns the objects that are no longer as the state has them, ordered by address. A move is not one of
 * them: it comes from the code.
 */
export const driftedObjects = ({ resource_drift = [] }: PlanJson): PlannedChange[] =>
  plannedChanges({ resource_changes: resource_drift }).filter(
    ({ action }) => action === "update" || action === "delete",
  );

/**
 * Whether a value only went from none to an empty one, or back. The older plugin SDK, which most providers
 * use, does not distinguish the two.
 */
export const isOnlyEmptied = ({ before, after }: AttributeChange): boolean =>
  [before, after].every((hash) => hash === undefined || EMPTY.includes(hash));

/** Returns the names of the outputs that change. */
export const changedOutputs = ({ output_changes: all = {} }: PlanJson): string[] =>
  Object.entries(all)
    .filter(([, { actions }]) => actions.some((action) => action !== "no-op"))
    .map(([name]) => name)
    .sort();

/**
 * Returns the digest of a plan's changes, and of the names of the outputs that change. Two plans that differ
 * only in sensitive values, or in values that are known at apply alone, have the same one.
 */
export const digestOf = (
  changes: readonly PlannedChange[],
  outputs: readonly string[] = [],
): string =>
  createHash("sha256")
    .update(JSON.stringify([changes, outputs]))
    .digest("hex");

function plannedChange(planned: ResourceChange, shown: Shown): PlannedChange | undefined {
  const { address, mode, type, previous_address: movedFrom, action_reason: reason } = planned;
  const action = mode === "managed" ? actionOf(planned) : undefined;
  if (action === undefined) return undefined;
  const attributes = attributesOf(planned.change, shown);
  return {
    address,
    type,
    action,
    attributes,
    ...(movedFrom !== undefined && { movedFrom }),
    ...(reason !== undefined && { reason }),
  };
}

function actionOf({ change, previous_address }: ResourceChange): Action | undefined {
  const actions = change.actions.join(" ");
  if (actions === "create delete" || actions === "delete create") return "replace";
  if (actions === "create" || actions === "update" || actions === "delete") return actions;
  if (actions === "forget" || actions === "create forget") return "forget";
  if (change.importing) return "import";
  return previous_address === undefined ? undefined : "move";
}

/** Marks of values by their paths: `true` for a value and all below it. */
type Marks = unknown;

/** A sensitive value has no hash, since a short one could be guessed by it. */
interface Leaf {
  readonly kind: "value" | "sensitive" | "unknown";
  readonly value?: unknown;
}

type Shown = (value: unknown) => string;

function attributesOf(change: ResourceChange["change"], shown: Shown): AttributeChange[] {
  const { before, after, after_unknown, before_sensitive, after_sensitive } = change;
  const was = leavesOf(before, before_sensitive, false);
  const is = leavesOf(after, after_sensitive, after_unknown);
  const paths = [...new Set([...was.keys(), ...is.keys()])].sort();
  return paths.flatMap((path) => {
    const [one, other] = [was.get(path), is.get(path)];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const text = ({ kind, value }: Leaf) => (kind === "value" ? shown(value) : kind);
    return { path, ...(one && { before: text(one) }), ...(other && { after: text(other) }) };
  });
}

/** Returns the values in a value, by path. */
function leavesOf(value: unknown, sensitive: Marks, unknown: Marks): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  const walk = (path: string, node: unknown, secret: Marks, open: Marks): void => {
    if (secret === true) {
      if (node !== null && node !== undefined) found.set(path, { kind: "sensitive", value: node });
    } else if (open === true) found.set(path, { kind: "unknown" });
    else if (isComposite(node) || isComposite(open)) {
      for (const key of keysOf(node, open)) {
        const at = path === "" ? key : `${path}.${key}`;
        walk(at, childOf(node, key), childOf(secret, key), childOf(open, key));
      }
    } else if (node !== null && node !== undefined) found.set(path, { kind: "value", value: node });
  };
  walk("", value, sensitive, unknown);
  return found;
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

const EMPTY = ["", [], {}].map(hashOf);

const isComposite = (node: unknown): node is object =>
  typeof node === "object" && node !== null && Object.keys(node).length > 0;

const keysOf = (...nodes: readonly unknown[]): string[] => [
  ...new Set(nodes.flatMap((node) => (isComposite(node) ? Object.keys(node) : []))),
];

const childOf = (node: unknown, key: string): unknown =>
  isComposite(node) ? Reflect.get(node, key) : undefined;
