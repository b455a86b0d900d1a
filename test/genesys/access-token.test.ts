import { PlatformApi } from "../../lib/genesys/platform-api";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys } from "../support/fakes/fake-genesys";

function scene() {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock });
  const client = genesys.seed({ name: "A", accessTokenValiditySeconds: 3600 });
  const api = new PlatformApi({
    region: "us-east-1",
    clientId: client.id,
    clientSecret: client.secret,
    endpoints: FAKE_ENDPOINTS,
    clock,
    fetch: genesys.fetch,
    timeout: Number.POSITIVE_INFINITY,
  });
  const minted = () => genesys.calls.filter((call) => call === "POST /oauth/token").length;
  return { api, clock, genesys, client, minted };
}

test("one token serves all calls, those at the same time among them", async () => {
  const { api, minted } = scene();
  await Promise.all([api.organizationId(), api.organizationId(), api.tokenOwner()]);
  await api.organizationId();
  expect(minted()).toBe(1);
});

test("it is not used in its last minute", async () => {
  const { api, clock, minted } = scene();
  await api.organizationId();
  clock.advance(3_538_000);
  await api.organizationId();
  expect(minted()).toBe(1);
  clock.advance(1_000);
  await api.organizationId();
  expect(minted()).toBe(2);
});

test("one that ended before its time is replaced once, and the call goes on", async () => {
  const { api, genesys, minted } = scene();
  await api.organizationId();
  genesys.endTokens();
  expect(await api.organizationId()).toMatch(/^1111/);
  expect(minted()).toBe(2);
});

test("a credential that does not work is an error that has neither id nor secret", async () => {
  const { api, client } = scene();
  client.secret = "test-secret-other";
  await expect(api.tokenOwner()).rejects.toThrow(
    /^POST \/oauth\/token: HTTP 401 invalid_client authentication failed$/,
  );
});

test("credential rotation: the old client's tokens go on, and the new one is verified before use", async () => {
  const { api, genesys, client, clock } = scene();
  await api.organizationId();
  client.fields.state = "inactive";
  expect(await api.organizationId()).toMatch(/^1111/);
  clock.advance(3_600_000);
  await expect(api.organizationId()).rejects.toThrow("invalid_client");
  const next = genesys.seed({ name: "B" });
  const fresh = new PlatformApi({
    region: "us-east-1",
    clientId: next.id,
    clientSecret: next.secret,
    endpoints: FAKE_ENDPOINTS,
    clock,
    fetch: genesys.fetch,
  });
  expect((await fresh.tokenOwner()).OAuthClient?.id).toBe(next.id);
});

test("hosts follow from the region", async () => {
  const urls: string[] = [];
  const spy = (async (url: string) => {
    urls.push(url);
    return new Response('{"access_token":"t","expires_in":3600,"id":"o"}', { status: 200 });
  }) as unknown as typeof fetch;
  const api = new PlatformApi({
    region: "eu-central-1",
    clientId: "a",
    clientSecret: "b",
    fetch: spy,
  });
  await api.organizationId();
  expect(urls).toEqual([
    "https://login.mypurecloud.de/oauth/token",
    "https://api.mypurecloud.de/api/v2/organizations/me",
  ]);
});
