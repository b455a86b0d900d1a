import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireTerraform } from "../../lib/terraform/binary";
import { driftedObjects, plannedChanges } from "../../lib/terraform/changes/planned-changes";
import { StackTerraform } from "../../lib/terraform/stack-terraform";
import { readZip, writeZip } from "../../lib/terraform/zip";
import { temporaryFolder } from "../support/folders";
import { OutsideWorld } from "../support/outside-world";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(60_000);

/** As an org's stack: what Vault answers is checked, without a place in the state. */
const STACK = {
  terraform: { required_providers: { vault: { source: "hashicorp/vault" } } },
  provider: { vault: [{ address: "https://vault.example.com" }] },
  ephemeral: {
    vault_kv_secret_v2: {
      genesys: {
        mount: "secret",
        name: "deployer",
        lifecycle: {
          postcondition: [
            { condition: '${self.mount == "secret"}', error_message: "another mount" },
          ],
        },
      },
    },
  },
  resource: { terraform_data: { one: { input: "a" } } },
};

describeWithTerraform("a stack with a condition on an ephemeral resource", () => {
  let world: OutsideWorld;
  let terraform: StackTerraform;
  let refreshes: boolean;
  beforeEach(async () => {
    world = await OutsideWorld.start("hashicorp/vault");
    const folder = temporaryFolder();
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(STACK));
    const env = { ...process.env, ...world.environment };
    const run = await requireTerraform({ env, signal: new AbortController().signal });
    // "Invalid refresh-only plan": https://github.com/opentofu/opentofu/issues/3774
    refreshes = run.binary.product !== "OpenTofu" || !run.binary.version.startsWith("1.11.");
    terraform = new StackTerraform(run, "org-na-prod", folder);
    await terraform.init();
  });
  afterEach(() => world.stop());

  test("has plans that can be read, before and after an apply, and the plan itself is applied", async () => {
    const plans = temporaryFolder();
    const file = join(plans, "plan");
    expect(plannedChanges(await terraform.planFile(file))).toMatchObject([
      { address: "terraform_data.one", action: "create" },
    ]);
    expect(readdirSync(plans)).toEqual(["plan"]);
    await terraform.applyFile(file);
    if (refreshes) expect(driftedObjects(await terraform.plan("-refresh-only"))).toEqual([]);
    expect(plannedChanges(await terraform.plan("-destroy"))).toMatchObject([{ action: "delete" }]);
    expect(existsSync(join(terraform.folder, "crash.log"))).toBe(false);
  });
});

test("an archive that was written is read as it was", () => {
  const entries = [
    { name: "tfplan", data: Buffer.from("a plan") },
    { name: "tfconfig/m-/ä.tf", data: Buffer.alloc(100_000, 7) },
    { name: "empty", data: Buffer.alloc(0) },
  ];
  expect(readZip(writeZip(entries))).toEqual(entries);
  expect(() => readZip(Buffer.from("not an archive, whatever it is"))).toThrow("not a zip archive");
});
