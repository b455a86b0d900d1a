import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OAuthClientWithOffloadedSecret } from "../../lib";
import type { Workspace } from "../../lib/rehearsal";
import { inWorkspace, synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

const sample = (name?: string) =>
  synthesize(registryOf(entry("na-prod", 1)), (stack) => {
    if (name) new OAuthClientWithOffloadedSecret(stack, name, { name, permissions });
  });

/** The stack as earlier versions had it: the key had the org's tags, and one that said whose it is. */
function ofEarlierVersion(folder: string): string {
  // Next to it, since the code of the functions is found from there.
  const copy = join(dirname(folder), "earlier");
  cpSync(folder, copy, { recursive: true });
  const file = join(copy, "cdk.tf.json");
  const stack = JSON.parse(readFileSync(file, "utf8"));
  for (const key of Object.values<Record<string, unknown>>(stack.resource.aws_kms_key)) {
    delete key.provider;
    delete key.lifecycle;
    key.tags = { "genesys-secrets-of": "na-prod" };
    key.policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  }
  writeFileSync(file, JSON.stringify(stack));
  return copy;
}

async function apply(workspace: Workspace, folder: string) {
  workspace.useStack(folder);
  expect(await workspace.run("init")).toMatchObject({ code: 0 });
  const result = await workspace.run("apply", "-auto-approve");
  expect(result).toMatchObject({ code: 0 });
  const state = JSON.parse(readFileSync(workspace.stateFile, "utf8"));
  const key = state.resources.find(({ type }: { type: string }) => type === "aws_kms_key");
  return { stdout: result.stdout, key: key?.instances[0].attributes };
}

describeWithTerraform("the key of an org's secrets", () => {
  test("is created without a tag, since who may tag a new key may tag every key", async () => {
    const { world, folderOf } = sample("crm-sync");
    await inWorkspace(world, async (workspace) => {
      const { key } = await apply(workspace, folderOf("na-prod"));
      expect([key.tags, key.tags_all]).toEqual([null, {}]);
    });
  });

  test("of an earlier version keeps its ARN and its tags", async () => {
    const { world, folderOf } = sample("crm-sync");
    await inWorkspace(world, async (workspace) => {
      const before = await apply(workspace, ofEarlierVersion(folderOf("na-prod")));
      const after = await apply(workspace, folderOf("na-prod"));
      expect(before.key.tags_all).toMatchObject({ "genesys-secrets-of": "na-prod", owner: "team" });
      expect(after.key).toEqual({ ...before.key, policy: expect.stringContaining('"Deploy"') });
      expect(after.stdout).toContain("0 added, 1 changed, 0 destroyed");
    });
  });

  test("can be destroyed after the last client has left the code", async () => {
    const { world, folderOf } = sample("crm-sync");
    await inWorkspace(world, async (workspace) => {
      await apply(workspace, folderOf("na-prod"));
      const { key } = await apply(workspace, sample().folderOf("na-prod"));
      expect(key).toBeUndefined();
    });
  });
});
