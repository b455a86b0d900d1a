import { awsRules } from "../../../lib/rehearsal/double/aws/rules";
import { loadSchemas } from "../../../lib/rehearsal/double/core/load-schemas";
import type { ProviderRules, TypeRules } from "../../../lib/rehearsal/double/core/rules";
import type { BlockSchema, ProviderSchema } from "../../../lib/rehearsal/double/core/schema";
import { genesyscloudRules } from "../../../lib/rehearsal/double/genesyscloud/routing";
import { vaultRules } from "../../../lib/rehearsal/double/vault/rules";

const { providers } = loadSchemas();

type Row = readonly [type: string, rules: TypeRules, block: BlockSchema | undefined];

function rowsOf(source: string, rules: ProviderRules): Row[] {
  const schema = providers.get(`registry.terraform.io/${source}`);
  const rows = (of: ProviderRules["resources"], schemas: ProviderSchema["resource_schemas"]) =>
    Object.entries(of ?? {}).map(([type, each]): Row => [type, each, schemas?.[type]?.block]);
  return [
    [source, rules.provider ?? {}, schema?.provider?.block],
    ...rows(rules.resources, schema?.resource_schemas),
    ...rows(rules.dataSources, schema?.data_source_schemas),
  ];
}

const types = [
  ...rowsOf("hashicorp/aws", awsRules),
  ...rowsOf("hashicorp/vault", vaultRules),
  ...rowsOf("mypurecloud/genesyscloud", genesyscloudRules),
];

/** Every path that the rules speak of. */
function pathsIn(rules: TypeRules): string[] {
  const { identifier, unique, forceNew, conflictsWith, requiredWith, values, defaults } = rules;
  return [
    ...[identifier, unique, forceNew].flatMap((paths) => paths ?? []),
    ...[rules.exactlyOneOf, rules.atLeastOneOf].flatMap((groups) => groups?.flat() ?? []),
    ...[conflictsWith, requiredWith].flatMap((map) => Object.values(map ?? {}).flat()),
    ...[conflictsWith, requiredWith, values, defaults].flatMap((map) => Object.keys(map ?? {})),
  ];
}

function has(block: BlockSchema | undefined, path: string): boolean {
  const [name = "", ...rest] = path.split(".");
  const nested = block?.block_types?.[name]?.block ?? block?.attributes?.[name]?.nested_type;
  if (rest.length > 0) return has(nested as BlockSchema | undefined, rest.join("."));
  return nested !== undefined || block?.attributes?.[name] !== undefined;
}

test.each(types)("the rules of %s speak of what its schema has", (_type, rules, block) => {
  expect(block).toBeDefined();
  expect(pathsIn(rules).filter((path) => !has(block, path))).toEqual([]);
});
