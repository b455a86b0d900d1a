import { generateOrganization } from "../../existing/generated-organization";
import { type Entity, type Json, type Kind, MANAGED_KINDS, NAMED_KINDS } from "./entity";
import known from "./models.json";

const MODELS: Readonly<Record<string, Readonly<Record<string, string>>>> = known;

/** The model of each kind, and of what belongs to it. */
const OF: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  auth_division: { "": "AuthzDivision" },
  auth_role: { "": "DomainOrganizationRole" },
  routing_skill: { "": "RoutingSkill" },
  routing_language: { "": "Language" },
  routing_wrapupcode: { "": "WrapupCode" },
  routing_queue: { "": "Queue" },
  user: { "": "User", $voicemailPolicy: "VoicemailUserPolicy" },
  group: { "": "Group", $voicemailPolicy: "VoicemailGroupPolicy" },
  architect_schedules: { "": "Schedule" },
  architect_schedulegroups: { "": "ScheduleGroup" },
  architect_emergencygroup: { "": "EmergencyGroup" },
  location: { "": "LocationDefinition" },
  integration: { "": "Integration", $config: "IntegrationConfiguration" },
  architect_datatable: { "": "DataTable" },
  oauth_client: { "": "OAuthClient" },
  flow: { "": "Flow" },
  script: { "": "Script" },
  architect_ivr: { "": "IVR" },
  telephony_providers_edges_site: { "": "Site" },
};

/** Where a value is not of its type. */
function mistakes(value: Json | undefined, type: string, path: string): string[] {
  // Answers have null where a field has no value.
  if (value === null || value === undefined) return [];
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  if (item !== undefined) {
    if (!Array.isArray(value)) return [`${path} is not a list`];
    return value.flatMap((each: Json) => mistakes(each, item, `${path}[]`));
  }
  const [, member] = /^\{ \[key: string\]: (.+); \}$/.exec(type) ?? [];
  if (member !== undefined) {
    return Object.values(value).flatMap((each) => mistakes(each, member, `${path}{}`));
  }
  const [, model] = /^Models\.(\w+)$/.exec(type) ?? [];
  // An `object` may be any JSON.
  if (type === "object") return [];
  if (model === undefined) return type === typeof value ? [] : [`${path} is not ${type}`];
  const fields = MODELS[model];
  if (!fields) return [`${path}: derive-models.mjs does not have ${model}`];
  return Object.entries(value).flatMap(([name, each]) => {
    const of = fields[name];
    return of === undefined
      ? [`${path}: ${model} has no field ${name}`]
      : mistakes(each, of, `${path}.${name}`);
  });
}

const shownOf = (entity: Entity): Json =>
  Object.fromEntries(Object.entries(entity).filter(([name]) => !name.startsWith("$")));

const organization = generateOrganization({ seed: 31, objects: 1000 });

test.each([...MANAGED_KINDS, ...NAMED_KINDS])("%s has only fields of the Platform API", (kind) => {
  const found = organization
    .all(kind)
    .flatMap((entity) =>
      Object.entries(OF[kind]).flatMap(([part, model]) =>
        mistakes(part === "" ? shownOf(entity) : entity[part], `Models.${model}`, kind),
      ),
    );
  expect([...new Set(found)]).toEqual([]);
  expect(organization.all(kind).length).toBeGreaterThan(0);
});
