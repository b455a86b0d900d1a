import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { KnownDriftEntry } from "../../../lib/registry/model";
import { orgReport } from "../../rehearsal/reports";
import { applyStack } from "../../support/applied-stack";
import { serveReadOnly } from "../../support/denying-front";
import { type LoopbackStore, startLoopbackStore } from "../../support/loopback-store";
import { type OutsideChange, OutsideWorld } from "../../support/outside-world";
import { fakeProject } from "../../support/project";
import { describeWithTerraform } from "../../support/terraform";
import { type Ran, run } from "../run";
import { backendIn } from "../stored-orgs";

jest.setTimeout(120_000);

const NOW = Date.parse("2026-11-29T12:00:00Z");
const QUEUES = Array.from({ length: 10 }, (_, index) => `q${index + 1}`);
const QUEUE = "genesyscloud_routing_queue";
const described =
  (description: string): OutsideChange =>
  (queue) => ({ ...queue, description });
const deleted: OutsideChange = () => null;
/** Only one look sees the change. */
const onlyIn =
  (wanted: number, change: OutsideChange): OutsideChange =>
  (object, look) =>
    look === wanted ? change(object, look) : object;
const known = (patch: Partial<KnownDriftEntry>): KnownDriftEntry => ({
  address: `${QUEUE}.q8`,
  reason: "supervisors change it during the day",
  until: "2026-11-29",
  ...patch,
});

describeWithTerraform("drift", () => {
  let store: LoopbackStore;
  let world: OutsideWorld;
  beforeEach(async () => {
    store = await startLoopbackStore();
    world = await OutsideWorld.start("hashicorp/aws", "mypurecloud/genesyscloud");
  });
  afterEach(async () => {
    world.stop();
    await store.stop();
  });

  /** A project whose organisations have ten queues and a key, as Terraform has made them. */
  async function deployed(
    orgs: Readonly<Record<string, readonly KnownDriftEntry[]>>,
    s3?: string,
  ): Promise<string> {
    const project = projectOf(orgs);
    for (const name of Object.keys(orgs))
      await applyStack(project, `org-${name}`, world.environment);
    return s3 === undefined ? project : projectOf(orgs, s3);
  }

  function projectOf(orgs: Readonly<Record<string, readonly KnownDriftEntry[]>>, s3?: string) {
    return fakeProject({
      orgs: Object.entries(orgs).map(([name, knownDrift]) => orgReport(name, {}, { knownDrift })),
      stackOf: ({ name, stateKey }) => ({
        terraform: {
          backend: { s3: backendIn(store, stateKey, s3) },
          required_providers: {
            aws: { source: "hashicorp/aws" },
            genesyscloud: { source: "mypurecloud/genesyscloud" },
          },
        },
        provider: { aws: [{ region: "us-east-1" }], genesyscloud: [{}] },
        resource: {
          [QUEUE]: Object.fromEntries(QUEUES.map((queue) => [queue, { name: `${name}-${queue}` }])),
          aws_kms_key: { states: { description: `${name}-key`, enable_key_rotation: true } },
        },
        output: { first: { value: `\${${QUEUE}.q1.description}` } },
      }),
    });
  }

  let waits: number[];
  const drift = (folder: string, ...options: string[]): Promise<Ran> => {
    waits = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    return run(folder, ["drift", ...options], world.environment, () => NOW, { sleep });
  };

  test("reports 10 planted differences of 10, and none of 10 noises; store and providers refuse every write", async () => {
    const { endpoints } = store.backendSettings as { endpoints: { s3: string } };
    const { s3, writes } = await serveReadOnly(endpoints.s3);
    const listed = [known({ attribute: "description" }), known({ address: `${QUEUE}.q9` })];
    const folder = await deployed(
      { "org-1": listed, "org-2": listed, "org-3": [known({ address: `${QUEUE}.q1*` })] },
      s3,
    );
    for (const org of ["org-1", "org-2"]) {
      world.change(QUEUE, `${org}-q1`, described("changed by hand"));
      world.change(QUEUE, `${org}-q2`, deleted);
      world.change(QUEUE, `${org}-q3`, (queue) => ({ ...queue, division_id: "elsewhere" }));
      world.change(QUEUE, `${org}-q4`, (queue) => ({ ...queue, groups: ["a"], acw_timeout_ms: 9 }));
      world.change("aws_kms_key", `${org}-key`, (key) => ({ ...key, enable_key_rotation: false }));
      world.change(QUEUE, `${org}-q8`, described("known"));
      world.change(QUEUE, `${org}-q9`, deleted);
    }
    world.change(QUEUE, "org-1-q5", onlyIn(1, described("an earlier value")));
    world.change(QUEUE, "org-1-q6", onlyIn(1, deleted));
    world.change(QUEUE, "org-1-q7", (queue, look) => ({ ...queue, description: `call ${look}` }));
    world.change(QUEUE, "org-2-q5", onlyIn(2, described("too new")));
    world.change(QUEUE, "org-3-q5", onlyIn(1, deleted));
    world.change(QUEUE, "org-3-q10", described("known"));
    const objects = world.refuseWrites();

    const { code, stdout, stderr } = await drift(folder, "--parallel", "3");
    expect(stdout).toBe(
      [
        "2 weakened controls:",
        "  org-1, org-2: aws_kms_key.states: the key no longer rotates (encryption)",
        "2 stacks, the same 5 differences: org-org-1, org-org-2",
        "  ~ aws_kms_key.states: enable_key_rotation",
        "  ~ genesyscloud_routing_queue.q1: description",
        "  - genesyscloud_routing_queue.q2",
        "  ~ genesyscloud_routing_queue.q3: division_id",
        "  ~ genesyscloud_routing_queue.q4: acw_timeout_ms, groups.0",
        "1 stack without drift: org-org-3",
        "outputs that would change with it:",
        "  org-org-1: first",
        "  org-org-2: first",
        "not counted, 5 known differences:",
        "  org-org-1: ~ genesyscloud_routing_queue.q8: description (until 2026-11-29: supervisors change it during the day)",
        "  org-org-1: - genesyscloud_routing_queue.q9 (until 2026-11-29: supervisors change it during the day)",
        "  org-org-2: ~ genesyscloud_routing_queue.q8: description (until 2026-11-29: supervisors change it during the day)",
        "  org-org-2: - genesyscloud_routing_queue.q9 (until 2026-11-29: supervisors change it during the day)",
        "  org-org-3: ~ genesyscloud_routing_queue.q10: description (until 2026-11-29: supervisors change it during the day)",
        "not counted, 5 differences that did not last:",
        "  org-org-1: ~ genesyscloud_routing_queue.q5: description",
        "  org-org-1: - genesyscloud_routing_queue.q6",
        "  org-org-1: ~ genesyscloud_routing_queue.q7: description",
        "  org-org-2: ~ genesyscloud_routing_queue.q5: description",
        "  org-org-3: - genesyscloud_routing_queue.q5",
        "total: 8 objects changed, 2 deleted",
        "",
      ].join("\n"),
    );
    expect({ code, waits, writes }).toEqual({ code: 2, waits: [60_000], writes: [] });
    expect(objects).toEqual([]);
    expect(stderr).toContain("3 stacks differ: a second look follows in 60 s\n");
    const left = readdirSync(join(folder, "cdktf.out/orgs/stacks/org-org-1")).sort();
    expect(left).toEqual([".terraform", "cdk.tf.json"]);
  });

  test("without a difference there is no second look, and the exit code is 0", async () => {
    const folder = await deployed({ "org-1": [known({ address: `${QUEUE}.q1` })] });
    world.change(QUEUE, "org-1-q1", described("known"));
    const { code, stdout } = await drift(folder);
    expect({ code, waits }).toEqual({ code: 0, waits: [] });
    expect(stdout).toContain("1 stack without drift: org-org-1\n");
  });

  test("only stacks with a difference are looked at again, after the given time", async () => {
    const folder = await deployed({ "org-1": [], "org-2": [] });
    let looks = 0;
    world.change(QUEUE, "org-2-q1", (queue, look) => {
      looks = look;
      return queue;
    });
    world.change(QUEUE, "org-1-q1", onlyIn(1, described("an earlier value")));
    const { code, stderr } = await drift(folder, "--settle", "15");
    expect({ code, waits, looks }).toEqual({ code: 0, waits: [15_000], looks: 1 });
    expect(stderr).toContain("1 stack differs: a second look follows in 15 s\n");
  });

  test("an entry that has ended accepts nothing, and fails the command", async () => {
    const folder = await deployed({ "org-1": [known({ until: "2026-11-28" })] });
    world.change(QUEUE, "org-1-q8", described("no longer accepted"));
    const { code, stdout, stderr } = await drift(folder);
    expect(code).toBe(1);
    expect(stdout).toContain("  ~ genesyscloud_routing_queue.q8: description\n");
    expect(stderr).toContain(
      "org-1: knownDrift genesyscloud_routing_queue.q8 ended on 2026-11-28 (supervisors change it during the day): correct the difference and remove the entry, or agree on another day\n",
    );
  });

  test("an entry without such a difference is named, and is no failure", async () => {
    const folder = await deployed({ "org-1": [known({ attribute: "description" })] });
    const { code, stdout } = await drift(folder);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "1 entry of knownDrift without such a difference, which can be removed:\n  org-1: genesyscloud_routing_queue.q8, description\n",
    );
  });

  test("an organisation that cannot be looked at does not hide the others; as JSON and Markdown", async () => {
    const folder = await deployed({ "org-1": [], "org-2": [known({})] });
    world.change(QUEUE, "org-1-q2", deleted);
    world.change(QUEUE, "org-2-q1", () => {
      throw new Error("the service does not answer");
    });
    const { code, stdout, stderr } = await drift(folder, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      counts: { changed: 0, deleted: 1, weakened: 0, known: 0, transient: 0 },
      stacks: [{ org: "org-1", changes: [{ address: `${QUEUE}.q2`, action: "delete" }] }],
      failed: [{ org: "org-2", error: expect.stringContaining("does not answer") }],
      ended: [],
      unused: [],
    });
    expect(stderr).toMatch(
      /org-org-2: terraform plan failed:[\s\S]*1 stack could not be looked at/,
    );
    const { stdout: markdown } = await drift(folder, "org-1", "--markdown");
    expect(markdown).toContain("#### 1 stack, 1 difference: `org-org-1`\n\n- ");
  });
});
