import type { FakeOrganization } from "../fakes/fake-organization";
import {
  type Entity,
  exists,
  itemsOf,
  type Json,
  type Kind,
  MANAGED_KINDS,
  type ManagedKind,
  referenceOf,
  textOf,
} from "../fakes/organization/entity";
import { Random } from "./random";

export type PlantedKind = "attribute" | "reference" | "list element" | "only here" | "only there";

/** One difference between two organisations, in Terraform's words. */
export interface Planted {
  readonly kind: PlantedKind;
  /** For example `genesyscloud_routing_queue`. */
  readonly type: string;
  readonly name: string;
  /** Id of the object in the organisation that has it; in the other one, if both have it. */
  readonly id: string;
  /** Schema path of the attribute: `media_settings_call.alerting_timeout_sec`. */
  readonly attribute?: string;
}

/**
 * Another organisation that differs from this one ("here") in so many objects, each in one way.
 *
 * @param count how many, the same number of each kind
 */
export function withDifferences(
  here: FakeOrganization,
  count: number,
  seed: number,
): { readonly organization: FakeOrganization; readonly planted: readonly Planted[] } {
  const there = here.copy();
  const planter = new Planter(there, new Random(seed));
  const kinds: readonly PlantedKind[] = [
    "only here",
    "attribute",
    "reference",
    "list element",
    "only there",
  ];
  const planted = Array.from({ length: count }, (_, index) =>
    // Removals come first, so that nothing refers to an object that is removed later.
    planter.plant(kinds[Math.floor((index * kinds.length) / count)] ?? "attribute"),
  );
  return { organization: there, planted };
}

/** Changes an object; false if it has nothing to change. */
type Change = (entity: Entity, world: FakeOrganization, random: Random) => boolean;

/** The changes of a kind, by attribute. */
type Changes = Partial<Record<ManagedKind, Readonly<Record<string, Change>>>>;

class Planter {
  /** Ids of objects that have their difference, or that others refer to. */
  private readonly used = new Set<string>();
  private readonly referred: ReadonlySet<string>;
  private added = 0;

  constructor(
    private readonly world: FakeOrganization,
    private readonly random: Random,
  ) {
    this.referred = referredIn(world);
  }

  plant(kind: PlantedKind): Planted {
    if (kind === "only here") return this.remove();
    if (kind === "only there") return this.add();
    if (kind === "attribute") return this.change(kind, ATTRIBUTES);
    return this.change(kind, kind === "reference" ? REFERENCES : LISTS);
  }

  private remove(): Planted {
    const [kind, entity] = this.find(
      MANAGED_KINDS,
      ({ id, homeDivision, defaultRoleId }) =>
        !this.referred.has(id) && homeDivision !== true && defaultRoleId === undefined,
    );
    this.world.remove(kind, entity.id);
    return planted("only here", kind, entity);
  }

  private add(): Planted {
    const [kind, model] = this.find(
      MANAGED_KINDS,
      ({ homeDivision, defaultRoleId }) => homeDivision !== true && defaultRoleId === undefined,
    );
    this.added += 1;
    const name = `Only there ${this.added}`;
    const email = `only.there.${this.added}@example.com`;
    const entity: Entity = {
      ...structuredClone(model),
      id: this.random.uuid(),
      name,
      ...(kind === "user" ? { email, username: email } : {}),
      ...(kind === "integration" ? { $config: { ...(model.$config as object), name } } : {}),
    };
    this.world.add(kind, entity);
    this.used.add(entity.id);
    return planted("only there", kind, entity);
  }

  private change(what: PlantedKind, changes: Changes): Planted {
    const kinds = Object.keys(changes) as ManagedKind[];
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      const [kind, entity] = this.find(kinds, () => true);
      const [attribute, change] = this.random.pick(Object.entries(changes[kind] ?? {}));
      if (!change(entity, this.world, this.random)) continue;
      return planted(what, kind, entity, attribute);
    }
    throw new Error(`the organisation has no object for a ${what}`);
  }

  /** An object that has no difference yet, of a kind that is picked first. */
  private find(
    kinds: readonly ManagedKind[],
    isGood: (entity: Entity) => boolean,
  ): readonly [ManagedKind, Entity] {
    for (let attempt = 0; attempt < 10_000; attempt += 1) {
      const kind = this.random.pick(kinds);
      const all = this.world.all(kind);
      if (all.length === 0) continue;
      const entity = this.random.pick(all);
      if (this.used.has(entity.id) || !exists(entity) || !isGood(entity)) continue;
      this.used.add(entity.id);
      return [kind, entity];
    }
    throw new Error("the organisation is too small for so many differences");
  }
}

const planted = (
  kind: PlantedKind,
  type: ManagedKind,
  entity: Entity,
  attribute?: string,
): Planted => ({
  kind,
  type: `genesyscloud_${type}`,
  name: textOf(entity, "name"),
  id: entity.id,
  ...(attribute === undefined ? {} : { attribute }),
});

/** Ids in an object that are not its own. */
function referredIn(world: FakeOrganization): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const kind of [...MANAGED_KINDS, "flow", "script", "architect_ivr"] as Kind[]) {
    for (const { id: own, ...entity } of world.all(kind)) {
      for (const [id] of JSON.stringify(entity).matchAll(/[0-9a-f-]{36}/g)) {
        if (id !== own) ids.add(id);
      }
    }
  }
  return ids;
}

const set =
  (field: string, value: (before: Json | undefined) => Json): Change =>
  (entity) => {
    entity[field] = value(entity[field]);
    return true;
  };

/** Changes a field of an object inside the entity, if it has one there. */
const within =
  (path: readonly string[], field: string, value: (before: Json | undefined) => Json): Change =>
  (entity) => {
    let inner: { [name: string]: Json } | undefined = entity;
    for (const name of path) inner = inner?.[name] as { [name: string]: Json } | undefined;
    if (!inner) return false;
    inner[field] = value(inner[field]);
    return true;
  };

const other = (one: Json, another: Json) => (before: Json | undefined) =>
  before === one ? another : one;
const not = (before: Json | undefined) => before !== true;
const newText = () => "Changed there – “2”";

const ATTRIBUTES: Changes = {
  auth_division: { description: set("description", newText) },
  auth_role: { description: set("description", newText) },
  routing_wrapupcode: { description: set("description", newText) },
  routing_queue: {
    description: set("description", newText),
    skill_evaluation_method: set("skillEvaluationMethod", other("BEST", "NONE")),
    enable_transcription: set("enableTranscription", not),
    calling_party_name: set("callingPartyName", newText),
    acw_wrapup_prompt: within(["acwSettings"], "wrapupPrompt", other("OPTIONAL", "MANDATORY")),
    "media_settings_call.alerting_timeout_sec": within(
      ["mediaSettings", "call"],
      "alertingTimeoutSeconds",
      other(11, 12),
    ),
    "media_settings_email.service_level_percentage": within(
      ["mediaSettings", "email", "serviceLevel"],
      "percentage",
      other(0.5, 0.6),
    ),
  },
  user: {
    title: set("title", newText),
    department: set("department", newText),
    acd_auto_answer: set("acdAutoAnswer", not),
  },
  group: {
    description: set("description", newText),
    visibility: set("visibility", other("owners", "members")),
    calls_enabled: set("callsEnabled", not),
  },
  architect_schedules: {
    rrule: set("rrule", () => "FREQ=DAILY;INTERVAL=3"),
    end: set("end", () => "2027-01-01T00:00:00.000"),
  },
  architect_schedulegroups: { time_zone: set("timeZone", () => "Asia/Tokyo") },
  architect_emergencygroup: { enabled: set("enabled", not) },
  location: {
    notes: set("notes", newText),
    "address.city": within(["address"], "city", newText),
  },
  integration: {
    intended_state: set("intendedState", other("ENABLED", "DISABLED")),
    "config.notes": within(["$config"], "notes", newText),
  },
  architect_datatable: {
    description: set("description", newText),
    "properties.title": within(["schema", "properties", "key"], "title", newText),
  },
  oauth_client: {
    description: set("description", newText),
    access_token_validity_seconds: set("accessTokenValiditySeconds", other(600, 1200)),
  },
};

/** Refers to another object of the kind than before. */
const refersTo =
  (field: string, kind: Kind): Change =>
  (entity, world, random) => {
    const before = referenceOf(entity, field);
    const others = world.all(kind).filter(({ id }) => id !== before && id !== entity.id);
    if (before === undefined || others.length === 0) return false;
    const { id, name } = random.pick(others);
    entity[field] = { id, name: name ?? null };
    return true;
  };

/** Somebody without a manager, so that nobody manages themselves. */
const anotherManager: Change = (entity, world, random) => {
  const before = referenceOf(entity, "manager");
  const chiefs = world
    .all("user")
    .filter((user) => !user.manager && user.id !== entity.id && user.id !== before);
  if (before === undefined || chiefs.length === 0) return false;
  entity.manager = { id: random.pick(chiefs).id };
  return true;
};

const division = { division_id: refersTo("division", "auth_division") };

const REFERENCES: Changes = {
  routing_wrapupcode: division,
  routing_queue: { ...division, queue_flow_id: refersTo("queueFlow", "flow") },
  user: { ...division, manager: anotherManager },
  architect_schedules: division,
  architect_schedulegroups: division,
  architect_emergencygroup: division,
  architect_datatable: division,
};

/** Adds a reference to an object that the list does not have yet. */
const addsOne =
  (field: string, kind: Kind, element: (id: string) => Json): Change =>
  (entity, world, random) => {
    const before = itemsOf<Json>(entity, field);
    const text = JSON.stringify(before);
    const others = world
      .all(kind)
      .filter(({ id, ...rest }) => exists({ id, ...rest }) && !text.includes(id));
    if (others.length === 0) return false;
    entity[field] = [...before, element(random.pick(others).id)];
    return true;
  };

const addsText =
  (field: string, text: string): Change =>
  (entity) => {
    entity[field] = [...itemsOf<Json>(entity, field), text];
    return true;
  };

const LISTS: Changes = {
  auth_role: {
    permission_policies: (entity) => {
      const policy = { domain: "outbound", entityName: "campaign", actionSet: ["view"] };
      entity.permissionPolicies = [...itemsOf<Json>(entity, "permissionPolicies"), policy];
      return true;
    },
  },
  routing_queue: {
    members: addsOne("$members", "user", (id) => ({ id, ringNumber: 1 })),
    wrapup_codes: addsOne("$wrapupCodes", "routing_wrapupcode", (id) => id),
  },
  user: {
    routing_skills: addsOne("skills", "routing_skill", (id) => ({ id, proficiency: 3 })),
    certifications: addsText("certifications", "Added there"),
  },
  group: { member_ids: addsOne("$individuals", "user", (id) => id) },
  architect_schedulegroups: {
    closed_schedules_id: addsOne("closedSchedules", "architect_schedules", (id) => ({ id })),
  },
  architect_datatable: {
    properties: (entity) => {
      const { properties } = entity.schema as { properties: { [name: string]: Json } };
      properties.added = { title: "Added there", type: "string", displayOrder: 9 };
      return true;
    },
  },
  oauth_client: {
    registered_redirect_uris: (entity, world, random) =>
      entity.authorizedGrantType !== "CLIENT-CREDENTIALS" &&
      addsText("registeredRedirectUri", "https://there.example.com/")(entity, world, random),
    roles: (entity, world, random) =>
      entity.authorizedGrantType === "CLIENT-CREDENTIALS" &&
      addsOne("roleDivisions", "auth_role", (id) => ({
        roleId: id,
        divisionId: world.homeDivision?.id ?? "*",
      }))(entity, world, random),
  },
};
