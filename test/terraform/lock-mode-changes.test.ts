import { sharedLockTableOf } from "../../lib/registry/names";
import { Runners } from "../support/runners";
import { HOME } from "../support/sample-org";
import { correctDigest } from "../support/store-contents";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(60_000);

const KEY = "orgs/org-1/terraform.tfstate";
const done = { code: 0, stderr: "" };

describeWithTerraform("an organisation that changes its lock mode", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(() => runners.stop());

  const serial = async () => JSON.parse((await runners.store.object(KEY)) ?? "{}").serial;

  test("goes from `dynamodb` by way of `both` to `s3`, and a run with the old mode is refused", async () => {
    const machines = await runners.ofOneOrg("dynamodb", "both", "s3", "both");
    const [withTable, withBoth, withFile, late] = machines;
    for (const machine of [withTable, withBoth, withFile]) {
      expect(await machine.apply()).toMatchObject(done);
    }
    const before = await serial();
    const { code, stderr } = await late.apply();
    expect(code).toBe(1);
    expect(stderr).toContain("state data in S3 does not have the expected content");
    expect(await serial()).toBe(before);
  });

  test("goes from `s3` to `both`, where the table has no digest, or a corrected one", async () => {
    const [withFile, withBoth, again, next] = await runners.ofOneOrg("s3", "both", "s3", "both");
    for (const machine of [withFile, withBoth, again]) {
      expect(await machine.apply()).toMatchObject(done);
    }
    // The last one made it stale.
    await correctDigest(runners.store, HOME.bucket, KEY, sharedLockTableOf(HOME.name));
    expect(await next.apply()).toMatchObject(done);
  });
});
