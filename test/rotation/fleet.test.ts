import type { RotationWindow } from "../../lib/registry/rotation-window";
import { startOf } from "../../lib/rotation/due";
import type { ManagedCredential } from "../../lib/rotation/judge";
import { DEFAULT_LIMITS } from "../../lib/rotation/limits";
import { dueAmong, scheduleOf } from "../../lib/rotation/start-rotations";
import { NO_STATUS } from "../../lib/rotation/status";
import { FakeRate } from "../support/fakes/fake-rate";
import { Crowd, HOUR, MINUTE } from "./crowd";

// 50 organisations with 100 credentials each, all created in one apply. FLEET_TABLE=1 prints the figures.

const ORGS = 50;
const CREDENTIALS = 100;
// One rotation of each credential, or two.
const DAYS = process.env.FLEET_TABLE ? 200 : 100;
const ROTATION_DAYS = 90;
const DAY = 24 * HOUR;
const created = Date.parse("2026-11-28T10:30:00Z");

interface Plan {
  /** Whether the reconciler starts rotations, and not only Secrets Manager. */
  readonly starts: boolean;
  /** Whether such a start moves the next date of Secrets Manager's schedule. */
  readonly isMoved: boolean;
  readonly windows?: readonly RotationWindow[];
}

interface Figures {
  /** Most rotations that start at the same time. */
  mostAtOnce: number;
  mostAtOnceInOneOrg: number;
  oldestDays: number;
  rotations: number;
}

class Member {
  rotatedAt = created;
  startsAt = 0;
  readonly rate: FakeRate;

  constructor(
    readonly secretArn: string,
    private readonly plan: Plan,
  ) {
    this.rate = new FakeRate(ROTATION_DAYS, created, plan.isMoved);
    this.rotate(created);
  }

  rotate(now: number): void {
    this.rotatedAt = now;
    const { specification, history } = this.credential;
    const schedule = specification && scheduleOf(specification, history, this.plan.windows);
    this.startsAt = schedule ? startOf(schedule) : Number.NaN;
  }

  get credential(): ManagedCredential {
    const { secretArn, rotatedAt } = this;
    return {
      name: secretArn,
      specification: {
        secretArn,
        clientName: "Production-C",
        roleDivisions: [],
        accessTokenValiditySeconds: 3600,
        rotationDays: ROTATION_DAYS,
      },
      retiring: false,
      status: NO_STATUS,
      history: {
        versions: [{ id: `${rotatedAt}`, stages: ["AWSCURRENT"], createdAt: rotatedAt }],
        changedAt: rotatedAt,
        rotates: true,
      },
    };
  }
}

/** Lets the reconcilers of all organisations run every hour, in the same minute. */
function simulate(plan: Plan): Figures {
  const orgs = Array.from({ length: ORGS }, (_, org) =>
    Array.from({ length: CREDENTIALS }, (_, number) => {
      const name = `/genesys/production/org-${org}/c${number}-AbCdEf`;
      return new Member(`arn:aws:secretsmanager:us-east-1:111111111111:secret:${name}`, plan);
    }),
  );
  const figures = { mostAtOnce: 0, mostAtOnceInOneOrg: 0, oldestDays: 0, rotations: 0 };
  const count = (started: readonly (readonly Member[])[], now: number) => {
    const members = started.flat();
    const inOne = Math.max(...started.map(({ length }) => length));
    figures.mostAtOnce = Math.max(figures.mostAtOnce, members.length);
    figures.mostAtOnceInOneOrg = Math.max(figures.mostAtOnceInOneOrg, inOne);
    figures.rotations += members.length;
    for (const member of members) {
      figures.oldestDays = Math.max(figures.oldestDays, (now - member.rotatedAt) / DAY);
      member.rotate(now);
    }
  };
  const midnight = Math.floor(created / DAY) * DAY;
  for (let hour = midnight; hour < midnight + DAYS * DAY; hour += HOUR) {
    if (hour % DAY === 0) {
      const belts = orgs.map((org) => org.filter(({ rate }) => rate.opensAt <= hour));
      for (const { rate } of belts.flat()) rate.ran();
      count(belts, hour);
    }
    const run = hour + 7 * MINUTE;
    if (!plan.starts) continue;
    const starts = orgs.map((org) => {
      const due = org.filter(({ startsAt }) => startsAt <= run).map(({ credential }) => credential);
      if (due.length === 0) return [];
      const names = dueAmong(due, run, DEFAULT_LIMITS, plan.windows)
        .slice(0, DEFAULT_LIMITS.mostStarts)
        .map(({ name }) => name);
      return org.filter(({ secretArn }) => names.includes(secretArn));
    });
    for (const { rate } of starts.flat()) rate.rotatedByHand(run);
    count(starts, run);
  }
  return figures;
}

const most = (times: readonly number[]): number => {
  let first = 0;
  let found = 0;
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? 0) <= at - MINUTE) first += 1;
    found = Math.max(found, index - first + 1);
  }
  return found;
};

/** Lets credentials of one organisation rotate at once, as real code against a Genesys Cloud with limits. */
async function crowdOf(count: number) {
  const limits = { callsPerMinute: 300, loginsPerMinute: 300, isCold: true, pageSize: 25 };
  const crowd = new Crowd(limits);
  await crowd.clock.run(crowd.rotateAll("v1"));
  await crowd.clock.run(crowd.reconcileHourly(1));
  crowd.failures = 0;
  const before = crowd.accepted.length;
  const started = crowd.clock.now();
  await crowd.clock.run(Promise.all([crowd.rotateAll("v2", count), crowd.reconcileHourly(12)]));
  const longest = (ends: ReadonlyMap<string, number>) =>
    Math.max(...[...ends].map(([name, at]) => at - (crowd.movedAt.get(name) ?? 0)));
  return {
    callsPerMinute: most(crowd.accepted.slice(before)),
    failedAttempts: crowd.failures,
    minutesUntilTheLast: Math.round((Math.max(...crowd.movedAt.values()) - started) / MINUTE),
    minutesUntilNoToken: Math.round(longest(crowd.retiredAt) / MINUTE),
    hoursUntilDeleted: Math.round((longest(crowd.deletedAt) / HOUR) * 10) / 10,
    deleted: crowd.deletedAt.size,
  };
}

const rows: (readonly string[])[] = [];
afterAll(() => {
  if (!process.env.FLEET_TABLE) return;
  process.stdout.write(`${rows.map((row) => row.join("  ")).join("\n")}\n`);
});
const record = (of: string, figures: object) => {
  for (const [name, value] of Object.entries(figures)) rows.push([`${of}:`, name, `${value}`]);
};

describe(`${ORGS} organisations with ${CREDENTIALS} credentials, over ${DAYS} days`, () => {
  test("Secrets Manager alone starts all of them at the same midnight", () => {
    const figures = simulate({ starts: false, isMoved: false });
    record("Secrets Manager alone", figures);
    expect(figures).toMatchObject({ mostAtOnce: 5000, mostAtOnceInOneOrg: 100 });
  });

  test.each([
    ["a start moves Secrets Manager's date", { starts: true, isMoved: true }],
    [
      "a start moves Secrets Manager's date, at night only",
      { starts: true, isMoved: true, windows: [{ from: "02:00", to: "05:00" }] },
    ],
  ])("the reconciler spreads them: %s", (name, plan) => {
    const figures = simulate(plan);
    record(name, figures);
    expect(figures.mostAtOnceInOneOrg).toBeLessThanOrEqual(DEFAULT_LIMITS.mostStarts);
    // Of all 5,000; AWS accepts 50 calls of RotateSecret per second, and each run calls it in turn.
    expect(figures.mostAtOnce).toBeLessThan(250);
    expect(figures.oldestDays).toBeLessThanOrEqual(ROTATION_DAYS);
  });

  test("if a start does not move Secrets Manager's date, that comes in addition", () => {
    const figures = simulate({ starts: true, isMoved: false });
    record("a start does not move Secrets Manager's date", figures);
    expect(figures).toMatchObject({ mostAtOnce: 5000, mostAtOnceInOneOrg: 100 });
    expect(figures.oldestDays).toBeLessThanOrEqual(ROTATION_DAYS);
  });
});

describe("Genesys Cloud's limit of 300 calls a minute is kept, and no attempt fails, when", () => {
  test.each([
    ["one run starts as many as it may", DEFAULT_LIMITS.mostStarts, 150],
    ["all credentials of an organisation rotate at once", CREDENTIALS, 300],
  ])(
    "%s",
    async (name, count, mostCalls) => {
      const figures = await crowdOf(count);
      record(name, figures);
      expect(figures.callsPerMinute).toBeLessThanOrEqual(mostCalls);
      expect(figures).toMatchObject({ failedAttempts: 0, deleted: count });
      expect(figures.minutesUntilNoToken).toBeLessThanOrEqual(90);
    },
    120_000,
  );
});
