import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BootstrapWorld, type BootstrapWorldProps, objectsIn } from "../support/bootstrap-world";
import { noting } from "../support/killed-command";

jest.setTimeout(60 * 60_000);

const HOME_STATE = "home/terraform.tfstate";
// What a bootstrap creates, by the states that a run has which nobody killed.
let expected: string[];

beforeAll(async () => {
  const world = await BootstrapWorld.start();
  expect(await world.bootstrap("--yes")).toMatchObject({ code: 0 });
  expected = await world.managedObjects();
  expect(world.made).toHaveLength(expected.length);
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

/** Kills a bootstrap at every point of a kind, one after the other, until there is none left. */
async function killAtEach(
  kind: string,
  attempt: (point: number) => Promise<{ world: BootstrapWorld; killedAt?: string }>,
): Promise<void> {
  const killed: string[] = [];
  for (let point = 1; ; point++) {
    const { world, killedAt } = await attempt(point);
    try {
      if (killedAt === undefined) break;
      await expectToGoOn(world, `${point}: ${killedAt}`);
      killed.push(killedAt);
    } finally {
      await world.stop();
    }
  }
  const lines = killed.map((name, index) => `${index + 1} ${name}`).join("\n");
  process.stdout.write(`killed at ${killed.length} ${kind}, and went on each time:\n${lines}\n`);
  expect(killed.length).toBeGreaterThan(30);
}

test("killed at any external call, another run finishes: nothing is lost or made twice", () =>
  killAtEach("calls", async (point) => {
    const world = await BootstrapWorld.start();
    // Each call twice: before it begins, and when it has ended.
    const at = Math.ceil(point / 2);
    const when = point % 2 === 1 ? "before" : "after";
    const { node, env, read } = noting({ at, when }, world.folder);
    const { code } = await world.start(["--yes"], { node, env }).ended;
    const call = read().calls[at - 1];
    if (code === -1 || call === undefined) return { world, killedAt: call && `${when} ${call}` };
    throw new Error(`${call} did not end`);
  }));

test("killed while Terraform makes any object, another run finishes: nothing is lost or made twice", () =>
  killAtEach("objects", async (point) => {
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
  }));
