/** A value of an answer of the Platform API. */
export type Json = null | string | number | boolean | readonly Json[] | { [name: string]: Json };

/**
 * An object of an organisation, with the field names of the Platform API (purecloud-platform-client-v2
 * 262). Fields that begin with `$` belong to answers of other paths: the members of a queue, for example.
 */
export interface Entity {
  id: string;
  [field: string]: Json;
}

/** Kinds that Terraform can manage, named as their resource types without `genesyscloud_`. */
export const MANAGED_KINDS = [
  "auth_division",
  "auth_role",
  "routing_skill",
  "routing_language",
  "routing_wrapupcode",
  "routing_queue",
  "user",
  "group",
  "architect_schedules",
  "architect_schedulegroups",
  "architect_emergencygroup",
  "location",
  "integration",
  "architect_datatable",
  "oauth_client",
] as const;

/** Kinds that have a name here, so that others can refer to them. */
export const NAMED_KINDS = [
  "flow",
  "script",
  "architect_ivr",
  "telephony_providers_edges_site",
] as const;

export type ManagedKind = (typeof MANAGED_KINDS)[number];
export type Kind = ManagedKind | (typeof NAMED_KINDS)[number];

/** Text of a field; empty if it has none. */
export const textOf = (entity: Entity | undefined, field: string): string => {
  const value = entity?.[field];
  return typeof value === "string" ? value : "";
};

/** Objects in a field; none if it is missing or null. */
export const itemsOf = <Item = Entity>(entity: Entity | undefined, field: string): Item[] => {
  const value = entity?.[field];
  return Array.isArray(value) ? (value as Item[]) : [];
};

/** Id of the object in a field that refers to another one. */
export const referenceOf = (entity: Entity | undefined, field: string): string | undefined =>
  (entity?.[field] as { readonly id?: string } | null | undefined)?.id;

/**
 * Whether Terraform takes the object for one that exists. Genesys Cloud lists some deleted ones, and
 * clients that its support disabled.
 */
export const exists = (entity: Entity): boolean =>
  entity.state !== "deleted" && entity.state !== "disabled";
