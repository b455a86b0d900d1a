import fc from "fast-check";
import { type Crash, type Credential, RotationWorld, STEPS, type Turn } from "./rotation-world";

const RUNS = Number(process.env.ROTATION_RUNS ?? 10_000);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ACCOUNTS = ["111111111111", "222222222222"];

// Mostly one of the credentials, so that more happens to it.
const credential = fc.constantFrom(0, 0, 0, 1, 2, 2);
const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 14 }), before: fc.boolean() }),
  { nil: undefined, freq: 2 },
);
const faults = fc.array(
  fc.constantFrom("none", "none", "429", "503", "no request", "no answer", "partial list" as const),
  { maxLength: 8 },
);
const account = fc.constantFrom(...ACCOUNTS);

/** The next event. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("rotate" as const), credential, crash }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("retry" as const), credential, crash }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reconcile" as const), account, crash }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("quarters" as const), account }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("both" as const),
      credential,
      crash,
      other: crash,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("faults" as const), faults }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      milliseconds: fc.constantFrom(MINUTE, 16 * MINUTE, 80 * MINUTE, DAY, 3 * DAY),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("use" as const), credential }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("roll back" as const), credential }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("abandon" as const), credential }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("specify" as const), credential }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sabotage" as const), credential }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("step" as const),
      credential,
      step: fc.constantFrom(...STEPS),
      label: fc.constantFrom("AWSPENDING", "AWSPENDING", "AWSCURRENT", "AWSPREVIOUS", "none"),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

async function happen(world: RotationWorld, what: Event, turn: Turn): Promise<void> {
  const of = (index: number) => world.credentials[index] as (typeof world.credentials)[number];
  switch (what.kind) {
    case "rotate":
      world.startRotation(of(what.credential));
      return world.tryRotation(of(what.credential), turn, what.crash);
    case "retry":
      return world.tryRotation(of(what.credential), turn, what.crash);
    case "reconcile":
      return world.tryReconcile(what.account, turn, what.crash);
    case "quarters":
      for (let quarter = 0; quarter < 3; quarter++) {
        world.clock.advance(16 * MINUTE);
        await world.tryReconcile(what.account, turn);
      }
      return;
    case "both":
      world.startRotation(of(what.credential));
      await Promise.all([
        world.tryRotation(of(what.credential), turn, what.crash),
        ...ACCOUNTS.map((each) => world.tryReconcile(each, turn, what.other)),
      ]);
      return;
    case "faults":
      world.faults.push(...what.faults);
      return;
    case "wait":
      world.clock.advance(what.milliseconds);
      return;
    case "use":
      return world.use(of(what.credential));
    case "roll back":
      return world.rollBack(of(what.credential));
    case "abandon": {
      const { secret } = of(what.credential);
      const pending = secret.idOf("AWSPENDING");
      if (pending !== undefined) secret.move("AWSPENDING", undefined, pending);
      return;
    }
    case "sabotage":
      return world.sabotage(of(what.credential));
    case "specify": {
      const credential = of(what.credential);
      const { roleDivisions } = credential.specification;
      const roleId = `role-${roleDivisions.length + 1}`;
      credential.specification = {
        ...credential.specification,
        roleDivisions: [...roleDivisions, { roleId, divisionId: "*" }],
      };
      return;
    }
    case "step":
      return world.tryStep(of(what.credential), what.step, what.label, turn);
  }
}

/** Retires a credential while it rotates. */
async function retire(
  world: RotationWorld,
  credential: Credential,
  last: Crash | undefined,
  turn: Turn,
): Promise<void> {
  world.startRotation(credential);
  const rotation = world.tryRotation(credential, turn);
  credential.retiring = true;
  await Promise.all([rotation, ...ACCOUNTS.map((each) => world.tryReconcile(each, turn, last))]);
  await world.tryRotation(credential, turn, last);
}

/** Lets everything go well until nothing old is left. */
async function calmDown(world: RotationWorld, credentials = world.credentials): Promise<void> {
  const turn = async () => {};
  world.faults.length = 0;
  world.clock.advance(5 * MINUTE);
  for (const credential of credentials) {
    await world.tryRotation(credential, turn);
    if (credential.secret.idOf("AWSCURRENT") === undefined) {
      world.startRotation(credential);
      await world.tryRotation(credential, turn);
    }
  }
  for (let run = 0; run < 8; run++) {
    world.clock.advance(DAY);
    for (const account of ACCOUNTS) await world.tryReconcile(account, turn);
  }
}

test(`whatever happens, the current credential works, and nothing old stays (${RUNS} runs)`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 14 }),
      fc.constantFrom(0, 5_000, 30_000),
      fc.scheduler(),
      crash,
      async (events, lag, scheduler, last) => {
        const world = new RotationWorld(lag);
        const turn = () => scheduler.schedule(Promise.resolve());
        for (const each of events) {
          await scheduler.waitFor(happen(world, each, turn));
          world.check();
        }
        await calmDown(world);
        world.check();
        for (const { secret, specification } of world.credentials) {
          const current = secret.idOf("AWSCURRENT");
          expect(current).toBeDefined();
          const clients = world.clientsOf(secret.arn);
          expect(clients.map(({ fields }) => fields.name)).toEqual([
            `${specification.clientName}#${current}`,
          ]);
          expect(clients[0]?.fields.roleDivisions).toEqual(specification.roleDivisions);
        }
        const [retired, ...others] = world.credentials;
        if (retired) await scheduler.waitFor(retire(world, retired, last, turn));
        await calmDown(world, others);
        world.check();
        expect(retired && world.clientsOf(retired.secret.arn)).toEqual([]);
        for (const { secret } of others) expect(world.clientsOf(secret.arn)).toHaveLength(1);
      },
    ),
    { numRuns: RUNS },
  );
}, 600_000);
