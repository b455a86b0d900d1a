import { asText, type Json } from "../../../policies/synthesized-stack";
import { knownRulesOf } from "../../../rehearsal/known-rules";
import type { ResourceChange } from "../../../terraform/changes/planned-changes";
import type { Blocks, ComparedBlock, Moves } from "./blocks";

/**
 * Returns what changes between two states of a stack's code, in the form that a plan has. It is what
 * Terraform would plan if the first one was applied, as far as code alone can tell: a change of an argument
 * replaces the object if the rehearsal's doubles know that, and so does another address without a `moved`
 * block.
 */
export function blockChanges(before: Blocks, after: Blocks, moves: Moves): ResourceChange[] {
  const moved = new Map(
    [...moves.moved].filter(
      ([to, from]) => before.has(from) && !after.has(from) && after.has(to) && !before.has(to),
    ),
  );
  const earlier = renamed(before, moved);
  const gone = [...earlier.values()].filter(({ address }) => !after.has(address));
  const fresh = [...after.values()].filter(({ address }) => !earlier.has(address));
  const readdressed = readdressedPairs(gone, fresh);
  const successors = new Map([...readdressed].map(([to, from]) => [from, to]));
  return [...new Set([...earlier.keys(), ...after.keys()])].sort().flatMap((address) => {
    if (successors.has(address)) return [];
    const from = readdressed.get(address);
    const was = earlier.get(from ?? address);
    const is = after.get(address);
    return changeOf(was, is, {
      address,
      forgets: moves.forgotten.has(address),
      previous: from ?? moved.get(address),
      isReplaced: from !== undefined,
    });
  });
}

interface Circumstances {
  readonly address: string;
  readonly forgets: boolean;
  readonly previous?: string;
  readonly isReplaced: boolean;
}

function changeOf(
  was: ComparedBlock | undefined,
  is: ComparedBlock | undefined,
  { address, forgets, previous, isReplaced }: Circumstances,
): ResourceChange[] {
  const block = is ?? was;
  if (!block) return [];
  const same = was && is && sameJson(was.body, is.body);
  if (same && previous === undefined) return [];
  const actions = () => {
    if (!was) return ["create"];
    if (!is) return [forgets ? "forget" : "delete"];
    if (isReplaced || replaces(is, was.body)) return ["delete", "create"];
    return [same ? "no-op" : "update"];
  };
  const change = { actions: actions(), before: was?.body ?? null, after: is?.body ?? null };
  const { type } = block;
  return [{ address, mode: "managed", type, previous_address: previous, change }];
}

/** Whether a change is known to replace an object. */
const replaces = ({ type, isResource, body }: ComparedBlock, before: Json): boolean =>
  isResource &&
  (knownRulesOf(type)?.forceNew ?? []).some(
    (path) => !sameJson(valuesAt(before, path), valuesAt(body, path)),
  );

/** Returns the values at a path of the schema, without indexes. An empty text is none. */
function valuesAt(body: Json, path: string): unknown[] {
  const [first = "", ...rest] = path.split(".");
  const values = [body[first]].flat().filter((value) => value !== undefined && value !== "");
  return rest.length === 0
    ? values
    : values.flatMap((value) => valuesAt(value as Json, rest.join(".")));
}

/**
 * Returns the blocks as they would be if those that were moved had always had their later address, also where
 * others refer to them.
 */
function renamed(blocks: Blocks, moved: ReadonlyMap<string, string>): Blocks {
  if (moved.size === 0) return blocks;
  const later = new Map([...moved].map(([to, from]) => [from, to]));
  const references = new RegExp(
    `(?<![\\w.-])(?:${[...later.keys()].map(escaped).join("|")})(?![\\w-])`,
    "g",
  );
  return new Map(
    [...blocks].map(([address, block]) => {
      const to = later.get(address) ?? address;
      const text = JSON.stringify(block.body);
      const body = JSON.parse(text.replace(references, (from) => later.get(from) ?? from));
      return [to, { ...block, address: to, body }];
    }),
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Returns earlier addresses of resources that are removed and added again, by their later ones. */
function readdressedPairs(
  gone: readonly ComparedBlock[],
  fresh: readonly ComparedBlock[],
): Map<string, string> {
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  for (const { address, isResource, ...block } of fresh) {
    const identity = isResource ? identityOf(block) : undefined;
    const twin = gone.find(
      (other) => other.isResource && !taken.has(other.address) && identityOf(other) === identity,
    );
    if (identity === undefined || !twin) continue;
    taken.add(twin.address);
    pairs.set(address, twin.address);
  }
  return pairs;
}

const NAMES = ["name", "bucket", "function_name", "alarm_name", "dashboard_name"];

/** Returns what tells an object of a type from others: its name, or all of its arguments. */
function identityOf({ type, body }: Pick<ComparedBlock, "type" | "body">): string {
  const { unique, identifier } = knownRulesOf(type) ?? {};
  const names = (unique ?? identifier ?? NAMES).flatMap((key) => asText(body[key]) ?? []);
  return JSON.stringify([type, names.length > 0 ? names : body]);
}

const sameJson = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
