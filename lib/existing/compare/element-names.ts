import { type Arguments, isDangling, isReference, pathText, type Value } from "../model";

/** Arguments that say which element of a list it is, by the argument that has the list. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  emergency_call_flows: ["emergency_flow_id"],
  groups: ["member_group_id"],
  locations: ["location_id"],
  member_groups: ["member_group_id"],
  members: ["user_id"],
  other_emails: ["address"],
  permission_policies: ["domain", "entity_name"],
  phone_numbers: ["media_type", "type"],
  properties: ["name"],
  roles: ["role_id", "division_id"],
  routing_languages: ["language_id"],
  routing_skills: ["skill_id"],
  sub_type_settings: ["media_type"],
  terms: ["variable_name"],
};

/** Returns the name of a block in a list, such as that of a queue's member; undefined if it has none. */
export function elementName(list: string, block: Arguments): string | undefined {
  const parts = (NAMES[list] ?? []).flatMap((name) => nameOf(block[name]) ?? []);
  return parts.length > 0 ? parts.join(", ") : undefined;
}

function nameOf(value: Value | undefined): string | undefined {
  if (value === undefined || typeof value !== "object") return value?.toString();
  if (isReference(value)) return pathText(value.path);
  return isDangling(value) ? "an unknown object" : undefined;
}
