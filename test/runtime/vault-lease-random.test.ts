import { JWT, ROLE } from "./fake-lease-vault";
import { ADDRESS, type Fault, leaseWorld, leasing } from "./lease-world";

const STEPS = Number(process.env.LEASE_STEPS ?? 10_000);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Returns random numbers that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const login = async () => ({ mount: "jwt", role: ROLE, proof: { role: ROLE, jwt: JWT } });

/** One consumer after the other in a world where much goes wrong. */
async function run(seed: number) {
  const random = randomOf(seed);
  const chance = (share: number) => random() < share;
  const pick = <Item>(...items: readonly Item[]) =>
    items[Math.floor(random() * items.length)] as Item;
  const world = leaseWorld({ first: 600, ttl: 3600, maxTtl: 6 * 3600 });
  const { vault, clock, org, misuses } = world;
  const start = () =>
    leasing({ kind: pick("token", "creds"), ...(chance(0.3) && { login }) }, world, random);

  /** Share of requests to Vault that fail. */
  let faulty = 0;
  let troubledAt = clock.now();
  world.fault = () => (chance(faulty) ? pick<Fault>("sealed", "no request", "no answer") : "none");

  function disturb(): void {
    troubledAt = clock.now();
    const lease = pick(...vault.alive());
    const disturbances = [
      () => lease && vault.endLease(lease),
      () => lease?.kind === "creds" && org.deactivate(lease.clientId),
      () => lease && vault.endToken(lease.vaultToken),
      () => world.endAccessTokens(),
      () =>
        vault.denied.add(pick("PUT sys/leases/renew", "GET genesyscloud/na-prod/token/crm-sync")),
      () => vault.rotateRoleClient(),
    ];
    pick(...disturbances)();
    vault.tokens.set("test-secret-given-token", Number.POSITIVE_INFINITY);
  }

  const wrong = new Set<string>();
  const known = () => vault.alive().filter(({ lost }) => !lost);
  let consumer = start();
  const seen = { calls: 0, failed: 0, leases: 0, closed: 0 };

  async function call(): Promise<void> {
    const isHealthy = faulty === 0 && vault.denied.size === 0;
    const mustWork = isHealthy && clock.now() > troubledAt + 61 * SECOND;
    const outcome = await consumer.status().catch(({ message }: Error) => message);
    seen.calls += 1;
    if (outcome === 200) return;
    seen.failed += 1;
    if (mustWork) wrong.add(`${outcome} although nothing is wrong`);
    if (typeof outcome === "string" && !outcome.includes(ADDRESS)) wrong.add(outcome);
  }

  /** Checks that besides the newest lease there is only one that was replaced a moment ago. */
  function checkLeases(calledAt: number): void {
    const issued = known().map(({ issuedAt }) => issuedAt);
    const isOverlap = calledAt < Math.max(...issued) + MINUTE;
    if (issued.length > 1 && !(isOverlap && issued.length <= 3))
      wrong.add(`${issued.length} leases`);
  }

  for (let step = 0; step < STEPS; step++) {
    clock.advance(chance(0.02) ? random() * 8 * 60 * MINUTE : random() * 2 * MINUTE);
    if (chance(0.02)) {
      faulty = pick(0, 0, 0.2, 1);
      vault.denied.clear();
      troubledAt = clock.now();
    }
    if (chance(0.02)) disturb();
    const calledAt = clock.now();
    const calls = Promise.all(Array.from({ length: pick(1, 1, 2, 5) }, call));
    const isLast = chance(0.01) || step === STEPS - 1;
    if (!isLast) await calls;
    await world.settled();
    if (!isLast) {
      checkLeases(calledAt);
      continue;
    }
    troubledAt = clock.now();
    await Promise.all([consumer.credentials.close(), calls]);
    await world.settled();
    seen.closed += 1;
    if (known().length > 0) wrong.add(`${known().length} leases after the end`);
    const told = consumer.problems.filter((problem) => problem.includes("test-secret"));
    for (const each of told) wrong.add(each);
    consumer = start();
  }
  seen.leases = vault.leases.size;
  return { wrong: [...wrong], misuses, seen };
}

test(`${STEPS} steps with failures: one lease at a time, none is used after its end, and none is left`, async () => {
  const { wrong, misuses, seen } = await run(1);
  expect([wrong, misuses]).toEqual([[], []]);
  // The run met what it is about.
  expect(seen.failed).toBeGreaterThan(seen.calls / 100);
  expect(seen.failed).toBeLessThan(seen.calls / 2);
  expect(seen.leases).toBeGreaterThan(STEPS / 50);
  expect(seen.closed).toBeGreaterThan(STEPS / 200);
}, 120_000);
