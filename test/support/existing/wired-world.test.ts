import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { worldOf } from "../../../lib/rehearsal";
import { run as command } from "../../cli/run";
import { storedProject } from "../../cli/stored-orgs";
import { orgReport } from "../../rehearsal/reports";
import { FakeOrganization } from "../fakes/fake-organization";
import { exists, MANAGED_KINDS, textOf } from "../fakes/organization/entity";
import { startLoopbackStore } from "../loopback-store";
import { synthesize } from "../rehearsal";
import { entry, registryOf } from "../sample-org";
import { describeWithTerraform } from "../terraform";
import { configurationOf } from "./configuration";
import { generateOrganization, withDifferences } from "./generated-organization";
import { changedPaths, PLAN, planIn, planWired, withTerraform } from "./plan-wired";
import { readAsProvider } from "./provider-reading";
import { PROVIDER, WiredWorld, worldWith } from "./wired-world";

type Json = Record<string, unknown>;

/** The whole organisation as a stack that takes its objects over. */
function adopted(organization: FakeOrganization, isLeftOut: (id: string) => boolean = () => false) {
  const resource: Record<string, Record<string, Json>> = {};
  const imports: Json[] = [];
  for (const kind of MANAGED_KINDS) {
    const type = `genesyscloud_${kind}`;
    for (const entity of organization.all(kind)) {
      if (!exists(entity) || isLeftOut(entity.id)) continue;
      const state = readAsProvider(organization, type, entity.id) ?? {};
      const label = `r-${entity.id}`;
      resource[type] = { ...resource[type], [label]: configurationOf(type, state) as Json };
      imports.push({ to: `${type}.${label}`, id: entity.id });
    }
  }
  return { resource, import: imports };
}

/** The provider does not read it, so it sets its default once after an import. */
const SET_ONCE = "expose_client_secret";

describeWithTerraform("a double that is wired to an organisation", () => {
  const organization = generateOrganization({ seed: 21, objects: 120 });

  test("takes its objects over without a change, but one that the real provider makes as well", async () => {
    const { changes, failure } = await planWired(organization, adopted(organization));
    expect(failure).toBeUndefined();
    expect(changes).toHaveLength(120);
    expect(new Set(changes.map(({ type }) => type)).size).toBe(MANAGED_KINDS.length);
    expect(changes.filter(({ change }) => !change.importing)).toEqual([]);
    const changed = changes.filter(({ change }) => change.actions.join() !== "no-op");
    expect(new Set(changed.map(({ type }) => type))).toEqual(
      new Set(["genesyscloud_oauth_client"]),
    );
    for (const each of changed) expect(changedPaths(each)).toEqual([SET_ONCE]);
  });

  test("shows each difference, and nothing else", async () => {
    const { organization: there, planted } = withDifferences(organization, 40, 22);
    const gone = new Set(planted.filter(({ kind }) => kind === "only here").map(({ id }) => id));
    const stack = adopted(organization, (id) => gone.has(id));
    const { changes, failure } = await planWired(there, stack);
    expect(failure).toBeUndefined();
    const expected = planted
      .filter(({ kind }) => !kind.startsWith("only"))
      .map(({ type, id, attribute }) => [type, id, attribute]);
    const found = changes.flatMap((each) =>
      changedPaths(each)
        .filter((path) => path !== SET_ONCE)
        .map((path) => [each.type, each.change.importing?.id, path]),
    );
    expect(found.sort()).toEqual(expected.sort());
  });

  test("plans an org's whole stack, with its credential from Vault", async () => {
    const { world, folderOf } = synthesize(registryOf(entry("na-prod", 0)));
    const stack = JSON.parse(readFileSync(join(folderOf("na-prod"), "cdk.tf.json"), "utf8"));
    const [skill] = organization.all("routing_skill");
    const imports = {
      resource: {
        ...stack.resource,
        genesyscloud_routing_skill: { it: { name: textOf(skill, "name") } },
      },
      import: [{ to: "genesyscloud_routing_skill.it", id: skill?.id }],
    };
    const local = { ...stack, ...imports, terraform: { ...stack.terraform, backend: undefined } };
    const { text, failure } = await planIn(world, { "na-prod": organization }, local);
    expect(failure).toBeUndefined();
    expect(text).toMatch(/Plan: 1 to import, \d+ to add, 0 to change, 0 to destroy/);
  });

  test("is used by the command plan", async () => {
    const store = await startLoopbackStore();
    const report = orgReport("org-1");
    const simulated = worldOf({ orgs: [report] });
    const [client] = simulated.clients;
    const [, skill] = organization.all("routing_skill");
    const provider = {
      oauthclient_id: client?.id,
      oauthclient_secret: client?.secret,
      aws_region: client?.region,
    };
    const folder = storedProject(
      store,
      { "org-1": {} },
      {
        blocks: {
          provider: { genesyscloud: [provider] },
          resource: {
            genesyscloud_routing_skill: { it: { name: textOf(skill, "name") } },
            genesyscloud_routing_language: { new: { name: "New" } },
          },
          import: [{ to: "genesyscloud_routing_skill.it", id: skill?.id }],
        },
      },
    );
    const stackFile = join(folder, "ready", "stacks", "org-org-1", "cdk.tf.json");
    const stack = JSON.parse(readFileSync(stackFile, "utf8"));
    stack.terraform.required_providers = PROVIDER.terraform.required_providers;
    writeFileSync(stackFile, JSON.stringify(stack));
    const world = await WiredWorld.start({
      world: simulated,
      organizations: { "org-1": organization },
      folder: join(folder, "ready", "stacks", "org-org-1"),
    });
    try {
      const { code, stdout, stderr } = await command(folder, ["plan"], world.environment);
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("1 to add, 0 to change");
      const reads = world.calls.filter(({ method }) => method === "ReadResource");
      expect(reads.map(({ type }) => type)).toContain("genesyscloud_routing_skill");
    } finally {
      world.stop();
      await store.stop();
    }
  });

  test("keeps what is applied, and reads the rest from the organisation", async () => {
    const small = new FakeOrganization();
    small.add("auth_division", { id: "home", name: "Home", homeDivision: true });
    const queue = small.add("routing_queue", { id: "q", name: "Q", division: { id: "home" } });
    const stack = {
      ...PROVIDER,
      resource: {
        genesyscloud_routing_queue: { q: { name: "Q", description: "written here" } },
        genesyscloud_routing_skill: { s: { name: "new" } },
      },
      import: [{ to: "genesyscloud_routing_queue.q", id: "q" }],
    };
    await withTerraform(worldWith(small), { wired: small }, stack, async (terraform) => {
      const applied = await terraform("apply", "-auto-approve", "-input=false", "-no-color");
      expect(applied).toContain("1 imported, 1 added, 1 changed, 0 destroyed");
      expect(await terraform(...PLAN)).toContain("No changes");
    });
    // Nothing was written to the organisation itself.
    expect(queue).not.toHaveProperty("description");
  });

  test("does not import what the organisation does not have", async () => {
    const { failure } = await planWired(organization, {
      resource: { genesyscloud_routing_skill: { a: { name: "A" } } },
      import: [{ to: "genesyscloud_routing_skill.a", id: "nothing" }],
    });
    expect(failure).toContain("Cannot import non-existent remote object");
  });

  test("sets a default where the configuration leaves out what the object has otherwise", async () => {
    const small = new FakeOrganization();
    small.add("routing_queue", { id: "q", name: "Q", skillEvaluationMethod: "BEST" });
    const { changes } = await planWired(small, {
      resource: { genesyscloud_routing_queue: { q: { name: "Q" } } },
      import: [{ to: "genesyscloud_routing_queue.q", id: "q" }],
    });
    const [change] = changes;
    expect(change?.change.before).toMatchObject({ skill_evaluation_method: "BEST" });
    expect(change?.change.after).toMatchObject({ skill_evaluation_method: "ALL" });
  });

  test("replaces an object whose name cannot change", async () => {
    const small = new FakeOrganization();
    small.add("routing_skill", { id: "s", name: "Before", state: "active" });
    const { changes } = await planWired(small, {
      resource: { genesyscloud_routing_skill: { s: { name: "After" } } },
      import: [{ to: "genesyscloud_routing_skill.s", id: "s" }],
    });
    expect(changes[0]?.change.actions).toEqual(["delete", "create"]);
  });

  test("finds objects by name, and says which it does not find", async () => {
    const [flow] = organization.all("flow");
    const [user] = organization.all("user");
    const data = {
      genesyscloud_auth_division_home: { home: {} },
      genesyscloud_flow: { flow: { name: textOf(flow, "name") } },
      genesyscloud_user: { user: { email: textOf(user, "email") } },
    };
    const output = {
      home: { value: "${data.genesyscloud_auth_division_home.home.id}" },
      flow: { value: "${data.genesyscloud_flow.flow.id}" },
      user: { value: "${data.genesyscloud_user.user.id}" },
    };
    const resource = {
      genesyscloud_routing_skill: {
        a: { name: [output.home.value, output.flow.value, output.user.value].join(" ") },
      },
    };
    const { changes, failure } = await planWired(organization, { data, output, resource });
    expect(failure).toBeUndefined();
    expect(changes[0]?.change.after.name).toBe(
      `${organization.homeDivision?.id} ${flow?.id} ${user?.id}`,
    );
    const missing = { data: { genesyscloud_auth_role: { no: { name: "No such role" } } } };
    expect((await planWired(organization, missing)).failure).toContain("with name No such role");
  });
});
