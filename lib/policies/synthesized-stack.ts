import { waiversOf } from "../recorded-waivers";
import type { Place } from "./place";

/** A JSON object of a stack. */
export type Json = Readonly<Record<string, unknown>>;

/** Sections of a stack whose blocks have a type and a name. */
export type TypedSection = "resource" | "data" | "ephemeral";

/** Sections of a stack whose blocks have only a name. */
export type NamedSection = "provider" | "variable" | "output" | "module" | "locals";

/** One block of a stack, for example a resource. */
export interface Block extends Place {
  readonly section: TypedSection | NamedSection | "terraform" | "other";
  /** Terraform type of a resource, data source or ephemeral resource, or type of the backend. */
  readonly type: string;
  readonly name: string;
  readonly body: Json;
}

const TYPED: ReadonlySet<string> = new Set(["resource", "data", "ephemeral"]);
const NAMED: ReadonlySet<string> = new Set(["provider", "variable", "output", "module"]);
/** Beginning of a section's addresses, where it is not the section's name. */
const PREFIX: Readonly<Record<string, string>> = { resource: "", variable: "var." };

/** A typed view of one stack's Terraform JSON. */
export class SynthesizedStack {
  /** The stack's id; `stack` where the JSON does not have it. */
  readonly name: string;
  /** Every block, in the order of the JSON. */
  readonly blocks: readonly Block[];
  /** The whole stack, as the place of problems without a block. */
  readonly root: Place;
  private readonly json: Json;

  constructor(json: unknown) {
    this.json = asObject(json);
    const metadata = asObject(asObject(this.json["//"]).metadata);
    this.name = asText(metadata.stackName) ?? "stack";
    this.root = {
      address: "terraform",
      construct: this.name,
      waivers: waiversOf(this.json, this.name),
    };
    this.blocks = [...readBlocks(this.json)];
  }

  resources(type: string): Block[] {
    return this.typed("resource", type);
  }

  /** Data sources of a type, or all of them. */
  data(type?: string): Block[] {
    return this.typed("data", type);
  }

  /** Ephemeral resources of a type, or all of them. */
  ephemeral(type?: string): Block[] {
    return this.typed("ephemeral", type);
  }

  get providers(): Block[] {
    return this.section("provider");
  }

  get variables(): Block[] {
    return this.section("variable");
  }

  get outputs(): Block[] {
    return this.section("output");
  }

  /** The stack's backend; undefined when Terraform would store the state in a local file. */
  get backend(): Block | undefined {
    return this.section("terraform").find(({ address }) =>
      address.startsWith("terraform.backend."),
    );
  }

  /** The `terraform` block, with required_version, required_providers and others. */
  get settings(): Json {
    return asObject(this.json.terraform);
  }

  /** The comment of the stack, with the metadata of cdktf. */
  get comment(): Json {
    return asObject(this.json["//"]);
  }

  private section(section: Block["section"]): Block[] {
    return this.blocks.filter((block) => block.section === section);
  }

  private typed(section: TypedSection, type?: string): Block[] {
    return this.section(section).filter((block) => type === undefined || block.type === type);
  }
}

/** Nested blocks of a body: a list, a single one, or a dynamic block. */
export function nestedBlocks(body: Json, name: string): Json[] {
  const dynamic = asList(asObject(body.dynamic)[name]).map((block) => asObject(block).content);
  return [...asList(body[name]), ...dynamic.flatMap(asList)].map(asObject);
}

/** Returns a value that is an object, and an empty object for any other. */
export function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};
}

/** Returns a list for a value that Terraform JSON may have alone or in a list. */
export function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Returns a value that is a string, and undefined for any other. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Whether Terraform finds a value only at run time, so that it is unknown at synth. */
export function isExpression(value: unknown): boolean {
  return typeof value === "string" && /(?<!\$)\$\{|(?<!%)%\{/.test(value);
}

function* readBlocks(json: Json): Generator<Block> {
  for (const [section, content] of Object.entries(json)) {
    if (section === "//") continue;
    if (TYPED.has(section)) {
      for (const [type, byName] of Object.entries(asObject(content))) {
        yield* readNamed(section as TypedSection, type, asObject(byName));
      }
    } else if (NAMED.has(section)) {
      yield* readNamed(section as NamedSection, "", asObject(content));
    } else if (section === "locals") {
      for (const [name, value] of Object.entries(asObject(content))) {
        if (name !== "//") yield block("locals", "", name, `local.${name}`, { [name]: value });
      }
    } else if (section === "terraform") {
      yield* readSettings(asObject(content));
    } else if (section === "check") {
      for (const check of Object.values(asObject(content)).flatMap(asList)) {
        yield* readBlocks({ data: asObject(check).data });
      }
      yield block("other", "", section, section, { [section]: content });
    } else {
      yield block("other", "", section, section, { [section]: content });
    }
  }
}

function* readNamed(
  section: TypedSection | NamedSection,
  type: string,
  byName: Json,
): Generator<Block> {
  const prefix = PREFIX[section] ?? `${section}.`;
  for (const [name, bodies] of Object.entries(byName)) {
    if (name === "//") continue;
    for (const body of asList(bodies).map(asObject)) {
      const alias = section === "provider" ? asText(body.alias) : undefined;
      const address = prefix + [type, name, alias].filter(Boolean).join(".");
      yield block(section, type, name, address, body);
    }
  }
}

function* readSettings(settings: Json): Generator<Block> {
  for (const [type, body] of Object.entries(asObject(settings.backend))) {
    if (type !== "//") {
      yield block("terraform", type, type, `terraform.backend.${type}`, asObject(body));
    }
  }
  const { backend: _backend, ...others } = settings;
  yield block("terraform", "", "terraform", "terraform", others);
}

function block(
  section: Block["section"],
  type: string,
  name: string,
  address: string,
  body: Json,
): Block {
  const path = asText(asObject(asObject(body["//"]).metadata).path);
  const construct = path ?? address;
  return { section, type, name, address, construct, body, waivers: waiversOf(body, construct) };
}
