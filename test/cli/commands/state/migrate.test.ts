import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LockMode } from "../../../../lib";
import { sharedLockTableOf } from "../../../../lib/registry/names";
import type { OrgReport } from "../../../../lib/registry/report";
import { orgReport } from "../../../rehearsal/reports";
import { temporaryFolder } from "../../../support/folders";
import { HandWritten, SECRET } from "../../../support/hand-written";
import { forwardTo, serve } from "../../../support/loopback-front";
import { useLoopbackCredentials } from "../../../support/loopback-store";
import { fakeProject } from "../../../support/project";
import { type Runner, Runners } from "../../../support/runners";
import { HOME, keyArn } from "../../../support/sample-org";
import { contentsOf, createPlace } from "../../../support/store-contents";
import { describeWithTerraform } from "../../../support/terraform";
import { type Ran, run } from "../../run";

jest.setTimeout(60_000);
useLoopbackCredentials();

const KEY = "orgs/org-1/terraform.tfstate";
const TARGET = `s3://${HOME.bucket}/${KEY}`;
const TABLE = sharedLockTableOf(HOME.name);
const OLD = { bucket: "old-states", key: "genesys/prod.tfstate", table: "old-locks" };
const FROM_S3 = `s3://${OLD.bucket}/${OLD.key}`;
const FORMS = ["a file", "an object with a lock file", "an object locked by a table"] as const;

/** Where a state comes from. */
interface Source {
  readonly written: HandWritten;
  readonly args: readonly string[];
}

describeWithTerraform("state migrate", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
    await createPlace(runners.store, OLD.bucket, OLD.table);
  });
  afterEach(() => runners.stop());

  const project = (
    { backend }: Pick<Runner, "backend">,
    mode: LockMode = "s3",
    patch: Partial<OrgReport> = {},
  ) => {
    const place = { bucket: HOME.bucket, stateKey: KEY, lock: mode };
    const lockTable = mode === "s3" ? undefined : TABLE;
    return fakeProject({
      orgs: [
        orgReport("org-1", {}, { ...place, lockTable, ...patch }),
        orgReport("other", {}, { bucket: OLD.bucket, stateKey: "of/other.tfstate" }),
        orgReport("left", {}, { retired: true, status: "retired" }),
        orgReport("new", {}, { status: "no recorded key" }),
      ],
      stackOf: () => ({ terraform: { backend: { s3: backend } } }),
    });
  };

  const inS3 = (lock: object) => {
    const { bucket, key } = OLD;
    const region = "us-east-1";
    return { bucket, key, region, ...lock, ...runners.store.backendSettings };
  };

  async function sourceOf(form: (typeof FORMS)[number] = "a file"): Promise<Source> {
    const [backend, args] =
      form === "a file"
        ? [undefined, []]
        : form === "an object with a lock file"
          ? [inS3({ use_lockfile: true }), ["--from", FROM_S3]]
          : [inS3({ dynamodb_table: OLD.table }), ["--from", FROM_S3, "--from-table", OLD.table]];
    const written = await HandWritten.in(backend);
    await written.apply();
    const file = join(written.folder, "terraform.tfstate");
    return { written, args: args.length > 0 ? args : ["--from", file] };
  }

  const migrate = (folder: string, { args }: Pick<Source, "args">, ...options: string[]) =>
    run(folder, ["state", "migrate", "org-1", ...args, ...options]);

  const stateOf = async (text: string | undefined) => JSON.parse(text ?? "{}");

  describe.each(FORMS)("of %s", (form) => {
    test.each(["s3", "both", "dynamodb"] as const)("moves it, with lock mode %s", async (mode) => {
      const [runner] = await runners.ofOneOrg(mode);
      const folder = project(runner, mode);
      const source = await sourceOf(form);
      const before = await contentsOf(runners.store);
      const file = join(source.written.folder, "terraform.tfstate");
      const bytes =
        form === "a file" ? readFileSync(file, "utf8") : await source.written.run("state", "pull");

      const { code, stdout, stderr } = await migrate(folder, source, "--yes");
      expect({ code, errors: code === 0 ? "" : stderr }).toEqual({ code: 0, errors: "" });
      expect(stdout).toContain("resources: 3 (6 instances), 2 outputs\n");
      expect(stdout).toContain("next: run `cdktf diff org-org-1`");
      expect(stdout + stderr).not.toContain(SECRET);

      const { lineage, serial, resources, outputs } = await stateOf(bytes);
      const there = await stateOf(await runners.store.object(KEY));
      expect(there).toMatchObject({ lineage, serial: serial + 1, resources, outputs });
      expect(await runners.store.locksOf(KEY)).toEqual([]);
      const after = await contentsOf(runners.store);
      expect(Object.keys(after).filter((name) => !(name in before))).toEqual(
        mode === "s3" ? [TARGET] : [TARGET, `${TABLE}: ${HOME.bucket}/${KEY}-md5`],
      );
      // The source is as it was.
      expect(after).toMatchObject(before);
      if (form === "a file") expect(readFileSync(file, "utf8")).toBe(bytes);

      const backups = join(folder, ".genesys-orgs/backups");
      expect(readdirSync(backups)).toEqual([`org-1-${lineage}-${serial}.tfstate`]);
      const backup = join(backups, `org-1-${lineage}-${serial}.tfstate`);
      expect(readFileSync(backup, "utf8").trimEnd()).toBe(bytes.trimEnd());
      expect([statSync(backups).mode & 0o777, statSync(backup).mode & 0o777]).toEqual([
        0o700, 0o600,
      ]);
      // Before it an empty one, which has Terraform keep the lineage.
      expect(writesOfState()).toEqual(Array(2).fill(["aws:kms", keyArn(0)]));

      // The same configuration has nothing to change in the new place.
      const moved = await HandWritten.in(runner.backend);
      await moved.run("plan", "-detailed-exitcode");
    });
  });

  const writesOfState = () =>
    runners.store.log
      .filter(([{ method, url }]) => method === "PUT" && url.startsWith(`/${HOME.bucket}/${KEY}?`))
      .map(([{ headers }]) => [
        headers["x-amz-server-side-encryption"],
        headers["x-amz-server-side-encryption-aws-kms-key-id"],
      ]);

  test("without --yes, or with --dry-run, says what would be done, and changes nothing", async () => {
    const [runner] = await runners.ofOneOrg("both");
    const folder = project(runner, "both");
    const source = await sourceOf("an object locked by a table");
    for (const options of [[], ["--dry-run"]]) {
      const { code, stdout } = await unchanged(folder, () => migrate(folder, source, ...options));
      expect(code).toBe(0);
      expect(stdout).toContain(`source: ${FROM_S3}\ntarget: ${TARGET}\nlineage: `);
      expect(stdout).toContain(`lock: both (table ${TABLE})\n`);
      expect(stdout).toContain(`the source is locked in ${OLD.table}, but org-1 in ${TABLE}`);
      expect(stdout).toMatch(
        /org-1: the state would be moved\ndry run: nothing was changed; add --yes to make the changes\n$/,
      );
    }
    const both = () => migrate(folder, source, "--yes", "--dry-run");
    expect(await unchanged(folder, both)).toMatchObject({ code: 1, stdout: "" });
  });

  test("--json prints one document", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const folder = project(runner);
    const source = await sourceOf("an object with a lock file");
    const document = JSON.parse((await migrate(folder, source, "--yes", "--json")).stdout);
    expect(document).toMatchObject({
      version: 1,
      org: "org-1",
      outcome: "moved",
      source: { from: FROM_S3, region: "us-east-1" },
      state: { resources: 3, instances: 6, outputs: ["secret", "skill"] },
      target: { url: TARGET, lock: "s3" },
      backup: expect.stringContaining(join(folder, ".genesys-orgs/backups/org-1-")),
    });
    expect(document.next[0]).toContain("cdktf diff org-org-1");
  });

  test("finishes at once where the very same state is there, written by whatever Terraform", async () => {
    const [runner] = await runners.ofOneOrg("both");
    const folder = project(runner, "both");
    const source = await sourceOf();
    await migrate(folder, source, "--yes");
    const [from = "", file = ""] = source.args;
    const state = await stateOf(readFileSync(file, "utf8"));
    const other = join(temporaryFolder(), "written-by-another.tfstate");
    const { check_results: _, ...rest } = state;
    const resources = [...state.resources].reverse();
    writeFileSync(other, JSON.stringify({ ...rest, resources, terraform_version: "1.5.7" }));
    for (const args of [source.args, [from, other]]) {
      const { code, stdout } = await unchanged(folder, () => migrate(folder, { args }, "--yes"));
      expect(code).toBe(0);
      expect(stdout).toContain("org-1: the same state is already in the home; nothing to do\n");
    }
  });

  test("says that git would take the backup along, until it is ignored", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const folder = project(runner);
    const source = await sourceOf();
    expect((await migrate(folder, source)).stdout).not.toContain("git");
    spawnSync("git", ["init", "--quiet"], { cwd: folder });
    expect((await migrate(folder, source)).stdout).toMatch(
      /note: git does not ignore \.genesys-orgs\/backups\/\S+: add its folder to \.gitignore\n/,
    );
    writeFileSync(join(folder, ".gitignore"), ".genesys-orgs/\n");
    expect((await migrate(folder, source)).stdout).not.toContain("git");
  });

  test("a workspace of the caller's is not the place", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const { args } = await sourceOf();
    const command = ["state", "migrate", "org-1", ...args, "--yes"];
    expect(await run(project(runner), command, { TF_WORKSPACE: "prod" })).toMatchObject({
      code: 0,
    });
    expect(Object.keys(await contentsOf(runners.store))).toEqual([TARGET]);
  });

  test("arguments that the caller has for Terraform change neither the place nor the lock", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const { args } = await sourceOf();
    const folder = project(runner);
    const command = ["state", "migrate", "org-1", ...args, "--yes"];
    const env = {
      TF_CLI_ARGS_init: "-backend-config=key=elsewhere/terraform.tfstate",
      TF_CLI_ARGS_state_push: "-lock=false -force",
    };
    expect(await run(folder, command, env)).toMatchObject({ code: 0 });
    expect(Object.keys(await contentsOf(runners.store))).toEqual([TARGET]);
    const locks = runners.store.log.filter(
      ([{ method, url }]) => method === "PUT" && url.includes(".tflock"),
    );
    expect(locks).toHaveLength(2);
  });

  test("who locks in a table alone needs no access to lock files", async () => {
    const { s3 } = runners.store.backendSettings.endpoints as { s3: string };
    const forward = forwardTo(Number(new URL(s3).port));
    const denied = "<Error><Code>AccessDenied</Code></Error>";
    const front = await serve((request) =>
      request.url.includes(".tflock")
        ? Promise.resolve({ status: 403, headers: {}, body: Buffer.from(denied) })
        : forward(request),
    );
    try {
      const source = await sourceOf();
      for (const [mode, code] of [
        ["s3", 1],
        ["dynamodb", 0],
      ] as const) {
        const [{ backend }] = await runners.ofOneOrg(mode);
        const endpoints = { ...(runners.store.backendSettings.endpoints as object), s3: front.url };
        const ran = await migrate(
          project({ backend: { ...backend, endpoints } }, mode),
          source,
          "--yes",
        );
        expect({ mode, code: ran.code, stderr: ran.stderr }).toEqual({
          mode,
          code,
          stderr: ran.stderr,
        });
        if (code === 1) expect(ran.stderr).toMatch(/^reading s3:\S+\.tflock: AccessDenied/m);
      }
    } finally {
      await front.stop();
    }
  });

  test("a retired organisation's state goes to the one that has its name now", async () => {
    const [runner] = await runners.ofOneOrg("s3");
    const source = await sourceOf("an object with a lock file");
    const old = { bucket: OLD.bucket, stateKey: OLD.key };
    const orgs = [
      orgReport("org-1", {}, { bucket: HOME.bucket, stateKey: KEY }),
      orgReport("before", {}, { ...old, retired: true, status: "retired" }),
    ];
    const stackOf = () => ({ terraform: { backend: { s3: runner.backend } } });
    expect(await migrate(fakeProject({ orgs, stackOf }), source, "--yes")).toMatchObject({
      code: 0,
    });
  });

  describe("refuses, and changes nothing:", () => {
    const file = (name: string, text: string) => {
      const path = join(temporaryFolder(), name);
      writeFileSync(path, text);
      return ["--from", path];
    };
    const state = (patch: object) =>
      JSON.stringify({
        version: 4,
        terraform_version: "1.11.4",
        serial: 3,
        lineage: "11111111-2222-4333-8444-555555555555",
        outputs: { secret: { value: SECRET, type: "string", sensitive: true } },
        resources: [],
        ...patch,
      });
    const organization = (id: string) => ({
      mode: "data",
      type: "genesyscloud_organizations_me",
      name: "me",
      provider: 'provider["registry.terraform.io/mypurecloud/genesyscloud"]',
      instances: [{ schema_version: 0, attributes: { id } }],
    });

    test.each<[string, () => readonly string[], RegExp]>([
      [
        "no such file",
        () => ["--from", "gone.tfstate"],
        /^the state gone\.tfstate does not exist$/m,
      ],
      ["a folder", () => ["--from", "."], /is a folder: name the file with the state/],
      [
        "a file that is not JSON",
        () => file("a.tfstate", `{ "x": ${SECRET}`),
        /it is not a JSON document/,
      ],
      [
        "a note of a backend",
        () => file("b.tfstate", state({ version: 3 })),
        /has version 3, but only/,
      ],
      ["no lineage", () => file("c.tfstate", state({ lineage: "" })), /it has no lineage/],
      [
        "a path as lineage",
        () => file("d.tfstate", state({ lineage: "../../x" })),
        /it has no lineage/,
      ],
      ["no serial", () => file("e.tfstate", state({ serial: "3" })), /it has no serial/],
      [
        "no serial after its own",
        () => file("g.tfstate", state({ serial: Number.MAX_SAFE_INTEGER })),
        /it has no serial/,
      ],
      [
        "an empty state",
        () => file("f.tfstate", state({ outputs: {} })),
        /is empty \(lineage 1.*serial 3\)/,
      ],
      [
        "resources that are not valid",
        () => file("g.tfstate", state({ resources: [{}] })),
        /resources do not have Terraform's form/,
      ],
      [
        "a state that OpenTofu encrypted",
        () => file("h.tfstate", state({ encrypted_data: SECRET })),
        /is encrypted by OpenTofu: decrypt it/,
      ],
      [
        "providers as Terraform 0.12 named them, without one like them in the stack",
        () =>
          file(
            "i.tfstate",
            state({
              resources: [
                {
                  ...organization(orgReport("org-1").organizationId),
                  provider: "provider.genesyscloud",
                },
              ],
            }),
          ),
        /names the provider genesyscloud as Terraform 0\.12 did, and org-org-1 has no provider of this type: run `terraform state replace-provider registry\.terraform\.io\/-\/genesyscloud <source>`/,
      ],
      [
        "another organisation's state",
        () =>
          file(
            "j.tfstate",
            state({ resources: [organization("22222222-1111-4111-8111-111111111111")] }),
          ),
        /was used with the Genesys Cloud organisation 22222222-\S+, but org-1 is 11111111-/,
      ],
      [
        "a file that a run has locked",
        () => {
          const [from = "", path = ""] = file("k.tfstate", state({}));
          const lock = { ID: "lock-1", Who: "ada@laptop", Operation: "OperationTypeApply" };
          writeFileSync(join(path, "../.k.tfstate.lock.info"), JSON.stringify(lock));
          return [from, path];
        },
        /k\.tfstate is locked: lock lock-1, apply by ada@laptop, since an unknown time\. Wait/,
      ],
      [
        "no such object",
        () => ["--from", FROM_S3],
        /^the state s3:\/\/old-states\/\S+ does not exist$/m,
      ],
      [
        "no such bucket",
        () => ["--from", "s3://no-such-bucket/key"],
        /reading s3:\/\/no-such-bucket\/key\S*: NoSuchBucket/,
      ],
      [
        "another kind of place",
        () => ["--from", "https://example.com/state"],
        /must be the path of a file or s3:/,
      ],
      [
        "a bucket without a key",
        () => ["--from", "s3://old-states/"],
        /must be the path of a file or s3:/,
      ],
      ["the org's own place", () => ["--from", TARGET], /is already the place of org-1/],
      [
        "a living org's place",
        () => ["--from", "s3://old-states/of/other.tfstate"],
        /is the state of other, not of org-1/,
      ],
      [
        "a place in a living org's folder",
        () => ["--from", "s3://old-states/orgs/other/queues/terraform.tfstate"],
        /is the state of other, not of org-1/,
      ],
      [
        "the state of an access stack",
        () => ["--from", `s3://${HOME.bucket}/access/org-1/terraform.tfstate`],
        /is the state of state-access-org-1, not of org-1/,
      ],
      [
        "a home's own state",
        () => ["--from", `s3://${HOME.bucket}/home/terraform.tfstate`],
        /is the state of the state home itself, not of org-1/,
      ],
      [
        "a table of a file",
        () => [...file("l.tfstate", state({})), "--from-table", "t"],
        /need a source s3:/,
      ],
    ])("%s", async (_, args, message) => {
      const [runner] = await runners.ofOneOrg("s3");
      const folder = project(runner);
      await refused(folder, { args: args() }, message);
    });

    test.each([
      ["left", /^left has no stack: it is retired/],
      [
        "new",
        /^new has no stack: .* Run `cdktf deploy state-access-new`, then `genesys-orgs state record home`/,
      ],
      ["orf-1", /^unknown organisation: orf-1 \(did you mean org-1\?\)/],
    ])("the organisation %s", async (name, message) => {
      const [runner] = await runners.ofOneOrg("s3");
      const folder = project(runner);
      const args = ["state", "migrate", name, "--from", "x", "--yes"];
      const { code, stderr } = await unchanged(folder, () => run(folder, args));
      expect({ code, said: stderr.split("\n")[1] }).toEqual({
        code: 1,
        said: expect.stringMatching(message),
      });
    });

    test.each([
      ["an object with a lock file", { use_lockfile: true }],
      ["an object locked by a table", {}],
    ] as const)("%s, while a run holds it", async (form, lock) => {
      const [target] = await runners.ofOneOrg("s3");
      const source = await sourceOf(form);
      const table = form === "an object locked by a table" ? { dynamodb_table: OLD.table } : {};
      const holder = await HandWritten.in(inS3({ ...lock, ...table }));
      // Killed, so that its lock stays.
      const killer = {
        terraform_data: { halt: { provisioner: [{ "local-exec": { command: "kill -9 $PPID" } }] } },
      };
      writeFileSync(join(holder.folder, "halt.tf.json"), JSON.stringify({ resource: killer }));
      await holder.try("apply", "-auto-approve");
      await refused(
        project(target),
        source,
        /old-states\S+ is locked: lock \S+, apply by \S+@\S+, since /,
      );
    });

    test("an object that its lock table does not know", async () => {
      const [target] = await runners.ofOneOrg("s3");
      const source = await sourceOf("an object locked by a table");
      const other = await HandWritten.in(inS3({ use_lockfile: true }), source.written.folder).catch(
        async () => {
          await source.written.run("init", "-reconfigure");
          return source.written;
        },
      );
      await other.apply("-var", "size=4");
      await refused(
        project(target),
        source,
        /the digest in its lock table is [0-9a-f]{32}: a run without the table/,
      );
    });

    test("a target that is locked", async () => {
      const [dead, target] = await runners.ofOneOrg("s3", "both");
      const held = await dead.hold();
      await held.kill();
      const lock = (await runners.store.locksOf(KEY))[0]?.info.ID;
      const source = await sourceOf();
      const message = new RegExp(
        `is locked: lock ${lock}, apply by .*genesys-orgs unlock org-1 ${lock}`,
      );
      await refused(project(target, "both"), source, message);
    });

    test("a target with another state", async () => {
      const [target] = await runners.ofOneOrg("s3");
      await target.apply();
      const source = await sourceOf();
      const message =
        /already has a state: lineage (\S+), serial 1, 1 resource; the source has lineage (?!\1)\S+, serial \d+, 3 resources\. A state is never overwritten/;
      await refused(project(target), source, message);
    });

    test.each([
      [
        4,
        /the source has changed since\. If org-org-1 was not deployed since, push the newer state/,
      ],
      [2, /the one in the home is newer/],
    ])("a target with another serial of the same state", async (size, message) => {
      const [runner] = await runners.ofOneOrg("both");
      const folder = project(runner, "both");
      const source = await sourceOf();
      const [from = "", file = ""] = source.args;
      const old = readFileSync(file, "utf8");
      await source.written.apply("-var", `size=${size}`);
      const newer = readFileSync(file, "utf8");
      const place = (text: string) => {
        const path = join(temporaryFolder(), "some.tfstate");
        writeFileSync(path, text);
        return { args: [from, path] };
      };
      const [first, second] = size === 4 ? [old, newer] : [newer, old];
      expect(await migrate(folder, place(first), "--yes")).toMatchObject({ code: 0 });
      const [older, now] = [first, second].map((text) => JSON.parse(text).serial);
      const stderr = await refused(folder, place(second), message);
      // Terraform counted on when it wrote the first one.
      expect(stderr).toContain(`serial ${older + 1}, 3 resources; the source has`);
      expect(stderr).toContain(`serial ${now}, 3 resources. Both were the same state once`);
      if (size === 2) return;
      // The way that the message shows.
      const byHand = await HandWritten.in(runner.backend);
      await byHand.run("state", "push", "-force", file);
      expect(await migrate(folder, place(second), "--yes")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("the same state is already in the home"),
      });
    });

    test("a target that had the same state, and was emptied since", async () => {
      const [runner] = await runners.ofOneOrg("both");
      const folder = project(runner, "both");
      const source = await sourceOf();
      await migrate(folder, source, "--yes");
      const moved = await HandWritten.in(runner.backend);
      await moved.run("destroy", "-auto-approve");
      const message =
        /serial \d+, 0 resources; .*Both were the same state once, and the one in the home is newer/;
      await refused(folder, source, message);
    });

    test("a target with another content under the same serial", async () => {
      const [runner] = await runners.ofOneOrg("s3");
      const folder = project(runner);
      const source = await sourceOf();
      const [from = "", path = ""] = source.args;
      await migrate(folder, source, "--yes");
      const changed = file(
        "m.tfstate",
        readFileSync(path, "utf8")
          .replace("queue & 1", "queue & 9")
          .replace("queue \\u0026 1", "queue 9"),
      );
      await refused(
        folder,
        { args: [from, changed[1] ?? ""] },
        /Both were the same state once, and the source has changed since/,
      );
    });

    test("a stale digest in the org's table, with or without a state, and says how to fix it", async () => {
      const [withFile, withBoth] = await runners.ofOneOrg("s3", "both");
      const folder = project(withBoth, "both");
      const source = await sourceOf();
      await migrate(folder, source, "--yes");
      // A run that does not know the table.
      await withFile.apply();
      const says = "should have the MD5 [0-9a-f]{32} by the item \\S+-md5 of the table \\S+, but";
      const fix = new RegExp(`${says} has .*genesys-orgs state digest org-1 --fix --yes`);
      await refused(folder, source, fix);
      const { s3 } = runners.store.backendSettings.endpoints as { s3: string };
      await fetch(`${s3}/${HOME.bucket}/${KEY}`, {
        method: "DELETE",
        headers: { "x-amz-date": "20200101T000000Z" },
      });
      await refused(folder, source, new RegExp(`${says} does not exist\\. If .* delete the item`));
    });

    const kept = (attributes: object) => ({
      mode: "managed",
      type: "terraform_data",
      name: "kept",
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [{ schema_version: 0, attributes: { id: "1" }, ...attributes }],
    });

    test.each([
      ["has more in it than this version keeps", { identity: { id: "1" } }],
      ["an old version wrote", { depends_on: ["terraform_data.other"] }],
    ])("a state that %s, before it writes one", async (_, attributes) => {
      const [runner] = await runners.ofOneOrg("both");
      const folder = project(runner, "both");
      const patch = { terraform_version: "1.14.1", resources: [kept(attributes)] };
      const args = file("newer.tfstate", state(patch));
      // Its copy stays.
      expect(await migrate(folder, { args }, "--json")).toMatchObject({ code: 0 });
      const before = await contentsOf(runners.store);
      const { code, stderr } = await migrate(folder, { args }, "--yes");
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          /was written by version 1\.14\.1, and (Terraform|OpenTofu) \S+ would not keep everything in it, so nothing was moved\./,
        ),
      });
      expect(await contentsOf(runners.store)).toEqual(before);
    });

    test("a state that Terraform cannot read, before it writes one", async () => {
      const [runner] = await runners.ofOneOrg("both");
      const folder = project(runner, "both");
      const args = file("twice.tfstate", state({ resources: [kept({}), kept({})] }));
      const before = await contentsOf(runners.store);
      const { code, stderr } = await migrate(folder, { args }, "--yes");
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/terraform state pull failed:\n.*Duplicate resource/s),
      });
      expect(stderr).not.toContain(SECRET);
      expect(await contentsOf(runners.store)).toEqual(before);
    });

    test("a backup that would take another one's place", async () => {
      const [runner] = await runners.ofOneOrg("s3");
      const folder = project(runner);
      const source = await sourceOf();
      const { backup } = JSON.parse((await migrate(folder, source, "--json")).stdout);
      mkdirSync(join(backup, ".."), { recursive: true });
      writeFileSync(backup, "another");
      await refused(folder, source, /differs from the source, but has the same lineage and serial/);
      expect(readFileSync(backup, "utf8")).toBe("another");
    });

    test("a backup that cannot be written", async () => {
      const [runner] = await runners.ofOneOrg("s3");
      const folder = project(runner);
      writeFileSync(join(folder, "taken"), "");
      const source = await sourceOf();
      const args = [...source.args, "--backup-dir", "taken/here"];
      await refused(
        folder,
        { args },
        /cannot be written \(ENOTDIR\): name another folder with --backup-dir/,
      );
    });

    async function refused(folder: string, source: Pick<Source, "args">, message: RegExp) {
      const { code, stderr } = await unchanged(folder, () => migrate(folder, source, "--yes"));
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
      expect(stderr).not.toContain(SECRET);
      expect(stderr).not.toMatch(/^\s+at /m);
      return stderr;
    }
  });

  describe("what goes wrong in between", () => {
    const name = process.env.TERRAFORM_BINARY_NAME || "terraform";
    const [real] = spawnSync("which", [name], { encoding: "utf8" }).stdout.split("\n");

    /** A Terraform that does something before it pushes a state. */
    const terraformThat = (script: string) => {
      const path = join(temporaryFolder(), "terraform");
      writeFileSync(
        path,
        `#!/bin/sh\nif [ "$2" = push ]; then\n${script}\nfi\nexec ${real} "$@"\n`,
      );
      chmodSync(path, 0o755);
      return { TERRAFORM_BINARY_NAME: path };
    };
    const migrateWith = (
      folder: string,
      { args }: Source,
      script: string,
      env = {},
    ): Promise<Ran> =>
      run(folder, ["state", "migrate", "org-1", ...args, "--yes"], {
        ...terraformThat(script),
        ...env,
      });

    test.each([
      [
        "changed",
        (file: string) => `sed -i 's/"serial": */"serial": 1/' ${file}`,
        /it now has lineage \S+, serial 1\d+, 3 resources/,
      ],
      [
        "is locked",
        (file: string) => `echo '{"Who":"ada"}' > ${join(file, "../.terraform.tfstate.lock.info")}`,
        /a run has started there \(an unreadable lock, unknown operation by ada/,
      ],
      ["is gone", (file: string) => `rm ${file}`, /it no longer exists/],
    ])("the source %s: it says so, and what the target has", async (_, script, message) => {
      const [runner] = await runners.ofOneOrg("both");
      const source = await sourceOf();
      const { code, stderr } = await migrateWith(
        project(runner, "both"),
        source,
        script(source.args[1] ?? ""),
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(
        /has its earlier state, of serial \d+\..*terraform state push -force <file/s,
      );
    });

    test("Terraform fails: it says that nothing is lost, and the same command finishes", async () => {
      const [runner] = await runners.ofOneOrg("both");
      const folder = project(runner, "both");
      const source = await sourceOf();
      const { code, stderr } = await migrateWith(folder, source, "echo 'Error: no' >&2; exit 1");
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /terraform state push \S+ failed:\nError: no\n.*Start the same command again/,
      );
      expect(await migrate(folder, source, "--yes")).toMatchObject({ code: 0 });
    });

    test.each([{}, { TF_CLI_ARGS_state_push: "-force" }])(
      "another state arrives before Terraform takes the lock: it stays, with %j",
      async (args) => {
        const [runner, other] = await runners.ofOneOrg("both", "both");
        const folder = project(runner, "both");
        const source = await sourceOf();
        const elsewhere = await HandWritten.in(other.backend);
        const script = `(cd ${elsewhere.folder} && ${real} apply -auto-approve >/dev/null) || exit 9`;
        const { code, stderr } = await migrateWith(folder, source, script, args);
        expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/lineage/) });
        const { lineage } = await stateOf(await runners.store.object(KEY));
        expect(lineage).not.toBe(JSON.parse(readFileSync(source.args[1] ?? "", "utf8")).lineage);
      },
    );
  });

  /** Expects that neither store nor project changed, and returns the result. */
  async function unchanged(folder: string, act: () => Promise<Ran>): Promise<Ran> {
    const look = async () => [
      await contentsOf(runners.store),
      readdirSync(folder, { recursive: true }),
    ];
    const before = await look();
    const ran = await act();
    expect(await look()).toEqual(before);
    return ran;
  }
});
