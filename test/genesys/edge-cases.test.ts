import { PlatformApi } from "../../lib/genesys/platform-api";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys } from "../support/fakes/fake-genesys";
import { HeldClock } from "../support/fakes/held-clock";

// The edge cases of "Secure Development Lifecycle Practices for Custom Genesys Cloud Integrations".

test("edge case 1, credential rotation failure during deployment: the old token keeps working until the new credential is verified and in use", async () => {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock, lag: 45_000 });
  const as = ({ id, secret = "" }: { readonly id: string; readonly secret?: string }) =>
    new PlatformApi({
      region: "eu-central-1",
      clientId: id,
      clientSecret: secret,
      endpoints: FAKE_ENDPOINTS,
      fetch: genesys.fetch,
      clock,
      timeout: Number.POSITIVE_INFINITY,
    });
  const rotator = as(genesys.seed({ name: "master" }));
  const before = genesys.seed({ name: "prod-example", accessTokenValiditySeconds: 3_600 });
  const consumer = as(before);
  const owner = async (api: PlatformApi) => (await api.tokenOwner()).OAuthClient?.id;
  expect(await owner(consumer)).toBe(before.id);

  const after = await rotator.createOAuthClient({
    name: "prod-example",
    authorizedGrantType: "CLIENT-CREDENTIALS",
    accessTokenValiditySeconds: 3_600,
    roleDivisions: [],
    state: "active",
  });
  // The new client is not known everywhere yet, which shows before anybody depends on it.
  await expect(owner(as(after))).rejects.toMatchObject({ status: 401 });
  expect(await owner(consumer)).toBe(before.id);
  clock.advance(45_000);
  expect(await owner(as(after))).toBe(after.id);

  // In the overlap both work. Then the old one gets no new tokens, and its token stays valid.
  expect(await owner(as(before))).toBe(before.id);
  await rotator.updateOAuthClient(before.id, { state: "inactive" });
  await expect(owner(as(before))).rejects.toMatchObject({ status: 401 });
  expect(await owner(consumer)).toBe(before.id);

  clock.advance(3_600_000);
  await rotator.deleteOAuthClient(before.id);
  expect(genesys.cutOff).toEqual([]);
  expect(await owner(as(after))).toBe(after.id);
});

test("edge case 2, rate limit exhaustion during peak load: a storm of 429 loses no call, and paces itself", async () => {
  const clock = new HeldClock();
  const start = clock.now();
  const sent: number[] = [];
  const reported: Error[] = [];
  let made = 0;
  // Other clients have used up most of this minute's requests; the minute ends in 20 s.
  const room = 50;
  const fetch = async (url: string) => {
    const after = clock.now() - start;
    sent.push(after);
    if (after < 20_000 && sent.length > room) {
      const headers = { "retry-after": `${Math.ceil((20_000 - after) / 1000)}` };
      const code = "too.many.requests.retry.after";
      return new Response(JSON.stringify({ code }), { status: 429, headers });
    }
    if (url.endsWith("/oauth/token")) {
      return new Response('{"access_token":"test-token","expires_in":3600}');
    }
    return new Response(JSON.stringify({ id: `client-${++made}`, name: "prod-example" }));
  };
  const api = new PlatformApi({
    region: "eu-central-1",
    clientId: "test-client",
    clientSecret: "test-secret",
    fetch: fetch as typeof globalThis.fetch,
    clock,
    onGiveUp: (error) => reported.push(error),
  });
  const create = () =>
    api.createOAuthClient({
      name: "prod-example",
      authorizedGrantType: "CLIENT-CREDENTIALS",
      accessTokenValiditySeconds: 3_600,
      roleDivisions: [],
      state: "active",
    });
  const storm = Array.from({ length: 200 }, create);
  const late = clock.sleep(10_000).then(() => Promise.all(Array.from({ length: 20 }, create)));
  await clock.run(Promise.all([...storm, late]));

  expect(made).toBe(220);
  expect(reported).toEqual([]);
  const later = sent.filter((after) => after > 0);
  // Nothing is sent before the API allows it, not even calls that came in the meantime.
  expect(Math.min(...later)).toBeGreaterThanOrEqual(20_000);
  // After that 300 are sent per minute, without a burst in any second.
  for (const second of later) {
    expect(later.filter((after) => after >= second && after < second + 1_000).length).toBeLessThan(
      7,
    );
  }
});
