import { FakeOrganization } from "../fakes/fake-organization";
import { exists, MANAGED_KINDS, textOf } from "../fakes/organization/entity";
import { describeWithTerraform } from "../terraform";
import { configurationOf } from "./configuration";
import { generateOrganization, withDifferences } from "./generated-organization";
import { changedPaths, planWired } from "./plan-wired";
import { readAsProvider } from "./provider-reading";

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
