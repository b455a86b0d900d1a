import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StateEncryption } from "../../lib";
import { OrgRegistry } from "../../lib";
import { runChild } from "../../lib/terraform/child";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { temporaryFolder } from "../support/folders";
import { type LoopbackStore, startLoopbackStore } from "../support/loopback-store";
import { synthesize } from "../support/rehearsal";
import { entry, HOME } from "../support/sample-org";
import { describeWithTerraform, terraformHere } from "../support/terraform";

const KEY = "orgs/na-prod/terraform.tfstate";

describeWithTerraform("an S3-compatible store without KMS", () => {
  let store: LoopbackStore;
  beforeEach(async () => {
    store = await startLoopbackStore();
  });
  afterEach(() => store.stop());

  /** The synthesized backend of an org of the store. */
  function backendOf(encryption: StateEncryption) {
    const { endpoints } = store.backendSettings as { endpoints: { s3: string } };
    const storage = { s3Endpoint: endpoints.s3, encryption };
    const registry = OrgRegistry.of({ homes: [{ ...HOME, storage }], orgs: [entry("na-prod", 1)] });
    const { folderOf } = synthesize(registry);
    const stack = JSON.parse(readFileSync(join(folderOf("na-prod"), "cdk.tf.json"), "utf8"));
    return stack.terraform.backend.s3;
  }

  test.each([
    ["sse-s3", "AES256"],
    ["none", undefined],
  ] as const)("with encryption %s, state and lock ask for %s", async (encryption, asked) => {
    const folder = temporaryFolder();
    const { access_key, secret_key } = store.backendSettings;
    const s3 = { ...backendOf(encryption), access_key, secret_key };
    const terraform_data = { some: { input: "value" } };
    const module = { terraform: { backend: { s3 } }, resource: { terraform_data } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(module));
    const { path: command } = await terraformHere();
    const env = rehearsalEnvironment(process.env, {});
    for (const args of [["init"], ["apply", "-auto-approve"]]) {
      expect(await runChild({ command, args, cwd: folder, env })).toMatchObject({
        code: 0,
        stderr: "",
      });
    }
    const written = store.log.filter(([{ method }]) => method === "PUT");
    const headers = written.map(([{ url, headers }]) => [
      url.split("?")[0],
      headers["x-amz-server-side-encryption"],
    ]);
    expect(headers).toContainEqual([`/${HOME.bucket}/${KEY}.tflock`, asked]);
    expect(headers).toContainEqual([`/${HOME.bucket}/${KEY}`, asked]);
    expect(new Set(headers.map(([, header]) => header))).toEqual(new Set([asked]));
  });
});
