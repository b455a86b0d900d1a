import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GenesysCredentials } from "../../lib/runtime";
import { vaultLease } from "../../lib/runtime/vault";
import { temporaryFolder } from "../support/folders";
import { type FakeLeaseVault, GIVEN_TOKEN, JWT, MOUNT, ROLE } from "./fake-lease-vault";
import { ADDRESS, type Fault, leaseWorld, leasing } from "./lease-world";

const ME = "/api/v2/tokens/me";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TOKEN = `${MOUNT}/token/${ROLE}`;
const CREDS = `${MOUNT}/creds/${ROLE}`;
const RENEW = "sys/leases/renew";
const REVOKE = "sys/leases/revoke";
const DENIED_TEXT = `use a Vault token that has not ended, and has "read" on ${TOKEN} in its policy`;

/** Has a fault for all requests of a kind. */
const failing =
  (path: string, fault: Fault) =>
  (call: string): Fault =>
    call.includes(path) ? fault : "none";

const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "no error",
    ({ message }: Error) => message,
  );

describe.each(["token", "creds"] as const)("a lease of the kind %s", (kind) => {
  const path = kind === "token" ? TOKEN : CREDS;

  test("is shared by all calls at the same time", async () => {
    const { status, vault, asked, counts } = leasing({ kind });
    expect(new Set(await Promise.all(Array.from({ length: 100 }, status)))).toEqual(new Set([200]));
    expect(vault.alive()).toHaveLength(1);
    expect([asked(path), counts.logins]).toEqual([1, kind === "token" ? 0 : 1]);
  });

  test("is not taken before the first call, and needs no timer", async () => {
    const timers = jest.spyOn(globalThis, "setTimeout");
    const { status, requests, credentials } = leasing({ kind });
    expect(requests).toEqual([]);
    await status();
    expect(timers).not.toHaveBeenCalled();
    timers.mockRestore();
    await credentials.close();
  });

  test("serves a call in each minute of two days, and only one lease is used at a time", async () => {
    const { status, clock, vault, counts, misuses, problems } = leasing({ kind });
    for (let minute = 0; minute < 2 * 24 * 60; minute++) {
      expect(await status()).toBe(200);
      expect(vault.alive().length).toBeLessThanOrEqual(2);
      clock.advance(MINUTE);
    }
    expect([counts.refused, misuses, problems]).toEqual([0, [], []]);
    // A lease that was replaced is revoked by a later call.
    await status();
    clock.advance(MINUTE);
    await status();
    expect(vault.alive()).toHaveLength(1);
  });

  test("that ended while nobody called is replaced by the next call", async () => {
    const { status, clock, vault, counts, asked, problems } = leasing({ kind });
    await status();
    clock.advance(25 * 60 * MINUTE);
    expect(await status()).toBe(200);
    expect(vault.alive()).toHaveLength(1);
    expect([asked(path), asked(RENEW), counts.refused, problems]).toEqual([2, 0, 0, []]);
  });

  test("is not due for all processes at once", async () => {
    const dueAfter = async (random: number) => {
      const { status, clock, requests } = leasing({ kind }, leaseWorld(), () => random);
      const start = clock.now();
      for (await status(); requests.length === 1; await status()) clock.advance(5 * SECOND);
      return (clock.now() - start) / SECOND;
    };
    const life = kind === "token" ? 3600 : 600;
    const [late, early] = [await dueAfter(0), await dueAfter(0.999)];
    expect(late).toBeLessThanOrEqual((life * 2) / 3);
    expect(early).toBeGreaterThan((life - 60) * 0.49);
    expect(late - early).toBeGreaterThan(life / 8);
  });

  test("may take longer to make than Vault lets it", async () => {
    const timeouts = jest.spyOn(AbortSignal, "timeout");
    const { credentials } = leasing({ kind });
    await credentials.token();
    // Vault's own limit is 90 s: who gives up earlier does not know of a lease.
    expect(timeouts.mock.calls[0]?.[0]).toBeGreaterThan(90 * SECOND);
    timeouts.mockRestore();
  });

  test("belongs to one object: another one with the same properties has its own", async () => {
    const world = leaseWorld();
    await leasing({ kind }, world).status();
    const other = leasing({ kind }, world);
    await other.status();
    expect(world.vault.alive()).toHaveLength(2);
    await other.credentials.close();
    expect(world.vault.alive()).toHaveLength(1);
  });

  describe("while Vault does not answer", () => {
    test("is used until it ends, and no longer; each attempt is told", async () => {
      const { status, world, clock, vault, problems, misuses } = leasing({ kind });
      await status();
      world.fault = () => "sealed";
      const [{ ends = 0 } = {}] = vault.alive();
      const outcomes = new Set<unknown>();
      while (clock.now() < ends - 2 * MINUTE) {
        outcomes.add(await status());
        clock.advance(10 * SECOND);
      }
      expect(outcomes).toEqual(new Set([200]));
      expect(problems.length).toBeGreaterThan(0);
      expect(problems[0]).toContain(`of ${ADDRESS}: HTTP 503 Vault is sealed`);
      clock.advance(3 * MINUTE);
      expect(await messageOf(status())).toContain(`of ${ADDRESS}: HTTP 503 Vault is sealed`);
      expect(misuses).toEqual([]);
      world.fault = () => "none";
      clock.advance(30 * SECOND);
      expect(await status()).toBe(200);
    });

    test("does not slow down the calls that its token serves", async () => {
      const { credentials, status, world, clock, vault } = leasing({ kind });
      await status();
      clock.advance(kind === "token" ? 45 * MINUTE : 7 * MINUTE);
      let open = () => {};
      world.gate = new Promise<void>((done) => {
        open = done;
      });
      // It would wait for the gate for ever.
      for (let call = 0; call < 5; call++) {
        expect((await credentials.fetchWithToken(ME)).status).toBe(200);
      }
      open();
      await world.settled();
      clock.advance(31 * SECOND);
      expect(await status()).toBe(200);
      expect(vault.alive()).toHaveLength(1);
    });

    test("a process that starts asks at growing intervals, and each answer that is lost costs one lease", async () => {
      const { credentials, world, clock, asked, vault } = leasing({ kind });
      world.fault = failing(path, "no answer");
      const start = clock.now();
      let failed = 0;
      for (; clock.now() < start + 2 * MINUTE; clock.advance(SECOND)) {
        await credentials.token().catch(() => {
          failed += 1;
        });
        if (clock.now() === start) expect(asked(path)).toBe(1);
      }
      expect(failed).toBe(120);
      // After 2, 4, 8, 16, and then 30 s.
      expect(asked(path)).toBeLessThanOrEqual(8);
      expect(vault.leases.size).toBe(asked(path));
      world.fault = () => "none";
      clock.advance(30 * SECOND);
      await expect(credentials.token()).resolves.toMatch(/./);
    });
  });

  describe("that is closed", () => {
    test("is revoked once, and calls throw", async () => {
      const { credentials, status, vault, asked } = leasing({ kind });
      await status();
      await Promise.all([credentials.close(), credentials.close()]);
      await credentials[Symbol.asyncDispose]();
      expect([vault.alive(), asked(REVOKE)]).toEqual([[], 1]);
      const closed = `${path} of ${ADDRESS}: the lease was closed: make another object`;
      expect(await messageOf(status())).toBe(closed);
      expect(await messageOf(credentials.token())).toBe(closed);
      expect(asked(path)).toBe(1);
    });

    test("before the first call needs no request", async () => {
      const { credentials, requests } = leasing({ kind });
      await credentials.close();
      expect(requests).toEqual([]);
    });

    test("while it is being taken is revoked as soon as it is there", async () => {
      const { credentials, world, vault } = leasing({ kind });
      let open = () => {};
      world.gate = new Promise<void>((done) => {
        open = done;
      });
      const call = messageOf(credentials.token());
      await new Promise(setImmediate);
      expect(vault.alive()).toHaveLength(1);
      const closing = credentials.close();
      open();
      await closing;
      expect(vault.alive()).toEqual([]);
      expect(await call).toContain("the lease was closed");
    });

    test("soon after it was replaced leaves neither lease", async () => {
      const { credentials, status, clock, vault } = leasing({ kind });
      vault.denied.add(`PUT ${RENEW}`);
      await status();
      clock.advance(kind === "token" ? 45 * MINUTE : 7 * MINUTE);
      await status();
      expect(vault.alive()).toHaveLength(2);
      await credentials.close();
      expect(vault.alive()).toEqual([]);
    });

    test("while it is being replaced leaves neither lease", async () => {
      const { credentials, status, clock, world, vault, problems } = leasing({ kind });
      await status();
      for (const lease of vault.alive()) vault.endLease(lease);
      world.endAccessTokens();
      clock.advance(MINUTE);
      const call = messageOf(credentials.fetchWithToken(ME));
      for (let turn = 0; vault.leases.size < 2 && turn < 50; turn++) {
        await new Promise(setImmediate);
      }
      await credentials.close();
      await call;
      expect(vault.leases.size).toBe(2);
      expect([vault.alive(), problems]).toEqual([[], []]);
    });

    test("while Vault does not answer is told, and nothing is thrown", async () => {
      const { credentials, status, world, problems, vault } = leasing({ kind });
      await status();
      world.fault = () => "no request";
      await expect(credentials.close()).resolves.toBeUndefined();
      expect(problems).toEqual([
        `PUT sys/leases/revoke of ${ADDRESS}: no answer (TypeError) (4 attempts)`,
      ]);
      expect(vault.alive()).toHaveLength(1);
    });

    test("without the permission to revoke names the permission", async () => {
      const { credentials, status, vault, problems } = leasing({ kind });
      await status();
      vault.denied.add(`PUT ${REVOKE}`);
      await credentials.close();
      expect(problems).toEqual([
        `PUT ${REVOKE} of ${ADDRESS}: HTTP 403: add "update" on sys/leases/revoke to the policy of the Vault token; until then each lease ends by itself`,
      ]);
    });
  });
});

describe("a leased token", () => {
  test("comes without a client secret", async () => {
    const { credentials } = leasing();
    expect(await messageOf(credentials.value())).toBe(
      `${TOKEN} of ${ADDRESS} leases tokens, which come without a client secret: use token(), or lease the kind "creds"`,
    );
    await expect(credentials.token()).resolves.toMatch(/./);
  });

  test("that was replaced lasts half a minute longer, for calls that have it", async () => {
    const { credentials, status, clock, vault } = leasing();
    const before = await credentials.token();
    clock.advance(45 * MINUTE);
    await status();
    expect(await credentials.token()).not.toBe(before);
    clock.advance(29 * SECOND);
    await status();
    expect(vault.alive()).toHaveLength(2);
    clock.advance(SECOND);
    await status();
    expect(vault.alive().map(({ accessToken }) => accessToken)).toEqual([
      await credentials.token(),
    ]);
  });

  test("goes on working when the role gets another client, whose token comes next", async () => {
    const { status, clock, vault, counts } = leasing();
    await status();
    const next = vault.rotateRoleClient();
    for (let minute = 0; minute < 60; minute++) {
      expect(await status()).toBe(200);
      clock.advance(MINUTE);
    }
    expect(counts.refused).toBe(0);
    expect(vault.alive().map(({ clientId }) => clientId)).toEqual([next]);
  });

  test("that is refused is replaced once for all calls, which are repeated", async () => {
    const { credentials, status, clock, world, vault, asked, counts } = leasing();
    await status();
    clock.advance(MINUTE);
    world.endAccessTokens();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await credentials.fetchWithToken(ME)).status),
    );
    await world.settled();
    expect(new Set(answers)).toEqual(new Set([200]));
    expect([asked(TOKEN), counts.refused]).toEqual([2, 20]);
    // The one that does not work is revoked at once.
    expect(vault.alive()).toHaveLength(1);
  });

  test("that is refused again and again does not become a stream of leases", async () => {
    const { status, clock, world, asked, vault, counts } = leasing();
    for (let second = 0; second < 120; second++) {
      world.endAccessTokens();
      await status().catch(() => {});
      world.endAccessTokens();
      clock.advance(SECOND);
    }
    expect(counts.calls).toBeLessThanOrEqual(125);
    expect(asked(TOKEN)).toBeLessThanOrEqual(5);
    expect(vault.alive().length).toBeLessThanOrEqual(1);
  });

  test("that is refused while Vault does not answer: the answer is the API's", async () => {
    const { status, world, clock, problems } = leasing();
    await status();
    clock.advance(MINUTE);
    world.endAccessTokens();
    world.fault = failing(TOKEN, "sealed");
    expect(await status()).toBe(401);
    expect(problems).toHaveLength(1);
  });

  test("that is refused for a body that was a stream: the next call has another token", async () => {
    const { credentials, status, world, clock } = leasing();
    await status();
    clock.advance(MINUTE);
    world.endAccessTokens();
    const body = new Blob(["test-body"]).stream();
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await credentials.fetchWithToken(ME, init)).status).toBe(401);
    expect(await status()).toBe(200);
  });

  test("is not for another host", async () => {
    const { credentials, counts } = leasing();
    expect(await messageOf(credentials.fetchWithToken("https://evil.example.com/api"))).toBe(
      "https://evil.example.com must not get the token of http://api.test: give a path",
    );
    expect(counts.calls).toBe(0);
  });
});

describe("a leased client", () => {
  test("has a value, for libraries that get their tokens themselves", async () => {
    const { credentials, vault, org } = leasing({ kind: "creds" });
    const value = await credentials.value();
    expect(value).toEqual({
      clientId: vault.alive()[0]?.clientId,
      clientSecret: expect.stringMatching(/^test-secret-/),
      region: "us-east-1",
      orgId: org.fields.org_id,
    });
  });

  test("is renewed before two thirds of its time, until its longest time; then another one is leased", async () => {
    const { status, clock, requests, asked, vault } = leasing({ kind: "creds" });
    const start = clock.now();
    for (; clock.now() < start + 23 * 60 * MINUTE; clock.advance(MINUTE)) await status();
    expect(asked(CREDS)).toBe(1);
    for (; clock.now() < start + 25 * 60 * MINUTE; clock.advance(MINUTE)) await status();
    expect(asked(CREDS)).toBe(2);
    expect(vault.alive()).toHaveLength(1);
    const times = requests.filter(({ call }) => call.includes(RENEW)).map(({ at }) => at - start);
    expect(times[0]).toBeLessThanOrEqual(6 * MINUTE + 40 * SECOND);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(40 * MINUTE);
    // Also towards its longest time, when each renewal brings less.
    expect(Math.min(...gaps)).toBeGreaterThan(10 * MINUTE);
  });

  test("is renewed again after a lost answer, and by one attempt after the other while Vault is sealed", async () => {
    const { status, clock, world, asked, problems } = leasing({ kind: "creds" });
    await status();
    clock.advance(7 * MINUTE);
    let lost = 0;
    world.fault = (call) => (call.includes(RENEW) && lost++ === 0 ? "no answer" : "none");
    expect(await status()).toBe(200);
    expect([asked(RENEW), asked(CREDS), problems]).toEqual([2, 1, []]);
  });

  test.each<[string, (vault: FakeLeaseVault) => void]>([
    ["was revoked", (vault) => vault.alive().map((lease) => vault.endLease(lease))],
    [
      "lost its client",
      (vault) => vault.alive().map(({ clientId }) => vault.removed.add(clientId)),
    ],
  ])("that %s is replaced when it cannot be renewed", async (_, end) => {
    const { status, clock, vault, asked, problems, counts } = leasing({ kind: "creds" });
    await status();
    end(vault);
    clock.advance(7 * MINUTE);
    expect(await status()).toBe(200);
    clock.advance(MINUTE);
    expect(await status()).toBe(200);
    expect([asked(CREDS), counts.refused]).toEqual([2, 0]);
    expect(vault.alive()).toHaveLength(1);
    expect(problems).toEqual([
      `PUT ${RENEW} of ${ADDRESS}: HTTP 400: ${CREDS} of ${ADDRESS} was revoked, or its client was removed: another lease is taken`,
    ]);
  });

  test("that may not be renewed is replaced each time, and the permission is named", async () => {
    const { status, clock, vault, asked, problems } = leasing({ kind: "creds" });
    vault.denied.add(`PUT ${RENEW}`);
    await status();
    clock.advance(7 * MINUTE);
    expect(await status()).toBe(200);
    expect(asked(CREDS)).toBe(2);
    expect(problems[0]).toContain(`add "update" on ${RENEW} to the policy of the Vault token`);
  });

  test("whose token was ended gets another token, and stays", async () => {
    const { status, clock, world, asked, counts } = leasing({ kind: "creds" });
    await status();
    clock.advance(MINUTE);
    world.endAccessTokens();
    expect(await status()).toBe(200);
    expect([asked(CREDS), counts.logins]).toEqual([1, 2]);
  });

  test("that the login refuses is replaced once for all calls, and revoked", async () => {
    const { credentials, status, clock, world, vault, asked } = leasing({ kind: "creds" });
    await status();
    clock.advance(MINUTE);
    for (const { clientId } of vault.alive()) world.org.deactivate(clientId);
    world.endAccessTokens();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await credentials.fetchWithToken(ME)).status),
    );
    await world.settled();
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(asked(CREDS)).toBe(2);
    expect(vault.alive()).toHaveLength(1);
  });

  test("that the login refuses while its lease is being renewed is replaced after that", async () => {
    const { credentials, status, clock, world, vault, asked } = leasing({ kind: "creds" });
    await status();
    clock.advance(7 * MINUTE);
    for (const { clientId } of vault.alive()) world.org.deactivate(clientId);
    world.endAccessTokens();
    let open = () => {};
    world.gate = new Promise<void>((done) => {
      open = done;
    });
    const call = credentials.fetchWithToken(ME);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect([asked(RENEW), asked(CREDS)]).toEqual([1, 1]);
    open();
    expect((await call).status).toBe(200);
    expect([asked(RENEW), asked(CREDS)]).toEqual([1, 2]);
  });

  test("that someone removes again and again does not become a stream of clients", async () => {
    const { status, clock, world, vault, asked, counts } = leasing({ kind: "creds" });
    for (let second = 0; second < 120; second++) {
      for (const { clientId } of vault.alive()) world.org.deactivate(clientId);
      world.endAccessTokens();
      await status();
      clock.advance(SECOND);
    }
    expect(counts.calls).toBeLessThanOrEqual(125);
    expect(asked(CREDS)).toBeLessThanOrEqual(6);
  });

  test("that never works is named, without its secret", async () => {
    const world = leaseWorld();
    const { credentials, clock, asked } = leasing({ kind: "creds" }, world);
    const { make, deactivate } = world.org;
    world.org.make = () => {
      const client = make();
      deactivate(client.id);
      return client;
    };
    for (let second = 0; second < 60; second++) {
      expect(await messageOf(credentials.token())).toMatch(
        new RegExp(
          `^${CREDS} of ${ADDRESS}: Genesys Cloud refuses client client-\\d+ \\(POST /oauth/token: HTTP 401 invalid_client\\): find out who deactivated or deleted it; another lease is taken soon$`,
        ),
      );
      clock.advance(SECOND);
    }
    expect(asked(CREDS)).toBeLessThanOrEqual(4);
  });

  test("whose lease ended is not used, even if the login fails for the next client", async () => {
    const { credentials, status, clock, world, vault } = leasing({ kind: "creds" });
    await status();
    for (const lease of vault.alive()) vault.endLease(lease);
    clock.advance(7 * MINUTE);
    await status();
    for (const { clientId } of vault.alive()) world.org.deactivate(clientId);
    vault.denied.add(`GET ${CREDS}`);
    expect(await messageOf(credentials.token())).toContain("Genesys Cloud refuses client");
  });
});

describe("an answer of Vault that helps nobody", () => {
  test("denied: the lease is used until it ends, then the error names address, mount, role and policy", async () => {
    const { credentials, status, vault, clock, problems } = leasing();
    await status();
    vault.denied.add(`GET ${TOKEN}`);
    clock.advance(50 * MINUTE);
    expect(await status()).toBe(200);
    const message = `GET ${TOKEN} of ${ADDRESS}: HTTP 403: ${DENIED_TEXT}`;
    expect(problems).toEqual([message]);
    clock.advance(9 * MINUTE);
    expect(await messageOf(credentials.token())).toBe(message);
  });

  test.each([
    [
      { role: "other" },
      /^GET genesyscloud\/na-prod\/token\/other of .*: HTTP 400: there is no such role, .*`vault read genesyscloud\/na-prod\/token\/other` says which$/,
    ],
    [
      { mount: "nowhere" },
      /^GET nowhere\/token\/crm-sync of .*: HTTP 404: enable the secrets engine/,
    ],
    [
      { mount: "kv" },
      /^kv\/token\/crm-sync of .* gives no lease of a Genesys Cloud client: correct the mount$/,
    ],
    [{ mount: "/database/" }, /^database\/token\/crm-sync of .* gives no lease of a Genesys/],
    [{ token: "test-secret-wrong" }, /HTTP 403: use a Vault token that has not ended/],
  ])("%j", async (props, message) => {
    const { credentials, vault } = leasing(props);
    const failure = await messageOf(credentials.token());
    expect(failure).toMatch(message);
    expect(failure).not.toContain("test-secret");
    // A lease of another engine is not kept either.
    expect(vault.alive()).toEqual([]);
  });
});

describe("the consumer's Vault token", () => {
  const saved = { ...process.env };
  afterEach(() => {
    process.env = { ...saved };
  });

  test("is read from its file before each request, so that a renewed one is seen", async () => {
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, `${GIVEN_TOKEN}\n`);
    const { credentials, vault, requests, status } = leasing({ tokenFile: file });
    await status();
    vault.tokens.set("test-secret-next-token", Number.POSITIVE_INFINITY);
    writeFileSync(file, "test-secret-next-token");
    await credentials.close();
    expect(requests.map(({ token }) => token)).toEqual([GIVEN_TOKEN, "test-secret-next-token"]);
  });

  test("whose file is missing: the file is named", async () => {
    const { credentials } = leasing({ tokenFile: "/nowhere/token" });
    expect(await messageOf(credentials.token())).toContain("/nowhere/token cannot be used");
  });

  test("comes from a function, which is called before each request", async () => {
    let calls = 0;
    const token = async () => `${GIVEN_TOKEN}${++calls > 1 ? "" : "\n"}`;
    const { credentials, status } = leasing({ token });
    expect(await status()).toBe(200);
    await credentials.close();
    expect(calls).toBe(2);
  });

  test("comes from the environment, like address and namespace", async () => {
    Object.assign(process.env, {
      VAULT_ADDR: "https://vault.other.test",
      VAULT_NAMESPACE: "team",
      VAULT_TOKEN: GIVEN_TOKEN,
    });
    const { status, requests } = leasing({ address: undefined, token: undefined });
    expect(await status()).toBe(200);
    expect(requests[0]).toMatchObject({ token: GIVEN_TOKEN, namespace: "team" });
  });

  test("and the server are needed, and only one way to the token", () => {
    process.env.VAULT_ADDR = "";
    expect(() => vaultLease({ mount: MOUNT, role: ROLE })).toThrow(
      `${TOKEN}: there is no Vault server: give address, or set VAULT_ADDR`,
    );
    const ways = { token: "test-token", tokenFile: "/run/token" };
    expect(() => vaultLease({ address: ADDRESS, mount: MOUNT, role: ROLE, ...ways })).toThrow(
      `${TOKEN}: give one of token, tokenFile and login`,
    );
  });
});

describe("a login of the consumer", () => {
  const login = (jwt = JWT) => ({
    login: async () => ({ mount: "jwt", role: ROLE, proof: { role: ROLE, jwt } }),
  });
  const LOGIN = "auth/jwt/login";

  test("is made once, and its token is revoked at the end", async () => {
    const { credentials, status, asked, vault } = leasing(login());
    await Promise.all(Array.from({ length: 10 }, status));
    expect(asked(LOGIN)).toBe(1);
    await credentials.close();
    expect(vault.alive()).toEqual([]);
    expect([...vault.tokens.keys()]).toEqual([GIVEN_TOKEN]);
  });

  test("is made again after the token's end, which also ended the lease", async () => {
    const { status, clock, vault, asked, requests } = leasing(login());
    await status();
    clock.advance(MINUTE);
    vault.endToken(requests[1]?.token ?? "");
    expect(await status()).toBe(200);
    expect([asked(LOGIN), asked(TOKEN)]).toEqual([2, 2]);
    expect(vault.alive()).toHaveLength(1);
  });

  test("is not made again for a request that the policy does not allow", async () => {
    const { credentials, vault, clock, asked } = leasing(login());
    vault.denied.add(`GET ${TOKEN}`);
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await messageOf(credentials.token())).toContain(DENIED_TEXT);
      clock.advance(30 * SECOND);
    }
    expect([asked(LOGIN), asked(TOKEN)]).toEqual([1, 5]);
  });

  test.each([
    ["token", 18],
    ["creds", 1],
  ] as const)(
    "has a token that is renewed with each lease of the kind %s",
    async (kind, leases) => {
      const world = leaseWorld();
      world.vault.loginSeconds = 3600;
      const { status, clock, asked, counts } = leasing({ kind, ...login() }, world);
      for (let minute = 0; minute < 12 * 60; minute++) {
        expect(await status()).toBe(200);
        clock.advance(MINUTE);
      }
      expect([asked(LOGIN), asked(kind === "token" ? TOKEN : CREDS)]).toEqual([1, leases]);
      expect(counts.refused).toBe(0);
    },
  );

  test("that Vault refuses is named, without its proof", async () => {
    const { credentials } = leasing(login("test-secret-other-jwt"));
    const message = await messageOf(credentials.token());
    expect(message).toMatch(
      /^https:\/\/vault\.example\.com refuses a login at auth\/jwt\/login as crm-sync: .*: correct the role in Vault, or the login$/,
    );
    expect(message).not.toContain("test-secret");
  });
});

test("a clock that is set back does not make a pause longer", async () => {
  const world = leaseWorld();
  const { status, clock } = leasing({}, world);
  world.fault = () => "sealed";
  expect(await messageOf(status())).toContain("Vault is sealed");
  clock.advance(-60 * MINUTE);
  world.fault = () => "none";
  expect(await status()).toBe(200);
});

test("an object that has no lease can be closed as well", async () => {
  const credentials = new GenesysCredentials({
    secretId: "/genesys/production/na-prod/crm-sync",
    source: { read: async () => ({ text: "", versionId: "1" }) },
  });
  await expect(credentials.close()).resolves.toBeUndefined();
});
