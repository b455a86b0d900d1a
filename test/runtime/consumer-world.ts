import type { SecretSource } from "../../lib/runtime/secret-source";
import { writeCredential } from "../../lib/secret-value/credential-value";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS, FakeGenesys } from "../support/fakes/fake-genesys";

export const SECRET = "/genesys/production/na-prod/crm-sync";

/** One organisation, one secret that rotates, and the ways in which a consumer reaches it. */
export function consumerWorld() {
  const clock = new FakeClock();
  const genesys = new FakeGenesys({ clock });
  const versions: {
    readonly versionId: string;
    readonly clientId: string;
    readonly text: string;
  }[] = [];
  const counts = { reads: 0, calls: 0, refused: 0, logins: 0 };
  let outage = false;

  const current = () => {
    counts.reads += 1;
    if (outage) throw new Error("secretsmanager: no answer");
    const { text, versionId } = versions.at(-1) ?? { text: "", versionId: "" };
    return { text, versionId };
  };
  /** A cache of five minutes on the way, as the agent and the extension have. */
  const cached = (): SecretSource => {
    let held: { readonly secret: ReturnType<typeof current>; readonly until: number } | undefined;
    return {
      async read(_, refresh) {
        if (refresh || !held || clock.now() >= held.until) {
          held = { secret: current(), until: clock.now() + 300_000 };
        }
        return held.secret;
      },
    };
  };

  const send = (async (input: string | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const { method, url } = request;
    const headers = Object.fromEntries(request.headers);
    const answer = await genesys.fetch(url, { method, headers, body: await request.text() });
    if (url.startsWith(FAKE_ENDPOINTS.login)) counts.logins += 1;
    else {
      counts.calls += 1;
      if (answer.status === 401) counts.refused += 1;
    }
    return new Response(await answer.text(), { status: answer.status });
  }) as typeof fetch;

  const world = {
    clock,
    genesys,
    versions,
    counts,
    fetch: send,
    direct: { read: async () => current() } as SecretSource,
    cached,
    /** Makes a new client the current one, and returns the previous one's id. */
    rotate(): string | undefined {
      const previous = versions.at(-1)?.clientId;
      const { id, secret } = genesys.seed({
        name: `Production-CrmSync#${versions.length}`,
        accessTokenValiditySeconds: 3600,
        state: "active",
      });
      const text = writeCredential({
        clientId: id,
        clientSecret: secret,
        region: "us-east-1",
        orgId: genesys.orgId,
      });
      versions.push({ versionId: `version-${versions.length}`, clientId: id, text });
      return previous;
    },
    /** Ends a client with all its tokens, as a revocation does. */
    end(clientId: string | undefined): void {
      if (clientId !== undefined) genesys.clients.delete(clientId);
    },
    deactivate(clientId: string | undefined): void {
      const client = genesys.clients.get(clientId ?? "");
      if (client) client.fields.state = "inactive";
    },
    setOutage(value: boolean): void {
      outage = value;
    },
  };
  world.rotate();
  return world;
}
