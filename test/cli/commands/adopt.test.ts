import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeCode } from "../../support/existing/code-project";
import { generateOrganization, shuffled } from "../../support/existing/generated-organization";
import { PROVIDER, WiredWorld, worldWith } from "../../support/existing/wired-world";
import type { FakeOrganization } from "../../support/fakes/fake-organization";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { describeWithTerraform } from "../../support/terraform";
import { ORG, startProject as startProjectIn } from "../adopted-project";

jest.setTimeout(300_000);
afterEach(() => jest.restoreAllMocks());

describeWithTerraform("adopt", () => {
  useLoopbackCredentials();
  let store: LoopbackStore;
  beforeEach(async () => {
    store = await startLoopbackStore();
  });
  afterEach(() => store.stop());

  const startProject = (organization: FakeOrganization) => startProjectIn(store, organization);

  test("writes code, says how to use it, and then plans it: it only imports", async () => {
    const organization = generateOrganization({ seed: 51, objects: 60 });
    const { folder, adopt, code, genesys } = startProject(organization);
    const first = await adopt();
    expect(first.code).toBe(2);
    expect(first.stdout).toMatch(
      /^na-prod: \d+ objects in existing\/na-prod, \d+ calls of the Platform API\n {2}new: existing\/na-prod\//,
    );
    expect(first.stdout).toContain('import { addExistingObjects } from "../existing";');
    expect(first.stdout).toContain("left out, the home division: divisions: (home division)\n");
    expect(first.stdout).toMatch(
      /\nleft out, a role of Genesys Cloud: roles: [\w-]+, (?!roles: )[\w-]+/,
    );
    expect(organization.writes).toEqual([]);

    // As if the stack called it.
    const { provider: _, terraform: __, ...blocks } = synthesizeCode(code());
    const file = join(folder, "ready/stacks/org-na-prod/cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8"));
    stack.terraform.required_providers = PROVIDER.terraform.required_providers;
    writeFileSync(file, JSON.stringify({ ...stack, ...blocks, provider: PROVIDER.provider }));
    const world = await WiredWorld.start({
      world: worldWith(organization),
      organizations: { wired: organization },
      folder,
    });
    try {
      const calls = genesys.calls.length;
      const second = await adopt([], world.environment);
      expect({ ...second, stderr: second.code === 0 ? "" : second.stderr }).toMatchObject({
        code: 0,
        stderr: "",
      });
      expect(second.stdout).toContain("  no file changes\n");
      expect(second.stdout).toMatch(/plan of na-prod: \d+ objects to import, nothing to change\n$/);
      expect(genesys.calls.length).toBeGreaterThan(calls);

      // A new object of the stack itself is named, without its attributes.
      const whole = JSON.parse(readFileSync(file, "utf8"));
      whole.resource.genesyscloud_routing_skill.own = { name: "Own" };
      writeFileSync(file, JSON.stringify(whole));
      const withOwn = await adopt([], world.environment);
      expect([withOwn.code, withOwn.stdout]).toEqual([
        2,
        expect.stringMatching(/, 1 other change:\n {2}create genesyscloud_routing_skill\.own\n$/),
      ]);
      delete whole.resource.genesyscloud_routing_skill.own;
      writeFileSync(file, JSON.stringify(whole));

      // Somebody changes the organisation: the code follows, and with the old code the plan shows it.
      const [queue] = organization.all("routing_queue");
      Object.assign(queue ?? {}, { description: "changed by hand" });
      const third = await adopt(["--json"], world.environment);
      expect(third.code).toBe(2);
      const { changes, plan } = JSON.parse(third.stdout);
      expect(changes.filter(({ change }: { change: string }) => change !== "unchanged")).toEqual([
        { file: "existing/na-prod/queues.ts", change: "changed" },
      ]);
      expect(plan.changes).toMatchObject([
        { action: "update", attributes: [{ path: "description" }] },
      ]);
    } finally {
      world.stop();
    }
  });

  test("a second run after three new objects adds only those", async () => {
    const organization = generateOrganization({ seed: 52, objects: 40 });
    const { adopt, code } = startProject(organization);
    const first = await adopt(["--no-plan"]);
    expect(first.stdout).toContain(
      "\nnote: 1 object would break GO-OAUTH-NAME, so the code waives it: oauth-client-wallboard-prod\n",
    );
    const before = code();
    for (const name of ["Zulu", "Aachen", "Mainz"]) {
      organization.add("routing_skill", {
        id: `0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a1${name.length}`,
        name,
        state: "active",
      });
    }
    const { stdout } = await adopt(["--no-plan"]);
    expect(stdout).toContain("changed: existing/na-prod/skills.ts");
    const after = code();
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.sort()).toEqual(["objects.json", "skills.ts"]);
    const lines = new Set(before["skills.ts"]?.split("\n"));
    const added = (after["skills.ts"] ?? "")
      .split("\n")
      .filter((line) => !lines.has(line) && !line.startsWith("//"));
    expect(added.join("\n")).toMatch(/Zulu/);
    expect(added.every((line) => /Zulu|Aachen|Mainz/.test(line))).toBe(true);
  });

  test("writes the same bytes for the same objects with other ids, but for the ids", async () => {
    const organization = generateOrganization({ seed: 53, objects: 40 });
    const one = startProject(organization);
    await one.adopt(["--no-plan"]);
    const other = startProject(shuffled(organization, 6));
    await other.adopt(["--no-plan"]);
    const withoutIds = ({
      "objects.json": _,
      "references.json": __,
      ...files
    }: Record<string, string>) => files;
    expect(withoutIds(other.code())).toEqual(withoutIds(one.code()));
  });

  test("writes nothing if somebody has changed a file, unless it may overwrite it", async () => {
    const organization = generateOrganization({ seed: 54, objects: 40 });
    const { folder, adopt, code } = startProject(organization);
    await adopt(["--no-plan"]);
    const file = join(folder, "existing", ORG, "queues.ts");
    writeFileSync(file, `${readFileSync(file, "utf8")}// mine\n`);
    // Nothing would change but this file.
    expect((await adopt(["--no-plan"])).stderr).toContain(
      "nothing was written, since somebody has changed",
    );
    organization.add("routing_skill", {
      id: "0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a10",
      name: "New",
      state: "active",
    });
    const before = code();
    const refused = await adopt(["--no-plan"]);
    expect([refused.code, code()]).toEqual([1, before]);
    expect(refused.stderr).toContain(`${file}`);
    expect((await adopt(["--no-plan", "--overwrite"])).code).toBe(0);
    expect(code()["queues.ts"]).not.toContain("// mine");
  });

  test("refuses to drop the code of a deployed object that it cannot see, unless it may", async () => {
    const organization = generateOrganization({ seed: 58, objects: 40 });
    const { adopt, code } = startProject(organization);
    await adopt(["--no-plan"]);
    const before = code();
    const manifest: Record<string, { type: string; id: string }> = JSON.parse(
      before["objects.json"] ?? "{}",
    );
    await store.putObject(
      `orgs/${ORG}/terraform.tfstate`,
      JSON.stringify({
        version: 4,
        lineage: "a",
        serial: 1,
        outputs: {},
        resources: Object.entries(manifest).map(([name, { type, id }]) => ({
          mode: "managed",
          type,
          name,
          provider: 'provider["registry.terraform.io/mypurecloud/genesyscloud"]',
          instances: [{ attributes: { id } }],
        })),
      }),
    );
    expect((await adopt(["--no-plan"])).code).toBe(0);
    expect(code()).toEqual(before);

    // The list of the API leaves out what the planner may not view.
    const hidden = Object.values(manifest).find(({ type }) => type.endsWith("schedulegroups"));
    organization.remove("architect_schedulegroups", hidden?.id ?? "");
    const refused = await adopt(["--no-plan"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /nothing was written, since 1 deployed object of na-prod would lose its code, .*\n {2}genesyscloud_architect_schedulegroups\.schedule-group-\S+ \(.*\): the planner does not see it\n.*--remove-gone/,
    );
    expect(code()).toEqual(before);
    const allowed = await adopt(["--no-plan", "--remove-gone"]);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/note: schedule-group-\S+ cannot be taken over in na-prod/);
  });

  test("leaves out what Terraform manages already, and refers to it by its name", async () => {
    const organization = generateOrganization({ seed: 55, objects: 40 });
    const { adopt, code } = startProject(organization);
    const managed = organization.all("routing_wrapupcode");
    await store.putObject(
      `orgs/${ORG}/terraform.tfstate`,
      JSON.stringify({
        version: 4,
        lineage: "a",
        serial: 1,
        outputs: {},
        resources: managed.map(({ id }, index) => ({
          mode: "managed",
          type: "genesyscloud_routing_wrapupcode",
          name: `own-${index}`,
          provider: 'provider["registry.terraform.io/mypurecloud/genesyscloud"]',
          instances: [{ attributes: { id } }],
        })),
      }),
    );
    const { stdout } = await adopt(["--no-plan"]);
    expect(stdout).toMatch(
      /left out, in Terraform already: genesyscloud_routing_wrapupcode\.own-0: wrapup-codes: /,
    );
    expect(Object.keys(code())).not.toContain("wrapup-codes.ts");
    expect(code()["others.ts"]).toContain("DataGenesyscloudRoutingWrapupcode");
  });

  test("says if the planner belongs to another organisation", async () => {
    const { genesys, adopt, folder } = startProject(
      generateOrganization({ seed: 56, objects: 40 }),
    );
    genesys.orgId = "22222222-2222-4222-8222-222222222222";
    const { code, stderr } = await adopt(["--no-plan"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^na-prod: client client-\d+ in \S+ belongs to organisation 22222222-\S+, but the registry says \S+: write a client of na-prod to the entry$/m,
    );
    expect(readdirSync(folder)).not.toContain("existing");
  });

  test("says which objects the planner may not see", async () => {
    const organization = generateOrganization({ seed: 56, objects: 40 });
    organization.denied.add("user");
    const { adopt, folder } = startProject(organization);
    const { code, stderr } = await adopt(["--no-plan"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^na-prod: GET \/api\/v2\/users: HTTP 403.*: give the planner a role with the permission/m,
    );
    expect(readdirSync(folder)).not.toContain("existing");
  });

  test("refuses a type that it does not know, with those that it knows", async () => {
    const { adopt } = startProject(generateOrganization({ seed: 57, objects: 40 }));
    const { code, stderr } = await adopt(["queue"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^no type of object is called queue \(did you mean queues.*\)\. Choose from: divisions, /,
      ),
    ]);
  });
});
