import type { Rules } from "../../rehearsal/double/core/rules";
import type {
  AttributeSchema,
  BlockSchema,
  NestedBlockSchema,
  TerraformType,
} from "../../rehearsal/double/core/schema";
import type { Unknown } from "../model";
import { type Raw, Unordered } from "../types/mapping";
import { COMPUTED } from "./code-references";
import { type Body, isExpression, nestedBlock, unescaped } from "./literals";

/** Properties of {@link codeArguments}. */
export interface CodeArgumentsProps {
  /** Arguments that are read from organisations: no others are looked at. */
  readonly names: readonly string[];
  readonly body: Body;
  readonly block: BlockSchema;
  /** Values that the provider gives to arguments that are left out, by schema path. */
  readonly defaults: Rules["defaults"];
  readonly expression: (text: string) => Raw;
  readonly literal: (text: string) => Raw;
}

/** An argument that code leaves out, and that Genesys Cloud or the provider sets. */
const LEFT_OUT: Unknown = { $unknown: "left out" };

/** The provider gives it to numbers, but it cannot be read by its name. */
const NOT_READ = new Set(["extension_pool_id"]);

/** Returns the arguments that code gives to an object. */
export const codeArguments = (props: CodeArgumentsProps): Readonly<Record<string, Raw>> =>
  new Reading(props).all();

class Reading {
  constructor(private readonly props: CodeArgumentsProps) {}

  all(): Readonly<Record<string, Raw>> {
    const { names, body, block } = this.props;
    const ignored = ignoredIn(body);
    return Object.fromEntries(
      names.map((name): [string, Raw] => [
        name,
        ignored(name) ? LEFT_OUT : this.argument(name, name, body, block),
      ]),
    );
  }

  private block(body: Body, block: BlockSchema, path: string): Readonly<Record<string, Raw>> {
    const names = Object.keys({ ...block.attributes, ...block.block_types });
    return Object.fromEntries(
      names.map((name): [string, Raw] => [
        name,
        this.argument(name, `${path}.${name}`, body, block),
      ]),
    );
  }

  private argument(name: string, path: string, body: Body, block: BlockSchema): Raw {
    const value = body[name];
    const nested = block.block_types?.[name];
    if (nested) return this.blocks(value ?? dynamicIn(body, name), nested, path);
    const attribute = block.attributes?.[name];
    if (!attribute) return LEFT_OUT;
    if (value === undefined || value === null) return this.missing(attribute, path);
    return this.typed(value, attribute.type ?? "dynamic", path);
  }

  private missing({ computed, sensitive }: AttributeSchema, path: string): Raw {
    if (computed || sensitive) return LEFT_OUT;
    return this.props.defaults?.[path];
  }

  private blocks(value: unknown, nested: NestedBlockSchema, path: string): Raw {
    if (value === undefined || value === null) return LEFT_OUT;
    if (typeof value === "string") return COMPUTED;
    if (nested.max_items === 1 || nested.nesting_mode === "single") {
      const body = nestedBlock(value);
      return body && this.block(body, nested.block, path);
    }
    const items = (Array.isArray(value) ? value : [value]).map((body) =>
      typeof body === "object" && body !== null
        ? this.block(body as Body, nested.block, path)
        : COMPUTED,
    );
    return nested.nesting_mode === "set" ? new Unordered(items) : items;
  }

  private typed(value: unknown, type: TerraformType, path: string): Raw {
    if (value === null || value === undefined) return this.props.defaults?.[path];
    if (typeof value === "string" && isExpression(value)) return this.props.expression(value);
    if (typeof type === "string") return this.plain(value, type);
    const [kind, element] = type;
    if (kind === "list" || kind === "set") {
      const items = (Array.isArray(value) ? value : [value]).map((one) =>
        this.typed(one, element as TerraformType, path),
      );
      return kind === "set" ? new Unordered(items) : items;
    }
    if (kind === "tuple" || typeof value !== "object") return COMPUTED;
    const members =
      kind === "map"
        ? Object.keys(value).map((name) => [name, element as TerraformType] as const)
        : Object.entries(element as Readonly<Record<string, TerraformType>>);
    return Object.fromEntries(
      members
        .filter(([name]) => !NOT_READ.has(name))
        .map(([name, each]) => [name, this.typed((value as Body)[name], each, `${path}.${name}`)]),
    );
  }

  /** Terraform converts texts, numbers and booleans to the type of an argument. */
  private plain(value: unknown, type: "string" | "number" | "bool" | "dynamic"): Raw {
    if (typeof value === "object") return COMPUTED;
    if (type === "number") return Number(value);
    if (type === "bool") return value === true || value === "true";
    return this.props.literal(unescaped(String(value)));
  }
}

/** Returns whether Terraform ignores the changes of an argument. */
function ignoredIn(body: Body): (name: string) => boolean {
  const { ignore_changes: ignored } = nestedBlock(body.lifecycle) ?? {};
  const names = Array.isArray(ignored)
    ? ignored.map((text) => String(text).split(/[.[]/)[0])
    : ignored;
  return (name) =>
    names === "all" ||
    (Array.isArray(names) && (names.includes(name) || names.includes("all"))) ||
    (name === "members" && body.ignore_members === true);
}

/** A `dynamic` block stands for blocks that only Terraform knows. */
function dynamicIn(body: Body, name: string): unknown {
  const dynamic = [body.dynamic].flat().some((each) => Object.hasOwn(Object(each), name));
  return dynamic ? "dynamic" : undefined;
}
