import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { orgProject } from "../../support/existing/code-project";
import { generateOrganization, shuffled } from "../../support/existing/generated-organization";
import { type PromotingProps, PromotingWorld } from "../../support/existing/promoting-world";
import { FakeOrganization } from "../../support/fakes/fake-organization";
import {
  type Entity,
  exists,
  MANAGED_KINDS,
  NAMED_KINDS,
} from "../../support/fakes/organization/entity";
import { type LoopbackStore, startLoopbackStore } from "../../support/loopback-store";
import { OutsideWorld } from "../../support/outside-world";
import { describeWithTerraform } from "../../support/terraform";
import { run } from "../run";

jest.setTimeout(240_000);

/** Another organisation, with some of the objects, and with all that these refer to. */
function partOf(source: FakeOrganization, users: number): FakeOrganization {
  const all = MANAGED_KINDS.flatMap((kind) => source.all(kind));
  const isGiven = ({ homeDivision, defaultRoleId }: Entity): boolean =>
    homeDivision === true || typeof defaultRoleId === "string";
  const kept = new Set([...all.filter(isGiven), ...source.all("user").slice(0, users)]);
  // It grows while it is walked.
  for (const entity of kept) {
    const ids = new Set([...JSON.stringify(entity).matchAll(/[0-9a-f-]{36}/g)].map(([id]) => id));
    for (const other of all) if (ids.has(other.id)) kept.add(other);
  }
  const ids = new Set([...kept].map(({ id }) => id));
  return shuffled(
    source.copy((kind, entities) =>
      entities.filter(({ id }) => ids.has(id) || NAMED_KINDS.some((named) => named === kind)),
    ),
    3,
  );
}

/** An organisation of which all names can be read: nothing refers to what is deleted, or to prompts. */
function withoutDeadReferences(organization: FakeOrganization): FakeOrganization {
  const dead = new Set(
    MANAGED_KINDS.flatMap((kind) => organization.all(kind).filter((one) => !exists(one))).map(
      ({ id }) => id,
    ),
  );
  const isAlive = (one: unknown): boolean => !dead.has((one as { id?: string }).id ?? "");
  return organization.copy((_kind, entities) =>
    entities.map(
      ({ whisperPrompt: _, ...entity }) =>
        Object.fromEntries(
          Object.entries(entity).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.filter(isAlive) : value,
          ]),
        ) as Entity,
    ),
  );
}

let store: LoopbackStore;
beforeEach(async () => {
  store = await startLoopbackStore();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store.stop();
});

/** An organisation with skills of these names. */
function skilled(...names: readonly string[]): FakeOrganization {
  const organization = new FakeOrganization();
  organization.add("auth_division", { id: uuid(), name: "Home", homeDivision: true });
  for (const name of names) organization.add("routing_skill", { id: uuid(), name });
  return organization;
}

let number = 0;
const uuid = (): string => `00000000-0000-4000-8000-${String(++number).padStart(12, "0")}`;

const SKILLS = ["promote", "eu-test", "na-prod", "skills"];
const SKILLS_FILE = "existing/na-prod/skills.ts";

describe("promote", () => {
  const started = (props: PromotingProps = {}) =>
    new PromotingWorld(
      store,
      { "eu-test": skilled("Billing", "Hardware"), "na-prod": skilled("Billing") },
      props,
    );

  test("a stack that does not use the code yet is not planned, and the line to add is shown", async () => {
    const { code, stdout } = await started().run(...SKILLS);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^1 object of eu-test went into the code of na-prod in existing\/na-prod/,
    );
    expect(stdout).toContain("\n  new: skill Hardware\n  new: existing/na-prod/objects.json\n");
    expect(stdout).toContain("\n  new: existing/na-prod/skills.ts\n");
    expect(stdout).toContain('import { addExistingObjects } from "../existing";');
  });

  test("a second run promotes nothing and writes nothing", async () => {
    const world = started();
    await world.run(...SKILLS);
    const before = world.read(SKILLS_FILE);
    const { code, stdout } = await world.run(...SKILLS);
    expect([code, stdout]).toEqual([
      0,
      "nothing to promote: na-prod has all that was chosen of eu-test, or its code in existing/na-prod does\n" +
        "promoted before, and not deployed yet: skill-hardware\n",
    ]);
    expect(world.read(SKILLS_FILE)).toBe(before);
  });

  test("brings back from a snapshot what was deleted since", async () => {
    const target = skilled("Billing", "Hardware");
    const world = new PromotingWorld(store, { "eu-test": skilled(), "na-prod": target });
    await world.run("snapshot", "na-prod", "skills");
    const [, hardware] = target.all("routing_skill");
    target.remove("routing_skill", hardware?.id ?? "");
    const { stdout } = await world.run("promote", "snapshots/na-prod", "na-prod", "--no-plan");
    expect(stdout).toMatch(/^1 object of snapshots\/na-prod went .*\n {2}new: skill Hardware\n/);
    expect(world.read(SKILLS_FILE)).not.toContain("importFrom");
    const missing = await world.run("promote", "snapshots/na-prod", "na-prod", "queues");
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("snapshots/na-prod does not have the queues"),
    });
  });

  test("a file that somebody has changed is not written, nor any other", async () => {
    const world = started();
    await world.run(...SKILLS, "--no-plan");
    world.write(SKILLS_FILE, world.read(SKILLS_FILE).replace("Hardware", "Software"));
    const manifest = world.read("existing/na-prod/objects.json");
    world.organization("eu-test").add("routing_skill", { id: uuid(), name: "Tariff" });
    const { code, stderr } = await world.run(...SKILLS);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("nothing was written, since somebody has changed "),
    ]);
    expect(world.read("existing/na-prod/objects.json")).toBe(manifest);
    const { stdout } = await world.run(...SKILLS, "--overwrite", "--no-plan");
    expect(stdout).toContain("  new: skill Tariff\n");
    expect(stdout).toContain("\n  changed: existing/na-prod/skills.ts\n");
  });

  test("an organisation is not promoted to itself, and a file without values is named", async () => {
    const world = started();
    expect(await world.run("promote", "na-prod", "na-prod")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("na-prod cannot be promoted to itself"),
    });
    expect(await world.run(...SKILLS, "--parameters", "none.json")).toMatchObject({
      code: 1,
      stderr: "none.json has no values, or does not exist\n",
    });
  });
});

describeWithTerraform("the plan after promote", () => {
  let outside: OutsideWorld;
  beforeEach(async () => {
    outside = await OutsideWorld.start("mypurecloud/genesyscloud");
  });
  afterEach(() => outside.stop());

  /** A stack that has the code already, which the project's app does not read. */
  const planned = (others: object = {}) =>
    new PromotingWorld(
      store,
      { "eu-test": skilled("Hardware"), "na-prod": skilled() },
      {
        environment: outside.environment,
        stack: {
          provider: { genesyscloud: [{}] },
          resource: {
            genesyscloud_routing_skill: { "skill-hardware": { name: "Hardware" }, ...others },
          },
        },
      },
    ).run(...SKILLS);

  test("creates what was promoted, and names the next commands", async () => {
    const { code, stdout, stderr } = await planned();
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toContain(
      "\nplan of na-prod: 1 to create, 0 to change, 0 to import, nothing else\n" +
        "`genesys-orgs rehearse na-prod` rehearses it, `genesys-orgs deploy na-prod` makes the changes\n",
    );
  });

  test("names what else would change, and ends with another exit code", async () => {
    const { code, stdout } = await planned({ other: { name: "Other" } });
    expect(code).toBe(2);
    expect(stdout).toContain(
      "0 to import, 1 other change:\n  create genesyscloud_routing_skill.other\n",
    );
  });
});

describeWithTerraform("25 objects, to an organisation that has a third of what they need", () => {
  const source = withoutDeadReferences(generateOrganization({ seed: 5, objects: 60 }));
  const target = partOf(source, 13);
  const promote = ["promote", "eu-test", "na-prod", "queues"];
  const started = () => new PromotingWorld(store, { "eu-test": source, "na-prod": target });

  test("are only listed in a dry run", async () => {
    const world = started();
    const { code, stdout } = await world.run(...promote, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("25 objects of eu-test would go into the code of na-prod");
    expect(stdout).toMatch(/\n {2}new: group Team Zürich, needed by queue .*\n/);
    expect(stdout).toMatch(/\ndry run: nothing was changed\n$/);
    expect(existsSync(join(world.project, "existing"))).toBe(false);
  });

  test("become code that is compiled, synthesized and rehearsed", async () => {
    const world = started();
    const { stdout } = await world.run(...promote, "--no-plan", "--json");
    const { promoted } = JSON.parse(stdout);
    expect(promoted).toHaveLength(25);
    expect(world.writes()).toEqual([]);
    const project = orgProject(filesIn(world.project, "existing"));
    expect(await run(project, ["synth", "na-prod", "--output", "stacks"])).toMatchObject({
      code: 0,
    });
    const stack = JSON.parse(
      readFileSync(join(project, "stacks/stacks/org-na-prod/cdk.tf.json"), "utf8"),
    );
    expect(longestChain(stack.resource)).toBeGreaterThanOrEqual(3);
    const found = MANAGED_KINDS.flatMap((kind) =>
      Object.keys(stack.data[`genesyscloud_${kind}`] ?? {}),
    );
    expect(found.length).toBeGreaterThanOrEqual(Math.floor((25 + found.length) / 3));
    const rehearsed = await run(project, ["rehearse", "na-prod", "--json"]);
    expect(JSON.parse(rehearsed.stdout)).toMatchObject({
      ok: true,
      stacks: [{ stack: "org-na-prod", resources: 25, secondPlanEmpty: true }],
    });
  });
});

/** Texts of the TypeScript and JSON files in a folder, by their paths. */
function filesIn(project: string, folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|json)$/.test(name))
      .map((name) => [`${folder}/${name}`, readFileSync(join(project, folder, name), "utf8")]),
  );
}

/** How many references follow each other at most, between resources that Terraform creates. */
function longestChain(
  resources: Readonly<Record<string, Readonly<Record<string, object>>>>,
): number {
  const texts = new Map(
    Object.entries(resources).flatMap(([type, all]) =>
      Object.entries(all).map(([id, one]) => [`${type}.${id}`, JSON.stringify(one)]),
    ),
  );
  const depth = (address: string): number =>
    Math.max(
      0,
      ...[...(texts.get(address) ?? "").matchAll(/\$\{(genesyscloud_\w+\.[\w-]+)\.id\}/g)].map(
        ([, target]) => 1 + depth(target ?? ""),
      ),
    );
  return Math.max(...[...texts.keys()].map(depth));
}
