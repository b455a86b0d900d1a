import {
  CredentialRefusedError,
  GenesysCredentials,
  type GenesysCredentialsProps,
} from "../../lib/runtime";
import { FAKE_ENDPOINTS } from "../support/fakes/fake-genesys";
import { consumerWorld, SECRET } from "./consumer-world";

const ME = "/api/v2/tokens/me";
const MINUTE = 60_000;

function consumer(props: Partial<GenesysCredentialsProps> = {}, world = consumerWorld()) {
  const problems: string[] = [];
  const credentials = new GenesysCredentials({
    secretId: SECRET,
    source: world.direct,
    fetch: world.fetch,
    clock: world.clock,
    endpoints: FAKE_ENDPOINTS,
    random: () => 0,
    onProblem: ({ message }) => problems.push(message),
    ...props,
  });
  const status = async () => (await credentials.fetchWithToken(ME)).status;
  return { ...world, credentials, problems, status };
}

test("many calls at once share one read and one login", async () => {
  const { status, counts } = consumer();
  expect(new Set(await Promise.all(Array.from({ length: 50 }, status)))).toEqual(new Set([200]));
  expect(counts).toEqual({ reads: 1, logins: 1, calls: 50, refused: 0 });
});

test("the value is read again after its age, and processes do not read together", async () => {
  const [early, late] = [0.99, 0].map((random) => consumer({ random: () => random }));
  for (const each of [early, late]) {
    await each?.credentials.value();
    each?.clock.advance(4.5 * MINUTE);
    await each?.credentials.value();
  }
  expect([early?.counts.reads, late?.counts.reads]).toEqual([2, 1]);
});

test("after a rotation the new client gets the next token, also while the old one still works", async () => {
  const { status, clock, rotate, counts, credentials, versions } = consumer();
  await status();
  rotate();
  clock.advance(5 * MINUTE);
  expect(await status()).toBe(200);
  expect(counts).toMatchObject({ logins: 2, refused: 0 });
  expect((await credentials.value()).clientId).toBe(versions[1]?.clientId);
});

describe("a token that is refused", () => {
  test("of a client that was ended: the value is read past the cache, and the call is repeated", async () => {
    const world = consumerWorld();
    const { status, rotate, end, counts, clock } = consumer({ source: world.cached() }, world);
    await status();
    clock.advance(MINUTE);
    end(rotate());
    expect(await status()).toBe(200);
    expect(counts).toEqual({ reads: 2, logins: 2, calls: 3, refused: 1 });
  });

  test("of the same client: one more login", async () => {
    const { status, genesys, counts, clock } = consumer();
    await status();
    clock.advance(MINUTE);
    (genesys as unknown as { tokens: Map<string, unknown> }).tokens.clear();
    expect(await status()).toBe(200);
    expect(counts).toMatchObject({ logins: 2, refused: 1 });
  });

  test("is renewed once for many calls", async () => {
    const { credentials, status, rotate, end, counts, clock } = consumer();
    await status();
    clock.advance(MINUTE);
    end(rotate());
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await credentials.fetchWithToken(ME)).status),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(counts).toMatchObject({ reads: 2, logins: 2 });
  });

  test("again and again does not become a stream of reads and logins", async () => {
    const world = consumerWorld();
    const always401 = (async (request: Request) => {
      const response = await world.fetch(request);
      const isLogin = request.url.startsWith(FAKE_ENDPOINTS.login);
      return isLogin ? response : new Response("{}", { status: 401 });
    }) as typeof fetch;
    const { credentials, counts, clock } = consumer({ fetch: always401 }, world);
    for (let second = 0; second < 60; second++) {
      expect((await credentials.fetchWithToken(ME)).status).toBe(401);
      clock.advance(1000);
    }
    expect(counts.reads).toBeLessThanOrEqual(4);
    expect(counts.logins).toBeLessThanOrEqual(3);
    expect(counts.calls).toBeLessThanOrEqual(63);
  });

  test("cannot repeat a call whose body was a stream, and the next call has a new token", async () => {
    const { credentials, rotate, end, counts, clock, status } = consumer();
    await status();
    clock.advance(MINUTE);
    end(rotate());
    const body = new Blob(["test-body"]).stream();
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await credentials.fetchWithToken(ME, init)).status).toBe(401);
    expect(counts).toMatchObject({ refused: 1 });
    expect(await status()).toBe(200);
  });
});

describe("a client that the login refuses", () => {
  test("is read again at once: a rotation may have replaced it", async () => {
    const world = consumerWorld();
    const { status, credentials, rotate, deactivate, clock } = consumer(
      { source: world.cached(), maxAge: 86_400 },
      world,
    );
    await credentials.value();
    clock.advance(MINUTE);
    deactivate(rotate());
    expect(await status()).toBe(200);
  });

  test("and is still current is named, without its secret, and not tried again for 30 s", async () => {
    const { credentials, deactivate, versions, counts, clock, genesys } = consumer();
    const [{ clientId = "" } = {}] = versions;
    deactivate(clientId);
    const failure = await credentials.token().catch((error) => error);
    expect(failure).toBeInstanceOf(CredentialRefusedError);
    expect(failure.message).toMatch(
      new RegExp(
        `^${SECRET}: Genesys Cloud refuses client ${clientId} \\(POST /oauth/token: HTTP 401`,
      ),
    );
    expect(failure.message).not.toContain(genesys.clients.get(clientId)?.secret);
    for (let call = 0; call < 20; call++) await expect(credentials.token()).rejects.toBe(failure);
    expect(counts).toMatchObject({ logins: 1, reads: 2 });
    clock.advance(MINUTE);
    const client = genesys.clients.get(clientId);
    if (client) client.fields.state = "active";
    await expect(credentials.token()).resolves.toMatch(/./);
  });
});

describe("while Secrets Manager does not answer", () => {
  test("the value that was read is used for a day, and each attempt is reported", async () => {
    const { status, clock, setOutage, counts, problems } = consumer();
    await status();
    setOutage(true);
    clock.advance(6 * MINUTE);
    for (let call = 0; call < 10; call++) expect(await status()).toBe(200);
    expect(counts.reads).toBe(2);
    expect(problems).toEqual(["secretsmanager: no answer"]);
    clock.advance(25 * 60 * MINUTE);
    await expect(status()).rejects.toThrow("secretsmanager: no answer");
  });

  test("and the outage ends, the next read is half a minute later at most", async () => {
    const { status, clock, setOutage, rotate, credentials, versions } = consumer();
    await status();
    setOutage(true);
    clock.advance(6 * MINUTE);
    await status();
    rotate();
    setOutage(false);
    clock.advance(30_000);
    await status();
    expect((await credentials.value()).clientId).toBe(versions[1]?.clientId);
  });

  test("a process that starts has nothing, and the next attempt works again", async () => {
    const { status, setOutage, clock } = consumer();
    setOutage(true);
    await expect(status()).rejects.toThrow("secretsmanager: no answer");
    setOutage(false);
    clock.advance(2_000);
    expect(await status()).toBe(200);
  });
});

test("another host does not get the token, not even by a redirect", async () => {
  const world = consumerWorld();
  const seen: Request[] = [];
  const noting = (async (request: Request) => {
    seen.push(request);
    return world.fetch(request);
  }) as typeof fetch;
  const { credentials } = consumer({ fetch: noting }, world);
  await expect(credentials.fetchWithToken("https://evil.example.com/api")).rejects.toThrow(
    "https://evil.example.com must not get the token of http://api.test: give a path",
  );
  await expect(credentials.fetchWithToken("//evil.example.com/api")).rejects.toThrow(
    /must not get/,
  );
  const init = { redirect: "follow", headers: { authorization: "Bearer other" } } as const;
  expect((await credentials.fetchWithToken(`${FAKE_ENDPOINTS.api}${ME}`, init)).status).toBe(200);
  expect(seen.at(-1)?.redirect).toBe("manual");
});

test.each([
  ["not JSON", "test-secret-text", "is not a JSON document"],
  ["half a value", '{"clientId":"a","clientSecret":"test-secret-text"}', "has no region, orgId"],
])("a value that is %s is named without its text", async (_, text, says) => {
  const { credentials } = consumer({ source: { read: async () => ({ text, versionId: "1" }) } });
  const failure = await credentials.value().catch((error) => error);
  expect(failure.message).toBe(`${SECRET} ${says}`);
  expect(JSON.stringify(failure)).not.toContain("test-secret");
});

test("all calls that wait for a forced read get its value, however slow it is", async () => {
  const world = consumerWorld();
  let slow = Promise.resolve();
  const source = {
    async read(secretId: string, refresh: boolean) {
      if (refresh) await slow;
      return world.direct.read(secretId, refresh);
    },
  };
  const { status, rotate, end, clock } = consumer({ source, maxAge: 86_400 }, world);
  await status();
  clock.advance(MINUTE);
  end(rotate());
  // Longer than a login.
  slow = new Promise((done) => setTimeout(done, 50));
  const answers = await Promise.all(Array.from({ length: 5 }, status));
  expect(new Set(answers)).toEqual(new Set([200]));
});

describe("a login that fails", () => {
  const failing = (world: ReturnType<typeof consumerWorld>, status: number, body: object) => {
    let fails = true;
    let logins = 0;
    const send = (async (request: Request) => {
      if (!request.url.startsWith(FAKE_ENDPOINTS.login)) return world.fetch(request);
      logins += 1;
      return fails ? Response.json(body, { status }) : world.fetch(request);
    }) as typeof fetch;
    return {
      send,
      logins: () => logins,
      recover: () => {
        fails = false;
      },
    };
  };

  test("by its limit is not asked again for 30 s", async () => {
    const world = consumerWorld();
    const limited = { error: "invalid_request", error_description: "rate limit exceeded; test" };
    const login = failing(world, 400, limited);
    const { credentials, clock } = consumer({ fetch: login.send }, world);
    for (let call = 0; call < 50; call++) {
      await expect(credentials.token()).rejects.toThrow("HTTP 400 invalid_request");
    }
    expect(login.logins()).toBe(1);
    login.recover();
    clock.advance(30_000);
    await expect(credentials.token()).resolves.toMatch(/./);
  });

  test("after a rotation does not stop a consumer whose token still lives", async () => {
    const world = consumerWorld();
    let isOut = false;
    const send = (async (request: Request) => {
      const isLogin = request.url.startsWith(FAKE_ENDPOINTS.login);
      return isOut && isLogin ? new Response("{}", { status: 503 }) : world.fetch(request);
    }) as typeof fetch;
    const { status, rotate, clock, problems } = consumer({ fetch: send }, world);
    await status();
    rotate();
    isOut = true;
    clock.advance(5 * MINUTE);
    expect(await status()).toBe(200);
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe("an answer of Secrets Manager that takes access away", () => {
  test.each(["AccessDeniedException", "ResourceNotFoundException"])(
    "%s is not bridged",
    async (name) => {
      const world = consumerWorld();
      let denied = false;
      const source = {
        async read(secretId: string) {
          if (denied) throw Object.assign(new Error("test"), { name });
          return world.direct.read(secretId, false);
        },
      };
      const { credentials, clock } = consumer({ source }, world);
      await credentials.value();
      denied = true;
      clock.advance(6 * MINUTE);
      await expect(credentials.value()).rejects.toThrow("test");
    },
  );
});

test("calls without a value do not become a stream of reads", async () => {
  const { credentials, setOutage, counts, clock } = consumer();
  setOutage(true);
  for (let call = 0; call < 50; call++) await credentials.value().catch(() => {});
  expect(counts.reads).toBe(1);
  setOutage(false);
  clock.advance(2_000);
  await expect(credentials.value()).resolves.toMatchObject({ region: "us-east-1" });
});
