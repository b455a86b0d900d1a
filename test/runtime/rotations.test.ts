import { DEFAULT_LIMITS } from "../../lib/rotation/limits";
import { GenesysCredentials, type SecretSource } from "../../lib/runtime";
import { readCredential } from "../../lib/secret-value/credential-value";
import { FAKE_ENDPOINTS } from "../support/fakes/fake-genesys";
import { consumerWorld, SECRET } from "./consumer-world";

const ME = "/api/v2/tokens/me";
const MINUTE = 60_000;
// Every ten are a day. The nightly workflow has 100.
const ROTATIONS = Number(process.env.ROTATIONS ?? 20);
/** One call in a minute, so that caches matter, and one rotation after so many of them. */
const CALLS = 144;

type World = ReturnType<typeof consumerWorld>;

/** Lets time pass with rotations, and the retirements that follow them; returns what failed. */
async function consume(world: World, call: () => Promise<boolean>) {
  let failed = 0;
  for (let rotation = 0; rotation < ROTATIONS; rotation++) {
    const ending: { readonly id?: string; readonly inactive: number; readonly deleted: number }[] =
      [];
    for (let tick = 0; tick < CALLS; tick++) {
      if (tick === 0) {
        const inactive = world.clock.now() + DEFAULT_LIMITS.overlap;
        const deleted = inactive + 60 * MINUTE + DEFAULT_LIMITS.skew;
        ending.push({ id: world.rotate(), inactive, deleted });
      }
      for (const { id, inactive, deleted } of ending) {
        if (world.clock.now() >= inactive) world.deactivate(id);
        if (world.clock.now() >= deleted) world.end(id);
      }
      if (!(await call())) failed += 1;
      // Not on the ticks of the cache.
      world.clock.advance(MINUTE + (tick % 7) * 1000);
    }
  }
  const days = Math.round((ROTATIONS * CALLS) / (24 * 60));
  const { calls, reads, logins, refused } = world.counts;
  return { days, calls, failed, refused, logins, reads };
}

const withRuntime = (world: World, source: SecretSource) => {
  const credentials = new GenesysCredentials({
    secretId: SECRET,
    source,
    fetch: world.fetch,
    clock: world.clock,
    endpoints: FAKE_ENDPOINTS,
  });
  return async () => (await credentials.fetchWithToken(ME)).status === 200;
};

/** A consumer as many are written: the value of the start, and a token until it is refused. */
const naive = (world: World) => {
  let value: ReturnType<typeof readCredential> | undefined;
  let token: string | undefined;
  return async () => {
    value ??= readCredential((await world.direct.read(SECRET, false)).text, SECRET);
    const { clientId, clientSecret } = value;
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
    const call = () =>
      world.fetch(`${FAKE_ENDPOINTS.api}${ME}`, { headers: { authorization: `Bearer ${token}` } });
    if (token !== undefined && (await call()).status === 200) return true;
    const login = await world.fetch(`${FAKE_ENDPOINTS.login}/oauth/token`, {
      method: "POST",
      headers: { authorization },
      body: "grant_type=client_credentials",
    });
    token = (JSON.parse(await login.text()) as { access_token?: string }).access_token;
    return (await call()).status === 200;
  };
};

describe(`${ROTATIONS} rotations, with a call every minute`, () => {
  const results: Record<string, unknown>[] = [];
  // Shown where somebody looks for figures: `npx jest runtime/rotations`.
  afterAll(() => {
    if (process.argv.some((argument) => argument.includes("rotations"))) console.table(results);
  });

  test.each([
    ["SDK", (world: World) => world.direct],
    // Their requests are in sources.test.ts; here both are a cache of five minutes, with a way past it.
    ["extension or agent", (world: World) => world.cached()],
  ] as const)("%s: no call fails", async (name, sourceOf) => {
    const world = consumerWorld();
    const result = await consume(world, withRuntime(world, sourceOf(world)));
    results.push({ consumer: name, ...result });
    expect(result).toMatchObject({ days: ROTATIONS / 10, failed: 0, refused: 0 });
    // One read in four minutes at most, and one login in an hour and at each rotation.
    expect(result.reads).toBeLessThan(result.calls / 3);
    expect(result.logins).toBeLessThan(result.days * 25 + 2 * ROTATIONS);
  });

  test("a naive consumer fails from the first retirement on", async () => {
    const world = consumerWorld();
    const result = await consume(world, naive(world));
    results.push({ consumer: "naive", ...result });
    expect(result.failed).toBeGreaterThan(result.days * 100);
  });
});
