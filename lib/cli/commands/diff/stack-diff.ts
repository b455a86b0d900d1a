import {
  type Action,
  type AttributeChange,
  type PlannedChange,
  plannedChanges,
  type ResourceChange,
} from "../../../terraform/changes/planned-changes";
import { weakenedControls } from "../../../terraform/changes/weakened-controls";
import type { StackChanges } from "../../runs/plan-summary";
import { blockChanges } from "./block-changes";
import { type Blocks, blocksOf, movesIn } from "./blocks";
import { comparable } from "./comparable";

/** A stack as a synthesis wrote it. */
export interface SynthesizedText {
  /** Name of the organisation that it belongs to, or its own id. */
  readonly org: string;
  /** Its Terraform JSON. */
  readonly text: string;
  /** Hashes of the assets that it names, by their paths. */
  readonly assets: ReadonlyMap<string, string>;
}

/** A block with its changed attributes. Their values are those of the code. */
export interface BlockChange extends PlannedChange {
  /** Whether it is a resource. Other blocks are settings: backend, providers, variables, outputs and so on. */
  readonly isResource: boolean;
}

/** How the code of one stack differs from before. */
export interface StackDiff extends StackChanges {
  readonly status: "added" | "removed" | "changed";
  /** Numbers of resources of a stack that was added or removed; 0 for one that changed. */
  readonly resources: number;
  /** The most serious ones first. */
  readonly changes: readonly BlockChange[];
}

/** Returns how the code of a stack differs; undefined if it does not. */
export function stackDiffOf(
  stack: string,
  before: SynthesizedText | undefined,
  after: SynthesizedText | undefined,
): StackDiff | undefined {
  const { org } = (after ?? before) as SynthesizedText;
  if (!before || !after) {
    const blocks = blocksOf(JSON.parse((after ?? before)?.text ?? "{}"));
    const resources = [...blocks.values()].filter(({ isResource }) => isResource).length;
    return {
      org,
      stack,
      status: after ? "added" : "removed",
      resources,
      changes: [],
      weakened: [],
    };
  }
  const [was, is] = [JSON.parse(before.text), JSON.parse(after.text)];
  const blocks = [blocksOf(was), blocksOf(is)] as const;
  const found = before.text === after.text ? [] : blockChanges(...blocks, movesIn(is));
  const changes = [...shownChanges(found, blocks), ...changedAssets(before, after)].sort(
    (one, other) => rankOf(one) - rankOf(other),
  );
  if (changes.length === 0) return undefined;
  const weakened = weakenedControls({ resource_changes: found });
  return { org, stack, status: "changed", resources: 0, changes, weakened };
}

function shownChanges(found: readonly ResourceChange[], blocks: readonly Blocks[]): BlockChange[] {
  const parts = found.map((planned) => {
    const { before, after } = planned.change;
    const change = { ...planned.change, before: comparable(before), after: comparable(after) };
    return { ...planned, change };
  });
  // A list in another order has the same parts.
  const whole = new Map(plannedChanges({ resource_changes: found }, textOf).map(byAddress));
  return plannedChanges({ resource_changes: parts }, textOf).map((change) => {
    const { attributes } =
      change.attributes.length > 0 ? change : (whole.get(change.address) ?? change);
    const isResource = blocks.some((each) => each.get(change.address)?.isResource);
    return { ...change, isResource, attributes: attributes.map(readablePath) };
  });
}

const byAddress = (change: PlannedChange) => [change.address, change] as const;

const textOf = (value: unknown): string => JSON.stringify(value);

const readablePath = ({ path, ...values }: AttributeChange): AttributeChange => ({
  path: path.replace(/(^|\.)\[/g, "["),
  ...values,
});

/** Assets whose path, which normally has their hash, is the same although their content is not. */
function changedAssets(before: SynthesizedText, after: SynthesizedText): BlockChange[] {
  const attributes = [...after.assets].flatMap(([path, hash]) => {
    const was = before.assets.get(path);
    return was === undefined || was === hash ? [] : { path, before: was, after: hash };
  });
  if (attributes.length === 0) return [];
  return [{ address: "assets", type: "assets", action: "update", isResource: false, attributes }];
}

/** Actions on resources, the most serious first. */
const ACTIONS: readonly Action[] = [
  "replace",
  "delete",
  "forget",
  "update",
  "import",
  "move",
  "create",
];

/** Returns a number by which the most serious changes are first, and settings last. */
export const rankOf = ({ action, isResource }: BlockChange): number =>
  ACTIONS.indexOf(action) + (isResource ? 0 : ACTIONS.length);
