import { genesysSchema } from "../../../lib/cli/project/genesys-schema";
import { compareOrgs } from "../../../lib/existing/compare/compare-orgs";
import { configurationOf, typesInCode } from "../../../lib/existing/configuration/configuration";
import type { Arguments, ExistingObject, ExistingOrg } from "../../../lib/existing/model";
import { OBJECT_TYPES } from "../../../lib/existing/types";
import {
  DIVISION,
  FLOW,
  LOCATION,
  QUEUE,
  ROLE,
  SKILL,
  USER,
} from "../../../lib/existing/types/names";
import type { BlocksByType, StackJson } from "../../../lib/terraform/stack-folder";
import { generateOrganization } from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";
import { stackJsonOf } from "../../support/existing/stack-json";

const EMPTY: ExistingOrg = { name: "na-prod", types: [], objects: [] };
const ALL = OBJECT_TYPES.map(({ type }) => type);

const read = (stacks: readonly StackJson[], existing = EMPTY) =>
  configurationOf({ name: "code", stacks, existing, types: ALL, schema: genesysSchema() });

/** The arguments of the only queue of some blocks, without those that are left out. */
function queueOf(resource: BlocksByType, more: Partial<StackJson> = {}, existing = EMPTY) {
  const { objects } = read([{ resource, ...more }], existing);
  const queue = objects.find(({ type }) => type === QUEUE);
  return Object.fromEntries(
    Object.entries(queue?.arguments ?? {}).filter(
      ([, value]) => (value as { $unknown?: string }).$unknown !== "left out",
    ),
  );
}
const queue = (body: Arguments | object): BlocksByType => ({
  [QUEUE]: { q: { name: "Support", ...body } },
});
const defaults = queueOf(queue({}));
const COMPUTED = { $unknown: "computed" };

test("the code of a generated organisation says what the organisation has", async () => {
  const organization = generateOrganization({ seed: 21, objects: 300 });
  const { existing } = await readOrganization(organization);
  const stack = stackJsonOf(existing);
  const code = read([stack], existing);
  expect(code.unnamed).toEqual([]);
  const { differences, types } = compareOrgs(existing, code);
  expect(differences).toEqual([]);
  expect(types.reduce((sum, { there }) => sum + there, 0)).toBeGreaterThan(250);
});

test("a literal is what it says, with the type of its argument", () => {
  expect(
    queueOf(
      queue({
        description: "costs $${five} and 10 %%{",
        acw_timeout_ms: "1000",
        auto_answer_only: "true",
        media_settings_call: [{ alerting_timeout_sec: 8 }],
      }),
    ),
  ).toMatchObject({
    description: "costs ${five} and 10 %{",
    acw_timeout_ms: 1000,
    auto_answer_only: true,
    media_settings_call: { alerting_timeout_sec: 8 },
  });
});

test("an empty text is none, also if an object of the organisation has no id", () => {
  const existing = { ...EMPTY, objects: [{ type: USER, path: ["a@x"], arguments: {} }] };
  expect(queueOf(queue({ description: "" }), {}, existing)).toEqual(defaults);
});

test("what the code leaves out has the provider's default, or is left to Genesys Cloud", () => {
  expect(defaults).toEqual({
    name: "Support",
    acw_wrapup_prompt: "MANDATORY_TIMEOUT",
    auto_answer_only: true,
    enable_manual_assignment: false,
    enable_transcription: false,
    scoring_method: "TimestampAndPriority",
    skill_evaluation_method: "ALL",
    suppress_in_queue_call_recording: true,
  });
  const existing = {
    ...EMPTY,
    types: ALL,
    objects: [
      {
        type: QUEUE,
        path: ["Support"],
        arguments: {
          ...defaults,
          division_id: { $ref: DIVISION, path: ["Sales"] },
          media_settings_call: { alerting_timeout_sec: 8 },
          description: "by hand",
        },
      },
    ],
  };
  const { differences, notComparable } = compareOrgs(existing, read([{ resource: queue({}) }]));
  // Terraform would remove it.
  expect(differences.map(({ argument }) => argument)).toEqual(["description"]);
  expect(notComparable["left out"]).toBe(2);
});

test("arguments whose changes Terraform ignores are left out", () => {
  const ignored = (lifecycle: unknown, body = {}) =>
    Object.keys(queueOf(queue({ description: "x", peer_id: "y", lifecycle, ...body })));
  expect(ignored({ ignore_changes: ["description"] })).not.toContain("description");
  expect(ignored([{ ignore_changes: ["description"] }])).toContain("peer_id");
  expect(ignored({ ignore_changes: "all" })).toEqual([]);
  const members = [{ user_id: "x" }];
  expect(ignored(undefined, { members })).toContain("members");
  expect(ignored(undefined, { members, ignore_members: true })).not.toContain("members");
});

test("expressions are not known, and neither are dynamic blocks", () => {
  expect(
    queueOf(
      queue({
        description: "from ${var.x}",
        peer_id: "%{ if true }x%{ endif }",
        wrapup_codes: "${var.codes}",
        groups: ["${genesyscloud_group.other.id}"],
        dynamic: { members: { for_each: "${var.users}" } },
      }),
    ),
  ).toMatchObject({
    description: COMPUTED,
    peer_id: COMPUTED,
    wrapup_codes: COMPUTED,
    groups: [COMPUTED],
    members: COMPUTED,
  });
});

describe("references", () => {
  test("to a resource name its object", () => {
    const resource = {
      ...queue({
        division_id: "${genesyscloud_auth_division.sales.id}",
        members: [
          { user_id: "${genesyscloud_user.a.id}" },
          { user_id: "${genesyscloud_user.b.id}" },
        ],
      }),
      [DIVISION]: { sales: { name: "Sales" } },
      [USER]: { a: { name: "A", email: "z@x" }, b: { name: "B", email: "b@x" } },
    };
    expect(queueOf(resource)).toMatchObject({
      division_id: { $ref: DIVISION, path: ["Sales"] },
      members: [
        { user_id: { $ref: USER, path: ["b@x"] }, ring_num: 1 },
        { user_id: { $ref: USER, path: ["z@x"] }, ring_num: 1 },
      ],
    });
  });

  test("to a data source name what it looks for", () => {
    const data = {
      [FLOW]: { in: { name: "Inbound" }, some: { name: "${var.flow}" } },
      genesyscloud_auth_division_home: { home: {} },
    };
    const resource = queue({
      division_id: "${data.genesyscloud_auth_division_home.home.id}",
      queue_flow_id: "${data.genesyscloud_flow.in.id}",
      email_in_queue_flow_id: "${data.genesyscloud_flow.some.id}",
    });
    expect(queueOf(resource, { data })).toMatchObject({
      division_id: { $ref: DIVISION, path: ["(home division)"] },
      queue_flow_id: { $ref: FLOW, path: ["Inbound"] },
      email_in_queue_flow_id: COMPUTED,
    });
    expect(read([{ resource, data }]).objects).toHaveLength(1);
  });

  test("by an id, or by the name of the home division, are those of the organisation", () => {
    const home: ExistingObject = {
      type: DIVISION,
      path: ["(home division)"],
      id: "id-home",
      arguments: { name: "Home", home: true },
      unmanaged: "the home division",
    };
    const user: ExistingObject = {
      type: USER,
      path: ["a@x"],
      id: "id-user",
      arguments: { manager: { $ref: USER, id: "id-gone" } },
    };
    const existing = { ...EMPTY, types: ALL, objects: [home, user] };
    const data = { [DIVISION]: { d: { name: "Home" } } };
    const resource = queue({
      division_id: "${data.genesyscloud_auth_division.d.id}",
      members: [{ user_id: "id-user" }, { user_id: "id-gone" }],
    });
    expect(queueOf(resource, { data }, existing)).toMatchObject({
      division_id: { $ref: DIVISION, path: ["(home division)"] },
      members: [
        { user_id: { $ref: USER, path: ["a@x"] } },
        { user_id: { $ref: USER, id: "id-gone" } },
      ],
    });
  });
});

describe("names", () => {
  const pathsOf = (resource: BlocksByType) => read([{ resource }]).objects.map(({ path }) => path);

  test("of locations are below those of their parents", () => {
    const resource = {
      [LOCATION]: {
        top: { name: "Berlin" },
        floor: { name: "Floor 1", path: ["${genesyscloud_location.top.id}"] },
        itself: { name: "x", path: ["${genesyscloud_location.itself.id}"] },
      },
    };
    expect(pathsOf(resource)).toEqual([["Berlin", "Floor 1"], ["Berlin"]]);
    expect(read([{ resource }]).unnamed).toEqual(["genesyscloud_location.itself"]);
  });

  test("of integrations are in their configuration, and the home division has one of its own", () => {
    expect(
      pathsOf({
        genesyscloud_integration: { i: { integration_type: "x", config: [{ name: "CRM" }] } },
        [DIVISION]: { home: { name: "Whatever", home: true } },
      }),
    ).toEqual([["(home division)"], ["CRM"]]);
  });

  test("that only Terraform knows are listed", () => {
    const resource = {
      [SKILL]: {
        a: { name: "${var.name}" },
        b: { name: "x ${count.index}", count: 3 },
        c: { name: "c", for_each: "${toset([1])}" },
        d: { name: "d" },
      },
    };
    const code = read([{ resource }]);
    expect(code.unnamed).toEqual(["a", "b", "c"].map((id) => `${SKILL}.${id}`));
    expect(code.objects.map(({ path }) => path)).toEqual([["d"]]);
  });

  test("of the same address in two stacks are told apart", () => {
    const stack = (name: string) => ({ resource: { [SKILL]: { s: { name } } } });
    expect(read([stack("b"), stack("a")]).objects.map(({ path }) => path)).toEqual([["a"], ["b"]]);
  });
});

test("nothing is read that no organisation shows, such as a password", () => {
  const { objects } = read([
    { resource: { [USER]: { a: { name: "A", email: "a@x", password: "not-for-you" } } } },
  ]);
  expect(objects).toHaveLength(1);
  expect(JSON.stringify(objects)).not.toContain("not-for-you");
});

test("the types of code are those that it has resources of", () => {
  const resource = { ...queue({}), [ROLE]: {}, aws_kms_key: { k: {} } };
  expect(typesInCode([{}, { resource }])).toEqual([QUEUE]);
});
