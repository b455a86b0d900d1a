import { compareOrgs } from "../../../lib/existing/compare/compare-orgs";
import { valueText } from "../../../lib/existing/compare/same-value";
import type { Arguments, ExistingObject, ExistingOrg, Value } from "../../../lib/existing/model";
import { GROUP, OAUTH_CLIENT, QUEUE, ROLE, SKILL, USER } from "../../../lib/existing/types/names";

const ALL = [GROUP, OAUTH_CLIENT, QUEUE, ROLE, SKILL, USER];

const org = (objects: readonly ExistingObject[], types: readonly string[] = ALL): ExistingOrg => ({
  name: "org",
  types,
  objects,
});
const queue = (args: Arguments, ...path: string[]): ExistingObject => ({
  type: QUEUE,
  path: path.length > 0 ? path : ["Support"],
  arguments: args,
});
const ref = (type: string, ...path: string[]) => ({ $ref: type, path });

/** The differences of two organisations, each on a line. */
const differences = (here: readonly ExistingObject[], there: readonly ExistingObject[]): string[] =>
  compareOrgs(org(here), org(there)).differences.map(
    ({ kind, type, path, argument, ...values }) => {
      const text = (value: Value | undefined) => (value === undefined ? "-" : valueText(value));
      const change = kind === "different" ? `: ${text(values.here)} → ${text(values.there)}` : "";
      return `${kind} ${type} ${path.join("/")} ${argument ?? "as a whole"}${change}`;
    },
  );
const ofQueues = (here: Arguments, there: Arguments): string[] =>
  differences([queue(here)], [queue(there)]).map((line) => line.replace("queues Support ", ""));

describe("objects", () => {
  const skill = (name: string, id: string): ExistingObject => ({
    type: SKILL,
    path: [name],
    id,
    arguments: { name },
  });

  test("are the same by type and name, whatever their ids and their order", () => {
    const here = [skill("a", "1"), skill("b", "2"), queue({ name: "Support" })];
    const there = [queue({ name: "Support" }), skill("b", "8"), skill("a", "9")];
    expect(differences(here, there)).toEqual([]);
  });

  test("can be on one side only", () => {
    expect(
      differences([skill("a", "1"), skill("b", "2")], [skill("b", "1"), skill("c", "1")]),
    ).toEqual(["only here skills a as a whole", "only there skills c as a whole"]);
  });

  test("are told apart by the names of their parents", () => {
    const here = [queue({}, "Berlin", "Reception"), queue({}, "Paris", "Reception")];
    expect(differences(here, [queue({}, "Paris", "Reception")])).toEqual([
      "only here queues Berlin/Reception as a whole",
    ]);
  });

  test("with the same name are compared one by one", () => {
    const here = [queue({ description: "a" }, "X"), queue({ description: "b" }, "X (2)")];
    const there = [queue({ description: "a" }, "X"), queue({ description: "c" }, "X (2)")];
    expect(differences(here, there)).toEqual(['different queues X (2) description: "b" → "c"']);
  });

  test("are compared only of types that both sides know completely", () => {
    const here = { ...org([queue({})], [QUEUE, SKILL]), name: "na" };
    const there = { ...org([], [SKILL]), name: "eu" };
    const { types, skipped, differences: found } = compareOrgs(here, there, [QUEUE, SKILL, USER]);
    expect([types, found]).toEqual([[{ type: "skills", here: 0, there: 0 }], []]);
    expect(skipped).toEqual([
      { type: "queues", unknownIn: ["eu"] },
      { type: "users", unknownIn: ["na", "eu"] },
    ]);
  });
});

describe("arguments", () => {
  test("differ by their paths, with both values", () => {
    const call = (alerting_timeout_sec: number): Arguments => ({
      media_settings_call: { alerting_timeout_sec, enable_auto_answer: true },
    });
    expect(ofQueues(call(8), call(12))).toEqual([
      "different media_settings_call.alerting_timeout_sec: 8 → 12",
    ]);
  });

  test("can be on one side only", () => {
    const here = { description: "old", direct_routing: { agent_wait_seconds: 60 } };
    expect(ofQueues(here, { calling_party_name: "x" })).toEqual([
      "only here description",
      "only here direct_routing",
      "only there calling_party_name",
    ]);
  });

  test("that are switched off are the same as those that are left out", () => {
    expect(ofQueues({ enable_transcription: false }, {})).toEqual([]);
    expect(ofQueues({ enable_transcription: false }, { enable_transcription: true })).toEqual([
      "different enable_transcription: false → true",
    ]);
  });

  test("of another kind differ", () => {
    expect(ofQueues({ peer_id: "1" }, { peer_id: 1 })).toEqual(['different peer_id: "1" → 1']);
  });

  test("with JSON differ by its content alone", () => {
    const json = (text: string): Arguments => ({ config: { properties: text } });
    expect(ofQueues(json('{"a":1,"b":[2]}'), json('{ "b": [2],\n "a": 1 }'))).toEqual([]);
    expect(ofQueues(json('{"a":1}'), json('{"a":2}'))).toHaveLength(1);
    expect(ofQueues(json('{"a":1'), json('{ "a":1'))).toHaveLength(1);
  });
});

describe("references", () => {
  test("differ by what they name", () => {
    const by = (name: string): Arguments => ({ manager: ref(USER, name) });
    expect(ofQueues(by("a@x"), by("a@x"))).toEqual([]);
    expect(ofQueues(by("a@x"), by("b@x"))).toEqual(["different manager: a@x → b@x"]);
    expect(ofQueues({ owner: ref(USER, "x") }, { owner: ref(GROUP, "x") })).toHaveLength(1);
  });

  test("to objects that neither side found cannot be compared", () => {
    const by = (id: string): Arguments => ({
      manager: { $ref: USER, id },
      wrapup_codes: [{ $ref: SKILL, id }, "x"],
    });
    const { differences: found, notComparable } = compareOrgs(
      org([queue(by("1"))]),
      org([queue(by("2"))]),
    );
    expect([found, notComparable]).toEqual([
      [],
      { computed: 0, "left out": 0, "not found": 2, secret: 0 },
    ]);
  });

  test("to objects that neither side found differ by their ids in the same organisation", () => {
    const by = (id: string) => ({
      ...org([queue({ manager: { $ref: USER, id }, members: [{ user_id: { $ref: USER, id } }] })]),
      organizationId: "11111111-1111-4111-8111-111111111111",
    });
    expect(compareOrgs(by("1"), by("1")).differences).toEqual([]);
    expect(compareOrgs(by("1"), by("2")).differences.map(({ argument }) => argument)).toEqual([
      "manager",
      "members[an unknown object (1)]",
      "members[an unknown object (2)]",
    ]);
  });

  test("to an object that only one side found differ", () => {
    const here: Arguments = { manager: { $ref: USER, id: "1" } };
    expect(ofQueues(here, { manager: ref(USER, "a@x") })).toEqual([
      "different manager: an unknown object (1) → a@x",
    ]);
  });
});

describe("lists", () => {
  const member = (email: string, ring_num = 1) => ({ user_id: ref(USER, email), ring_num });

  test("differ by their elements, each by its name", () => {
    const here = { members: [member("a@x"), member("b@x"), member("c@x", 2)] };
    const there = { members: [member("a@x"), member("c@x", 3), member("d@x")] };
    expect(ofQueues(here, there)).toEqual([
      "different members[c@x].ring_num: 2 → 3",
      "only here members[b@x]",
      "only there members[d@x]",
    ]);
  });

  test("of one side differ by all of their elements", () => {
    expect(ofQueues({ members: [member("a@x"), member("b@x")] }, {})).toEqual([
      "only here members[a@x]",
      "only here members[b@x]",
    ]);
  });

  test("of texts and references differ by their elements", () => {
    const here = { scopes: ["a", "b"], wrapup_codes: [ref(SKILL, "Sold")] };
    const there = { scopes: ["b", "c"], wrapup_codes: [ref(SKILL, "Lost")] };
    expect(ofQueues(here, there)).toEqual([
      "only here scopes[a]",
      "only there scopes[c]",
      "only here wrapup_codes[Sold]",
      "only there wrapup_codes[Lost]",
    ]);
  });

  test("in another order are one difference", () => {
    const owners = (...names: string[]): Arguments => ({
      owner_ids: names.map((name) => ref(USER, name)),
    });
    expect(ofQueues(owners("a", "b", "c"), owners("c", "a", "b"))).toEqual([
      "other order owner_ids",
    ]);
    expect(ofQueues(owners("a", "b"), owners("x", "a", "b"))).toEqual(["only there owner_ids[x]"]);
    expect(ofQueues(owners("a", "b"), owners("b", "a", "x"))).toEqual([
      "other order owner_ids",
      "only there owner_ids[x]",
    ]);
  });

  test("of blocks without names differ by place", () => {
    const rings = (...seconds: number[]): Arguments => ({
      bullseye_rings: seconds.map((expansion_timeout_seconds) => ({ expansion_timeout_seconds })),
    });
    expect(ofQueues(rings(5, 10), rings(5, 20))).toEqual([
      "different bullseye_rings[1].expansion_timeout_seconds: 10 → 20",
    ]);
    expect(ofQueues(rings(5, 10), rings(2, 5, 10))).toEqual(["only there bullseye_rings[0]"]);
  });

  test("count what they have twice", () => {
    expect(ofQueues({ scopes: ["a", "a"] }, { scopes: ["a"] })).toEqual([
      "only here scopes[a (2)]",
    ]);
    const twice = [member("a@x", 1), member("a@x", 2)];
    expect(ofQueues({ members: twice }, { members: [member("a@x", 2)] })).toEqual([
      "only here members[a@x]",
    ]);
  });

  test("in lists are compared as deep", () => {
    const policies = (...action_set: string[]): Arguments => ({
      permission_policies: [
        { domain: "routing", entity_name: "queue", action_set },
        { domain: "routing", entity_name: "skill", action_set: ["view"] },
      ],
    });
    expect(ofQueues(policies("add", "view"), policies("edit", "view"))).toEqual([
      "only here permission_policies[routing, queue].action_set[add]",
      "only there permission_policies[routing, queue].action_set[edit]",
    ]);
  });
});

describe("values that only Terraform knows", () => {
  const compared = (here: Arguments, there: Arguments) => {
    const { differences: found, notComparable } = compareOrgs(
      org([queue(here)]),
      org([queue(there)]),
    );
    return [found.length, notComparable];
  };
  const computed: Value = { $unknown: "computed" };

  test("are the same as any other, and are counted", () => {
    expect(
      compared(
        { description: "x", acw_timeout_ms: 5, members: [ref(USER, "a")] },
        { description: computed, acw_timeout_ms: { $unknown: "left out" }, members: [computed] },
      ),
    ).toEqual([0, { computed: 2, "left out": 1, "not found": 0, secret: 0 }]);
  });

  test("that neither side has are not counted", () => {
    expect(compared({}, { peer_id: { $unknown: "left out" } })).toEqual([
      0,
      { computed: 0, "left out": 0, "not found": 0, secret: 0 },
    ]);
  });

  test("stand for one element of a list each", () => {
    const [here, there] = [{ scopes: ["a", "b", "c"] }, { scopes: ["a", computed] }];
    expect(compared(here, there)).toEqual([
      1,
      { computed: 1, "left out": 0, "not found": 0, secret: 0 },
    ]);
    expect(compared(there, here)).toEqual([
      1,
      { computed: 1, "left out": 0, "not found": 0, secret: 0 },
    ]);
  });
});

describe("objects that Terraform does not manage", () => {
  const role = (args: Arguments): ExistingObject => ({
    type: ROLE,
    path: ["employee"],
    arguments: args,
    unmanaged: "a role of Genesys Cloud",
  });
  const client = (name: string, args: Arguments = {}): ExistingObject => ({
    type: OAUTH_CLIENT,
    path: [name],
    arguments: { name, ...args },
    unmanaged:
      "for client credentials: `genesys-orgs hand-over <org>` shows how the rotator takes over",
  });

  test("are compared as others, and say so", () => {
    const { differences: found } = compareOrgs(
      org([role({ description: "a" }), client("only here")]),
      org([role({ description: "b" })]),
    );
    expect(found.map(({ kind, unmanaged }) => [kind, unmanaged])).toEqual([
      ["different", "a role of Genesys Cloud"],
      [
        "only here",
        "for client credentials: `genesys-orgs hand-over <org>` shows how the rotator takes over",
      ],
    ]);
  });

  test("are not missed in code", () => {
    const here = org([role({}), client("x"), queue({})]);
    const { differences: found } = compareOrgs(here, { ...org([]), isCode: true });
    expect(found.map(({ type }) => type)).toEqual(["queues"]);
  });

  const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:/genesys/prod/a/crm";
  const VERSIONS = [1, 2, 3].map((number) => `0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a0${number}`);

  test("with a number in the name are each compared", () => {
    const [one, other] = [client("CRM #1", { scopes: ["a"] }), client("CRM #2", { scopes: ["a"] })];
    expect(differences([one, other], [other])).toEqual([
      "only here oauth-clients CRM #1 as a whole",
    ]);
  });

  test("with a secret in the settings are counted, since only the name is known", () => {
    const bare = { ...client("x"), arguments: {} };
    const { differences: found, notComparable } = compareOrgs(org([bare]), org([client("x")]));
    expect([found, notComparable.secret]).toEqual([[], 1]);
  });

  test("do not differ by the versions of rotated clients", () => {
    const here = [
      client(`CRM#${VERSIONS[0]}`, { description: `${ARN}-Ab12Cd` }),
      client(`CRM#${VERSIONS[1]}`, { description: `${ARN}-Ab12Cd (retired)` }),
    ];
    const there = [client(`CRM#${VERSIONS[2]}`, { description: `${ARN}-Ef34Gh`, scopes: ["a"] })];
    expect(differences(here, there)).toEqual([
      `only there oauth-clients CRM#${VERSIONS[1]} scopes[a]`,
    ]);
    expect(differences([client("by hand")], [client("by hand", { description: "x" })])).toEqual([
      "only there oauth-clients by hand description",
    ]);
  });
});
