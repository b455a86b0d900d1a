import fc from "fast-check";
import {
  type Answers,
  type Crash,
  type Credential,
  RotationWorld,
  STEPS,
  type Turn,
} from "./rotation-world";

// The nightly workflow has many more.
const RUNS = Number(process.env.ROTATION_RUNS ?? 100);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ACCOUNTS = ["111111111111", "222222222222"];

// Mostly one of the credentials, so that more happens to it.
const credential = fc.constantFrom(0, 0, 0, 1, 2, 2);
const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 16 }), before: fc.boolean() }),
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
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("deactivate" as const, "renew" as const, "remove" as const),
      credential,
      label: fc.constantFrom("AWSPENDING", "AWSCURRENT", "AWSPREVIOUS"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("copy" as const), credential }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("integrate" as const, "disintegrate" as const),
      credential,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("refuse" as const), credential, ends: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("retire and undo" as const), credential, crash }),
  },
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
    case "deactivate":
    case "renew":
    case "remove":
      return world[what.kind](of(what.credential), what.label);
    case "copy":
      return world.copy(of(what.credential));
    case "integrate":
    case "disintegrate":
      return world[what.kind](of(what.credential));
    case "refuse":
      return world.refuse(what.ends ? undefined : of(what.credential));
    case "retire and undo":
      return retireAndUndo(world, of(what.credential), what.crash, turn);
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

/** Retires a credential and changes one's mind, while other runs are in progress. */
async function retireAndUndo(
  world: RotationWorld,
  credential: Credential,
  crash: Crash | undefined,
  turn: Turn,
): Promise<void> {
  const account = credential.secret.arn.split(":")[4] as string;
  credential.overlapping = undefined;
  credential.retiring = true;
  const other = world.tryReconcile(account, turn);
  await world.tryReconcile(account, turn, crash);
  credential.undone = true;
  credential.retiring = false;
  await Promise.all([other, world.tryReconcile(account, turn)]);
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
  world.refuse(undefined);
  world.clock.advance(5 * MINUTE);
  for (const account of ACCOUNTS) await world.tryReconcile(account, turn);
  for (const credential of credentials) {
    // A version that was given up needs another rotation.
    for (let attempt = 0; attempt < 4; attempt++) {
      await world.tryRotation(credential, turn);
      const current = credential.secret.idOf("AWSCURRENT");
      if (current !== undefined && credential.broken !== current) break;
      world.clock.advance(10 * MINUTE);
      world.startRotation(credential);
    }
  }
  // Now reconcilers start the rotations.
  for (let day = 0; day < 2; day++) {
    world.clock.advance(DAY);
    for (const account of ACCOUNTS) await world.tryReconcile(account, turn);
    for (const credential of credentials) await world.tryRotation(credential, turn);
  }
  // And now none is due any more.
  for (const credential of credentials) {
    credential.specification = { ...credential.specification, rotationDays: 365 };
  }
  for (const days of [1, 1, 1, 1, 1, 1, 8, 1, 8]) {
    world.clock.advance(days * DAY);
    for (const account of ACCOUNTS) await world.tryReconcile(account, turn);
  }
}

const answers: fc.Arbitrary<Answers> = fc.record({
  lag: fc.constantFrom(0, 5_000, 30_000),
  creators: fc.boolean(),
  modifies: fc.boolean(),
  afterDelete: fc.constantFrom(undefined, "deleted" as const, "inactive" as const),
  labelsAreChanges: fc.boolean(),
  keepsPending: fc.boolean(),
});

/** Clients that are left, without those that are reported because nothing proves that they are ours. */
const provenClientsOf = (world: RotationWorld, { secret }: Credential) => {
  const unproven = [...world.unproven.values()].flat();
  return world.clientsOf(secret.arn).filter(({ id }) => !unproven.includes(id));
};

test(
  `whatever happens, the current credential works, and nothing old stays (${RUNS} runs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 14 }),
        answers,
        fc.scheduler(),
        crash,
        async (events, unknowns, scheduler, last) => {
          const world = new RotationWorld(unknowns);
          const turn = () => scheduler.schedule(Promise.resolve());
          for (const each of events) {
            await scheduler.waitFor(happen(world, each, turn));
            world.check();
          }
          await calmDown(world);
          world.check();
          for (const credential of world.credentials) {
            const { secret, specification } = credential;
            const current = secret.idOf("AWSCURRENT");
            expect(current).toBeDefined();
            // AWS refuses the next rotation as long as it is stuck.
            expect(secret.idOf("AWSPENDING")).toBeUndefined();
            const clients = provenClientsOf(world, credential);
            if (unknowns.creators) expect(world.clientsOf(secret.arn)).toEqual(clients);
            expect(clients.map(({ fields }) => fields.name)).toEqual([
              `${specification.clientName}#${current}`,
            ]);
            expect(clients[0]?.fields.roleDivisions).toEqual(specification.roleDivisions);
            const { clientId, clientSecret } = JSON.parse(secret.get(`${current}`, "AWSCURRENT"));
            if (world.isIntegrated(credential)) {
              expect(world.integratedIn(credential)).toEqual({ clientId, clientSecret });
            }
          }
          const [retired, ...others] = world.credentials;
          if (retired) await scheduler.waitFor(retire(world, retired, last, turn));
          await calmDown(world, others);
          world.check();
          expect(retired && provenClientsOf(world, retired)).toEqual([]);
          for (const other of others) expect(provenClientsOf(world, other)).toHaveLength(1);
        },
      ),
      { numRuns: RUNS },
    );
  },
  Math.max(600_000, RUNS * 1000),
);
