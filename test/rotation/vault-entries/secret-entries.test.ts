import { SecretEntries } from "../../../lib/rotation/vault-entries/secret-entries";
import { secretsPlace } from "../../../lib/rotation/vault-entries/vault-entry";
import { CasMismatchError, NotWrittenError } from "../../../lib/vault/client/kv-store";
import { FakeClock } from "../../support/fakes/fake-clock";
import type { FakeSecret } from "../../support/fakes/fake-secrets-manager";
import type { VaultFault } from "../../support/fakes/fake-vault";
import { AWS, FakeEntrySecrets } from "./fake-entry-secrets";

const NAME = "/genesys/production/na-prod/_deployer";
const credentialOf = (client: string) => ({
  client_id: client,
  client_secret: `test-secret-${client}`,
});

function startWorld(faults: VaultFault[] = []) {
  const clock = new FakeClock();
  const secrets = new FakeEntrySecrets({
    clock,
    fault: (kind) => (kind === "write" && faults.shift()) || "none",
  });
  secrets.write(NAME, credentialOf("first"));
  const open = () =>
    new SecretEntries(
      secrets.callsOf(async (effect) => effect()),
      secretsPlace(AWS),
    );
  const secret = secrets.secrets.get(NAME) as FakeSecret;
  return { clock, secrets, secret, open };
}

const clientsOf = async (entries: SecretEntries, versions: readonly number[]) =>
  Promise.all(versions.map(async (each) => (await entries.read(NAME, each))?.value.client_id));

test("versions have numbers, from the first that a person wrote", async () => {
  const { clock, secrets, open } = startWorld();
  const entries = open();
  expect(await entries.read(NAME)).toMatchObject({ version: 1, createdAt: clock.now() });
  expect(await entries.put(NAME, credentialOf("second"), 1)).toBe(2);
  secrets.write(NAME, credentialOf("by hand"));
  expect(await open().read(NAME)).toMatchObject({ version: 3, value: credentialOf("by hand") });
  expect(await clientsOf(open(), [1, 2, 3, 4])).toEqual(["first", "second", "by hand", undefined]);
});

test("the last ten versions stay, since AWS allows 20 labels in a secret", async () => {
  const { secret, open } = startWorld();
  for (let version = 1; version <= 25; version++) {
    const entries = open();
    await entries.read(NAME);
    expect(await entries.put(NAME, credentialOf(`client-${version + 1}`), version)).toBe(
      version + 1,
    );
    const labels = [...secret.versions.values()].flatMap(({ stages }) => [...stages]);
    expect(labels.length).toBeLessThanOrEqual(20);
  }
  expect(await clientsOf(open(), [16, 17, 26])).toEqual([undefined, "client-17", "client-26"]);
});

test("a value that became the current one again is a new version, of that time", async () => {
  const { clock, secrets, open } = startWorld();
  const entries = open();
  await entries.read(NAME);
  await entries.put(NAME, credentialOf("second"), 1);
  clock.advance(3_600_000);
  secrets.rollBack(NAME);
  const now = clock.now();
  expect(await entries.read(NAME)).toEqual({
    version: 3,
    createdAt: now,
    value: credentialOf("first"),
  });
  clock.advance(3_600_000);
  expect(await entries.put(NAME, credentialOf("fourth"), 3)).toBe(4);
  // No later than the next one.
  expect(await open().read(NAME, 3)).toMatchObject({ createdAt: clock.now() });
  expect(await clientsOf(open(), [1, 2, 3, 4])).toEqual(["first", "second", "first", "fourth"]);
});

test.each([
  ["nobody wrote it", ""],
  ["it is not JSON", "test-secret-text"],
  ["it is a list", "[1]"],
])("a value without fields has none: %s", async (_what, text) => {
  const { secret, open } = startWorld();
  secret.put("b".repeat(32), text, ["AWSCURRENT"]);
  expect((await open().read(NAME))?.value ?? {}).not.toHaveProperty("client_id");
});

test("there is no entry without a secret, or without a value", async () => {
  const { open, secret } = startWorld();
  expect(await open().read("/genesys/production/na-prod/_master")).toBeUndefined();
  secret.versions.clear();
  expect(await open().read(NAME)).toBeUndefined();
});

describe("a write after somebody else's is refused, and theirs stays:", () => {
  const written = async (by: (world: ReturnType<typeof startWorld>) => unknown) => {
    const world = startWorld();
    const entries = world.open();
    await entries.read(NAME);
    await by(world);
    await expect(entries.put(NAME, credentialOf("mine"), 1)).rejects.toThrow(CasMismatchError);
    expect(world.secrets.at(NAME)).toEqual(credentialOf("theirs"));
  };
  test("a person's, which has the same number", () =>
    written(async ({ secrets, secret }) => {
      secrets.write(NAME, credentialOf("theirs"));
      expect(secret.idOf("v1")).toBeUndefined();
    }));
  test("a person's after one of this run, whose number is in no label", async () => {
    const { secrets, open } = startWorld(["none", "none", "none", "no request", "503", "503"]);
    const entries = open();
    await entries.read(NAME);
    expect(await entries.put(NAME, credentialOf("second"), 1)).toBe(2);
    // The second is then neither the current version nor the one before, so theirs is number 2.
    secrets.rollBack(NAME);
    secrets.write(NAME, credentialOf("theirs"));
    expect(await open().read(NAME)).toMatchObject({ version: 2 });
    await expect(entries.put(NAME, credentialOf("mine"), 2)).rejects.toThrow(CasMismatchError);
    expect(secrets.at(NAME)).toEqual(credentialOf("theirs"));
  });
  test("another run's", () =>
    written(async ({ open }) => {
      const other = open();
      await other.read(NAME);
      await other.put(NAME, credentialOf("theirs"), 1);
    }));
  test("one between the put and the move of AWSCURRENT", async () => {
    const world = startWorld();
    const calls = world.secrets.callsOf(async (effect) => effect());
    const put: typeof calls.put = async (...values) => {
      await calls.put(...values);
      world.secrets.write(NAME, credentialOf("theirs"));
    };
    const entries = new SecretEntries({ ...calls, put }, secretsPlace(AWS));
    await entries.read(NAME);
    await expect(entries.put(NAME, credentialOf("mine"), 1)).rejects.toThrow(CasMismatchError);
    expect(world.secrets.at(NAME)).toEqual(credentialOf("theirs"));
  });
});

// The writes of a first put: v1, the value, AWSCURRENT, v2. Each may need three attempts.
const FAULTS: VaultFault[] = ["no answer", "no request", "late", "429", "503"];
const cases = [1, 2, 3, 4].flatMap((write) =>
  FAULTS.flatMap((fault) => [1, 3].map((times) => ({ write, fault, times }))),
);
test.each(cases)(
  "write $write with $fault, $times times: what it says of the result is true",
  async ({ write, fault, times }) => {
    const faults = [...Array(write - 1).fill("none"), ...Array(times).fill(fault)];
    const { secrets, open } = startWorld(faults);
    const entries = open();
    await entries.read(NAME);
    const result = await entries
      .put(NAME, credentialOf("second"), 1)
      .catch((error: Error) => error);
    if (result instanceof NotWrittenError || result instanceof CasMismatchError) {
      secrets.flush();
      expect(secrets.at(NAME)).toEqual(credentialOf("first"));
      return;
    }
    if (result === 2) expect(secrets.at(NAME)).toEqual(credentialOf("second"));
    else expect(result).toBeInstanceOf(Error);
    // Unknown: it may still be written. The next write puts an end to that.
    const next = open();
    const newest = (await next.read(NAME))?.version ?? 0;
    await next.put(NAME, credentialOf("third"), newest);
    secrets.flush();
    expect(secrets.at(NAME)).toEqual(credentialOf("third"));
  },
);

test("an answer that was lost is not taken for a refusal", async () => {
  const { secrets, open } = startWorld(["none", "none", "no answer"]);
  const entries = open();
  await entries.read(NAME);
  // The second attempt is refused, since AWSCURRENT has moved.
  expect(await entries.put(NAME, credentialOf("second"), 1)).toBe(2);
  expect(secrets.at(NAME)).toEqual(credentialOf("second"));
});
