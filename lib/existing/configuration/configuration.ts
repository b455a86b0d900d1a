import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import { knownRulesOf } from "../../rehearsal/known-rules";
import type { StackJson } from "../../terraform/stack-folder";
import type { ExistingOrg } from "../model";
import { type RawObject, resolveObjects } from "../read/resolve";
import { OBJECT_TYPES } from "../types";
import { codeArguments } from "./code-arguments";
import { CodeReferences, idOf } from "./code-references";

/** What an organisation's code says of its objects. */
export interface Configuration extends ExistingOrg {
  readonly isCode: true;
  /** Addresses of resources whose names only Terraform knows. */
  readonly unnamed: readonly string[];
}

/** Properties of {@link configurationOf}. */
export interface ConfigurationProps {
  /** Name in messages. */
  readonly name: string;
  /** The Terraform JSON of the organisation's stacks. */
  readonly stacks: readonly StackJson[];
  /** The organisation. Code may refer to its objects by their ids, or by data sources. */
  readonly existing: ExistingOrg;
  /** Types of objects to look at. */
  readonly types: readonly string[];
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** Returns the Terraform types of objects that some stacks have. */
export const typesInCode = (stacks: readonly StackJson[]): string[] =>
  OBJECT_TYPES.map(({ type }) => type).filter((type) =>
    stacks.some(({ resource }) => Object.keys(resource?.[type] ?? {}).length > 0),
  );

/**
 * Returns what the code of an organisation says, as far as it is known before Terraform runs: literals, and references
 * to resources, to data sources and to ids of the organisation. Arguments that the code leaves out have the
 * provider's default, or are left to Genesys Cloud.
 */
export function configurationOf(props: ConfigurationProps): Configuration {
  const { name, stacks, existing, types, schema } = props;
  const references = new CodeReferences(stacks, existing);
  const found: RawObject[] = [];
  const unnamed: string[] = [];
  for (const { type, mapping = {} } of OBJECT_TYPES) {
    for (const [index, { resource }] of stacks.entries()) {
      for (const [id, body] of Object.entries(resource?.[type] ?? {})) {
        const path = references.pathOf(index, type, id);
        if (!path) {
          if (types.includes(type)) unnamed.push(`${type}.${id}`);
          continue;
        }
        const raw = codeArguments({
          names: Object.keys(mapping),
          body,
          block: schema.resource_schemas?.[type]?.block ?? {},
          defaults: knownRulesOf(type)?.defaults,
          expression: (text) => references.expression(index, text),
          literal: (text) => references.literal(text),
        });
        found.push({ type, id: idOf(index, type, id), path, raw });
      }
    }
  }
  const objects = resolveObjects([...found, ...references.others()]);
  return {
    name,
    types,
    objects: objects.filter(
      ({ type, unmanaged }) => types.includes(type) && unmanaged === undefined,
    ),
    isCode: true,
    unnamed,
  };
}
