import { worldOf } from "../../../lib/rehearsal";
import type { ObjectValue } from "../../../lib/rehearsal/double/core/value";
import { vaultBehaviour } from "../../../lib/rehearsal/double/vault/index";
import { canary } from "../../../lib/rehearsal/world";
import { orgReport } from "../reports";

const world = worldOf({
  orgs: [orgReport("na-prod"), orgReport("team", { namespace: "a/b" })],
});
const asked = { mount: "secret", name: "genesys/production/na-prod/deployer" };
const store = { objects: () => [] };
const open = (config: ObjectValue, provider: ObjectValue = {}, change: object = {}) =>
  vaultBehaviour({ ...world, vault: world.vault.map((entry) => ({ ...entry, ...change })) })
    .configure({ address: "https://vault.example.com", ...provider })
    .ephemeral?.("vault_kv_secret_v2", config);

describe("an ephemeral read", () => {
  test("has the entry's fields, and an empty data_json, as with the real provider", () => {
    const entry = open(asked);
    expect(entry?.data).toMatchObject({
      client_secret: expect.stringMatching(/^CANARY\+/),
    });
    expect(entry?.data_json).toBe("{}");
  });

  test("of a version that does not exist fails, and names neither path nor version", () => {
    expect(open({ ...asked, version: 3 })).toBeDefined();
    expect(open({ ...asked, version: 2 }, {}, { newestVersion: 2 })).toBeDefined();
    expect(() => open({ ...asked, version: 3 }, {}, { newestVersion: 2 })).toThrow(
      /^Unable to Read Resource from Vault: Vault response was nil$/,
    );
  });

  test("of a deleted version has no fields", () => {
    expect(open(asked, {}, { deleted: true })?.data).toBeNull();
  });

  test.each([5, true, {}, null])("of an entry with the field %j fails", (field) => {
    expect(() => open(asked, {}, { data: { org_id: "x", port: field } })).toThrow(
      "This is always an error in the provider",
    );
  });
});

test.each<[string, ObjectValue, ObjectValue]>([
  ["name", { name: "genesys/production/na-prod/nobody" }, {}],
  ["mount", { mount: "kv" }, {}],
  ["address", {}, { address: "https://other.example.com" }],
  ["namespace", {}, { namespace: "other" }],
])("the entry does not exist under another %s", (_what, config, provider) => {
  expect(() => open({ ...asked, ...config }, provider)).toThrow(
    /^Unable to Read Resource from Vault: Vault response was nil$/,
  );
});

test("an entry that is not an org's credential exists as well, and its secret is reported", () => {
  const secrets: string[] = [];
  const session = vaultBehaviour(world, ({ value }) => secrets.push(value)).configure({
    address: "https://vault.example.com",
  });
  const entry = session.ephemeral?.("vault_kv_secret_v2", { mount: "secret", name: "shared/smtp" });
  expect(secrets).toEqual([canary(world.seed, "secret", "shared/smtp")]);
  expect(entry?.data).toEqual({ value: secrets[0], password: secrets[0] });
});

test("a namespace may be the provider's, the element's, or both", () => {
  const inside = { mount: "secret", name: "genesys/production/team/deployer" };
  expect(open(inside, { namespace: "a/b" })).toBeDefined();
  expect(open({ ...inside, namespace: "a/b" })).toBeDefined();
  expect(open({ ...inside, namespace: "b" }, { namespace: "/a/" })).toBeDefined();
});

test("a trailing slash of the address has no effect", () => {
  expect(open(asked, { address: "https://vault.example.com/" })).toBeDefined();
});

test("the data sources read the same entries", () => {
  const session = vaultBehaviour(world).configure({ address: "https://vault.example.com" });
  const kv = session.data?.("vault_kv_secret_v2", asked, store);
  const generic = session.data?.("vault_generic_secret", { path: `secret/${asked.name}` }, store);
  expect(kv).toMatchObject({ id: `secret/data/${asked.name}`, data: open(asked)?.data });
  expect(generic?.data).toEqual(kv?.data);
  expect(() => session.data?.("vault_kv_secret_v2", { ...asked, name: "no" }, store)).toThrow(
    'no secret found at "secret/data/no"',
  );
});

test("a provider without an address is refused", () => {
  expect(() => vaultBehaviour(world).configure({})).toThrow("no address is configured");
});
