import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LockMode } from "../../../lib";
import { RUNBOOK } from "../../../lib/cli/project/held-locks";
import type { S3Backend } from "../../../lib/cli/project/state-store";
import { runAuthor } from "../../../lib/cli/runs/run-author";
import type { RunRecord } from "../../../lib/cli/runs/run-record";
import { sharedLockTableOf } from "../../../lib/registry/names";
import { orgReport } from "../../rehearsal/reports";
import { serveWithout } from "../../support/denying-front";
import { useLoopbackCredentials } from "../../support/loopback-store";
import { fakeProject } from "../../support/project";
import { orgsWith, type Runner, Runners } from "../../support/runners";
import { HOME } from "../../support/sample-org";
import { describeWithTerraform } from "../../support/terraform";
import {
  endpointsOf,
  inMinutes,
  KEY,
  kill,
  lockComponent,
  overwrite,
  projectWith,
  projectWithComponent,
  putItem,
  withEndpoints,
} from "../locked-orgs";
import { run } from "../run";
import { RUN, record, writeRecord } from "../runs/records";

jest.setTimeout(60_000);
useLoopbackCredentials();

const TABLE = sharedLockTableOf(HOME.name);

describeWithTerraform("locks", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(() => runners.stop());

  test.each<[LockMode, string[]]>([
    ["s3", ["s3"]],
    ["dynamodb", ["dynamodb"]],
    ["both", ["s3", "dynamodb"]],
  ])("shows the lock of a run that was killed, and for how long: %s", async (mode, kinds) => {
    const [dead] = await runners.ofOneOrg(mode);
    const id = await kill(runners, dead);
    const folder = projectWith(dead.backend);
    const { code, stdout, stderr } = await run(folder, ["locks"], {}, inMinutes(192.5));
    expect([code, stderr]).toEqual([0, ""]);
    const [{ info } = { info: undefined }] = await runners.store.locksOf(KEY);
    const since = info?.Created.replace(/\.\d+Z$/, "Z");
    expect(cellsIn(stdout)).toEqual([
      ["organisation", "kind", "lock id", "operation", "holder", "since", "age"],
      ["org-1", kinds.join(" + "), id, "apply", info?.Who, since, "3 h 12 min"],
    ]);
  });

  test("counts the orgs without a lock in one line", async () => {
    const orgs = await runners.ofOrgs(orgsWith("s3", 3));
    const held = await orgs[1]?.hold();
    const folder = projectWith(...orgs.map(({ backend }) => backend));
    const { code, stdout } = await run(folder, ["locks"]);
    expect(code).toBe(0);
    expect(cellsIn(stdout).map(([org]) => org)).toEqual(["organisation", "org-2"]);
    expect(stdout).toMatch(/\n2 organisations without a lock\n$/);
    await held?.release();
    const after = await run(folder, ["locks", "org-2", "org-3"]);
    expect(after).toEqual({ code: 0, stdout: "2 organisations without a lock\n", stderr: "" });
  });

  test.each<[LockMode, LockMode, string]>([
    ["s3", "both", "s3 only"],
    ["dynamodb", "both", "dynamodb only"],
    // A run with the table alone does not heed the file.
    ["both", "dynamodb", "s3 (not in use) + dynamodb"],
    ["s3", "dynamodb", "s3 (not in use) only"],
  ])("shows what a run with `%s` holds of an org with `%s`: %s", async (held, mode, kind) => {
    const [dead, org] = await runners.ofOneOrg(held, mode);
    const id = await kill(runners, dead);
    const { stdout } = await run(projectWith(org.backend), ["locks"]);
    expect(cellsIn(stdout)[1]?.slice(1, 3)).toEqual([kind, id]);
  });

  test("shows the locks of two runs that did not see each other", async () => {
    const [withFile, withTable, org] = await runners.ofOneOrg("s3", "dynamodb", "both");
    const ids = [await kill(runners, withFile), await kill(runners, withTable)];
    const { stdout } = await run(projectWith(org.backend), ["locks", "--json"]);
    expect(JSON.parse(stdout).locks).toMatchObject([
      { org: "org-1", kinds: ["s3"], expectedKinds: ["s3", "dynamodb"], id: ids[0] },
      { org: "org-1", kinds: ["dynamodb"], expectedKinds: ["s3", "dynamodb"], id: ids[1] },
    ]);
  });

  test("looks in a table that the org had before, where it is named", async () => {
    const [dead, org] = await runners.ofOneOrg("both", "s3");
    await kill(runners, dead);
    const folder = projectWith(org.backend);
    expect(cellsIn((await run(folder, ["locks"])).stdout)[1]?.[1]).toBe("s3");
    const { stdout } = await run(folder, ["locks", "--table", TABLE]);
    expect(cellsIn(stdout)[1]?.[1]).toBe("s3 + dynamodb (not in use)");
  });

  test("--json prints one document", async () => {
    const [dead, free] = await runners.ofOrgs(orgsWith("both", 2));
    if (!dead || !free) throw new Error("two orgs were asked for");
    const id = await kill(runners, dead);
    const [{ info } = { info: undefined }] = await runners.store.locksOf(KEY);
    const created = Date.parse(info?.Created ?? "");
    const folder = projectWith(dead.backend, free.backend);
    const { stdout } = await run(folder, ["locks", "--json"], {}, () => created + 61_000);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      locks: [
        {
          org: "org-1",
          stack: "org-org-1",
          kinds: ["s3", "dynamodb"],
          expectedKinds: ["s3", "dynamodb"],
          id,
          operation: "OperationTypeApply",
          who: info?.Who,
          created: new Date(created).toISOString(),
          ageSeconds: 61,
          path: `${HOME.bucket}/${KEY}`,
        },
      ],
      withoutRecords: [],
      withoutLock: ["org-2"],
      unreadable: [],
      withoutStack: [],
    });
  });

  test.each([
    ["empty", "", "unreadable", ""],
    ["no object", "null", "unreadable", ""],
    ["meant for a terminal", '{"ID":"1","Who":"me\\u001b[2J"}', "1", "me?[2J"],
    ["meant for a reader", '{"ID":"1","Who":"me\\u202e@host"}', "1", "me?@host"],
    ["meant for a log", '{"ID":"1","Who":"me\\norg-1: all is well"}', "1", "me org-1: all is well"],
    ["meant for a shell", '{"ID":"1; rm -rf ~","Who":"me"}', "unreadable", "me"],
    ["meant for Terraform", '{"ID":"-help","Who":"me"}', "unreadable", "me"],
  ])("shows a lock file that is %s, and who can be read of it", async (_what, text, id, who) => {
    const [org] = await runners.ofOneOrg("both");
    await overwrite(org, `${KEY}.tflock`, text);
    const { code, stdout } = await run(projectWith(org.backend), ["locks"]);
    expect(code).toBe(0);
    expect(cellsIn(stdout)[1]).toEqual([
      "org-1",
      "s3 only",
      id,
      "unknown operation",
      who,
      "unknown",
      "unknown",
    ]);
    const unlock = await run(projectWith(org.backend), [
      "unlock",
      "org-1",
      "2",
      "--yes",
      "--force",
    ]);
    expect(unlock.code).toBe(1);
    expect(unlock.stderr).toContain("org-1: no lock has the id 2; these locks are held:\n");
  });

  test("shows an item that says nothing: Terraform respects it", async () => {
    const [org] = await runners.ofOneOrg("dynamodb");
    await putItem(org, TABLE, { LockID: { S: `${HOME.bucket}/${KEY}` } });
    expect(await org.apply()).toMatchObject({ code: 1 });
    const folder = projectWith(org.backend);
    const { stdout } = await run(folder, ["locks"]);
    expect(cellsIn(stdout)[1]?.slice(0, 3)).toEqual(["org-1", "dynamodb", "unreadable"]);
    const state = { version: 4, lineage: "1", serial: 1, outputs: { a: { value: 1 } } };
    writeFileSync(join(folder, "old.tfstate"), JSON.stringify(state));
    const migrate = ["state", "migrate", "org-1", "--from", "old.tfstate"];
    const { code, stderr } = await run(folder, migrate);
    expect(code).toBe(1);
    expect(stderr).toContain("is locked: an unreadable lock, unknown operation by unknown");
    expect(stderr).toContain(`remove its lock (${RUNBOOK})`);
  });

  test("shows all others first where one org's locks may not be read", async () => {
    const [denied, locked, free] = await runners.ofOrgs(orgsWith("s3", 3));
    if (!denied || !locked || !free) throw new Error("three orgs were asked for");
    const held = await locked.hold();
    const { s3 } = endpointsOf(denied.backend);
    const front = await serveWithout(s3, ({ path }) => path.includes("/org-1/"));
    const backend = withEndpoints(denied, { s3: front });
    const folder = projectWith(backend, locked.backend, free.backend);
    const { code, stdout, stderr } = await run(folder, ["locks"]);
    expect(code).toBe(1);
    expect(cellsIn(stdout)[1]?.[0]).toBe("org-2");
    expect(stdout).toContain("\n1 organisation without a lock\n");
    expect(stderr).toBe(
      `org-1: the locks cannot be read: reading s3://${HOME.bucket}/${KEY}.tflock: AccessDenied: Access Denied\n`,
    );
    const json = await run(folder, ["locks", "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      locks: [{ org: "org-2" }],
      withoutLock: ["org-3"],
      unreadable: [{ org: "org-1", reason: expect.stringContaining("AccessDenied") }],
    });
    await held.release();
  });

  describe("of a recorded run", () => {
    const author = () => ({ ...runAuthor({}), job: "https://ci.example.com/jobs/7" });

    /** Records a run of the org, and kills it in the middle of its apply. */
    async function killRecorded(runner: Runner, patch: Partial<RunRecord> = {}) {
      const at = new Date().toISOString();
      const begun = record({
        org: "org-1",
        stack: "org-org-1",
        author: author(),
        at,
        ...patch,
      });
      await writeRecord(runner.backend as S3Backend, begun);
      return { begun, id: await kill(runners, runner) };
    }

    test("shows the record of a run that was killed", async () => {
      const [dead] = await runners.ofOneOrg("s3");
      const { begun, id } = await killRecorded(dead);
      const folder = projectWith(dead.backend);
      const { code, stdout } = await run(folder, ["locks"]);
      expect(code).toBe(0);
      expect(stdout).toContain(
        `\norg-1: lock ${id} is probably held by run ${begun.run}, a deploy of commit ${begun.commit} that began at ${begun.at.replace(/\.\d+Z/, "Z")}: https://ci.example.com/jobs/7\n`,
      );
      const json = await run(folder, ["locks", "--json"]);
      expect(JSON.parse(json.stdout).locks).toMatchObject([{ org: "org-1", id, run: begun }]);
    });

    test.each<[string, Partial<RunRecord>]>([
      ["of somebody else", { author: { user: "somebody@else" } }],
      ["of another stack", { stack: "org-org-1.network" }],
      ["that began after the lock was taken", { at: new Date(Date.now() + 600_000).toISOString() }],
      ["that began hours before", { at: new Date(Date.now() - 2 * 3_600_000).toISOString() }],
    ])("shows no run %s", async (_which, patch) => {
      const [dead] = await runners.ofOneOrg("s3");
      const { begun } = await killRecorded(dead, patch);
      const { stdout } = await run(projectWith(dead.backend), ["locks"]);
      expect(cellsIn(stdout)).toHaveLength(2);
      expect(stdout).not.toContain(begun.run);
    });

    test("shows the lock of a component, with the record of its run", async () => {
      const [org] = await runners.ofOneOrg("s3");
      const id = "11111111-1111-4111-8111-111111111111";
      const at = new Date().toISOString();
      const begun = { org: "org-1", stack: "org-org-1.network", author: { user: "me@host" }, at };
      await writeRecord(org.backend as S3Backend, record(begun));
      await lockComponent(org, id);
      const folder = projectWithComponent(org);
      const { stdout } = await run(folder, ["locks"]);
      expect(cellsIn(stdout)[1]?.slice(0, 3)).toEqual(["org-1.network", "s3", id]);
      expect(stdout).toContain(`\norg-1.network: lock ${id} is probably held by run ${RUN}, `);
      expect(stdout).not.toContain("without a lock");
      const json = JSON.parse((await run(folder, ["locks", "--json"])).stdout);
      expect(json).toMatchObject({
        locks: [{ org: "org-1", stack: "org-org-1.network", id, run: { run: RUN } }],
        withoutLock: [],
      });
    });

    const end = (dead: Runner, begun: RunRecord, at: number) => {
      const ended = { event: "ended", outcome: "failed", at: new Date(at).toISOString() } as const;
      return writeRecord(dead.backend as S3Backend, { ...begun, ...ended });
    };

    test("shows no run that had ended before the lock was taken", async () => {
      const [dead] = await runners.ofOneOrg("s3");
      const { begun } = await killRecorded(dead);
      await end(dead, begun, Date.parse(begun.at));
      const { stdout } = await run(projectWith(dead.backend), ["locks"]);
      expect(stdout).not.toContain(begun.run);
    });

    test("shows a run that has ended since: only its Terraform was killed", async () => {
      const [dead] = await runners.ofOneOrg("s3");
      const { begun, id } = await killRecorded(dead);
      await end(dead, begun, Date.now());
      const folder = projectWith(dead.backend);
      const { stdout } = await run(folder, ["locks"]);
      expect(stdout).toMatch(
        new RegExp(
          `lock ${id} is probably .* began at \\S+ and ended at \\S+Z \\(failed\\): https`,
        ),
      );
      const json = JSON.parse((await run(folder, ["locks", "--json"])).stdout);
      expect(json.locks[0].run.ended).toMatchObject({ outcome: "failed" });
    });

    test("shows the lock nevertheless where records may not be listed", async () => {
      const [dead] = await runners.ofOneOrg("s3");
      const { id } = await killRecorded(dead);
      const { s3 } = endpointsOf(dead.backend);
      const noList = await serveWithout(s3, ({ path }) => /^\/[^/]+\/?$/.test(path));
      const folder = projectWith(withEndpoints(dead, { s3: noList }));
      const { code, stdout } = await run(folder, ["locks"]);
      expect([code, cellsIn(stdout)[1]?.[2]]).toEqual([0, id]);
      const reason = `listing s3://${HOME.bucket}/orgs/org-1/runs/: AccessDenied: Access Denied`;
      expect(stdout).toContain(`\norg-1: the records of runs cannot be read: ${reason}\n`);
      const json = await run(folder, ["locks", "--json"]);
      expect(JSON.parse(json.stdout)).toMatchObject({
        locks: [{ org: "org-1", id }],
        withoutRecords: [{ org: "org-1", reason }],
      });
    });
  });

  test("a role that locks only with the table needs no permission to read lock files", async () => {
    const [org] = await runners.ofOneOrg("dynamodb");
    const id = await kill(runners, org);
    const { s3, dynamodb } = endpointsOf(org.backend);
    const noFile = await serveWithout(s3, ({ path }) => path.endsWith(".tflock"));
    const noItem = await serveWithout(dynamodb, () => true);
    const seen = await run(projectWith(withEndpoints(org, { s3: noFile })), ["locks"]);
    expect([seen.code, cellsIn(seen.stdout)[1]?.slice(1, 3)]).toEqual([0, ["dynamodb", id]]);
    const unseen = await run(projectWith(withEndpoints(org, { dynamodb: noItem })), ["locks"]);
    expect(unseen.code).toBe(1);
    expect(unseen.stderr).toMatch(
      /^org-1: the locks cannot be read: reading \S+ in the table \S+: AccessDeniedException/,
    );
  });
});

describe("locks", () => {
  test("says which orgs have no stack, and why", async () => {
    const first = orgReport("first", {}, { status: "no recorded key" });
    const orgs = [
      orgReport("gone", {}, { status: "retired", retired: true }),
      orgReport("new", {}, { status: "no recorded key" }),
      { ...first, access: { ...first.access, status: "no recorded home" as const } },
    ];
    expect(await run(fakeProject({ orgs }), ["locks"])).toEqual({
      code: 0,
      stdout:
        "3 organisations without a stack (gone: it is retired; new: the record has no KMS key for it. Run `cdktf deploy state-access-new`, then `genesys-orgs state record home`; first: the record has no KMS key for home home. Run `genesys-orgs state bootstrap home`)\n",
      stderr: "",
    });
  });

  test("says once that there are no credentials, and not for each org", async () => {
    for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name];
    const none = { AWS_EC2_METADATA_DISABLED: "true", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    Object.assign(process.env, none, { AWS_CONFIG_FILE: "/dev/null" });
    const place = { bucket: "states", key: KEY, region: "us-east-1", use_lockfile: true };
    const { code, stdout, stderr } = await run(projectWith(place, place), ["locks"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `reading s3://states/${KEY}.tflock: there are no AWS credentials: log in, or set AWS_PROFILE\n`,
    );
  });

  test.each([
    ["an unknown org", ["locks", "org-9"], /^unknown organisation: org-9 \(did you mean org-1\?\)/],
    ["an unknown option", ["locks", "--jsn"], /unknown option '--jsn'/],
  ])("refuses %s", async (_what, args, message) => {
    const { code, stdout, stderr } = await run(projectWith({}), args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
  });

  test("refuses a stack whose state is not in S3", async () => {
    const folder = fakeProject({
      orgs: [orgReport("org-1")],
      stackOf: () => ({ terraform: { backend: { local: {} } } }),
    });
    const { code, stderr } = await run(folder, ["locks"]);
    expect([code, stderr]).toEqual([1, "org-1: the backend of org-org-1 is not S3\n"]);
  });
});

/** Cells of a table, without its frame. */
function cellsIn(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
