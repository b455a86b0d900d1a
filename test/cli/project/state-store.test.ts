import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type S3Backend, StateStore } from "../../../lib/cli/project/state-store";
import { useLoopbackCredentials } from "../../support/loopback-store";
import { orgsWith, Runners } from "../../support/runners";
import { describeWithTerraform } from "../../support/terraform";

useLoopbackCredentials();

describeWithTerraform("a state, read without Terraform", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(() => runners.stop());

  test.each([
    ["s3", ["s3"]],
    ["dynamodb", ["dynamodb"]],
    ["both", ["s3", "dynamodb"]],
  ] as const)("has the locks that a run holds, with lock mode %s", async (mode, kinds) => {
    const [runner] = await runners.ofOneOrg(mode);
    const store = new StateStore(runner.backend as S3Backend);
    expect(await store.locks()).toEqual([]);
    const run = await runner.hold();
    const locks = await store.locks();
    expect(locks.map(({ kind }) => kind)).toEqual(kinds);
    expect(new Set(locks.map(({ id }) => id)).size).toBe(1);
    expect(locks[0]).toMatchObject({
      operation: "OperationTypeApply",
      who: expect.stringContaining("@"),
      path: `state-bucket/orgs/org-1/terraform.tfstate`,
    });
    expect(Math.abs(Date.now() - (locks[0]?.created ?? 0))).toBeLessThan(60_000);
    await run.release();
    expect(await store.locks()).toEqual([]);
    store.close();
  });

  test("has its text, and the digest that the table says it has", async () => {
    const [runner] = await runners.ofOneOrg("both");
    const store = new StateStore(runner.backend as S3Backend);
    await runner.apply();
    const state = await store.state();
    expect(JSON.parse(state?.text ?? "")).toMatchObject({ version: 4 });
    expect(await store.digest()).toBe(state?.md5);
    store.close();
  });

  test("does not exist before the first apply", async () => {
    const [, second] = await runners.ofOrgs(orgsWith("s3", 2));
    const store = new StateStore(second?.backend as S3Backend);
    expect(await store.state()).toBeUndefined();
    store.close();
  });

  test("an error says what was being read, and AWS's own words", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const backend = { ...(runner.backend as S3Backend), bucket: "no-such-bucket" };
    const store = new StateStore(backend);
    await expect(store.state()).rejects.toThrow(
      /^reading s3:\/\/no-such-bucket\/orgs\/org-1\/terraform.tfstate: NoSuchBucket/,
    );
    store.close();
  });
});

test("a store that takes a request and never answers ends the reading", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const place = { bucket: "b", key: "k", region: "us-east-1", use_path_style: true };
  const store = new StateStore(
    { ...place, endpoints: { s3: endpoint } },
    { connectionTimeout: 1_000, socketTimeout: 20 },
  );
  try {
    await expect(store.state()).rejects.toThrow(/^reading s3:\/\/b\/k: TimeoutError: /);
  } finally {
    store.close();
    silent.close();
  }
});
