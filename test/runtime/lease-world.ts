import { setImmediate as tick } from "node:timers/promises";
import { GenesysCredentials } from "../../lib/runtime";
import { type VaultLeaseProps, vaultLease } from "../../lib/runtime/vault";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys } from "../support/fakes/fake-genesys";
import {
  type Answer,
  FakeLeaseVault,
  GIVEN_TOKEN,
  type LeasedOrg,
  MOUNT,
  ROLE,
  type RoleTerms,
  refuse,
} from "./fake-lease-vault";

export const ADDRESS = "https://vault.example.com";

/** What becomes of one request to Vault. */
export type Fault = "none" | "sealed" | "no request" | "no answer";

/** One organisation, Vault as its broker, and what a consumer does with both. */
export function leaseWorld(terms: RoleTerms = { first: 600, ttl: 3600, maxTtl: 86_400 }) {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock });
  const genesysTokens = (genesys as unknown as { tokens: Map<string, { clientId: string }> })
    .tokens;
  const org = leasedOrg(genesys, genesysTokens);
  const vault = new FakeLeaseVault(clock, org, terms);
  const requests: { call: string; token: string; namespace: string | null; at: number }[] = [];
  const counts = { logins: 0, calls: 0, refused: 0 };
  /** Leases whose token was used after their end. */
  const misuses: string[] = [];
  let inFlight = 0;

  async function answerOf(call: string, token: string, body: Record<string, string>) {
    const fault = world.fault(call);
    const revoked = call.endsWith("sys/leases/revoke") && vault.leases.get(body.lease_id ?? "");
    if (revoked && fault !== "none") revoked.lost = true;
    if (fault === "no request") throw new TypeError("fetch failed: test-secret");
    if (fault === "sealed") return refuse(503, "Vault is sealed");
    const answer = await vault.handle({ call, token, body });
    await world.gate;
    if (fault === "none") return answer;
    const made = vault.leases.get((answer.body as { lease_id?: string })?.lease_id ?? "");
    if (made && call.startsWith("GET")) made.lost = true;
    throw new TypeError("fetch failed: test-secret");
  }

  const vaultFetch = (async (input: string, init: RequestInit = {}) => {
    const call = `${init.method} ${new URL(input).pathname.replace("/v1/", "")}`;
    const headers = new Headers(init.headers);
    const token = headers.get("x-vault-token") ?? "";
    requests.push({ call, token, namespace: headers.get("x-vault-namespace"), at: clock.now() });
    inFlight += 1;
    try {
      return respond(await answerOf(call, token, init.body ? JSON.parse(`${init.body}`) : {}));
    } finally {
      inFlight -= 1;
    }
  }) as typeof fetch;

  function noteMisuse(token: string): void {
    const clientId = genesysTokens.get(token)?.clientId;
    const lease = vault.leaseOf.get(token) ?? vault.leaseOf.get(clientId ?? "");
    if (lease && clock.now() >= lease.ends) misuses.push(lease.id);
  }

  const apiFetch = (async (request: Request) => {
    vault.expire();
    const { method, url } = request;
    const headers = Object.fromEntries(request.headers);
    const isLogin = url.startsWith(FAKE_ENDPOINTS.login);
    if (!isLogin) noteMisuse((headers.authorization ?? "").replace("Bearer ", ""));
    const answer = await genesys.fetch(url, { method, headers, body: await request.text() });
    counts[isLogin ? "logins" : "calls"] += 1;
    if (!isLogin && answer.status === 401) counts.refused += 1;
    return new Response(await answer.text(), { status: answer.status });
  }) as typeof fetch;

  const world = {
    clock,
    org,
    vault,
    requests,
    counts,
    misuses,
    vaultFetch,
    apiFetch,
    fault: (_call: string): Fault => "none",
    /** Vault's answers wait for it. */
    gate: undefined as Promise<void> | undefined,
    /** Number of requests to Vault, without the repeated ones of other calls. */
    asked: (path: string) => requests.filter(({ call }) => call.includes(path)).length,
    endAccessTokens: () => genesysTokens.clear(),
    /** Waits until nothing is in progress. */
    async settled(): Promise<void> {
      for (let quiet = 0; quiet < 3; quiet = inFlight === 0 ? quiet + 1 : 0) await tick();
    },
  };
  return world;
}

/** A consumer that calls the API with a lease. */
export function leasing(
  props: Partial<VaultLeaseProps> = {},
  world = leaseWorld(),
  random: () => number = () => 0,
) {
  const problems: string[] = [];
  const identity = props.tokenFile || props.login || "token" in props ? {} : { token: GIVEN_TOKEN };
  const place = { address: ADDRESS, mount: MOUNT, role: ROLE, fetch: world.vaultFetch };
  const credentials = new GenesysCredentials({
    lease: vaultLease({ ...place, ...identity, ...props }),
    fetch: world.apiFetch,
    clock: world.clock,
    random,
    onProblem: ({ message }) => problems.push(message),
  });
  const status = async () => {
    const response = await credentials.fetchWithToken("/api/v2/tokens/me");
    await world.settled();
    return response.status;
  };
  return { world, ...world, credentials, problems, status };
}

function leasedOrg(genesys: FakeGenesys, tokens: Map<string, unknown>): LeasedOrg {
  return {
    make() {
      const fields = { name: "vault-crm-sync", state: "active", accessTokenValiditySeconds: 7200 };
      const { id, secret } = genesys.seed(fields);
      return { id, secret };
    },
    isActive: (clientId) => genesys.clients.get(clientId)?.fields.state === "active",
    deactivate(clientId) {
      const client = genesys.clients.get(clientId);
      if (client) client.fields.state = "inactive";
    },
    async mint(clientId, secret) {
      const credential = Buffer.from(`${clientId}:${secret}`).toString("base64");
      const answer = await genesys.fetch(`${FAKE_ENDPOINTS.login}/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${credential}` },
        body: "grant_type=client_credentials",
      });
      return (JSON.parse(await answer.text()) as { access_token: string }).access_token;
    },
    endToken: (token) => tokens.delete(token),
    fields: {
      region: "us-east-1",
      api_url: FAKE_ENDPOINTS.api,
      login_url: FAKE_ENDPOINTS.login,
      org_id: genesys.orgId,
    },
  };
}

const respond = ({ status, body }: Answer): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status });
