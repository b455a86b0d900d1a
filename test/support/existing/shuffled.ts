import type { FakeOrganization } from "../fakes/fake-organization";
import type { Entity, Json } from "../fakes/organization/entity";
import { Random } from "./random";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Lists whose order means nothing. Where it does, as in rings and paths, it stays. */
const UNORDERED = new Set([
  "$members",
  "$wrapupCodes",
  "$individuals",
  "skills",
  "languages",
  "locations",
  "profileSkills",
  "certifications",
  "permissions",
  "permissionPolicies",
  "actionSet",
  "memberGroups",
  "skillsToRemove",
  "groups",
  "openSchedules",
  "closedSchedules",
  "holidaySchedules",
  "ivrs",
  "roleDivisions",
  "scope",
  "registeredRedirectUri",
  "terms",
  "operands",
]);

/**
 * The same organisation with other ids, also where objects refer to each other and inside texts, and with
 * lists in another order.
 */
export function shuffled(organization: FakeOrganization, seed: number): FakeOrganization {
  const random = new Random(seed);
  const ids = new Map<string, string>();
  const renamed = (text: string) =>
    text.replace(UUID, (id) => {
      const known = ids.get(id) ?? random.uuid();
      ids.set(id, known);
      return known;
    });
  const changed = (value: Json, name = ""): Json => {
    if (typeof value === "string") return renamed(value);
    if (Array.isArray(value)) {
      const items = value.map((item) => changed(item));
      return UNORDERED.has(name) ? random.shuffled(items) : items;
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [renamed(key), changed(item, key)]),
    );
  };
  return organization.copy((_kind, entities) =>
    random.shuffled(entities.map((entity) => changed(entity) as Entity)),
  );
}
