import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../../lib/terraform/child";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { run } from "../cli/run";
import { orgReport } from "../rehearsal/reports";
import { temporaryFolder } from "../support/folders";
import { useLoopbackCredentials } from "../support/loopback-store";
import { fakeProject } from "../support/project";
import { Runners } from "../support/runners";
import { HOME } from "../support/sample-org";
import { describeWithTerraform, terraformHere } from "../support/terraform";

jest.setTimeout(120_000);
useLoopbackCredentials();

const KEY = "orgs/org-1/terraform.tfstate";
const MIB = 1024 * 1024;

/** A module whose state has at least 6 MiB, since it stores input and output. */
const large = (backend?: object) => ({
  ...(backend && { terraform: { backend: { s3: backend } } }),
  resource: {
    terraform_data: {
      large: {
        count: 32,
        input: '${join("", [for i in range(1000) : format("%0102d", i)])}',
      },
    },
  },
});

/** Runs Terraform in a folder with the module. */
async function inFolder(backend?: object) {
  const folder = temporaryFolder();
  const { path } = await terraformHere();
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(large(backend)));
  const terraform = (...args: string[]) =>
    runChild({
      command: path,
      args,
      cwd: folder,
      env: rehearsalEnvironment(process.env, {}),
    });
  expect(await terraform("init")).toMatchObject({ code: 0 });
  return { folder, terraform };
}

describeWithTerraform("a state of more than 6 MiB", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(() => runners.stop());

  /** Requests that write the state: what they do, and with which encryption. */
  const writes = () =>
    runners.store.log
      .filter(([{ url }]) => url.split("?")[0] === `/${HOME.bucket}/${KEY}`)
      .filter(([{ method }]) => method === "PUT" || method === "POST")
      .map(([{ method, url, headers }]) => [
        `${method} ${/[?&]uploads/.test(url) ? "begin" : /partNumber/.test(url) ? "part" : /uploadId/.test(url) ? "end" : "whole"}`,
        headers["x-amz-server-side-encryption"],
      ]);

  test("is written under its lock with the org's key, and planned again without changes", async () => {
    const { product } = await terraformHere();
    const [runner] = await runners.ofOneOrg("both");
    const { terraform } = await inFolder(runner.backend);
    expect(await terraform("apply", "-auto-approve")).toMatchObject({ code: 0, stderr: "" });
    expect((await runners.store.object(KEY))?.length).toBeGreaterThan(6 * MIB);
    // Of an upload in parts only the first request names the key: S3 encrypts all parts with it.
    const inParts = [
      ["POST begin", "aws:kms"],
      ["PUT part", undefined],
      ["PUT part", undefined],
      ["POST end", undefined],
    ];
    expect(writes()).toEqual(product === "Terraform" ? inParts : [["PUT whole", "aws:kms"]]);
    expect(await runners.store.locksOf(KEY)).toEqual([]);
    expect(await terraform("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
  });

  test("moves from a file, with its lineage", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const { folder, terraform } = await inFolder();
    expect(await terraform("apply", "-auto-approve")).toMatchObject({ code: 0 });
    const project = fakeProject({
      orgs: [orgReport("org-1", {}, { bucket: HOME.bucket, stateKey: KEY })],
      stackOf: () => ({ terraform: { backend: { s3: runner.backend } } }),
    });
    const from = join(folder, "terraform.tfstate");
    const moved = await run(project, ["state", "migrate", "org-1", "--from", from, "--yes"]);
    expect({ code: moved.code, errors: moved.code === 0 ? "" : moved.stderr }).toEqual({
      code: 0,
      errors: "",
    });
    expect((await runners.store.object(KEY))?.length).toBeGreaterThan(6 * MIB);
    expect(await runners.store.locksOf(KEY)).toEqual([]);
  });
});
