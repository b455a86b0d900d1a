import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { parse } from "yaml";
import {
  BROKER_DEFAULTS,
  HOME_DEFAULTS,
  OAUTH_CLIENT_DEFAULTS,
  ORG_DEFAULTS,
} from "../../lib/registry/defaults";
import { ROOT } from "../support/synthesized-app";
import { SAMPLE, yaml } from "./registry-files";

/** The parts of a schema that the tests read. */
interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

/** The schema as it is published: the build writes it. */
const schema = JSON.parse(readFileSync(join(ROOT, "dist/registry.schema.json"), "utf8"));
const [org, { items: home }] = schema.anyOf as [Schema, { readonly items: Schema }];
const client = org.properties?.oauthClients?.items ?? {};

const { homes, orgs } = SAMPLE;
const ajv = new Ajv2020({ strict: true, allErrors: true });
const validate = ajv.compile(schema);

/** Checks the text of a file, as an editor does. */
const accepts = (value: unknown) => validate(parse(yaml(value)));

test.each([
  ...orgs.map((org) => [`${org.name}.yaml`, org] as const),
  ["homes.yaml", homes] as const,
  ["a single file", { homes, orgs }] as const,
])("%s of the sample is valid", (_, value) => {
  expect(accepts(value)).toBe(true);
});

const [naProd] = orgs;

test.each([
  ["an unknown key", { ...naProd, organisationId: "x" }],
  ["an unknown region", { ...naProd, genesysRegion: "us-east-9" }],
  ["an account without quotes", { ...naProd, aws: { ...naProd?.aws, account: 111111111111 } }],
  ["an org without a name", { ...naProd, name: undefined }],
  ["a name in capitals", { ...naProd, name: "NA" }],
  ["a login without method", { ...naProd, vault: { ...naProd?.vault, auth: {} } }],
  ["a token pool of nothing", { ...naProd, provider: { tokenPoolSize: 0 } }],
  ["a tag with a character that AWS does not take", { ...naProd, tags: { team: "a#b" } }],
  ["a home without admins", [{ ...homes[0], stateAdmins: [] }]],
  ["a single file without homes", { orgs }],
  ["an org inside a list", [naProd]],
])("%s is not", (_, value) => {
  // A file has no undefined values.
  expect(accepts(JSON.parse(JSON.stringify(value)))).toBe(false);
});

test("the schema has a title", () => {
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Registry of Genesys Cloud organisations",
  });
});

describe("an editor shows", () => {
  /** Each property below a schema, with its path. */
  function propertiesOf(schema: Schema, path = ""): [string, Schema][] {
    const inner = [...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
    return [
      ...inner.flatMap((each) => propertiesOf(each, path)),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
        const at = path ? `${path}.${name}` : name;
        return [[at, property] as [string, Schema], ...propertiesOf(property, at)];
      }),
    ];
  }
  const properties = [
    ...propertiesOf(org, "org"),
    ...propertiesOf(home, "home"),
    ...propertiesOf(schema.anyOf[2], "file"),
  ];

  test("a description for each property", () => {
    expect(properties.length).toBeGreaterThan(100);
    const without = properties.filter(([, { description }]) => !/^\S.*\.$/.test(description ?? ""));
    expect(without.map(([path]) => path)).toEqual([]);
  });

  /** The defaults that a schema has, in the form of the entries. */
  function defaultsOf({ properties = {} }: Schema): Record<string, unknown> {
    const found = Object.entries(properties).flatMap(([name, property]) => {
      if (property.default !== undefined) return [[name, property.default]];
      const inner = defaultsOf(property);
      return Object.keys(inner).length > 0 ? [[name, inner]] : [];
    });
    return Object.fromEntries(found);
  }

  test("each default, as the registry has it", () => {
    expect(defaultsOf(org)).toEqual(ORG_DEFAULTS);
    expect(defaultsOf(client)).toEqual({ ...OAUTH_CLIENT_DEFAULTS, broker: BROKER_DEFAULTS });
    expect(defaultsOf(home)).toEqual(HOME_DEFAULTS);
  });

  test("each default that a comment of the model gives as a value", () => {
    const model = ["model", "managed-secret"]
      .map((file) => readFileSync(join(ROOT, `lib/registry/${file}.ts`), "utf8"))
      .join("\n");
    const documented = [...model.matchAll(/@default (?!-)(.+)/g)].map(([, value = ""]) =>
      JSON.stringify(JSON.parse(value)),
    );
    const shown = [...propertiesOf(org), ...propertiesOf(home)].flatMap(([, property]) =>
      property.default === undefined ? [] : JSON.stringify(property.default),
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.sort()).toEqual(documented.sort());
  });

  test.each([
    ["name", org],
    ["organizationId", org],
    ["project", org],
    ["owner", org],
    ["tags", org],
    ["home", org.properties?.state],
    ["key", org.properties?.state],
    ["unlocker", org.properties?.state?.properties?.assumedBy],
    ["writer", org.properties?.state?.properties?.crossAccountRoles],
    ["address", org.properties?.vault],
    ["master", org.properties?.vault],
    ["account", org.properties?.aws],
    ["deployRole", org.properties?.aws],
    ["planRole", org.properties?.aws],
    ["permissionsBoundary", org.properties?.aws],
    ["customRetryTimeout", org.properties?.provider],
    ["alarmActions", org.properties?.rotation],
    ["divisions", client],
    ["consumers", client],
    ["actions", client.properties?.permissions?.items],
    ["bucket", home],
    ["stateAdmins", home],
    ["trustedAccounts", home],
    ["repositoryId", home.properties?.github],
    ["s3Endpoint", home.properties?.storage],
  ])("an example of %s", (name, parent) => {
    expect(parent?.properties?.[name]?.examples).not.toHaveLength(0);
  });

  test("only examples and defaults that are valid themselves", () => {
    const shown = properties.flatMap(([path, property]) =>
      [...(property.examples ?? []), property.default]
        .filter((value) => value !== undefined)
        .map((value) => ({ path, value, valid: ajv.validate(property, value) })),
    );
    expect(shown.length).toBeGreaterThan(80);
    expect(shown.filter(({ valid }) => !valid)).toEqual([]);
  });
});
