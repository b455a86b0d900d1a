import { UserError } from "../../../lib/errors";
import { ApiError } from "../../../lib/http/api-error";
import { HttpKvStore } from "../../../lib/vault/client/http-kv-store";
import { CasMismatchError, NotWrittenError } from "../../../lib/vault/client/kv-store";
import { FakeClock } from "../../support/fakes/fake-clock";
import {
  FakeVault,
  serveVault,
  VAULT_TOKEN,
  type VaultFault,
} from "../../support/fakes/fake-vault";
import { scriptedFetch } from "../../support/fakes/scripted-fetch";

const ENTRY = "genesys/production/na-prod/master";
const VALUE = { client_id: "client-1", client_secret: "test-secret-1" };
const ADDRESS = "https://vault.example.com";

function setUp(...faults: VaultFault[]) {
  const clock = new FakeClock();
  const vault = new FakeVault({ clock, fault: () => faults.shift() ?? "none" });
  vault.write(ENTRY, VALUE);
  const store = (patch: Partial<ConstructorParameters<typeof HttpKvStore>[0]> = {}) =>
    new HttpKvStore({
      address: ADDRESS,
      mount: "secret",
      token: VAULT_TOKEN,
      clock,
      fetch: vault.fetch,
      timeout: Number.POSITIVE_INFINITY,
      ...patch,
    });
  return { clock, vault, store };
}
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error("it did not fail"),
    (error: Error) => error,
  );

test("an entry is read and written over HTTP, with token and namespace in headers", async () => {
  const { clock, vault, store } = setUp();
  await serveVault(vault, async (address) => {
    const real = store({ address: `${address}/`, namespace: "team/genesys", fetch, timeout: 5000 });
    expect(await real.put(ENTRY, { ...VALUE, note: "two" }, 1)).toBe(2);
    expect(await real.read(ENTRY)).toEqual({
      version: 2,
      value: { ...VALUE, note: "two" },
      createdAt: clock.now(),
    });
    expect((await real.read(ENTRY, 1))?.value).toEqual(VALUE);
  });
  expect(vault.calls).toEqual([
    `POST secret/data/${ENTRY}`,
    `GET secret/data/${ENTRY}`,
    `GET secret/data/${ENTRY}?version=1`,
  ]);
  for (const headers of vault.headers) {
    expect(headers).toMatchObject({
      "x-vault-token": VAULT_TOKEN,
      "x-vault-namespace": "team/genesys",
      "x-vault-request": "true",
    });
  }
});

test("a version that does not exist, was deleted or dropped is undefined", async () => {
  const { vault, store } = setUp();
  vault.write(ENTRY, VALUE);
  vault.delete(ENTRY, 2);
  expect(await store().read("genesys/production/na-prod/planner")).toBeUndefined();
  expect(await store().read(ENTRY)).toBeUndefined();
  for (let version = 3; version <= 12; version++) vault.write(ENTRY, VALUE);
  expect(await store().read(ENTRY, 1)).toBeUndefined();
  expect(await store().read(ENTRY, 13)).toBeUndefined();
});

test("a read is repeated", async () => {
  const { store } = setUp("503", "no answer", "429");
  expect((await store().read(ENTRY))?.version).toBe(1);
});

describe("a write", () => {
  test("after a version that is not the newest writes nothing, and says so", async () => {
    const { vault, store } = setUp();
    vault.write(ENTRY, VALUE);
    expect(await failure(store().put(ENTRY, VALUE, 1))).toBeInstanceOf(CasMismatchError);
    expect(vault.newest(ENTRY)).toBe(2);
  });

  test.each(["503", "no answer", "no request", "late"] as const)(
    "without a certain answer (%s) is not repeated",
    async (fault) => {
      const { vault, store } = setUp(fault);
      const error = await failure(store().put(ENTRY, VALUE, 1));
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ uncertain: true, attempts: 1 });
      vault.flush();
      expect(vault.newest(ENTRY)).toBe(fault === "no answer" || fault === "late" ? 2 : 1);
    },
  );

  test("is repeated when Vault said that it did nothing", async () => {
    const { vault, store } = setUp("429");
    await store().put(ENTRY, VALUE, 1);
    expect(vault.newest(ENTRY)).toBe(2);
  });

  test("that is refused is known to have done nothing", async () => {
    const { store } = setUp();
    const error = await failure(store({ token: "test-secret-other" }).put(ENTRY, VALUE, 1));
    expect(error).toBeInstanceOf(NotWrittenError);
    expect(error.message).toBe(
      `POST secret/data/${ENTRY} of ${ADDRESS}: HTTP 403 the token has expired, was revoked, or belongs to another server or namespace: log in again`,
    );
  });

  test("that the policy does not allow is known to have done nothing", async () => {
    const { vault, store } = setUp();
    vault.denied.add(ENTRY);
    const error = await failure(store().put(ENTRY, VALUE, 1));
    expect(error).toBeInstanceOf(NotWrittenError);
    expect(error.message).toBe(
      `POST secret/data/${ENTRY} of ${ADDRESS}: HTTP 403 permission denied: docs/vault.md has the policy that the token needs`,
    );
  });
});

describe("a mount that is not a KV engine of version 2 is not reported as a missing entry", () => {
  const fix = "correct vault.mount in the registry, or mount a KV engine of version 2 there";
  const at = (patch: object) => {
    const vault = new FakeVault({ clock: new FakeClock(), ...patch });
    return setUp().store({ fetch: vault.fetch });
  };

  test("version 1 without such an entry", async () => {
    await expect(at({ kvVersion: 1 }).read(ENTRY)).rejects.toThrow(
      new UserError(`the mount secret of ${ADDRESS} is a KV engine of version 1: ${fix}`),
    );
  });

  test("version 1 with an entry that has the path", async () => {
    const { store } = setUp();
    const { fetch: send } = scriptedFetch({ status: 200, body: { data: { client_id: "x" } } });
    await expect(store({ fetch: send, namespace: "team" }).read(ENTRY)).rejects.toThrow(
      `the mount secret of ${ADDRESS}, namespace team is not a KV engine of version 2: ${fix}`,
    );
  });

  test("no mount", async () => {
    await expect(at({ mount: "other" }).read(ENTRY)).rejects.toThrow(
      new UserError(`the mount secret of ${ADDRESS} does not exist: ${fix}`),
    );
  });

  test("what is mounted is not asked for an earlier version, nor needed", async () => {
    const { vault, store } = setUp();
    await store().read(ENTRY, 7);
    expect(vault.calls).toHaveLength(1);
    await store().read("genesys/production/na-prod/none");
    expect(vault.calls.at(-1)).toMatch(/^GET sys\/internal\/ui\/mounts\/secret/);
  });
});

test("a version that the engine will delete by itself has the time", async () => {
  const { clock, vault, store } = setUp();
  vault.configure(ENTRY, { deleteAfter: 60_000 });
  vault.write(ENTRY, VALUE);
  expect((await store().read(ENTRY))?.deletedAt).toBe(clock.now() + 60_000);
  expect((await store().read(ENTRY, 1))?.deletedAt).toBeUndefined();
  clock.advance(60_000);
  expect(await store().read(ENTRY)).toBeUndefined();
});

test("redirects are not followed: their target would get the token", async () => {
  const { vault, store } = setUp();
  await serveVault(vault, async (other) => {
    const redirecting = {
      handle: () => ({ status: 307, headers: { location: `${other}/v1/secret/data/${ENTRY}` } }),
    };
    await serveVault(redirecting, async (address) => {
      const error = await failure(store({ address, fetch, timeout: 5000 }).read(ENTRY));
      expect(error.message).toContain("HTTP 307");
    });
  });
  expect(vault.calls).toEqual([]);
});

test.each([
  [
    "a refusal that repeats what was sent",
    { status: 400, body: { errors: [JSON.stringify(VALUE)] } },
  ],
  ["an error of the network", new TypeError(`cannot send ${VAULT_TOKEN} ${VALUE.client_secret}`)],
  ["an answer that is not JSON", { status: 200, text: VALUE.client_secret }],
])("no message contains a secret: %s", async (_what, reply) => {
  const { store } = setUp();
  const { fetch: send } = scriptedFetch(reply);
  for (const error of [
    await failure(store({ fetch: send }).put(ENTRY, VALUE, 1)),
    await failure(store({ fetch: send }).read(ENTRY)),
  ]) {
    expect(error.message).toContain(ENTRY);
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain("test-secret");
  }
});
