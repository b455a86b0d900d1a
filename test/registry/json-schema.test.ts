import Ajv2020 from "ajv/dist/2020";
import { load } from "js-yaml";
import { registryJsonSchema } from "../../lib/registry";
import { SAMPLE, yaml } from "./registry-files";

const { homes, orgs } = SAMPLE;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(registryJsonSchema());

/** What an editor checks: the text of a file, read. */
const accepts = (value: unknown) => validate(load(yaml(value)));

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
  // As in a file, where what is undefined is not there.
  expect(accepts(JSON.parse(JSON.stringify(value)))).toBe(false);
});

test("the schema says what it is of", () => {
  expect(registryJsonSchema()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Registry of Genesys Cloud organisations",
  });
});
