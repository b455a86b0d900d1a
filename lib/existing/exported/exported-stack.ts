import { UUID_PATTERN } from "../../registry/patterns";
import type { BlockSchema, ProviderSchema } from "../../rehearsal/double/core/schema";
import type { BlocksByType, StackJson } from "../../terraform/stack-folder";
import { canonicalText } from "../canonical-text";
import type { Body } from "../configuration/literals";
import { KNOWN_TYPES } from "../types";
import { DIVISION } from "../types/names";
import type { EvaluatedBlock, Evaluation } from "./evaluate-export";
import { addressText, type ExportAddress, type IdsAsLocals } from "./ids-as-locals";

/** An argument of an object that gets no code. */
export interface LeftOutArgument {
  readonly address: string;
  /** Path of the argument. */
  readonly argument: string;
  readonly reason: string;
  /** Whether Terraform should leave it as it is. */
  readonly isIgnored: boolean;
}

/** An export as Terraform JSON without variables: literals, and ids of its objects. */
export interface ExportedStack {
  readonly stack: StackJson;
  readonly leftOut: readonly LeftOutArgument[];
  /** Addresses of resources that `count` or `for_each` makes. */
  readonly repeated: readonly string[];
  /** Types whose objects must be known by their names. */
  readonly types: readonly string[];
  /** Ids of objects that the export does not have. */
  readonly ids: ReadonlySet<string>;
}

/** Properties of {@link exportedStack}. */
export interface ExportedStackProps {
  readonly evaluation: Evaluation;
  readonly ids: IdsAsLocals;
  /** Ids of the export's objects by their addresses, as far as they are known. */
  readonly stateIds: ReadonlyMap<string, string>;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

const UUID = new RegExp(UUID_PATTERN, "i");

/** Returns what Terraform made of an export as Terraform JSON. */
export const exportedStack = (props: ExportedStackProps): ExportedStack =>
  new Conversion(props).result();

/** Why a value cannot be written. */
class Unwritten extends Error {}

class Conversion {
  private readonly leftOut: LeftOutArgument[] = [];
  private readonly outside = new Set<string>();
  private readonly own: ReadonlySet<string>;
  /** Addresses of the export's objects by their ids. */
  private readonly byId: ReadonlyMap<string, string>;

  constructor(private readonly props: ExportedStackProps) {
    const { evaluation, stateIds } = props;
    this.own = new Set(evaluation.blocks.map(addressOf));
    this.byId = new Map(
      [...stateIds]
        .filter(([address]) => this.own.has(address))
        .map(([address, id]) => [id, address]),
    );
  }

  result(): ExportedStack {
    const { blocks } = this.props.evaluation;
    const isRepeated = ({ index }: EvaluatedBlock) => index !== undefined && index !== null;
    const managed = blocks.filter((block) => block.mode === "managed" && !isRepeated(block));
    const data = blocks.filter((block) => block.mode === "data" && !isRepeated(block));
    const stack: StackJson = {
      resource: byType(managed.map((block) => [block, this.body(block)])),
      data: byType(data.map((block) => [block, this.plain(block.values)])),
    };
    return {
      stack,
      leftOut: this.leftOut,
      repeated: [...new Set(blocks.filter(isRepeated).map(addressOf))],
      types: [...new Set([...managed, ...data].map(({ type }) => typeOfData(type)))].filter(
        (type) => KNOWN_TYPES.has(type),
      ),
      ids: this.outside,
    };
  }

  private body(block: EvaluatedBlock): Body {
    const { type, values, sensitive_values: sensitive = {} } = block;
    const { mapping = {}, json = [] } = KNOWN_TYPES.get(type) ?? {};
    const schema = this.props.schema.resource_schemas?.[type]?.block ?? {};
    const variables = this.props.evaluation.variables.get(addressOf(block)) ?? new Map();
    const body: Record<string, unknown> = {};
    for (const name of new Set([...Object.keys(values), ...variables.keys()])) {
      const value = values[name];
      const used: readonly string[] = variables.get(name) ?? [];
      const without = used.find((each) => this.props.evaluation.withoutValue.has(each));
      const leave = (reason: string) => this.leave(block, name, reason, isKnown(schema, name));
      if (without !== undefined) leave(`the variable ${without} has no value, or a secret one`);
      else if (isNothing(value)) continue;
      else if (!(name in mapping)) leave("adopt does not know it");
      else if (hasMark(sensitive[name])) leave("it is a secret");
      else {
        try {
          body[name] = this.json(value, name, json);
          for (const path of unknownIn(schema, name, value)) {
            this.leave(block, path, "this version does not know it", false);
          }
        } catch (error) {
          if (!(error instanceof Unwritten)) throw error;
          leave(error.message);
        }
      }
    }
    return body;
  }

  private leave(block: EvaluatedBlock, argument: string, reason: string, isIgnored: boolean): void {
    this.leftOut.push({ address: addressOf(block), argument, reason, isIgnored });
  }

  /** Values of a data source: those that are computed do not matter. */
  private plain(values: Body): Body {
    return Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, escaped(this.text(value))]] : [],
      ),
    );
  }

  private json(value: unknown, path: string, jsonPaths: readonly string[]): unknown {
    if (typeof value === "string") return this.string(value, jsonPaths.includes(path));
    if (Array.isArray(value)) {
      return value.filter((each) => each !== null).map((each) => this.json(each, path, jsonPaths));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== null)
        .map(([name, each]) => [name, this.json(each, `${path}.${name}`, jsonPaths)]),
    );
  }

  private string(value: string, isJson: boolean): string {
    const parts = this.props.ids.read(value);
    const [part] = parts;
    if (parts.length === 1 && part !== undefined && typeof part !== "string") {
      if (this.own.has(addressText(part))) return `\${${addressText(part)}.id}`;
      return this.literal(this.idOf(part));
    }
    const text = this.text(value);
    return isJson ? escaped(canonicalJson(text)) : this.literal(text);
  }

  /** An id of another object of the export is a reference. */
  private literal(text: string): string {
    const address = this.byId.get(text);
    if (address !== undefined) return `\${${address}.id}`;
    if (UUID.test(text)) this.outside.add(text);
    return escaped(text);
  }

  private text(value: string): string {
    return this.props.ids
      .read(value)
      .map((part) => (typeof part === "string" ? part : this.idOf(part)))
      .join("");
  }

  private idOf(address: ExportAddress): string {
    const id = this.props.stateIds.get(addressText(address));
    if (id !== undefined) return id;
    throw new Unwritten(
      `the id of ${addressText(address)} is not known: export with \`include_state_file = true\``,
    );
  }
}

/** Type of the object that a data source finds. */
const typeOfData = (type: string): string => (type === `${DIVISION}_home` ? DIVISION : type);

const addressOf = ({ mode, type, name }: EvaluatedBlock): string =>
  addressText({ isData: mode === "data", type, label: name });

function byType(blocks: readonly (readonly [EvaluatedBlock, Body])[]): BlocksByType {
  const found: Record<string, Record<string, Body>> = {};
  for (const [{ type, name }, body] of blocks) found[type] = { ...found[type], [name]: body };
  return found;
}

/** Text that Terraform does not take for an expression. */
const escaped = (text: string): string => text.replace(/[$%](?=\{)/g, "$&$&");

/** The exporter writes JSON as Terraform or Genesys Cloud does; a text that is no JSON stays as it is. */
function canonicalJson(text: string): string {
  try {
    return canonicalText(JSON.parse(text));
  } catch {
    return text;
  }
}

const isKnown = ({ attributes = {}, block_types = {} }: BlockSchema, name: string): boolean =>
  name in attributes || name in block_types;

/** Returns the paths of what nested blocks have, and the schema does not. */
function unknownIn({ block_types = {} }: BlockSchema, name: string, value: unknown): string[] {
  const nested = block_types[name]?.block;
  if (!nested) return [];
  const paths = [value].flat().flatMap((each) =>
    Object.entries((each ?? {}) as Body)
      .filter(([, inner]) => !isNothing(inner))
      .flatMap(([key, inner]) => (isKnown(nested, key) ? unknownIn(nested, key, inner) : [key])),
  );
  return [...new Set(paths.map((path) => `${name}.${path}`))];
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (typeof value === "object" && Object.values(value as object).every(isNothing));

/** Whether anything below is marked as a secret. */
const hasMark = (marks: unknown): boolean =>
  marks === true ||
  (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark));
