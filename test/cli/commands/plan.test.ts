import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { refuseArguments } from "../../../lib/terraform/arguments";
import { orgReport } from "../../rehearsal/reports";
import { applyStack } from "../../support/applied-stack";
import { serveReadOnly } from "../../support/denying-front";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { OutsideWorld } from "../../support/outside-world";
import { fakeProject } from "../../support/project";
import { describeWithTerraform } from "../../support/terraform";
import { run } from "../run";
import { backendIn, orgNames, orgsWith, stackFileOf, storedProject } from "../stored-orgs";

jest.setTimeout(120_000);

const SECRET = "test-secret-of-a-planned-value";

describeWithTerraform("plan", () => {
  let store: LoopbackStore;
  beforeEach(async () => {
    store = await startLoopbackStore();
  });
  afterEach(() => store.stop());

  const plan = (folder: string, ...options: string[]) => run(folder, ["plan", ...options], {});

  /** Applies a configuration, so that there is a state. */
  const applied = (name: string, resources: object) =>
    applyStack(storedProject(store, { [name]: resources }), `org-${name}`);

  test("sums up all organisations, and groups those whose changes are the same", async () => {
    await applied("org-1", { one: { input: "a" }, old: { input: "x" } });
    const folder = storedProject(store, { ...orgsWith(4, { one: { input: "b" } }), "org-2": {} });
    const { code, stdout, stderr } = await plan(folder);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        "2 stacks, the same 1 change: org-org-3, org-org-4",
        "  + terraform_data.one",
        "1 stack, 2 changes: org-org-1",
        "  - terraform_data.old",
        "  ~ terraform_data.one: input, output",
        "1 stack without changes: org-org-2",
        "total: 2 to add, 1 to change, 0 to replace, 1 to destroy",
        "",
      ].join("\n"),
    });
    expect(stderr).toMatch(/planning 4 stacks\n[\s\S]*org-org-1: planned in \d/);
  });

  describe("where the store and the providers refuse every write", () => {
    // A deploy writes its records itself.
    useLoopbackCredentials();
    let world: OutsideWorld;
    beforeEach(async () => {
      world = await OutsideWorld.start("mypurecloud/genesyscloud");
    });
    afterEach(() => world.stop());

    /** A project whose queues in two organisations have a description. */
    const projectOf = (description: string, s3?: string) =>
      fakeProject({
        orgs: ["org-1", "org-2"].map((name) => orgReport(name)),
        stackOf: ({ stateKey }) => ({
          terraform: {
            backend: { s3: backendIn(store, stateKey, s3) },
            required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud" } },
          },
          provider: { genesyscloud: [{}] },
          resource: {
            genesyscloud_routing_queue: {
              changed: { name: "changed", description },
              [description]: { name: description },
            },
          },
        }),
      });

    /** A store that refuses writes, and those it refused. */
    const readOnly = () =>
      serveReadOnly((store.backendSettings as { endpoints: { s3: string } }).endpoints.s3);

    const applyBoth = async (project: string) => {
      for (const name of ["org-1", "org-2"]) {
        await applyStack(project, `org-${name}`, world.environment);
      }
    };

    test("it plans an addition, a change and a deletion, and writes nothing", async () => {
      await applyBoth(projectOf("before"));
      const { s3, writes } = await readOnly();
      const objects = world.refuseWrites();
      const before = await store.object("orgs/org-1/terraform.tfstate");
      const { code, stdout } = await run(projectOf("after", s3), ["plan"], world.environment);
      expect({ code, writes, objects }).toEqual({ code: 0, writes: [], objects: [] });
      expect(stdout).toContain("total: 2 to add, 2 to change, 0 to replace, 2 to destroy");
      expect(await store.object("orgs/org-1/terraform.tfstate")).toBe(before);
    });

    test("a deploy fails there, at the lock and at the provider", async () => {
      const { s3, writes } = await readOnly();
      const deploy = (project: string) =>
        run(project, ["deploy", "--yes", "org-1"], world.environment);
      expect((await deploy(projectOf("after", s3))).code).toBe(1);
      expect(writes).toEqual([expect.stringContaining("org-1/terraform.tfstate.tflock")]);
      const objects = world.refuseWrites();
      expect((await deploy(projectOf("after"))).code).toBe(1);
      expect(objects).toEqual(["genesyscloud_routing_queue", "genesyscloud_routing_queue"]);
    });
  });

  test("--out keeps changes and digest without a value, for one and the same plan the same", async () => {
    const folder = storedProject(store, { "org-1": { one: { input: SECRET } } });
    const files = [];
    for (const out of ["first", "second"]) {
      expect((await plan(folder, "--out", out)).code).toBe(0);
      const file = join(folder, out, "org-org-1.json");
      expect(statSync(file).mode & 0o777).toBe(0o600);
      files.push(readFileSync(file, "utf8"));
    }
    expect(files[0]).toBe(files[1]);
    expect(files[0]).not.toContain(SECRET);
    expect(JSON.parse(files[0] ?? "")).toMatchObject({
      version: 1,
      org: "org-1",
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      changes: [{ address: "terraform_data.one", action: "create" }],
    });
    const left = readdirSync(join(folder, "cdktf.out/orgs/stacks/org-org-1")).sort();
    expect(left).toEqual([".terraform", "cdk.tf.json"]);
  });

  test("an organisation that cannot be planned does not hide the others", async () => {
    const folder = storedProject(store, {
      "org-1": { one: { input: "a" } },
      "org-2": { one: { input: "${nothing.here}" } },
    });
    const { code, stdout, stderr } = await plan(folder);
    expect(code).toBe(1);
    expect(stdout).toContain("1 stack, 1 change: org-org-1");
    expect(stdout).toContain("1 stack could not be planned:\n  org-org-2: terraform plan failed:");
    expect(stderr).toContain("org-org-2: terraform plan failed:");
    const { stdout: json } = await plan(folder, "--json");
    expect(JSON.parse(json)).toMatchObject({
      version: 1,
      counts: { add: 1, change: 0, replace: 0, destroy: 0, weakened: 0 },
      plans: [{ org: "org-1" }],
      failed: [{ org: "org-2", error: expect.stringContaining("terraform plan failed") }],
    });
  });

  test("a folder is initialized again only if something has changed that init depends on", async () => {
    const folder = storedProject(store, orgsWith(2, { one: { input: "a" } }));
    const stamp = (name: string) =>
      join(folder, `cdktf.out/orgs/stacks/org-${name}/.terraform/genesys-orgs-init`);
    await plan(folder);
    const times = () => orgNames(2).map((name) => statSync(stamp(name)).mtimeMs);
    const before = times();
    await plan(folder);
    expect(times()).toEqual(before);
    // A provider whose link leads nowhere, since the cache was cleared.
    const providers = join(folder, "cdktf.out/orgs/stacks/org-org-2/.terraform/providers");
    mkdirSync(providers, { recursive: true });
    symlinkSync("/nowhere", join(providers, "aws"));
    expect((await plan(folder)).code).toBe(0);
    expect(times()[1]).toBeGreaterThan(before[1] ?? 0);
    rmSync(providers, { recursive: true });
    before[1] = times()[1] ?? 0;
    const file = stackFileOf(folder, "org-1");
    const json = JSON.parse(readFileSync(file, "utf8"));
    json.terraform.backend.s3.key = "orgs/org-1/moved/terraform.tfstate";
    writeFileSync(file, JSON.stringify(json));
    expect((await plan(folder)).code).toBe(0);
    expect(times()[0]).toBeGreaterThan(before[0] ?? 0);
    expect(times()[1]).toBe(before[1]);
  });

  test("--env chooses organisations by environment; a retired one is left out", async () => {
    const folder = storedProject(store, orgsWith(3, {}), {
      patch: (name) => ({
        environment: name === "org-1" ? "staging" : "production",
        retired: name === "org-3",
      }),
    });
    const { stdout } = await plan(folder, "--env", "production");
    expect(stdout).toContain("1 stack without changes: org-org-2");
    expect(await plan(folder, "--env", "sandbox")).toMatchObject({
      code: 1,
      stderr: "no organisation has the environment sandbox\n",
    });
  });

  test("--markdown is for a comment on a pull request", async () => {
    const { stdout } = await plan(
      storedProject(store, { "org-1": { one: { input: "a" } } }),
      "--markdown",
    );
    expect(stdout).toContain("#### 1 stack, 1 change: `org-org-1`\n\n- `+ terraform_data.one`\n");
  });

  test("arguments of the environment that would make it another plan are refused", async () => {
    const folder = storedProject(store, { "org-1": {} });
    const env = { TF_CLI_ARGS_plan: "-target=x -lock-timeout=5m", TF_CLI_ARGS: `-var=a=${SECRET}` };
    const { code, stderr } = await run(folder, ["plan"], env);
    expect([code, stderr]).toEqual([
      1,
      "TF_CLI_ARGS_plan has -target; TF_CLI_ARGS has -var: remove it from the environment, because it would change what Terraform does in every organisation\n",
    ]);
    expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
  });
});

test.each([
  {},
  { TF_CLI_ARGS: "" },
  { TF_CLI_ARGS_apply: "-lock-timeout=20m -parallelism=4 -no-color" },
  { TF_CLI_ARGS_init: "-plugin-dir=/providers" },
])("%j is harmless", (environment) => {
  expect(() => refuseArguments(environment)).not.toThrow();
});
