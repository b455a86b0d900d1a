import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ObjectValue } from "../../../lib/rehearsal/double/core/value";
import { isObject } from "../../../lib/rehearsal/double/core/value";
import { binaryName } from "../../../lib/terraform/binary";
import { FakeOrganization } from "../fakes/fake-organization";
import { exists, MANAGED_KINDS, textOf } from "../fakes/organization/entity";
import { temporaryFolder } from "../folders";
import { describeWithTerraform } from "../terraform";
import { configurationOf } from "./configuration";
import { generateOrganization, withDifferences } from "./generated-organization";
import { readAsProvider } from "./provider-reading";
import { PROVIDER, WiredWorld, worldWith } from "./wired-world";

const run = promisify(execFile);

interface Planned {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: ObjectValue;
    readonly after: ObjectValue;
    readonly importing?: { readonly id: string };
  };
}

type Json = Record<string, unknown>;

/** Plans a stack with an organisation, and returns the planned changes; the error if it fails. */
async function plan(
  organization: FakeOrganization,
  stack: Json,
): Promise<{ readonly changes: readonly Planned[]; readonly failure?: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ ...PROVIDER, ...stack }, null, 1));
  const world = await WiredWorld.start({
    world: worldWith(organization),
    organizations: { wired: organization },
    folder,
  });
  const terraform = async (...args: readonly string[]) =>
    run(binaryName(), args, {
      cwd: folder,
      maxBuffer: 1e9,
      env: {
        ...process.env,
        ...world.environment,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: "",
      },
    });
  try {
    await terraform("init", "-input=false", "-no-color");
    await terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan");
    const { stdout } = await terraform("show", "-json", "plan");
    const { resource_changes = [] } = JSON.parse(stdout) as { resource_changes?: Planned[] };
    return { changes: resource_changes };
  } catch (error) {
    return { changes: [], failure: `${(error as { stderr?: string }).stderr ?? error}` };
  } finally {
    world.stop();
  }
}

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

/** Schema paths of what a change changes. */
function changedPaths({ change: { before, after } }: Planned): string[] {
  const paths = new Set<string>();
  const compare = (one: unknown, other: unknown, path: string): void => {
    if (JSON.stringify(one) === JSON.stringify(other)) return;
    if (isObject(one as never) && isObject(other as never)) {
      const names = new Set([...Object.keys(one as object), ...Object.keys(other as object)]);
      for (const name of names) {
        const deeper = path === "" ? name : `${path}.${name}`;
        compare((one as Json)[name], (other as Json)[name], deeper);
      }
      return;
    }
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
      for (const [index, each] of one.entries()) compare(each, other[index], path);
      return;
    }
    paths.add(path);
  };
  compare(before, after, "");
  return [...paths].sort();
}

/** The provider does not read it, so it sets its default once after an import. */
const SET_ONCE = "expose_client_secret";

describeWithTerraform("a double that is wired to an organisation", () => {
  const organization = generateOrganization({ seed: 21, objects: 120 });

  test("takes its objects over without a change, but one that the real provider makes as well", async () => {
    const { changes, failure } = await plan(organization, adopted(organization));
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
    const { changes, failure } = await plan(there, stack);
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
    const { failure } = await plan(organization, {
      resource: { genesyscloud_routing_skill: { a: { name: "A" } } },
      import: [{ to: "genesyscloud_routing_skill.a", id: "nothing" }],
    });
    expect(failure).toContain("Cannot import non-existent remote object");
  });

  test("sets a default where the configuration leaves out what the object has otherwise", async () => {
    const small = new FakeOrganization();
    small.add("routing_queue", { id: "q", name: "Q", skillEvaluationMethod: "BEST" });
    const { changes } = await plan(small, {
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
    const { changes } = await plan(small, {
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
    const { changes, failure } = await plan(organization, { data, output, resource });
    expect(failure).toBeUndefined();
    expect(changes[0]?.change.after.name).toBe(
      `${organization.homeDivision?.id} ${flow?.id} ${user?.id}`,
    );
    const missing = { data: { genesyscloud_auth_role: { no: { name: "No such role" } } } };
    expect((await plan(organization, missing)).failure).toContain("with name No such role");
  });
});
