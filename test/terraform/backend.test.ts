import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OrgRegistry } from "../../lib";
import { runChild } from "../../lib/terraform/child";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { temporaryFolder } from "../support/folders";
import { type LoopbackStore, startLoopbackStore } from "../support/loopback-store";
import { synthesize } from "../support/rehearsal";
import { entry, HOME, registryOf } from "../support/sample-org";
import { homeRegistry } from "../support/state-stacks";
import { describeWithTerraform, terraformHere } from "../support/terraform";

/** `terraform init` of the synthesized backend block, with settings added to it. */
async function init(
  added: Readonly<Record<string, unknown>>,
  registry: OrgRegistry = registryOf(entry("na-prod", 1)),
) {
  const { folderOf } = synthesize(registry);
  const stack = JSON.parse(readFileSync(join(folderOf("na-prod"), "cdk.tf.json"), "utf8"));
  const backend = { s3: { ...stack.terraform.backend.s3, ...added } };
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { backend } }));
  const terraform = await terraformHere();
  return runChild({
    command: terraform.path,
    args: ["init", "-no-color"],
    cwd: folder,
    env: rehearsalEnvironment(process.env, {}),
  });
}

describeWithTerraform("the synthesized backend block", () => {
  let store: LoopbackStore;
  const inStore = async (account: string) => {
    store = await startLoopbackStore({ account });
    return store.backendSettings;
  };
  afterEach(() => store.stop());

  test("is accepted with only endpoints, credentials and skip flags added", async () => {
    const { code, stdout, stderr } = await init(await inStore(HOME.account));
    expect(stderr).toBe("");
    expect(stdout).toContain('Successfully configured the backend "s3"!');
    expect(code).toBe(0);
  });

  test("is refused with lock_timeout added, which is not an argument of the backend", async () => {
    const { code, stderr } = await init({ ...(await inStore(HOME.account)), lock_timeout: "60s" });
    expect(code).toBe(1);
    expect(stderr).toContain("Extraneous JSON object property");
    expect(stderr).toContain('"lock_timeout"');
  });

  test("does not run in another account than the home's", async () => {
    const { code, stderr } = await init(await inStore("999999999999"));
    expect(code).toBe(1);
    expect(stderr).toContain("AWS account ID not allowed: 999999999999");
  });

  test("runs in the account of a role that uses the state from there", async () => {
    const crossAccountRoles = { writer: ["arn:aws:iam::222222222222:role/partner"] };
    const org = entry("na-prod", 1, { state: { home: "home", crossAccountRoles } });
    const registry = homeRegistry([org], { trustedAccounts: ["222222222222"] });
    const { code, stderr } = await init(await inStore("222222222222"), registry);
    expect([code, stderr]).toEqual([0, ""]);
  });
});
