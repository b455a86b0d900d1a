import type { AuthenticatedCalls } from "../../genesys/authenticated-calls";
import { ApiError } from "../../http/api-error";
import { inParallel } from "../../in-parallel";
import type { Dangling, ExistingObject, ExistingOrg } from "../model";
import { KNOWN_TYPES } from "../types";
import { type Entity, type Raw, readArguments, textAt, Unordered } from "../types/mapping";
import type { Detail, ObjectType } from "../types/object-type";
import { type Get, readPages } from "./pages";
import type { RememberedAnswers } from "./remembered-answers";
import { type RawObject, resolveObjects } from "./resolve";

/** Number of objects whose details are read at the same time. */
const CONCURRENCY = 5;

/** Properties of {@link readOrg}. */
export interface ReadOrgProps {
  /** Name of the organisation in messages. */
  readonly name: string;
  readonly organizationId: string;
  readonly api: Pick<AuthenticatedCalls, "call">;
  /** Types to read completely; the names alone of those that have nothing else. */
  readonly types: readonly ObjectType[];
  /** Types of which all names are read, and no arguments. @default - none */
  readonly named?: readonly ObjectType[];
  /** Ids of further objects whose names are wanted, whatever their types. @default - none */
  readonly ids?: ReadonlySet<string>;
  /** Answers of a run that was stopped. @default - every call is made */
  readonly answers?: RememberedAnswers;
  /** Stops the reading before the next call. @default - it is not stopped */
  readonly signal?: AbortSignal;
  /** Called before each type is read. */
  readonly onType?: (type: ObjectType) => void;
}

/**
 * Reads the objects of an organisation, and the names of those that they refer to.
 *
 * @throws ApiError when a call has failed for good, or a list is incomplete
 */
export async function readOrg(props: ReadOrgProps): Promise<ExistingOrg> {
  const get = getOf(props);
  const done = new Set<string>();
  const read = async (type: ObjectType, extent: Extent): Promise<RawObject[]> => {
    props.onType?.(type);
    done.add(type.type);
    const found = readType(get, type, extent);
    return extent === "everything" && type.mapping ? found : found.catch(noneIfForbidden);
  };
  const found: RawObject[] = [];
  for (const type of props.types) found.push(...(await read(type, "everything")));
  for (const type of props.named ?? []) {
    if (!done.has(type.type)) found.push(...(await read(type, "names")));
  }
  const readSome = async (type: ObjectType, ids: ReadonlySet<string>): Promise<void> => {
    const named = await read(type, "referred");
    found.push(...named.filter(({ id }) => ids.has(id)));
  };
  for (const [name, ids] of referencesOf(found)) {
    const type = KNOWN_TYPES.get(name);
    if (type && !done.has(name)) await readSome(type, new Set([...ids, ...(props.ids ?? [])]));
  }
  for (const type of KNOWN_TYPES.values()) {
    const missing = new Set(props.ids);
    for (const { id } of found) missing.delete(id);
    if (missing.size === 0) break;
    if (!done.has(type.type)) await readSome(type, missing);
  }
  return {
    name: props.name,
    organizationId: props.organizationId,
    types: props.types.map(({ type }) => type),
    objects: inOrder(resolveObjects(found)),
  };
}

/** What is read of a type: everything, or names of objects, either all of them or those that something refers to. */
type Extent = "everything" | "names" | "referred";

/** Objects whose names cannot be read are referred to by their ids: some organisations do not have them all. */
function noneIfForbidden(error: unknown): RawObject[] {
  if (error instanceof ApiError && [403, 404].includes(error.status ?? 0)) return [];
  throw error;
}

/** Reads a path, unless its answer is remembered. */
function getOf({ api, answers, signal }: ReadOrgProps): Get {
  return async (path, again = false) => {
    if (!again && answers?.has(path)) return answers.get(path);
    signal?.throwIfAborted();
    const answer = withoutSecrets(await api.call("GET", path));
    answers?.add(path, answer);
    return answer;
  };
}

async function readType(get: Get, type: ObjectType, extent: Extent): Promise<RawObject[]> {
  const isComplete = extent === "everything";
  const lists = await inParallel(type.listings, 1, (listing) => readPages(get, listing));
  const entities = lists.flat().filter((entity) => !type.isNone?.(entity));
  const names = new Map(entities.map((entity) => [entity.id, nameOf(type, entity)]));
  const { mapping = {}, details = [] } = type;
  return inParallel(entities, CONCURRENCY, async (entity) => {
    const whole = isComplete ? await withDetails(get, details, entity) : entity;
    const parents = type.parentsOf?.(entity) ?? [];
    const unmanaged =
      type.mapping && extent !== "referred" ? type.unmanaged?.(entity) : "only its name is read";
    return {
      type: type.type,
      id: String(entity.id),
      path: [...parents.map((id) => names.get(id) ?? id), nameOf(type, entity)],
      raw: isComplete ? readArguments(mapping, whole) : {},
      ...(unmanaged === undefined ? {} : { unmanaged }),
    };
  });
}

async function withDetails(get: Get, details: readonly Detail[], entity: Entity): Promise<Entity> {
  const whole: Record<string, unknown> = { ...entity };
  for (const { name, of } of details) {
    const asked = of(entity);
    if (asked === undefined) continue;
    whole[name] = typeof asked === "string" ? await get(asked) : await readPages(get, asked);
  }
  return whole;
}

const nameOf = (type: ObjectType, entity: Entity): string =>
  (type.nameOf ? type.nameOf(entity) : textAt(entity, "name")) ?? String(entity.id);

/** Returns the ids of all objects that others refer to, by their types. */
function referencesOf(found: readonly RawObject[]): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { $ref: type, id } of found.flatMap(({ raw }) => [...referencesIn(raw)])) {
    const known = ids.get(type);
    if (known) known.add(id);
    else ids.set(type, new Set([id]));
  }
  return ids;
}

function* referencesIn(raw: Raw): Generator<Dangling> {
  if (typeof raw !== "object" || raw === null) return;
  if (raw instanceof Unordered) yield* referencesIn(raw.items);
  else if ("$ref" in raw) yield raw as unknown as Dangling;
  else for (const one of Object.values(raw)) yield* referencesIn(one as Raw);
}

const ORDER = [...KNOWN_TYPES.keys()];

/** Sorts objects by type and name, whatever the order of the API. */
function inOrder(objects: readonly ExistingObject[]): ExistingObject[] {
  // The objects of one type are in order already.
  return ORDER.flatMap((type) => objects.filter((object) => object.type === type));
}

/** What stands for a secret that the API returned. Settings that have it are not all that the organisation has. */
export const WITHHELD = "(a secret, which is not kept)";

/** Replaces what the API should not return. Older regions showed the secrets of OAuth clients. */
function withoutSecrets(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer ?? null), (name, value) =>
    typeof value === "string" && (name === "secret" || name === "password") ? WITHHELD : value,
  );
}
