import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../../lib/cli/terminal/io";
import type { OrgReport } from "../../../lib/registry/report";
import { serveWithout } from "../../support/denying-front";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { HOME } from "../../support/sample-org";
import { describeWithTerraform } from "../../support/terraform";
import { run } from "../run";
import { inputsIn, orgsWith, readJson, stackFileOf, storedProject } from "../stored-orgs";

jest.setTimeout(120_000);

const IN = (...environments: OrgReport["environment"][]) => ({
  patch: (name: string): Partial<OrgReport> => ({
    environment: environments[Number(name.slice("org-".length)) - 1],
  }),
});
const SECRET = "test-secret-of-an-input";
/** A resource whose creation fails. */
const FAILS = { broken: { provisioner: [{ "local-exec": { command: "exit 3" } }] } };

describeWithTerraform("deploy", () => {
  useLoopbackCredentials();
  let store: LoopbackStore;
  beforeEach(async () => {
    store = await startLoopbackStore();
  });
  afterEach(() => store.stop());

  const deploy = (folder: string, options: readonly string[], io: Partial<Io> = {}) =>
    run(folder, ["deploy", ...options], store.environment, Date.now, io);
  /** Answers questions one after the other, and notes them. */
  const answering = (...answers: string[]) => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return answers.shift();
    };
    return { asked, ask };
  };
  const reportIn = (folder: string) => readJson(join(folder, "cdktf.out/deploy/report.json"));
  const outcomesIn = (folder: string) =>
    Object.fromEntries(
      reportIn(folder).stacks.map((stack: { org: string; outcome: string }) => [
        stack.org,
        stack.outcome,
      ]),
    );

  test("applies what a person approves, and nothing that was not", async () => {
    const folder = storedProject(store, orgsWith(2, { one: { input: "a" } }));
    const no = answering("y");
    expect((await deploy(folder, [], no)).code).toBe(2);
    expect(no.asked).toEqual([
      'Apply these changes to 2 stacks (2 to add, 0 to change, 0 to replace, 0 to destroy)? Only "yes" is accepted: ',
    ]);
    expect(outcomesIn(folder)).toEqual({ "org-1": "waiting", "org-2": "waiting" });
    expect(await inputsIn(store, "org-1")).toEqual({});
    const { code, stdout } = await deploy(folder, [], answering("yes"));
    expect({ code, report: outcomesIn(folder) }).toEqual({
      code: 0,
      report: { "org-1": "applied", "org-2": "applied" },
    });
    expect(stdout).toContain("2 stacks, the same 1 change");
    expect(await inputsIn(store, "org-2")).toEqual({ one: "a" });
    expect((await deploy(folder, [], answering())).code).toBe(0);
    expect(outcomesIn(folder)).toEqual({ "org-1": "unchanged", "org-2": "unchanged" });
  });

  test("without a terminal everything waits, unless an option or a condition approves it", async () => {
    const folder = storedProject(store, orgsWith(1, { one: { input: "a" } }));
    expect((await deploy(folder, [])).code).toBe(2);
    expect((await deploy(folder, ["--yes"])).code).toBe(0);
    const more = storedProject(store, { "org-1": { two: {} }, "org-2": { one: {} } });
    expect((await deploy(more, ["--approve-if", "destroy == 0 && weakened == 0"])).code).toBe(2);
    expect(outcomesIn(more)).toEqual({ "org-1": "waiting", "org-2": "applied" });
    expect(await inputsIn(store, "org-1")).toEqual({ one: "a" });
  });

  test("environments follow each other, and the next waits for a person", async () => {
    const orgs = orgsWith(3, { one: {} });
    const folder = storedProject(store, orgs, IN("production", "development", "staging"));
    const operator = answering("yes", "yes", "no");
    const { code, stderr } = await deploy(folder, [], operator);
    expect(code).toBe(2);
    expect(operator.asked.slice(1)).toEqual([
      'development is deployed. Go on with staging (1 stack with changes)? Only "yes" is accepted: ',
      'staging is deployed. Go on with production (1 stack with changes)? Only "yes" is accepted: ',
    ]);
    expect(stderr).toMatch(/deploying development: 1 stack\n[\s\S]*deploying staging: 1 stack\n/);
    expect(outcomesIn(folder)).toEqual({
      "org-1": "waiting",
      "org-2": "applied",
      "org-3": "applied",
    });
  });

  test("a failure stops the next environment, not its siblings; --resume does the rest", async () => {
    const orgs = { ...orgsWith(4, { one: { input: "a" } }), "org-2": FAILS };
    const folder = storedProject(
      store,
      orgs,
      IN("development", "development", "development", "production"),
    );
    const { code, stdout } = await deploy(folder, ["--yes", "--parallel", "1"]);
    expect(code).toBe(1);
    expect(outcomesIn(folder)).toEqual({
      "org-1": "applied",
      "org-2": "failed",
      "org-3": "applied",
      "org-4": "not started",
    });
    expect(stdout).toContain("exit status 3");
    const file = stackFileOf(folder, "org-2");
    const json = readJson(file);
    json.resource.terraform_data = { broken: {} };
    writeFileSync(file, JSON.stringify(json));
    expect((await deploy(folder, ["--yes", "--resume"])).code).toBe(0);
    expect(outcomesIn(folder)).toEqual({ "org-2": "applied", "org-4": "applied" });
    const again = await deploy(folder, ["--yes", "--resume"]);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining("has finished all its stacks"),
    ]);
  });

  test("of 50 organisations 3 fail: 47 are done, no lock is left, and --resume does the 3", async () => {
    const bad = ["org-7", "org-23", "org-50"];
    const orgs = {
      ...orgsWith(50, { one: {} }),
      ...Object.fromEntries(bad.map((name) => [name, FAILS])),
    };
    const folder = storedProject(store, orgs);
    const { code, stdout } = await deploy(folder, ["--yes", "--parallel", "10"]);
    expect(code).toBe(1);
    expect(stdout).toContain("50 stacks: 47 applied, 3 failed");
    const failed = Object.entries(outcomesIn(folder)).filter(([, outcome]) => outcome === "failed");
    expect(failed.map(([name]) => name)).toEqual(bad);
    for (const name of Object.keys(orgs)) {
      expect(await store.locksOf(`orgs/${name}/terraform.tfstate`)).toEqual([]);
    }
    for (const name of bad) {
      const file = stackFileOf(folder, name);
      writeFileSync(file, readFileSync(file, "utf8").replace("exit 3", "true"));
    }
    expect((await deploy(folder, ["--yes", "--resume"])).code).toBe(0);
    expect(outcomesIn(folder)).toEqual(Object.fromEntries(bad.map((name) => [name, "applied"])));
  });

  test("two machines on one home: each organisation is applied by one of them, and no lock is left", async () => {
    const orgs = orgsWith(6, { one: { input: "a" } });
    const machines = [storedProject(store, orgs), storedProject(store, orgs)];
    await Promise.all(machines.map((folder) => deploy(folder, ["--yes"])));
    const stacks: { org: string; outcome: string; error?: string }[] = machines.flatMap(
      (folder) => reportIn(folder).stacks,
    );
    for (const name of Object.keys(orgs)) {
      const ends = stacks.filter(({ org }) => org === name);
      expect(ends.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
      const other = ends.find(({ outcome }) => outcome !== "applied");
      if (other?.outcome !== "unchanged") expect(other?.error).toContain("Saved plan is stale");
      expect(await store.locksOf(`orgs/${name}/terraform.tfstate`)).toEqual([]);
      expect(await inputsIn(store, name)).toEqual({ one: "a" });
    }
  });

  test("--max-failures starts nothing more", async () => {
    const folder = storedProject(store, { ...orgsWith(3, {}), "org-1": FAILS });
    await deploy(folder, ["--yes", "--parallel", "1", "--max-failures", "1"]);
    expect(outcomesIn(folder)).toEqual({
      "org-1": "failed",
      "org-2": "not started",
      "org-3": "not started",
    });
  });

  test("applies a reviewed change, and no other one", async () => {
    const folder = storedProject(store, orgsWith(2, { one: { input: "a" } }));
    await run(folder, ["plan", "org-1", "--out", "reviewed"], store.environment);
    const { code, stdout } = await deploy(folder, ["--reviewed", "reviewed"]);
    expect(code).toBe(3);
    expect(outcomesIn(folder)).toEqual({ "org-1": "applied", "org-2": "refused" });
    expect(stdout).toContain("it was not reviewed");
  });

  test("waits for a lock, names its holder, and says so when it gives up", async () => {
    const folder = storedProject(store, orgsWith(1, { one: {} }));
    const lock = JSON.stringify({
      ID: "11111111-2222-3333-4444-555555555555",
      Operation: "OperationTypeApply",
      Who: "runner@ci",
      Created: "2026-11-29T01:00:00Z",
      Path: `${HOME.bucket}/orgs/org-1/terraform.tfstate`,
    });
    await store.putObject("orgs/org-1/terraform.tfstate.tflock", lock);
    let time = Date.parse("2026-11-29T02:00:00Z");
    const slept: number[] = [];
    const clock = {
      now: () => time,
      sleep: async (milliseconds: number) => {
        slept.push(milliseconds);
        time += milliseconds;
        if (slept.length === 2) await store.removeObject("orgs/org-1/terraform.tfstate.tflock");
      },
    };
    const { code, stderr } = await deploy(folder, ["--yes"], clock);
    expect({ code, slept }).toEqual({ code: 0, slept: [1_000, 2_000] });
    expect(stderr).toContain(
      "org-org-1: waits for the lock of apply by runner@ci, since 2026-11-29T01:00:00Z, 1 h 0 min old; 5 min 0 s left",
    );
    await store.putObject("orgs/org-1/terraform.tfstate.tflock", lock);
    const given = await deploy(folder, ["--yes", "--lock-timeout", "5"], clock);
    expect(given.code).toBe(1);
    expect(given.stdout).toContain(
      "the state is still locked after 5 s, by runner@ci (OperationTypeApply, lock 11111111-2222-3333-4444-555555555555)",
    );
  });

  test("keeps a record of each run that nobody can change, and none of a run that waits", async () => {
    const folder = storedProject(store, {
      ...orgsWith(2, { one: { input: SECRET } }),
      "org-2": FAILS,
    });
    await deploy(folder, []);
    expect(await store.keys("orgs/org-1/runs/")).toEqual([]);
    await deploy(folder, ["--yes"]);
    const { run: id } = reportIn(folder);
    const keys = [`orgs/org-1/runs/${id}.begun.json`, `orgs/org-1/runs/${id}.ended.json`];
    expect(await store.keys("orgs/org-1/runs/")).toEqual(keys);
    const texts = await Promise.all(keys.map(async (key) => (await store.object(key)) ?? ""));
    expect(texts.join("")).not.toContain(SECRET);
    expect(JSON.parse(texts[1] ?? "")).toMatchObject({
      run: id,
      org: "org-1",
      event: "ended",
      command: "deploy",
      outcome: "applied",
      counts: { add: 1 },
      digest: reportIn(folder).stacks[0].plan.digest,
    });
    const failed = await store.object(`orgs/org-2/runs/${id}.ended.json`);
    expect(JSON.parse(failed ?? "")).toMatchObject({ outcome: "failed" });
    await deploy(folder, ["org-1", "--yes"]);
    const again = reportIn(folder).run;
    expect(await store.keys("orgs/org-1/runs/")).toEqual([
      ...keys,
      `orgs/org-1/runs/${again}.ended.json`,
    ]);
  });

  test("without a record of its begin, nothing is applied", async () => {
    const { endpoints } = store.backendSettings as { endpoints: { s3: string } };
    const isRecord = ({ method, path }: { method: string; path: string }) =>
      method === "PUT" && path.includes("/runs/");
    const s3 = await serveWithout(endpoints.s3, isRecord);
    const folder = storedProject(store, orgsWith(1, { one: { input: "a" } }), { s3 });
    const { code, stdout } = await deploy(folder, ["--yes"]);
    expect(code).toBe(1);
    expect(stdout).toContain('org-1: the record "begun" of run');
    expect(await inputsIn(store, "org-1")).toEqual({});
  });

  test("no plan file and no lock is left", async () => {
    const folder = storedProject(store, { ...orgsWith(2, { one: {} }), "org-2": FAILS });
    await deploy(folder, ["--yes"]);
    expect(await store.locksOf("orgs/org-1/terraform.tfstate")).toEqual([]);
    expect(await store.locksOf("orgs/org-2/terraform.tfstate")).toEqual([]);
    expect(readdirSync(join(folder, "cdktf.out/orgs/stacks/org-org-2")).sort()).toEqual([
      ".terraform",
      "cdk.tf.json",
    ]);
    expect(existsSync(join(folder, "cdktf.out/deploy/report.html"))).toBe(true);
    expect(readFileSync(join(folder, "cdktf.out/deploy/report.md"), "utf8")).toContain("1 failed");
  });
});
