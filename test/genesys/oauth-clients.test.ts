import { PlatformApi } from "../../lib/genesys/platform-api";
import { reconcile } from "../../lib/rotation/reconcile";
import { NO_STATUS } from "../../lib/rotation/status";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys, type Fault } from "../support/fakes/fake-genesys";

function setUp(fault: (call: string) => Fault = () => "none", pageSize = 2) {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock, pageSize, fault });
  const master = genesys.seed({ name: "Production-Rotator" });
  const api = new PlatformApi({
    region: "us-east-1",
    clientId: master.id,
    clientSecret: master.secret,
    endpoints: FAKE_ENDPOINTS,
    clock,
    fetch: genesys.fetch,
    timeout: Number.POSITIVE_INFINITY,
  });
  return { api, genesys, clock };
}

describe("the list of clients", () => {
  test("has those of all pages, each once", async () => {
    const { api, genesys } = setUp();
    for (let number = 0; number < 4; number++) genesys.seed({ name: `client ${number}` });
    const ids = (await api.oauthClients()).map(({ id }) => id);
    expect(ids).toEqual([...genesys.clients.keys()]);
  });

  test("of 500 clients needs a token, and a call for each page of 25", async () => {
    const { api, genesys } = setUp(undefined, 25);
    for (let number = 1; number < 500; number++) genesys.seed({ name: `client ${number}` });
    expect(await api.oauthClients()).toHaveLength(500);
    expect(genesys.calls).toHaveLength(21);
  });

  test("is an error if it lacks the client that asks, whatever its total says", async () => {
    const { api, genesys } = setUp((call) =>
      call === "GET /api/v2/oauth/clients" ? "partial list" : "none",
    );
    genesys.seed({ name: "another" });
    await expect(api.oauthClients()).rejects.toThrow("the list is incomplete");
  });

  test("that is incomplete makes the reconciler change nothing", async () => {
    const { api, genesys, clock } = setUp((call) =>
      call === "GET /api/v2/oauth/clients" ? "partial list" : "none",
    );
    const secretArn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/c-AbCdEf";
    genesys.seed({ name: "Production-C#gone", description: secretArn });
    const specification = {
      secretArn,
      clientName: "Production-C",
      roleDivisions: [],
      accessTokenValiditySeconds: 3600,
      rotationDays: 30,
    };
    const stored = { name: "c", specification, retiring: false, status: NO_STATUS };
    const run = (credentials: (typeof stored)[]) =>
      reconcile({
        api,
        apiAs: () => api,
        secrets: { history: async () => ({ versions: [], changedAt: 0 }) } as never,
        records: {} as never,
        credentials,
        org: { name: "b", id: "" },
        secretPrefix: "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/a/b/",
        clock,
      });
    await expect(run([stored])).rejects.toThrow("the list is incomplete");
    await expect(run([])).rejects.toThrow("no client specification was found");
    expect(genesys.calls.filter((call) => /^(PUT|DELETE)/.test(call))).toEqual([]);
  });
});

test("an update keeps unknown fields, and sends back no read-only field", async () => {
  const { api, genesys } = setUp();
  const client = genesys.seed({ name: "A", roleIds: ["old"], ipAllowList: ["10.0.0.0/8"] });
  await api.updateOAuthClient(client.id, { state: "inactive" });
  expect(client.fields).toEqual({
    authorizedGrantType: "CLIENT-CREDENTIALS",
    accessTokenValiditySeconds: 86_400,
    name: "A",
    ipAllowList: ["10.0.0.0/8"],
    state: "inactive",
  });
});
