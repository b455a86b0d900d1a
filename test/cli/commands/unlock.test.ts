import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LockMode } from "../../../lib";
import { sharedLockTableOf } from "../../../lib/registry/names";
import { orgReport } from "../../rehearsal/reports";
import { serveWithout } from "../../support/denying-front";
import { temporaryFolder } from "../../support/folders";
import { useLoopbackCredentials } from "../../support/loopback-store";
import { fakeProject } from "../../support/project";
import { type Runner, Runners, until } from "../../support/runners";
import { HOME } from "../../support/sample-org";
import { expectOwnKeys } from "../../support/state-writes";
import { describeWithTerraform } from "../../support/terraform";
import {
  COMPONENT_KEY,
  endpointsOf,
  inMinutes,
  KEY,
  kill,
  lockComponent,
  projectWith,
  projectWithComponent,
  withEndpoints,
} from "../locked-orgs";
import { run } from "../run";

jest.setTimeout(60_000);
useLoopbackCredentials();

const TABLE = sharedLockTableOf(HOME.name);
const OTHER_ID = "11111111-1111-4111-8111-111111111111";

describeWithTerraform("unlock", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(async () => {
    await runners.stop();
    expectOwnKeys(runners.store.log);
  });

  const places = async () => (await runners.store.locksOf(KEY)).map(({ where }) => where);
  const old = inMinutes(16);
  const unlock = (org: Runner | object, args: string[], now = old) =>
    run(
      projectWith("backend" in org ? (org.backend as object) : org),
      ["unlock", "org-1", ...args],
      {},
      now,
    );

  test.each<[LockMode, string]>([
    ["s3", "s3"],
    ["dynamodb", "dynamodb"],
    ["both", "s3 + dynamodb"],
  ])(
    "removes the lock of a run that was killed, and the next run works: %s",
    async (mode, kinds) => {
      const [dead, next] = await runners.ofOneOrg(mode, mode);
      const id = await kill(runners, dead);

      const shown = await unlock(next, [id]);
      expect([shown.code, shown.stderr]).toEqual([0, ""]);
      expect(shown.stdout).toMatch(`org-1: lock ${id} (${kinds}), apply by `);
      expect(shown.stdout).toContain("16 min old: would be removed\n");
      expect(shown.stdout).toContain("first make sure that the run is dead:\n");
      expect(shown.stdout).toMatch(
        /\ndry run: nothing was changed; add --yes to make the changes\n$/,
      );
      expect(shown.stdout).toContain(`\`genesys-orgs unlock org-1 ${id} --yes\``);
      expect(await places()).toEqual(kinds.split(" + "));
      expect(await next.apply()).toMatchObject({ code: 1 });

      const removed = await unlock(next, [id, "--yes"]);
      expect(removed.code).toBe(0);
      expect(removed.stdout).toContain(`org-1: lock ${id} (${kinds}), `);
      expect(removed.stdout).toContain(": was removed\nnow check what the run has left:\n");
      expect(removed.stdout).toContain(
        "`terraform plan -refresh-only` in cdktf.out/stacks/org-org-1",
      );
      expect(removed.stdout.includes("state digest org-1")).toBe(mode !== "s3");
      expect(await places()).toEqual([]);
      expect(await next.apply()).toMatchObject({ code: 0, stderr: "" });
      expect(await unlock(next, [id, "--yes"])).toEqual({
        code: 0,
        stdout: "org-1: no lock is held\n",
        stderr: "",
      });
    },
  );

  describe("where one of two kinds is left", () => {
    test.each<[LockMode, string]>([
      ["s3", "dynamodb"],
      ["dynamodb", "s3"],
    ])("by a force-unlock with `%s` alone, it removes the one in %s", async (mode, left) => {
      const [dead, other, next] = await runners.ofOneOrg("both", mode, "both");
      const id = await kill(runners, dead);
      await other.forceUnlock(id);
      expect(await places()).toEqual([left]);

      const { code, stdout } = await unlock(next, [id, "--yes"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`lock ${id} (${left} only)`);
      expect(await places()).toEqual([]);
      expect(await next.apply()).toMatchObject({ code: 0, stderr: "" });
    });

    test("in a file that the org's lock mode does not heed, it removes both", async () => {
      const [dead, org] = await runners.ofOneOrg("both", "dynamodb");
      const id = await kill(runners, dead);
      expect(await unlock(org, [id, "--yes"])).toMatchObject({ code: 0 });
      expect(await places()).toEqual([]);
    });

    test("in a table that the org's backend no longer names, it removes both with --table", async () => {
      const [dead, org] = await runners.ofOneOrg("both", "s3");
      const id = await kill(runners, dead);
      expect(await unlock(org, [id, "--yes", "--table", TABLE])).toMatchObject({ code: 0 });
      expect(await places()).toEqual([]);
    });

    test("because Terraform failed after the first, it removes the second in another round", async () => {
      const [dead, next] = await runners.ofOneOrg("both", "both");
      const id = await kill(runners, dead);
      // The table denies the first removal.
      const endpoints = endpointsOf(next.backend);
      let denied = 0;
      const front = await serveWithout(
        endpoints.dynamodb,
        ({ operation }) => operation === "DeleteItem" && denied++ === 0,
      );
      const backend = withEndpoints(next, { dynamodb: front });
      const { code, stderr } = await unlock(backend, [id, "--yes"]);
      expect([code, denied]).toEqual([0, 2]);
      expect(stderr).toBe(
        "org-1: terraform force-unlock (s3, dynamodb)\norg-1: terraform force-unlock (dynamodb)\n",
      );
      expect(await places()).toEqual([]);
    });
  });

  test("removes one run's lock, and leaves that of another, which it shows", async () => {
    const [withFile, withTable, org] = await runners.ofOneOrg("s3", "dynamodb", "both");
    const id = await kill(runners, withFile);
    const other = await kill(runners, withTable);
    const { code, stdout } = await unlock(org, [id, "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`org-1: another lock is held: ${other} (dynamodb only), apply by `);
    expect(await places()).toEqual(["dynamodb"]);
  });

  test.each(["s3", "dynamodb", "both"] as const)(
    "leaves a lock that was taken after it looked, and does not claim to have removed the one before: %s",
    async (mode) => {
      const [live, next, org] = await runners.ofOneOrg(mode, mode, mode);
      const held = await live.hold();
      const [lock] = await runners.store.locksOf(KEY);
      const [asked, go] = ["asked", "go"].map((name) => join(temporaryFolder(), name));
      const terraform = join(temporaryFolder(), "terraform");
      const wait = `touch ${asked}; while [ ! -e ${go} ]; do sleep 0.05; done`;
      const script = `[ "$1" = force-unlock ] && { ${wait}; }\nexec terraform "$@"`;
      writeFileSync(terraform, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const args = ["unlock", "org-1", lock?.info.ID ?? "", "--yes", "--json"];
      const env = { TERRAFORM_BINARY_NAME: terraform };
      const ran = run(projectWith(org.backend), args, env, old);
      await until("Terraform to be asked", () => existsSync(asked ?? ""));
      await held.release();
      const other = await next.hold();
      writeFileSync(go ?? "", "");
      const { code, stdout } = await ran;
      expect([code, JSON.parse(stdout).removed]).toEqual([0, false]);
      expect(JSON.parse(stdout).held).toHaveLength(1);
      expect(JSON.parse(stdout).held[0].id).not.toBe(lock?.info.ID);
      expect(await places()).toEqual(mode === "both" ? ["s3", "dynamodb"] : [mode]);
      expect(await other.release()).toMatchObject({ code: 0 });
    },
  );

  test("works without permission to read the state, as for the role unlocker", async () => {
    const [dead, next] = await runners.ofOneOrg("s3", "s3");
    await next.apply();
    const id = await kill(runners, dead);
    const endpoints = endpointsOf(next.backend);
    const front = await serveWithout(
      endpoints.s3,
      ({ method, path }) => path.endsWith(KEY) || method === "PUT",
    );
    const backend = withEndpoints(next, { s3: front });
    expect(await unlock(backend, [id, "--yes"])).toMatchObject({ code: 0 });
    expect(await places()).toEqual([]);
  });

  describe("refuses, and removes nothing:", () => {
    let dead: Runner;
    let id: string;
    beforeEach(async () => {
      [dead] = await runners.ofOneOrg("both");
      id = await kill(runners, dead);
    });
    const refused = async (ran: Promise<{ code: number; stdout: string; stderr: string }>) => {
      const { code, stdout, stderr } = await ran;
      expect([code, stdout]).toEqual([1, ""]);
      expect(await places()).toEqual(["s3", "dynamodb"]);
      return stderr;
    };

    test("a wrong id, and shows who holds the lock", async () => {
      const [{ info } = { info: undefined }] = await runners.store.locksOf(KEY);
      expect(await refused(unlock(dead, [OTHER_ID, "--yes", "--force"]))).toBe(
        `org-1: no lock has the id ${OTHER_ID}; these locks are held:\n  ${id} (s3 + dynamodb): apply by ${info?.Who}, since ${info?.Created.replace(/\.\d+Z$/, "Z")}, 16 min old\n`,
      );
      await refused(unlock(dead, [id.slice(0, -1), "--yes"]));
    });

    test("a lock that is younger than 15 minutes, without --force", async () => {
      const young = await refused(unlock(dead, [id, "--yes"], inMinutes(14)));
      expect(young).toMatch(
        /^org-1: lock \S+ \(apply by .*, 14 min old\) was not removed: it is younger than 15 minutes, so its run is probably alive\. If you know that the run is dead, add --force\n$/,
      );
      await refused(unlock(dead, [id], inMinutes(14)));
      const forced = await unlock(dead, [id, "--force"], inMinutes(14));
      expect(forced.stdout).toContain(`\`genesys-orgs unlock org-1 ${id} --force --yes\``);
      expect(await places()).toEqual(["s3", "dynamodb"]);
      expect(await unlock(dead, [id, "--force", "--yes"], inMinutes(14))).toMatchObject({
        code: 0,
      });
      expect(await places()).toEqual([]);
    });

    test("a lock from the future, by this machine's clock", async () => {
      expect(await refused(unlock(dead, [id, "--yes"], inMinutes(-60)))).toContain("0 s old");
    });

    test("a machine without Terraform", async () => {
      const folder = projectWith(dead.backend);
      const env = { TERRAFORM_BINARY_NAME: "no-such-terraform" };
      expect(await refused(run(folder, ["unlock", "org-1", id, "--yes"], env, old))).toBe(
        "no-such-terraform is not on PATH: install it: Terraform removes the lock\n",
      );
      expect(await run(folder, ["unlock", "org-1", id], env, old)).toMatchObject({ code: 0 });
    });

    test("a table that is not the backend's", async () => {
      expect(await refused(unlock(dead, [id, "--yes", "--table", "other"]))).toBe(
        `org-1: --table is only for an org whose backend names no lock table, but this backend names ${TABLE}\n`,
      );
    });

    test.each([
      [
        "the locks may not be read",
        ({ method }: { method: string }) => method === "GET",
        /^reading s3:\S+: AccessDenied/,
      ],
    ])("and says so where %s", async (_what, isDenied, message) => {
      const endpoints = endpointsOf(dead.backend);
      const front = await serveWithout(endpoints.s3, isDenied);
      const backend = withEndpoints(dead, { s3: front });
      expect(await refused(unlock(backend, [id, "--yes"]))).toMatch(message);
    });
  });

  test("says what is left, in Terraform's words, where a lock may not be removed", async () => {
    const [dead] = await runners.ofOneOrg("both");
    const id = await kill(runners, dead);
    const endpoints = endpointsOf(dead.backend);
    const front = await serveWithout(
      endpoints.dynamodb,
      ({ operation }) => operation === "DeleteItem",
    );
    const backend = withEndpoints(dead, { dynamodb: front });
    const { code, stderr } = await unlock(backend, [id, "--yes"]);
    expect(code).toBe(1);
    // OpenTofu 1.12 says that it is an error.
    const said = new RegExp(
      `org-1: lock ${id} is still held \\(dynamodb\\):\n(Error: )?Failed to unlock`,
    );
    expect(stderr).toMatch(said);
    expect(stderr).toContain("AccessDeniedException");
    expect(await places()).toEqual(["dynamodb"]);
    expect(await unlock(dead, [id, "--yes"])).toMatchObject({ code: 0 });
  });

  test("--json prints one document", async () => {
    const [dead] = await runners.ofOneOrg("both");
    const id = await kill(runners, dead);
    const lock = { id, kinds: ["s3", "dynamodb"], operation: "OperationTypeApply" };
    const shown = await unlock(dead, [id, "--json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      version: 1,
      org: "org-1",
      id,
      lock,
      removed: false,
      held: [lock],
    });
    const removed = await unlock(dead, [id, "--json", "--yes"]);
    expect(JSON.parse(removed.stdout)).toMatchObject({ removed: true, lock, held: [] });
    const again = await unlock(dead, [id, "--json", "--yes"]);
    expect(JSON.parse(again.stdout)).toEqual({
      version: 1,
      org: "org-1",
      stack: "org-org-1",
      id,
      removed: false,
      held: [],
      next: [],
    });
  });
});

describe("unlock", () => {
  test.each([
    ["retired", "org-1 has no stack: it is retired\n"],
    [
      "no recorded key",
      "org-1 has no stack: the record has no KMS key for it. Run `cdktf deploy state-access-org-1`, then `genesys-orgs state record home`\n",
    ],
    ["no stack", "org-1 has no stack: the app creates none\n"],
  ] as const)("refuses an org that is %s", async (status, message) => {
    const folder = fakeProject({ orgs: [orgReport("org-1", {}, { status })] });
    const ran = await run(folder, ["unlock", "org-1", OTHER_ID]);
    expect(ran).toEqual({ code: 1, stdout: "", stderr: message });
  });

  test("needs the id", async () => {
    const { code, stderr } = await run(projectWith({}), ["unlock", "org-1"]);
    expect(code).toBe(1);
    expect(stderr).toContain("missing required argument 'lock id'");
  });
});

describeWithTerraform("unlock of a component", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(() => runners.stop());

  test("removes the lock of a component", async () => {
    const [org] = await runners.ofOneOrg("s3");
    await lockComponent(org, OTHER_ID);
    const folder = projectWithComponent(org);
    const removed = await run(folder, ["unlock", "org-1", OTHER_ID, "--yes"], {}, inMinutes(16));
    expect([removed.code, removed.stderr]).toEqual([
      0,
      "org-1.network: terraform force-unlock (s3)\n",
    ]);
    expect(removed.stdout).toContain(`org-1.network: lock ${OTHER_ID} (s3), apply by me@host, `);
    expect(removed.stdout).toContain("cdktf.out/stacks/org-org-1.network shows");
    expect(await runners.store.object(`${COMPONENT_KEY}.tflock`)).toBeUndefined();
  });

  test("shows which lock of which stack is held, if none has the id", async () => {
    const [org] = await runners.ofOneOrg("s3");
    await lockComponent(org, OTHER_ID);
    const { code, stderr } = await run(
      projectWithComponent(org),
      ["unlock", "org-1", "1"],
      {},
      inMinutes(16),
    );
    expect(code).toBe(1);
    expect(stderr).toContain("org-1.network: no lock has the id 1; these locks are held:\n");
  });
});
