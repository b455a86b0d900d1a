import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BootstrapWorld, type BootstrapWorldProps, objectsIn } from "../support/bootstrap-world";
import { noting } from "../support/killed-command";

jest.setTimeout(60 * 60_000);

// Every point: ten minutes. Else calls that change something for good, and some of the objects.
const ALL = process.env.KILLS === "all";
const CHANGES = /^(run terraform apply|ask PUT|file renameSync)/;

const HOME_STATE = "home/terraform.tfstate";
// What a bootstrap that nobody kills creates, by its states, and the calls that it makes.
let expected: string[];
let calls: readonly string[];

beforeAll(async () => {
  const world = await BootstrapWorld.start();
  const { node, env, read } = noting({}, world.folder);
  expect(await world.start(["--yes"], { node, env }).ended).toMatchObject({ code: 0 });
  expected = await world.managedObjects();
  expect(world.made).toHaveLength(expected.length);
  calls = read().calls;
  await world.stop();
});

/** Lineages of the home's state, wherever it is. */
async function lineages(world: BootstrapWorld): Promise<string[]> {
  const states = [await world.localState(), await world.stateAt(HOME_STATE)];
  return [...new Set(states.flatMap((state) => (state ? [state.lineage] : [])))];
}

/** Runs the command once more, and compares with what was there when the first one was killed. */
async function expectToGoOn(world: BootstrapWorld, killedAt: string): Promise<void> {
  const before = await lineages(world);
  const { code, stderr } = await world.bootstrap("--yes");
  expect({ killedAt, code, stderr: code === 0 ? "" : stderr }).toEqual({
    killedAt,
    code: 0,
    stderr: "",
  });
  // The same lineage, the same resources, nothing created twice, the record complete.
  const state = await world.stateAt(HOME_STATE);
  const after = {
    lineage: before.length === 0 ? [state?.lineage] : before,
    objects: await world.managedObjects(),
    made: world.made.length,
    recorded: world.recorded,
  };
  expect({ killedAt, ...after }).toEqual({
    killedAt,
    lineage: [state?.lineage],
    objects: expected,
    made: expected.length,
    recorded: ["one", "two"],
  });
  // The only file of the home's state that is left is the one that was moved, as it was then.
  expect(existsSync(world.localFile)).toBe(false);
  const kept = readdirSync(world.folder).filter((name) => name.includes(".moved-"));
  expect(kept).toHaveLength(1);
  const moved = JSON.parse(readFileSync(join(world.folder, kept[0] ?? ""), "utf8"));
  expect([moved.lineage, moved.serial, objectsIn(moved)]).toEqual([
    state?.lineage,
    state?.serial,
    objectsIn(state),
  ]);
  expect(readdirSync(join(world.folder, "orgs"))).toEqual(["state-homes.json"]);
  expect(await world.store.locksOf(HOME_STATE)).toEqual([]);
}

/** Kills a bootstrap at one point after the other, and has another run finish each time. */
async function killAtEach<Point>(
  kind: string,
  points: readonly Point[],
  attempt: (point: Point) => Promise<{ world: BootstrapWorld; killedAt: string | undefined }>,
): Promise<void> {
  const killed: string[] = [];
  for (const point of points) {
    const { world, killedAt } = await attempt(point);
    try {
      expect(killedAt).toBeDefined();
      await expectToGoOn(world, `${JSON.stringify(point)}: ${killedAt}`);
      killed.push(`${killedAt}`);
    } finally {
      await world.stop();
    }
  }
  const lines = killed.map((name, index) => `${index + 1} ${name}`).join("\n");
  process.stdout.write(`killed at ${killed.length} ${kind}, and went on each time:\n${lines}\n`);
}

test("killed before and after an external call, another run finishes: nothing is lost or made twice", () => {
  const points = calls
    .flatMap((call, index) => (ALL || CHANGES.test(call) ? [index + 1] : []))
    .flatMap((at) => [{ at, when: "before" } as const, { at, when: "after" } as const]);
  expect(points.length).toBeGreaterThan(10);
  return killAtEach("calls", points, async ({ at, when }) => {
    const world = await BootstrapWorld.start();
    const { node, env, read } = noting({ at, when }, world.folder);
    const { code } = await world.start(["--yes"], { node, env }).ended;
    const call = read().calls[at - 1];
    return { world, killedAt: code === -1 && call ? `${when} ${call}` : undefined };
  });
});

test("killed while Terraform makes an object, another run finishes: nothing is lost or made twice", () => {
  const points = expected.flatMap((_, index) => (ALL || index % 8 === 0 ? [index + 1] : []));
  return killAtEach("objects", points, async (point) => {
    let made = 0;
    let killedAt: string | undefined;
    let kill = () => {};
    const onCall: BootstrapWorldProps["onCall"] = ({ method, type }) => {
      if (method !== "ApplyResourceChange" || ++made !== point) return;
      killedAt = type;
      kill();
    };
    const delay = (method: string) => (method === "ApplyResourceChange" ? 50 : 0);
    const world = await BootstrapWorld.start({ onCall, delay });
    const { child, ended } = world.start();
    kill = () => child.kill("SIGKILL");
    await ended;
    return { world, killedAt };
  });
});
