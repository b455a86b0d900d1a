import { worldOf } from "../../../lib/rehearsal";
import { awsBehaviour } from "../../../lib/rehearsal/double/aws";
import { loadSchemas } from "../../../lib/rehearsal/double/core/load-schemas";
import type { ProviderRules, ResourceRules } from "../../../lib/rehearsal/double/core/rules";
import type {
  BlockSchema,
  ProviderSchema,
  TerraformType,
} from "../../../lib/rehearsal/double/core/schema";
import { genesyscloudBehaviour } from "../../../lib/rehearsal/double/genesyscloud";
import { vaultBehaviour } from "../../../lib/rehearsal/double/vault";

const world = worldOf({ orgs: [] });
const { providers } = loadSchemas();

type Row = readonly [type: string, rules: ResourceRules, block: BlockSchema | undefined];

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

/** Data sources that no stack here uses, for rehearsals with other schemas. */
const WITHOUT_SCHEMA = ["aws_partition", "aws_region"];

const types = [
  ...rowsOf("hashicorp/aws", awsBehaviour(".").rules),
  ...rowsOf("hashicorp/vault", vaultBehaviour(world).rules),
  ...rowsOf("mypurecloud/genesyscloud", genesyscloudBehaviour(world).rules),
].filter(([type]) => !WITHOUT_SCHEMA.includes(type));

/** Every path that the rules name. */
function pathsIn(rules: ResourceRules): string[] {
  const { identifier, unique, forceNew, json, conflicts, requires, limits, defaults } = rules;
  return [
    ...[identifier, unique, forceNew, json].flatMap((paths) => paths ?? []),
    ...[rules.exactlyOneOf, rules.atLeastOneOf].flatMap((groups) => groups?.flat() ?? []),
    ...[conflicts, requires].flatMap((map) => Object.values(map ?? {}).flat()),
    ...[conflicts, requires, limits, defaults].flatMap((map) => Object.keys(map ?? {})),
  ];
}

function has(block: BlockSchema | undefined, path: string): boolean {
  const [name = "", ...rest] = path.split(".");
  const nested =
    block?.block_types?.[name]?.block ??
    block?.attributes?.[name]?.nested_type ??
    membersOf(block?.attributes?.[name]?.type);
  if (rest.length > 0) return has(nested as BlockSchema | undefined, rest.join("."));
  return nested !== undefined || block?.attributes?.[name] !== undefined;
}

/** The members of objects in a list or a set. */
function membersOf(type: TerraformType | undefined): BlockSchema | undefined {
  if (!Array.isArray(type)) return undefined;
  if (type[0] !== "object") return membersOf(type[1] as TerraformType);
  const members = Object.entries(type[1] as Readonly<Record<string, TerraformType>>);
  return { attributes: Object.fromEntries(members.map(([name, each]) => [name, { type: each }])) };
}

test.each(types)("the rules of %s name only attributes of its schema", (_type, rules, block) => {
  expect(block).toBeDefined();
  expect(pathsIn(rules).filter((path) => !has(block, path))).toEqual([]);
});
