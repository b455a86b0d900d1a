import { lockEventsIn } from "../support/lock-events";
import { Runners } from "../support/runners";
import { expectOwnKeys } from "../support/state-writes";
import { describeWithTerraform } from "../support/terraform";

jest.setTimeout(60_000);

const KEY = "orgs/org-1/terraform.tfstate";

describeWithTerraform("runs of one organisation with different lock modes", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start();
  });
  afterEach(async () => {
    await runners.stop();
    expectOwnKeys(runners.store.log);
  });

  // Each looks for a lock where the other has none. Hence `both`, while some runners of an org
  // know only the table.
  test("`s3` and `dynamodb` do not exclude each other, and the work of one is lost", async () => {
    const [withFile, withTable] = await runners.ofOneOrg("s3", "dynamodb");
    const held = await Promise.all([withFile.hold(), withTable.hold()]);
    const places = (await runners.store.locksOf(KEY)).map(({ where }) => where);
    expect(places).toEqual(["s3", "dynamodb"]);

    for (const run of held) expect(await run.release()).toMatchObject({ code: 0, stderr: "" });
    expect(lockEventsIn(runners.store.log).map(({ what }) => what)).not.toContain("refused");
    // The first state of two applies.
    expect(JSON.parse((await runners.store.object(KEY)) ?? "")).toMatchObject({ serial: 1 });
  });

  test.each([
    ["both", "s3"],
    ["s3", "both"],
    ["both", "dynamodb"],
    ["dynamodb", "both"],
  ] as const)("`%s` keeps out `%s`", async (holder, other) => {
    const [first, second] = await runners.ofOneOrg(holder, other);
    const held = await first.hold();
    const locks = await runners.store.locksOf(KEY);

    const { code, stderr } = await second.apply();
    expect(code).toBe(1);
    expect(stderr).toContain(`ID:        ${locks[0]?.info.ID}`);
    // The refused run leaves none of its own behind.
    expect(await runners.store.locksOf(KEY)).toEqual(locks);
    expect(await held.release()).toMatchObject({ code: 0, stderr: "" });
  });
});

describeWithTerraform("on a store that ignores conditions of writes", () => {
  let runners: Runners;
  beforeEach(async () => {
    runners = await Runners.start({ conditionalWrites: false });
  });
  afterEach(() => runners.stop());

  test("`s3` locks nothing", async () => {
    const machines = await runners.ofOneOrg("s3", "s3");
    await Promise.all(machines.map((machine) => machine.hold()));
    expect(lockEventsIn(runners.store.log).map(({ what }) => what)).toEqual(["taken", "taken"]);
  });

  test("`dynamodb` locks", async () => {
    const [first, second] = await runners.ofOneOrg("dynamodb", "dynamodb");
    const held = await first.hold();
    expect(await second.apply()).toMatchObject({ code: 1 });
    expect(await held.release()).toMatchObject({ code: 0, stderr: "" });
  });

  test("`both` locks, but a refused run removes the lock file of the one that holds", async () => {
    const [first, second] = await runners.ofOneOrg("both", "both");
    const held = await first.hold();
    expect(await second.apply()).toMatchObject({ code: 1 });
    const places = (await runners.store.locksOf(KEY)).map(({ where }) => where);
    expect(places).toEqual(["dynamodb"]);
    const { code, stderr } = await held.release();
    expect(code).toBe(1);
    expect(stderr).toContain("Error releasing the state lock");
    expect(await runners.store.locksOf(KEY)).toEqual([]);
  });
});
