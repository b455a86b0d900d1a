import { FakeOrganization } from "../fakes/fake-organization";
import {
  type Entity,
  exists,
  type Json,
  MANAGED_KINDS,
  type ManagedKind,
} from "../fakes/organization/entity";
import { generateOrganization } from "./generated-organization";
import { readAsProvider } from "./provider-reading";
import { blockOf } from "./provider-reading/attributes";

/** What the provider reads of one object. */
function read(kind: ManagedKind, entity: Omit<Entity, "id">) {
  const organization = new FakeOrganization();
  organization.add(kind, { ...entity, id: "1" });
  return readAsProvider(organization, `genesyscloud_${kind}`, "1");
}

test.each(MANAGED_KINDS)(
  "an object of the kind %s has all attributes of the real schema",
  (kind) => {
    const organization = generateOrganization({ seed: 41, objects: 300 });
    const { attributes = {}, block_types = {} } = blockOf(`genesyscloud_${kind}`);
    const names = [...Object.keys(attributes), ...Object.keys(block_types)].sort();
    for (const entity of organization.all(kind).filter(exists)) {
      const state = readAsProvider(organization, `genesyscloud_${kind}`, entity.id);
      expect(Object.keys(state ?? {}).sort()).toEqual(names);
      expect(state?.id).toBe(entity.id);
    }
  },
);

test("there is no object that is deleted, or that was never there", () => {
  expect(read("routing_skill", { name: "S", state: "deleted" })).toBeUndefined();
  const organization = new FakeOrganization();
  expect(readAsProvider(organization, "genesyscloud_user", "nobody")).toBeUndefined();
  expect(() => readAsProvider(organization, "genesyscloud_flow", "1")).toThrow("cannot be read");
});

test("a field without a value becomes empty, and what the provider does not read is null", () => {
  expect(read("oauth_client", { name: "C", authorizedGrantType: "CODE" })).toMatchObject({
    description: "",
    access_token_validity_seconds: 0,
    scopes: [],
    client_id: "1",
    client_secret: null,
    expose_client_secret: null,
    directory_client_secret: null,
    integration_credential_id: null,
  });
  expect(read("user", { name: "U", email: "u@example.com" })).toMatchObject({
    password: null,
    manager: "",
    acd_auto_answer: false,
    addresses: [],
    routing_utilization: [],
  });
  const queue = { name: "Q", mediaSettings: { callback: { enableAutoAnswer: true } } };
  expect(read("routing_queue", queue)).toMatchObject({
    ignore_members: null,
    source_queue_id: null,
    division_id: "",
    members: [],
    default_script_ids: {},
    media_settings_call: [],
    // Members of a block are empty rather than null.
    media_settings_callback: [{ enable_auto_answer: true, mode: "", max_retry_count: 0 }],
  });
});

test("times have microseconds", () => {
  const schedule = { name: "S", start: "2026-01-02T08:00:00.000", end: "2026-01-02T17:00:00.500" };
  expect(read("architect_schedules", schedule)).toMatchObject({
    start: "2026-01-02T08:00:00.000000",
    end: "2026-01-02T17:00:00.500000",
  });
});

test("the first conditional rule does not name its queue", () => {
  const rule = (queue: string) => ({ queue: { id: queue }, groups: [{ id: "g", type: "GROUP" }] });
  const rules = [rule("1"), rule("2")];
  const state = read("routing_queue", { name: "Q", conditionalGroupRouting: { rules } });
  expect(state?.conditional_group_routing_rules).toMatchObject([
    { queue_id: "" },
    { queue_id: "2" },
  ]);
});

test("phone numbers and extensions are told apart", () => {
  const addresses: Json[] = [
    { mediaType: "PHONE", type: "WORK", address: "(+1 317 555-0100)", display: "(317) 555-0100" },
    { mediaType: "PHONE", type: "WORK2", display: "4711" },
    { mediaType: "PHONE", type: "WORK3", extension: "12", display: "+13175550101" },
    { mediaType: "EMAIL", type: "HOME", address: "home@example.org" },
  ];
  const state = read("user", { name: "U", email: "u@example.com", addresses });
  expect(state?.addresses).toMatchObject([
    {
      phone_numbers: [
        { type: "WORK", number: "+13175550100", extension: "" },
        { type: "WORK2", number: "", extension: "4711" },
        { type: "WORK3", number: "+13175550101", extension: "12" },
      ],
      other_emails: [{ address: "home@example.org", type: "HOME" }],
    },
  ]);
});

test("columns of a data table are in the order in which they are shown", () => {
  const properties = {
    key: { type: "string", title: "Key", displayOrder: 0 },
    late: { type: "boolean", default: false, displayOrder: 2 },
    early: { type: "number", default: 1.5, displayOrder: 1 },
  };
  const state = read("architect_datatable", { name: "T", schema: { properties } });
  expect(state?.properties).toEqual([
    { name: "key", type: "string", title: "Key", default: "" },
    { name: "early", type: "number", title: "", default: "1.5" },
    { name: "late", type: "boolean", title: "", default: "false" },
  ]);
});

test("an integration's settings are JSON as Go writes it, and empty notes are empty", () => {
  const $config = {
    name: "I",
    notes: "node_dynamodb_empty_string",
    properties: { url: "https://a/?b=1&c=<2>", a: null },
    advanced: {},
    credentials: { basicAuth: { id: "credential", name: "N" } },
  };
  expect(read("integration", { name: "I", integrationType: { id: "t" }, $config })).toMatchObject({
    integration_type: "t",
    config: [
      {
        notes: "",
        properties: '{"a":null,"url":"https://a/?b=1\\u0026c=\\u003c2\\u003e"}',
        advanced: "{}",
        credentials: { basicAuth: "credential" },
      },
    ],
  });
});
