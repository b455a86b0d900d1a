import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformElement } from "cdktf";
import { loadSchemas, rehearse } from "../lib/rehearsal";
import type { BlockSchema, ObjectSchema, TerraformType } from "../lib/rehearsal/double/core/schema";
import { buildPackage } from "./support/built-command";
import { synthesize } from "./support/rehearsal";
import { entry, registryOf } from "./support/sample-org";
import { ROOT } from "./support/synthesized-app";
import { describeWithTerraform } from "./support/terraform";

const { providers } = loadSchemas();
const schema = providers.get("registry.terraform.io/mypurecloud/genesyscloud");
const resources = Object.entries(schema?.resource_schemas ?? {});
const dataSources = Object.entries(schema?.data_source_schemas ?? {});

const NOT_A_LITERAL = "${data.genesyscloud_organizations_me.the-org.id}";

/** Required arguments that take certain values only, by the provider's rules or by the policies. */
const VALUES: Readonly<Record<string, unknown>> = {
  "genesyscloud_architect_datatable.properties.type": "string",
  "genesyscloud_architect_schedules.end": "2026-01-01T17:00:00.000000",
  "genesyscloud_architect_schedules.start": "2026-01-01T08:00:00.000000",
  "genesyscloud_oauth_client.authorized_grant_type": "CLIENT-CREDENTIALS",
  "genesyscloud_oauth_client.name": "Production-Example",
  "genesyscloud_conversations_messaging_integrations_open.outbound_notification_webhook_signature_secret_token":
    NOT_A_LITERAL,
  "genesyscloud_conversations_messaging_integrations_whatsapp.embedded_signup_access_token":
    NOT_A_LITERAL,
};

type Values = Record<string, unknown>;

/** What a block needs at least, under the names of the bindings. */
function required(block: BlockSchema, path: string): Values {
  const values: Values = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (!attribute.required) continue;
    values[camel(name)] = VALUES[`${path}.${name}`] ?? exampleOf(attribute.type);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const count = nested.min_items ?? 0;
    if (count === 0) continue;
    const one = required(nested.block, `${path}.${name}`);
    const single = nested.max_items === 1 || nested.nesting_mode === "single";
    values[camel(name)] = single ? one : Array.from({ length: count }, () => one);
  }
  return values;
}

const camel = (name: string) =>
  name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());

function exampleOf(type: TerraformType | undefined): unknown {
  if (type === "number") return 1;
  if (type === "bool") return true;
  if (typeof type === "string") return "example";
  if (type?.[0] === "map") return {};
  return type?.[0] === "list" || type?.[0] === "set" ? [exampleOf(type[1])] : {};
}

/** The class of a type, from the module that a user imports. */
function classOf(type: string, prefix: string) {
  const folder = prefix + type.replace("genesyscloud_", "").replaceAll("_", "-");
  const module: Record<string, unknown> = require(join(ROOT, "genesyscloud", folder));
  const found = Object.values(module).find(
    (each) => (each as { tfResourceType?: string }).tfResourceType === type,
  );
  if (!found) throw new Error(`genesyscloud/${folder} has no class of ${type}`);
  return found as new (
    scope: unknown,
    id: string,
    config: Values,
  ) => TerraformElement;
}

beforeAll(buildPackage, 300_000);

describeWithTerraform("the Genesys Cloud provider", () => {
  test("has a class for every resource and data source, and each can be rehearsed with its required arguments", async () => {
    const make = (kind: [string, ObjectSchema][], prefix: string, scope: unknown) => {
      for (const [type, { block }] of kind) {
        const id = type === "genesyscloud_organizations_me" ? "the-org" : `${prefix}${type}`;
        new (classOf(type, prefix))(scope, id, required(block, type));
      }
    };
    const { world, folderOf } = synthesize(registryOf(entry("na-prod", 0)), (stack) => {
      make(resources, "", stack);
      make(dataSources, "data-genesyscloud-", stack);
    });
    const folder = folderOf("na-prod");
    const stack = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    const [result] = await rehearse({ stacks: [{ stack: "org-na-prod", folder }], world });
    expect(result?.error).toBeUndefined();
    expect(result?.secondPlanEmpty).toBe(true);

    const planned = (section: Values) =>
      Object.keys(section).filter((type) => type.startsWith("genesyscloud_")).length;
    const counts = `${planned(stack.resource)} of ${resources.length} resources and ${planned(stack.data)} of ${dataSources.length} data sources of Genesys Cloud planned\n`;
    process.stdout.write(counts);
    expect(counts).toBe(
      `${resources.length} of ${resources.length} resources and ${dataSources.length} of ${dataSources.length} data sources of Genesys Cloud planned\n`,
    );
  }, 300_000);
});
