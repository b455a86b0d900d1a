import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeCode } from "../../support/existing/code-project";
import { exportedObjects, STATE_SECRET, writeExport } from "../../support/existing/exported-files";
import { generateOrganization } from "../../support/existing/generated-organization";
import { PROVIDER, WiredWorld, worldWith } from "../../support/existing/wired-world";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { describeWithTerraform } from "../../support/terraform";
import { ORG, startProject } from "../adopted-project";
import { run } from "../run";

jest.setTimeout(600_000);
afterEach(() => jest.restoreAllMocks());

describeWithTerraform("adopt --from", () => {
  useLoopbackCredentials();
  let store: LoopbackStore;
  beforeEach(async () => {
    store = await startLoopbackStore();
  });
  afterEach(() => store.stop());

  const organization = generateOrganization({ seed: 81, objects: 40 });

  test("moves what the state of the export has, which was taken over before", async () => {
    const { folder, adopt, code } = startProject(store, organization);
    const file = join(folder, "ready/stacks/org-na-prod/cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8"));
    stack.terraform.required_providers = PROVIDER.terraform.required_providers;
    writeFileSync(file, JSON.stringify(stack));
    const from = writeExport({
      organization,
      format: "hcl",
      state: true,
      blocks: { resource: { genesyscloud_flow: { own: { filepath: "own.yaml" } } } },
    });

    // Without the state, everything is imported.
    const imported = await adopt(["--no-plan", "--from", from, "--json"]);
    expect({ code: imported.code, errors: imported.stderr }).toMatchObject({ code: 0 });
    const { export: source, adopted } = JSON.parse(imported.stdout);
    expect(source).toMatchObject({
      folder: from,
      otherTypes: { genesyscloud_flow: 1, genesyscloud_integration_credential: 1 },
      moved: 0,
      unusedState: join(from, "terraform.tfstate"),
      withoutCode: [],
    });

    const state = join(from, "terraform.tfstate");
    const migrated = await run(folder, [
      ...["state", "migrate", ORG, "--from", state, "--replace-providers", "--yes"],
    ]);
    expect({ code: migrated.code, errors: migrated.code ? migrated.stderr : "" }).toEqual({
      code: 0,
      errors: "",
    });

    const first = await adopt(["--from", from]);
    expect({ code: first.code, errors: first.code === 2 ? "" : first.stderr }).toEqual({
      code: 2,
      errors: "",
    });
    expect(first.stdout).toContain(`note: ${adopted.length} objects of the state move to new`);
    expect(first.stdout).toContain(
      "left out, types that adopt does not know: 1 genesyscloud_integration_credential, 1 genesyscloud_flow\n",
    );
    expect(first.stdout).toMatch(
      /argument left out, adopt does not know it: genesyscloud_user\.voicemail_userpolicies, of genesyscloud_user\./,
    );
    // Roles of Genesys Cloud, clients of the rotator: the deploy would destroy them.
    expect(first.stdout).toMatch(/warning: a deploy would destroy what the state has and the code/);
    const [user] = exportedObjects(organization).filter(({ type }) => type.endsWith("_user"));
    expect(code()["users.ts"]).toContain(`.moveFromId("genesyscloud_user.${user?.label}");`);
    for (const text of [first.stdout, first.stderr, ...Object.values(code())]) {
      expect(text).not.toContain(STATE_SECRET);
    }

    // As if the stack called it.
    const { provider: _, terraform: __, ...blocks } = synthesizeCode(code());
    const unmanaged = first.stdout.match(/does not: (.*)\. Write code/)?.[1]?.split(", ") ?? [];
    const removed = unmanaged.map((address) => ({ from: address, lifecycle: { destroy: false } }));
    writeFileSync(
      file,
      JSON.stringify({ ...stack, ...blocks, removed, provider: PROVIDER.provider }),
    );
    const world = await WiredWorld.start({
      world: worldWith(organization),
      organizations: { wired: organization },
      folder,
    });
    try {
      const second = await adopt(["--from", from, "--json"], world.environment);
      const { plan, changes } = JSON.parse(second.stdout);
      expect(changes.every(({ change }: { change: string }) => change === "unchanged")).toBe(true);
      expect(plan.changes.filter(({ action }: { action: string }) => action !== "forget")).toEqual(
        [],
      );
      expect(plan).toMatchObject({ imports: 0, moves: adopted.length });

      // Reading the organisation instead keeps the moves, as long as the state has the old addresses.
      const live = await adopt(["--no-plan", "--json"]);
      expect(JSON.parse(live.stdout)).toMatchObject({ gone: [] });
      expect(code()["users.ts"]).toContain(`.moveFromId("genesyscloud_user.${user?.label}");`);
    } finally {
      world.stop();
    }
  });

  test("takes some types, keeps the code of others, and says what else there is", async () => {
    const { adopt, code } = startProject(store, organization);
    await adopt(["--no-plan", "skills"]);
    const before = code()["skills.ts"];
    const from = writeExport({ organization, format: "json", split: true });
    organization.add("routing_language", {
      id: "0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a19",
      name: "Only here",
      state: "active",
    });
    const {
      stdout,
      stderr,
      code: exit,
    } = await adopt([...["languages", "--no-plan", "--from", from]]);
    expect({ exit, errors: exit ? stderr : "" }).toEqual({ exit: 0, errors: "" });
    expect(stdout).toContain("note: na-prod has more than the export: 1 languages\n");
    expect(code()["skills.ts"]).toBe(before);
    expect(code()["languages.ts"]).not.toContain("Only here");
    expect(Object.keys(code())).not.toContain("queues.ts");
  });

  test("names the folder that has no export", async () => {
    const { adopt } = startProject(store, organization);
    const { code, stderr } = await adopt(["--from", "nothing"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/nothing is not a folder: --from names the folder of an export/),
    ]);
  });
});
