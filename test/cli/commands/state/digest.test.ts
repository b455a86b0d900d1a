import { type S3Backend, StateStore } from "../../../../lib/cli/project/state-store";
import { sharedLockTableOf } from "../../../../lib/registry/names";
import { serveWithout } from "../../../support/denying-front";
import { useLoopbackCredentials } from "../../../support/loopback-store";
import { type Runner, Runners } from "../../../support/runners";
import { HOME } from "../../../support/sample-org";
import { describeWithTerraform } from "../../../support/terraform";
import { endpointsOf, KEY, overwrite, projectWith, withEndpoints } from "../../locked-orgs";
import { run } from "../../run";

jest.setTimeout(90_000);
useLoopbackCredentials();

const TABLE = sharedLockTableOf(HOME.name);
const URL_OF_STATE = `s3://${HOME.bucket}/${KEY}`;
const STALE = "0".repeat(32);

describeWithTerraform("state digest", () => {
  let runners: Runners;
  let org: Runner;
  let store: StateStore;
  beforeEach(async () => {
    runners = await Runners.start();
    [org] = await runners.ofOneOrg("both");
    store = new StateStore(org.backend as S3Backend);
  });
  afterEach(async () => {
    store.close();
    await runners.stop();
  });

  const digest = (backend: object, ...args: string[]) =>
    run(projectWith(backend), ["state", "digest", "org-1", ...args]);
  const md5 = async () => (await store.state())?.md5;
  const breakDigest = async () => {
    expect(await store.replaceDigest(await store.digest(), STALE)).toBe(true);
  };

  test("shows that table and state agree", async () => {
    await org.apply();
    const { code, stdout, stderr } = await digest(org.backend);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      new RegExp(
        `^org-1: ${URL_OF_STATE}\\n {2}object: ${await md5()} \\(serial 1, \\d+ bytes\\)\\n {2}digest: ${await md5()} \\(in the table ${TABLE}\\)\\nthe digest is the MD5 of the object\\n$`,
      ),
    );
  });

  test("corrects a digest after a run without the table, and Terraform works again", async () => {
    const [withFile] = await runners.ofOneOrg("s3");
    await org.apply();
    const before = await store.digest();
    await withFile.apply();
    const refused = await org.apply();
    expect(refused.stderr).toContain("state data in S3 does not have the expected content");

    const shown = await digest(org.backend);
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain(`  object: ${await md5()} (serial 2,`);
    expect(shown.stdout).toContain(`  digest: ${before} (in`);
    expect(shown.stderr).toMatch(/^org-1: the digest is not the MD5 of the object: make sure/);

    const dry = await digest(org.backend, "--fix");
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain(
      `the digest would be set to ${await md5()}\ndry run: nothing was changed; add --yes to make the changes\n`,
    );
    expect(await store.digest()).toBe(before);

    const fixed = await digest(org.backend, "--fix", "--yes");
    expect(fixed.code).toBe(0);
    expect(fixed.stdout).toContain(`the digest was set to ${await md5()}\n`);
    expect(await store.digest()).toBe(await md5());
    expect(await org.apply()).toMatchObject({ code: 0, stderr: "" });
  });

  test("removes the digest from a table that the backend no longer names", async () => {
    const [withFile] = await runners.ofOneOrg("s3");
    await org.apply();
    await withFile.apply();
    const none = await digest(withFile.backend);
    expect(none.code).toBe(0);
    expect(none.stdout).toContain(
      "  digest: none; the backend names no lock table (--table names an earlier one)",
    );
    const shown = await digest(withFile.backend, "--table", TABLE);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toContain(
      `the table ${TABLE} has a digest, but the backend no longer names this table`,
    );
    const fixed = await digest(withFile.backend, "--table", TABLE, "--fix", "--yes");
    expect(fixed.code).toBe(0);
    expect(fixed.stdout).toContain("the digest was removed\n");
    expect(await store.digest()).toBeUndefined();
    expect(await digest(withFile.backend, "--table", TABLE)).toMatchObject({ code: 0 });
  });

  test("accepts a place that has neither state nor digest yet", async () => {
    const { code, stdout } = await digest(org.backend, "--fix", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain(`  object: none\n  digest: none (in the table ${TABLE})\n`);
  });

  describe("refuses, and writes nothing:", () => {
    const refused = async (backend: object, message: RegExp, ...args: string[]) => {
      const { code, stdout, stderr } = await digest(backend, "--fix", "--yes", ...args);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(message);
    };

    test.each(["s3", "dynamodb", "both"] as const)(
      "while a run with `%s` holds a lock",
      async (mode) => {
        const [other] = await runners.ofOneOrg(mode);
        const held = await other.hold();
        await breakDigest();
        await refused(
          org.backend,
          /^org-1: the digest was not changed, because lock \S+, apply by .*, is held\. See/,
        );
        expect(await store.digest()).toBe(STALE);
        await held.release();
      },
    );

    test.each([
      ["cut off", (text: string) => text.slice(0, text.length / 2)],
      ["empty", () => ""],
      ["JSON, but not a state", () => "null"],
    ])("a state that is %s: no digest makes it whole", async (_what, cut) => {
      await org.apply();
      const before = await store.digest();
      await overwrite(org, KEY, cut((await store.state())?.text ?? ""));
      const message =
        /^org-1: the object is not a valid state \(\d+ bytes\): restore an earlier version first/;
      await refused(org.backend, message);
      expect((await digest(org.backend)).stderr).toMatch(message);
      expect(await store.digest()).toBe(before);
    });

    test("a digest of a state that does not exist", async () => {
      await breakDigest();
      await refused(
        org.backend,
        /^org-1: the table has a digest, but the object does not exist: restore a version/,
      );
      expect(await store.digest()).toBe(STALE);
    });

    test("a digest that a run changes in that moment", async () => {
      await org.apply();
      await breakDigest();
      const changed = "1".repeat(32);
      const front = await serveWithout(endpointsOf(org.backend).dynamodb, async ({ operation }) => {
        if (operation === "PutItem") await store.replaceDigest(STALE, changed);
        return false;
      });
      const backend = withEndpoints(org, { dynamodb: front });
      await refused(backend, /^org-1: a run wrote at the same moment; start this command again\n$/);
      expect(await store.digest()).toBe(changed);
    });

    test("what it may not write", async () => {
      await org.apply();
      await breakDigest();
      const isPut = ({ operation }: { operation?: string }) => operation === "PutItem";
      const front = await serveWithout(endpointsOf(org.backend).dynamodb, isPut);
      const backend = withEndpoints(org, { dynamodb: front });
      await refused(backend, /^writing \S+-md5 in the table \S+: AccessDeniedException/);
    });

    test("--yes without --fix", async () => {
      const { code, stderr } = await digest(org.backend, "--yes");
      expect([code, stderr]).toEqual([1, "--yes needs --fix\n"]);
    });
  });

  test("--json prints one document, with nothing of the state in it", async () => {
    await org.apply();
    await breakDigest();
    const { code, stdout } = await digest(org.backend, "--json", "--fix");
    expect(code).toBe(0);
    const state = await store.state();
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      org: "org-1",
      state: URL_OF_STATE,
      table: TABLE,
      digest: STALE,
      object: { md5: state?.md5, bytes: state?.bytes, serial: 1 },
      problem: expect.stringContaining("the digest is not the MD5 of the object"),
      shouldBe: state?.md5,
      written: false,
    });
  });
});
