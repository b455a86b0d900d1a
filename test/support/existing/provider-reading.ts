import type { ObjectValue } from "../../../lib/rehearsal/double/core/value";
import type { FakeOrganization } from "../fakes/fake-organization";
import type { ManagedKind } from "../fakes/organization/entity";
import * as access from "./provider-reading/access";
import * as architect from "./provider-reading/architect";
import { blockOf, stateOf } from "./provider-reading/attributes";
import { integration } from "./provider-reading/integration";
import * as people from "./provider-reading/people";
import type { Reader } from "./provider-reading/reader";
import * as routing from "./provider-reading/routing";

const READERS: Readonly<Record<ManagedKind, Reader>> = {
  auth_division: access.authDivision,
  auth_role: access.authRole,
  routing_skill: routing.routingSkill,
  routing_language: routing.routingLanguage,
  routing_wrapupcode: routing.routingWrapupcode,
  routing_queue: routing.routingQueue,
  user: people.user,
  group: people.group,
  architect_schedules: architect.schedules,
  architect_schedulegroups: architect.scheduleGroups,
  architect_emergencygroup: architect.emergencyGroup,
  location: people.location,
  integration,
  architect_datatable: architect.dataTable,
  oauth_client: access.oauthClient,
};

/** The kind of a type that can be read; undefined for others. */
export function readableKind(type: string): ManagedKind | undefined {
  const kind = type.replace(/^genesyscloud_/, "");
  return kind in READERS ? (kind as ManagedKind) : undefined;
}

/**
 * The state of an object after the real provider imported and read it. Sets are lists. An attribute that
 * the provider does not read is null.
 *
 * @param type for example `genesyscloud_routing_queue`
 * @returns undefined if the provider does not find it
 * @throws Error for a type that cannot be read here
 */
export function readAsProvider(
  organization: FakeOrganization,
  type: string,
  id: string,
): ObjectValue | undefined {
  const kind = readableKind(type);
  if (kind === undefined) throw new Error(`${type} cannot be read here`);
  const entity = organization.get(kind, id);
  const read = entity && READERS[kind](entity, organization);
  return read && stateOf(blockOf(type), { ...read, id });
}
