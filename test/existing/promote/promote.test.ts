import { type AdoptProps, adopt } from "../../../lib/existing/adopt/adopt";
import type { Manifest } from "../../../lib/existing/code/logical-ids";
import type { Parameters } from "../../../lib/existing/code/parameters";
import type { ExistingObject, ExistingOrg, Value } from "../../../lib/existing/model";
import { type PromoteProps, promote } from "../../../lib/existing/promote/promote";
import { KNOWN_TYPES, OBJECT_TYPES } from "../../../lib/existing/types";
import { loadSchemas } from "../../../lib/rehearsal";

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};

const QUEUE = "genesyscloud_routing_queue";
const SKILL = "genesyscloud_routing_skill";
const USER = "genesyscloud_user";
const FLOW = "genesyscloud_flow";
const LOCATION = "genesyscloud_location";
const OAUTH_CLIENT = "genesyscloud_oauth_client";

let number = 0;
const uuid = (): string => `00000000-0000-4000-8000-${String(++number).padStart(12, "0")}`;

const object = (
  type: string,
  name: string,
  more: Readonly<Record<string, Value>> = {},
  other: Partial<ExistingObject> = {},
): ExistingObject => ({
  type,
  path: [name],
  id: uuid(),
  arguments: { ...(type === USER ? { name, email: name } : { name }), ...more },
  ...(KNOWN_TYPES.get(type)?.mapping ? {} : { arguments: {}, unmanaged: "only its name is read" }),
  ...other,
});

const to = (type: string, ...path: string[]): Value => ({ $ref: type, path });

const org = (name: string, ...objects: ExistingObject[]): ExistingOrg => ({
  name,
  types: [...KNOWN_TYPES.keys()],
  objects,
});

/** Promotes from `source` to `target`, as na-prod. */
const promoted = (source: ExistingOrg, target: ExistingOrg, more: Partial<PromoteProps> = {}) =>
  promote({
    org: "na-prod",
    from: source,
    to: target,
    choice: { types: OBJECT_TYPES.map(({ type }) => type) },
    known: {},
    parameters: {},
    inStates: [],
    schema,
    ...more,
  });

const parsed = (files: Readonly<Record<string, string>>, name: string): Parameters =>
  JSON.parse(files[name] ?? "{}");

const names = (objects: readonly { readonly object: ExistingObject }[]): string[] =>
  objects.map(({ object: { path } }) => path.join(" / "));

const user = (name: string, more: Readonly<Record<string, Value>> = {}) =>
  object(USER, `${name}@example.com`, more);

/** A queue whose member has a manager, who has a skill. */
const chain = () => [
  object(SKILL, "Billing"),
  user("chief", { routing_skills: [{ skill_id: to(SKILL, "Billing"), proficiency: 3 }] }),
  user("agent", { manager: to(USER, "chief@example.com") }),
  object(QUEUE, "Support", { members: [{ user_id: to(USER, "agent@example.com"), ring_num: 1 }] }),
];

const ONLY_SUPPORT = { types: [QUEUE], names: ["Support"] };

describe("what is promoted", () => {
  test("an object with all that it needs and the other organisation lacks, three deep", () => {
    const { promoted: all, files } = promoted(org("eu", ...chain()), org("na-prod"), {
      choice: ONLY_SUPPORT,
    });
    expect(
      all.map(({ object: { path }, neededBy }) => [path[0], neededBy?.path[0] ?? "chosen"]),
    ).toEqual([
      ["Support", "chosen"],
      ["agent@example.com", "Support"],
      ["chief@example.com", "agent@example.com"],
      ["Billing", "chief@example.com"],
    ]);
    expect(files["queues.ts"]).toContain("userId: users.userAgentExampleCom.id");
    expect(files["users.ts"]).toContain("manager: userChiefExampleCom.id");
    expect(files["users.ts"]).toContain("skillId: skills.skillBilling.id");
    expect(Object.values(files).join("")).not.toContain("importFrom");
  });

  test("only what the other organisation lacks: it has the rest by other ids", () => {
    const [skill, , , queue] = chain();
    const chief = user("chief", {
      routing_skills: [{ skill_id: to(SKILL, "Billing"), proficiency: 3 }],
    });
    const target = org("na-prod", skill as ExistingObject, chief);
    const source = org("eu", ...chain());
    const { promoted: all, files, manifest } = promoted(source, target, { choice: ONLY_SUPPORT });
    expect(names(all)).toEqual(["Support", "agent@example.com"]);
    // It has no code, so it is found by its name.
    expect(files["others.ts"]).toContain("userChiefExampleCom: new DataGenesyscloudUser(");
    expect(files["users.ts"]).toContain("manager: others.userChiefExampleCom.id");
    expect(Object.values(manifest).some(({ id }) => id !== undefined)).toBe(false);
    expect(Object.values(files).join("")).not.toContain(queue?.id);
  });

  test("objects of the types and names that were chosen", () => {
    const source = org(
      "eu",
      ...["Sales EU", "Sales US", "Support"].map((name) => object(QUEUE, name)),
      object(SKILL, "Sales talk"),
    );
    const choice = { types: [QUEUE], names: ["Sales *"] };
    const { promoted: all } = promoted(source, org("na-prod"), { choice });
    expect(names(all)).toEqual(["Sales EU", "Sales US"]);
  });

  test("a name that no object has is refused, with one that may be meant", () => {
    const source = org("eu", object(QUEUE, "Support"));
    const choice = { types: [QUEUE], names: ["Suport"] };
    expect(() => promoted(source, org("na-prod"), { choice })).toThrow(
      "eu has no object with the name Suport (did you mean Support?)",
    );
  });

  test("nothing, where nothing differs", () => {
    const { promoted: all, files } = promoted(org("eu", ...chain()), org("na-prod", ...chain()));
    expect(all).toEqual([]);
    expect(Object.keys(files).sort()).toEqual(["index.ts", "objects.json"]);
  });

  test("a changed object gets the source's arguments, and is imported if it had no code", () => {
    const source = org("eu", object(QUEUE, "Support", { description: "new", acw_timeout_ms: 1 }));
    const before = object(QUEUE, "Support", { description: "old" });
    const { promoted: all, files } = promoted(source, org("na-prod", before));
    expect(all).toMatchObject([
      { change: "changed", differences: ["description", "acw_timeout_ms"], isImported: true },
    ]);
    expect(files["queues.ts"]).toContain('description: "new"');
    expect(files["queues.ts"]).toContain('queueSupport.importFrom(objects["queue-support"].id)');
    expect(parsed(files, "objects.json")).toMatchObject({ "queue-support": { id: before.id } });
  });

  test("what had code keeps it, as the organisation has it", () => {
    const skill = object(SKILL, "Old");
    const known: Manifest = { "skill-old": { type: SKILL, path: ["Old"], id: skill.id } };
    const source = org("eu", object(SKILL, "New"));
    const { files } = promoted(source, org("na-prod", skill), { known });
    expect(files["skills.ts"]).toContain('skillOld.importFrom(objects["skill-old"].id)');
    expect(files["skills.ts"]).toContain("const skillNew = new RoutingSkill");
    expect(parsed(files, "objects.json")["skill-old"]).toEqual(known["skill-old"]);
  });

  test("not what Terraform has already elsewhere, has no name of its own, or does not manage", () => {
    const before = object(QUEUE, "Support");
    const source = org(
      "eu",
      object(QUEUE, "Support", { description: "new" }),
      object(OAUTH_CLIENT, "Sync", {}, { unmanaged: "for client credentials" }),
      object(SKILL, "Twin", {}, { hasNamesakes: true }),
    );
    const address = `${QUEUE}.support`;
    const { promoted: all, leftOut } = promoted(source, org("na-prod", before), {
      inStates: [{ type: QUEUE, id: before.id ?? "", address }],
    });
    expect(all).toEqual([]);
    expect(leftOut.map(({ reason }) => reason).sort()).toEqual([
      "for client credentials",
      `in Terraform already: ${address}`,
      "several objects of eu have this name",
    ]);
  });
});

describe("what cannot be promoted", () => {
  test("references that lead nowhere are refused all at once, by their names", () => {
    const source: ExistingOrg = {
      ...org(
        "eu",
        object(QUEUE, "Support", {
          queue_flow_id: to(FLOW, "Wait"),
          default_script_ids: { CALL: { $ref: "genesyscloud_script", id: "4711" } },
          members: [{ user_id: to(USER, "agent@example.com") }],
        }),
        object(FLOW, "Wait"),
        user("agent"),
      ),
      types: [QUEUE, FLOW],
    };
    expect(() => promoted(source, org("na-prod"), { choice: ONLY_SUPPORT })).toThrow(
      `nothing was written, since na-prod does not have what objects refer to:
  the flow Wait (objects of this type cannot be promoted): queue_flow_id of queue Support
  the script 4711 (eu does not show its name): default_script_ids.CALL of queue Support
  the user agent@example.com (eu has only its name): members.0.user_id of queue Support
`,
    );
  });

  test("a reference to an object of several with the same name is refused", () => {
    const source = org("eu", object(QUEUE, "Support", { queue_flow_id: to(FLOW, "Wait") }));
    const twins = ["Wait", "Wait (2)"].map((name) =>
      object(FLOW, name, {}, { hasNamesakes: true }),
    );
    expect(() => promoted(source, org("na-prod", ...twins))).toThrow(
      "the flow Wait (several objects of na-prod have this name): queue_flow_id of queue Support",
    );
  });

  const backup = (name: string, other: string) =>
    object(QUEUE, name, { direct_routing: { backup_queue_id: to(QUEUE, other) } });

  test("a circle of objects that do not exist yet is refused by their names", () => {
    const source = org("eu", backup("One", "Two"), backup("Two", "Three"), backup("Three", "One"));
    expect(() => promoted(source, org("na-prod"))).toThrow(
      /\n {2}queue One and queue (Two and queue Three|Three and queue Two) refer to each other\n/,
    );
    expect(() => promoted(org("eu", backup("One", "One")), org("na-prod"))).toThrow(
      "queue One refers to itself",
    );
  });

  test.each([
    ["Two", "queueOne.id", "queue-two"],
    ["One", '"${genesyscloud_routing_queue.queue-two.id}"', "queue-one"],
  ])("a circle is none for Terraform if %s exists", (existing, ofNew, idOfExisting) => {
    const source = org("eu", backup("One", "Two"), backup("Two", "One"));
    const { files } = promoted(source, org("na-prod", object(QUEUE, existing)));
    const places = [...(files["queues.ts"] ?? "").matchAll(/backupQueueId: (.*) \}/g)];
    expect(places.map(([, code]) => code).sort()).toEqual(
      [`objects["${idOfExisting}"].id`, ofNew].sort(),
    );
  });
});

describe("a second run", () => {
  const first = promoted(org("eu", ...chain()), org("na-prod"), { choice: ONLY_SUPPORT });

  test("finds nothing to promote, and would write the same bytes", () => {
    const again = promoted(org("eu", ...chain()), org("na-prod"), { known: first.manifest });
    expect(again.promoted).toEqual([]);
    expect([...again.undeployed].sort()).toEqual(Object.keys(first.manifest));
    expect(again.files).toEqual(first.files);
  });

  test("for something else keeps what is not deployed yet", () => {
    const source = org("eu", ...chain(), object(SKILL, "Hardware"));
    const { files, promoted: all } = promoted(source, org("na-prod"), { known: first.manifest });
    expect(names(all)).toEqual(["Hardware"]);
    for (const file of ["queues.ts", "users.ts"]) expect(files[file]).toBe(first.files[file]);
  });

  test("keeps a change that is not deployed yet", () => {
    const source = org("eu", object(SKILL, "Hardware"), object(QUEUE, "Q", { description: "new" }));
    const target = org("na-prod", object(QUEUE, "Q", { description: "old" }));
    const one = promoted(source, target, { choice: { types: [QUEUE] } });
    const other = promoted(source, target, { choice: { types: [SKILL] }, known: one.manifest });
    expect(other.files["queues.ts"]).toBe(one.files["queues.ts"]);
  });

  test("after the deploy has the ids, and follows the organisation again", () => {
    const deployed = chain();
    const { files, undeployed } = promoted(org("eu"), org("na-prod", ...deployed), {
      known: first.manifest,
    });
    expect(undeployed).toEqual([]);
    const { arguments: _, ...support } = first.manifest["queue-support"] ?? {};
    expect(parsed(files, "objects.json")["queue-support"]).toEqual({
      ...support,
      id: deployed[3]?.id,
    });
  });
});

describe("values that differ between organisations by their nature", () => {
  const address = (street1: string) => [
    { street1, city: "Leiden", zip_code: "2312", country: "NL" },
  ];
  const source = org("eu", object(LOCATION, "HQ", { notes: "new", address: address("Source 1") }));
  const parameters = { "location-hq": { address: [{ street1: "Own ${1}", city: "Rome" }] } };

  test("stay as they are in an object that exists", () => {
    const target = org(
      "na-prod",
      object(LOCATION, "HQ", { notes: "old", address: address("Own") }),
    );
    const { promoted: all, files } = promoted(source, target);
    expect(all).toMatchObject([{ differences: ["notes"], withoutValues: {} }]);
    expect(parsed(files, "parameters.json")).toMatchObject({
      "location-hq": { address: [{ street1: "Own" }] },
    });
  });

  test("alone are no difference", () => {
    const target = org(
      "na-prod",
      object(LOCATION, "HQ", { notes: "new", address: address("Own") }),
    );
    expect(promoted(source, target).promoted).toEqual([]);
    const { promoted: all, files } = promoted(source, target, { withValues: true });
    expect(all).toMatchObject([{ differences: ["address[0].street1"] }]);
    expect(files["parameters.json"]).toContain("Source 1");
  });

  test("of a new object are left out, and listed in the form that they have", () => {
    const { promoted: all, files } = promoted(source, org("na-prod"));
    expect(files["parameters.json"]).toBeUndefined();
    expect(files["locations.ts"]).not.toContain("address");
    expect(all).toMatchObject([
      {
        withoutValues: {
          address: [{ street1: "Source 1", city: "Leiden", zipCode: "2312", country: "NL" }],
        },
      },
    ]);
  });

  test.each([
    ["that somebody wrote before", { parameters }],
    ["that are given", { given: parameters }],
  ])("of a new object are those %s, also the next time", (_, more) => {
    const first = promoted(source, org("na-prod"), more);
    expect(first.promoted).toMatchObject([{ withoutValues: {} }]);
    expect(first.files["locations.ts"]).toContain('address: parameters["location-hq"].address');
    const next = promoted(source, org("na-prod"), {
      known: first.manifest,
      parameters: parsed(first.files, "parameters.json"),
    });
    expect(next.files).toEqual(first.files);
    expect(next.files["parameters.json"]).toContain("Own $${1}");
  });

  test("can be the source's", () => {
    const { files } = promoted(source, org("na-prod"), { withValues: true });
    expect(files["parameters.json"]).toContain("Source 1");
  });

  test("can be given after the object was promoted", () => {
    const { manifest: known } = promoted(source, org("na-prod"));
    const { promoted: all, files } = promoted(source, org("na-prod"), { known, given: parameters });
    expect(all).toEqual([]);
    expect(files["locations.ts"]).toContain('address: parameters["location-hq"].address');
  });

  test("are refused for objects that do not get them, and with names that there are not", () => {
    expect(() => promoted(source, org("na-prod"), { given: { "location-hp": {} } })).toThrow(
      "--parameters has values for objects that are not promoted, or that na-prod has already: location-hp",
    );
    const given = { "location-hq": { adress: [] } };
    expect(() => promoted(source, org("na-prod"), { given })).toThrow(
      'location-hq: a parameter of locations cannot be "adress": choose from address, emergencyNumber',
    );
  });

  test("are asked for if the provider requires them", () => {
    const location = schema.resource_schemas?.[LOCATION]?.block;
    const requiring = {
      resource_schemas: {
        [LOCATION]: {
          block: {
            ...location,
            block_types: {
              ...location?.block_types,
              address: { ...location?.block_types?.address, min_items: 1 },
            },
          },
        },
      },
    } as typeof schema;
    expect(() => promoted(source, org("na-prod"), { schema: requiring })).toThrow(
      /\n {2}location HQ: address\n.*with --parameters:\n\{\n {2}"location-hq": \{\n {4}"address": \[/,
    );
  });
});

describe("adopt after promote", () => {
  const first = promoted(org("eu", ...chain()), org("na-prod"), { choice: ONLY_SUPPORT });
  const again = (existing: ExistingOrg, known: Manifest, inStates: AdoptProps["inStates"] = []) =>
    adopt({ org: "na-prod", existing, known, inStates, schema });

  test("keeps what is not deployed yet as it is", () => {
    expect(again(org("na-prod"), first.manifest).files).toEqual(first.files);
  });

  test("takes over what was deployed, under the same address", () => {
    const deployed = chain();
    const inStates = Object.entries(first.manifest).map(([logicalId, { type, path }]) => {
      const { id = "" } =
        deployed.find((one) => one.type === type && one.path[0] === path[0]) ?? {};
      return { type, id, address: `${type}.${logicalId}` };
    });
    const { manifest, leftOut, files } = again(
      org("na-prod", ...deployed),
      first.manifest,
      inStates,
    );
    expect(leftOut).toEqual([]);
    expect(Object.keys(manifest)).toEqual(Object.keys(first.manifest));
    expect(
      Object.values(manifest)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(deployed.map(({ id }) => id).sort());
    // Only the blocks that take the objects over come in addition.
    expect(
      files["queues.ts"]
        ?.replace(/ {2}queueSupport\.importFrom.*\n/, "")
        .split("\n\n")
        .slice(1),
    ).toEqual(first.files["queues.ts"]?.split("\n\n").slice(1));
  });

  test("refuses an object that was renamed to the name of one that is not deployed yet", () => {
    const old = object(SKILL, "Old");
    const known: Manifest = {
      ...promoted(org("eu", object(SKILL, "New")), org("na-prod")).manifest,
      "skill-old": { type: SKILL, path: ["Old"], id: old.id ?? "" },
    };
    const renamed = { ...old, path: ["New"], arguments: { name: "New" } };
    expect(() => again(org("na-prod", renamed), known)).toThrow(
      "na-prod: skill-new in objects.json is not deployed yet, and another object has its name meanwhile: New (genesyscloud_routing_skill), whose code is skill-old.",
    );
  });

  test("keeps a change until the organisation has it", () => {
    const source = org("eu", object(QUEUE, "Q", { description: "new" }));
    const before = object(QUEUE, "Q", { description: "old" });
    const { manifest, files } = promoted(source, org("na-prod", before));
    expect(again(org("na-prod", before), manifest).files).toEqual(files);
    const after = { ...before, arguments: { ...before.arguments, description: "new" } };
    const deployed = again(org("na-prod", after), manifest);
    expect(deployed.files["queues.ts"]).toBe(files["queues.ts"]);
    expect(deployed.manifest["queue-q"]).not.toHaveProperty("arguments");
    const later = { ...before, arguments: { ...before.arguments, description: "newer" } };
    expect(again(org("na-prod", later), deployed.manifest).files["queues.ts"]).toContain('"newer"');
  });
});
