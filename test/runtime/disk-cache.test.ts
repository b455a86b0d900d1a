import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GenesysCredentials } from "../../lib/runtime";
import { type DataKeys, encryptedDiskCache } from "../../lib/runtime/disk-cache";
import { FakeClock } from "../support/fakes/fake-clock";
import { FAKE_ENDPOINTS } from "../support/fakes/fake-genesys";
import { temporaryFolder } from "../support/folders";
import { consumerWorld, SECRET } from "./consumer-world";

const HOUR = 3_600_000;
const VALUE = { text: "test-secret-value", versionId: "version-1" };

/** Keys as KMS makes them: only with the same context one gets the key back. */
function fakeKms() {
  const keys = new Map<string, Buffer>();
  const counts = { generated: 0, decrypted: 0 };
  const dataKeys: DataKeys = {
    async generate(context) {
      counts.generated += 1;
      const plain = randomBytes(32);
      const encrypted = randomBytes(64);
      keys.set(JSON.stringify([encrypted.toString("hex"), context]), Buffer.from(plain));
      return { plain, encrypted };
    },
    async decrypt(encrypted, context) {
      counts.decrypted += 1;
      const key = keys.get(JSON.stringify([Buffer.from(encrypted).toString("hex"), context]));
      if (!key) throw new Error("InvalidCiphertextException");
      return Buffer.from(key);
    },
  };
  return { dataKeys, counts };
}

function diskCache(hours?: number) {
  const folder = temporaryFolder();
  const file = join(folder, "crm-sync.json");
  const clock = new FakeClock();
  const kms = fakeKms();
  const open = () => encryptedDiskCache({ file, keys: kms.dataKeys, clock, hours });
  return { folder, file, clock, kms, open };
}

test("another process reads the value, and the file has nothing of it in plain text", async () => {
  const { folder, file, open } = diskCache();
  await open().store(SECRET, VALUE);
  expect(await open().load(SECRET)).toMatchObject(VALUE);
  const text = readFileSync(file, "utf8");
  expect(text).not.toContain("test-secret");
  expect(text).not.toContain(Buffer.from("test-secret").toString("base64").slice(0, 12));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["crm-sync.json"]);
});

test("without a file there is no value", async () => {
  expect(await diskCache().open().load(SECRET)).toBeUndefined();
});

test.each([undefined, 2])("after its hours (%p) the value is not used", async (hours) => {
  const { clock, open } = diskCache(hours);
  await open().store(SECRET, VALUE);
  clock.advance((hours ?? 24) * HOUR - 1);
  expect(await open().load(SECRET)).toMatchObject(VALUE);
  clock.advance(1);
  expect(await open().load(SECRET)).toBeUndefined();
});

test.each([0, -1, 24.5, Number.NaN])("%p hours are refused", (hours) => {
  expect(() => diskCache(hours).open()).toThrow(`hours is ${hours}; give more than 0, at most 24`);
});

test("is written for a new version, and otherwise once in an hour", async () => {
  const { clock, kms, open } = diskCache();
  const cache = open();
  for (let minute = 0; minute < 120; minute += 5) {
    await cache.store(SECRET, VALUE);
    clock.advance(5 * 60_000);
  }
  expect(kms.counts.generated).toBe(2);
  await cache.store(SECRET, { ...VALUE, versionId: "version-2" });
  expect(kms.counts.generated).toBe(3);
});

describe("a file that somebody changed is refused:", () => {
  const changed = async (change: (stored: Record<string, unknown>) => void, secretId = SECRET) => {
    const { file, open } = diskCache();
    await open().store(SECRET, VALUE);
    const stored = JSON.parse(readFileSync(file, "utf8"));
    change(stored);
    writeFileSync(file, JSON.stringify(stored));
    return open().load(secretId);
  };

  test.each<[string, (stored: Record<string, unknown>) => void]>([
    ["a later end", (stored) => Object.assign(stored, { until: (stored.until as number) + HOUR })],
    ["another version", (stored) => Object.assign(stored, { versionId: "version-9" })],
    ["another content", (stored) => Object.assign(stored, { data: "AAAA" })],
  ])("%s", async (_, change) => {
    await expect(changed(change)).rejects.toThrow(/unable to authenticate data/);
  });

  test("another secret's file", async () => {
    await expect(changed(() => {}, "/genesys/production/na-prod/other")).rejects.toThrow(
      "InvalidCiphertextException",
    );
  });
});

test("a process that starts while Secrets Manager does not answer works with the stored value", async () => {
  const world = consumerWorld();
  const { open } = diskCache();
  const problems: string[] = [];
  const start = () =>
    new GenesysCredentials({
      secretId: SECRET,
      source: world.direct,
      cache: open(),
      fetch: world.fetch,
      clock: world.clock,
      endpoints: FAKE_ENDPOINTS,
      onProblem: ({ message }) => problems.push(message),
    });
  await start().token();
  world.setOutage(true);
  expect((await start().fetchWithToken("/api/v2/tokens/me")).status).toBe(200);
  expect(problems).toEqual(["secretsmanager: no answer"]);
});

test("a stored value is used for a day from when it was read, and no longer", async () => {
  const world = consumerWorld();
  const { file } = diskCache();
  const { dataKeys: keys } = fakeKms();
  const start = () =>
    new GenesysCredentials({
      secretId: SECRET,
      source: world.direct,
      cache: encryptedDiskCache({ file, keys, clock: world.clock }),
      fetch: world.fetch,
      clock: world.clock,
      endpoints: FAKE_ENDPOINTS,
    });
  await start().value();
  world.setOutage(true);
  world.clock.advance(23 * HOUR);
  const credentials = start();
  await credentials.value();
  world.clock.advance(2 * HOUR);
  await expect(credentials.value()).rejects.toThrow("secretsmanager: no answer");
});

test("a disk that is full or a KMS that fails does not stop a consumer", async () => {
  const world = consumerWorld();
  const { file } = diskCache();
  const problems: string[] = [];
  const broken: DataKeys = {
    generate: async () => {
      throw new Error("KMS: AccessDeniedException");
    },
    decrypt: async () => new Uint8Array(),
  };
  const credentials = new GenesysCredentials({
    secretId: SECRET,
    source: world.direct,
    cache: encryptedDiskCache({ file, keys: broken }),
    fetch: world.fetch,
    clock: world.clock,
    endpoints: FAKE_ENDPOINTS,
    onProblem: ({ message }) => problems.push(message),
  });
  await expect(credentials.token()).resolves.toMatch(/./);
  expect(problems).toEqual(["KMS: AccessDeniedException"]);
});
