import {
  asList,
  asObject,
  asText,
  type Block,
  type Json,
  SynthesizedStack,
} from "../../../policies/synthesized-stack";

/** A block of a stack's Terraform JSON, for comparison with its earlier self. */
export interface ComparedBlock {
  readonly address: string;
  /** Type of a resource, or the name of the section for any other block. */
  readonly type: string;
  readonly isResource: boolean;
  /** Its arguments. Of the comments, only the waivers, because the others have no effect. */
  readonly body: Json;
}

/** Blocks by their addresses. */
export type Blocks = ReadonlyMap<string, ComparedBlock>;

/** Returns the blocks of a stack, as far as they say what Terraform does. */
export function blocksOf(json: unknown): Blocks {
  const stack = new SynthesizedStack(json);
  const waived = withoutComments({ "//": stack.comment });
  const root = { address: "stack", type: "stack", isResource: false, body: waived };
  return new Map(
    [root, ...stack.blocks.filter(isCompared).map(comparedBlock)]
      .filter(({ body, type }) => !ALWAYS.includes(type) || Object.keys(body).length > 0)
      .map((block) => [block.address, block]),
  );
}

/** Types of blocks that every stack has, also if they are empty. */
const ALWAYS = ["stack", "terraform"];

/** Blocks that say how addresses change have no further effect; see {@link movesIn}. */
const isCompared = ({ section, name }: Block): boolean =>
  section !== "other" || !["moved", "removed"].includes(name);

function comparedBlock({ section, type, name, address, body }: Block): ComparedBlock {
  const isResource = section === "resource";
  // A state on somebody's disk has no protection to lose.
  const isBackend = address.startsWith("terraform.backend.") && type !== "local";
  const settings = isBackend ? "backend" : section;
  const sectionName = section === "other" ? name : settings;
  return {
    address,
    type: isResource ? type : sectionName,
    isResource,
    body: withoutComments(body),
  };
}

function withoutComments({ "//": comment, ...body }: Json): Json {
  const { waivers } = asObject(comment);
  return waivers === undefined ? body : { ...body, "//": { waivers } };
}

/** What the blocks `moved` and `removed` of a stack say. */
export interface Moves {
  /** Earlier addresses by later ones. */
  readonly moved: ReadonlyMap<string, string>;
  /** Addresses that Terraform forgets, without destroying the objects. */
  readonly forgotten: ReadonlySet<string>;
}

export function movesIn(json: unknown): Moves {
  const { moved, removed } = asObject(json);
  const pairs = asList(moved)
    .map(asObject)
    .map(({ from, to }) => [addressIn(to), addressIn(from)] as const);
  const forgotten = asList(removed)
    .map(asObject)
    .filter(({ lifecycle }) => asList(lifecycle).some((each) => asObject(each).destroy === false));
  return {
    moved: new Map(pairs),
    forgotten: new Set(forgotten.map(({ from }) => addressIn(from))),
  };
}

const addressIn = (value: unknown): string => (asText(value) ?? "").replace(/^\$\{(.*)\}$/, "$1");
