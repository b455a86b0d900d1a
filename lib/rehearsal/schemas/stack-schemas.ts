import { providerSources, type TypeUsed, typesUsed } from "../../terraform/provider-source";
import type { StackJson } from "../../terraform/stack-folder";
import type { ProviderSchemas } from "../double/core/load-schemas";
import { type Kind, type ObjectSchema, type ProviderSchema, schemaOf } from "../double/core/schema";
import { type BindingsPackage, derivedSchema } from "./installed-bindings";

/** The schemas for one stack. */
export interface StackSchemas {
  readonly schemas: ProviderSchemas;
  /** Types whose schemas were derived from installed bindings, for example `aws_sns_topic`. */
  readonly derived: readonly string[];
  /** What the stack uses and nothing has a schema of. */
  readonly missing: readonly MissingSchema[];
}

/** A provider or one of its types without a schema. */
export interface MissingSchema {
  /** Local name of the provider. */
  readonly provider: string;
  readonly source: string;
  readonly type?: Pick<TypeUsed, "section" | "type">;
  /** The installed bindings of the provider, which do not have the type. */
  readonly bindings?: BindingsPackage;
}

const KINDS = {
  resource: ["resource", "resource_schemas"],
  data: ["data", "data_source_schemas"],
  ephemeral: ["ephemeral", "ephemeral_resource_schemas"],
} as const satisfies Record<TypeUsed["section"], readonly [Kind, keyof ProviderSchema]>;

/**
 * Completes the known schemas with those of the types that a stack uses, derived from installed
 * bindings.
 * @param parts the stack and its modules
 */
export function stackSchemas(
  parts: readonly StackJson[],
  known: ProviderSchemas,
  installed: readonly BindingsPackage[],
): StackSchemas {
  const found = { providers: new Map(known.providers), derived: new Set<string>() };
  const missing = parts.flatMap((part) => complete(part, found, installed));
  const { providers, derived } = found;
  return { schemas: { ...known, providers }, derived: [...derived].sort(), missing };
}

function complete(
  part: StackJson,
  { providers, derived }: { providers: Map<string, ProviderSchema>; derived: Set<string> },
  installed: readonly BindingsPackage[],
): MissingSchema[] {
  const missing: MissingSchema[] = [];
  const sources = providerSources(part);
  const bindingsOf = (source: string) => installed.find((each) => each.source === source);

  for (const [provider, source] of sources) {
    if (provider === "terraform" || providers.has(source)) continue;
    const bindings = bindingsOf(source);
    if (!bindings) missing.push({ provider, source });
    else providers.set(source, { provider: derivedSchema(bindings, "provider", "") });
  }
  for (const { section, type, provider } of typesUsed(part)) {
    const source = sources.get(provider) ?? "";
    const schema = providers.get(source);
    const [kind, part] = KINDS[section];
    if (!schema || schemaOf(schema, kind, type)) continue;
    const bindings = bindingsOf(source);
    const found = bindings && derivedSchema(bindings, kind, type);
    if (!found) {
      missing.push({ provider, source, type: { section, type }, bindings });
      continue;
    }
    providers.set(source, withType(schema, part, type, found));
    derived.add(section === "resource" ? type : `${section} ${type}`);
  }
  return missing;
}

// The same objects for the same types: a double converts and encodes each schema once.
const extended = new WeakMap<ProviderSchema, Map<string, ProviderSchema>>();

function withType(
  schema: ProviderSchema,
  part: "resource_schemas" | "data_source_schemas" | "ephemeral_resource_schemas",
  type: string,
  found: ObjectSchema,
): ProviderSchema {
  const known = extended.get(schema) ?? new Map<string, ProviderSchema>();
  extended.set(schema, known);
  const key = `${part} ${type}`;
  const result = known.get(key) ?? { ...schema, [part]: { ...schema[part], [type]: found } };
  known.set(key, result);
  return result;
}
