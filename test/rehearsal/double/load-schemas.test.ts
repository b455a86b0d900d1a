import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSchemas } from "../../../lib/rehearsal";
import { temporaryFolder } from "../../support/folders";

const AWS = "registry.terraform.io/hashicorp/aws";
const ACME = "registry.terraform.io/example/acme";
const typeWith = (...names: string[]) => ({
  block: {
    attributes: Object.fromEntries(names.map((name) => [name, { type: "string", optional: true }])),
  },
});
const folderWith = (files: Record<string, object>) => {
  const folder = temporaryFolder();
  for (const [file, provider_schemas] of Object.entries(files)) {
    writeFileSync(join(folder, file), JSON.stringify({ provider_schemas }));
  }
  return folder;
};
const own = loadSchemas();

test("a folder adds providers and types to those of the package", () => {
  const folder = folderWith({
    "more.json": {
      [AWS]: { resource_schemas: { aws_acme: typeWith("name") } },
      [ACME]: { resource_schemas: { acme_thing: typeWith("name") } },
    },
  });
  const { providers } = loadSchemas(folder);
  expect([...providers.keys()].sort()).toEqual([...own.providers.keys(), ACME].sort());
  const aws = providers.get(AWS);
  const known = own.providers.get(AWS);
  expect(aws).toEqual({
    ...known,
    resource_schemas: { ...known?.resource_schemas, aws_acme: typeWith("name") },
  });
});

test("a type of the folder counts more than the package's, and leaves the others", () => {
  const data = { aws_caller_identity: typeWith("mine") };
  const folder = folderWith({ "aws.json": { [AWS]: { data_source_schemas: data } } });
  const aws = loadSchemas(folder).providers.get(AWS);
  const known = own.providers.get(AWS);
  expect(aws?.data_source_schemas).toEqual({ ...known?.data_source_schemas, ...data });
  expect(aws?.resource_schemas).toEqual(known?.resource_schemas);
  expect(aws?.provider).toEqual(known?.provider);
});

test("several files of a folder may have types of the same provider", () => {
  const folder = folderWith({
    "a.json": { [ACME]: { resource_schemas: { acme_a: typeWith("name") } } },
    "b.json": { [ACME]: { resource_schemas: { acme_b: typeWith("name") } } },
  });
  const { resource_schemas = {} } = loadSchemas(folder).providers.get(ACME) ?? {};
  expect(Object.keys(resource_schemas)).toEqual(["acme_a", "acme_b"]);
});
