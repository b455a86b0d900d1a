import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  derivedSchema,
  installedBindings,
} from "../../../lib/rehearsal/schemas/installed-bindings";
import { temporaryFolder } from "../../support/folders";

const random = dirname(require.resolve("@cdktf/provider-random/package.json"));

function install(project: string, name: string, version = "1.0.0"): void {
  const folder = join(project, "node_modules", name);
  cpSync(random, folder, { recursive: true });
  const provider = { name: "registry.terraform.io/hashicorp/random", version: "3.7.2" };
  const about = {
    name,
    version,
    ...(name.startsWith("@cdktn") ? { cdktn: { provider } } : { cdktf: { provider } }),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(about));
}

test("bindings of CDKTF and of CDK Terrain are found, in the project and above it", () => {
  const workspace = temporaryFolder();
  const project = join(workspace, "packages/orgs");
  mkdirSync(project, { recursive: true });
  expect(installedBindings(project)).toEqual([]);
  install(workspace, "@cdktf/provider-random");
  expect(installedBindings(project)).toMatchObject([
    { name: "@cdktf/provider-random 1.0.0", source: "registry.terraform.io/hashicorp/random" },
  ]);
  install(project, "@cdktn/provider-random", "2.0.0");
  expect(installedBindings(project)).toMatchObject([{ name: "@cdktn/provider-random 2.0.0" }]);
});

describe("a derived schema", () => {
  const [bindings] = installedBindings(process.cwd()).filter(({ name }) => name.includes("random"));
  if (!bindings) throw new Error("@cdktf/provider-random is not installed");

  test("lets the provider set what the configuration leaves out", () => {
    const { attributes } = derivedSchema(bindings, "resource", "random_pet")?.block ?? {};
    expect(attributes).toEqual({
      id: { type: "string", computed: true },
      keepers: { type: ["map", "string"], optional: true },
      length: { type: "number", optional: true, computed: true },
      prefix: { type: "string", optional: true, computed: true },
      separator: { type: "string", optional: true, computed: true },
    });
  });

  test("is found where the generator gave the class another name", () => {
    expect(derivedSchema(bindings, "resource", "random_string")?.block.attributes).toHaveProperty(
      "length",
    );
  });

  test("of an ephemeral resource is that of the resource with its name", () => {
    expect(derivedSchema(bindings, "ephemeral", "random_password")).toBe(
      derivedSchema(bindings, "resource", "random_password"),
    );
  });

  test("does not exist for a type that the bindings lack", () => {
    expect(derivedSchema(bindings, "resource", "random_thing")).toBeUndefined();
    expect(derivedSchema(bindings, "data", "random_pet")).toBeUndefined();
  });
});
