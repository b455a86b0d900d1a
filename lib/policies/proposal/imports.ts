import { UUID_PATTERN } from "../../registry/patterns";
import { asObject, type Json } from "../synthesized-stack";
import { same } from "./texts";

/**
 * Objects that may be taken over: what the provider reads of them is configuration and no secret. Not so
 * integrations, whose settings may have one.
 */
export const HARMLESS_IMPORTS: ReadonlySet<string> = new Set([
  "genesyscloud_architect_datatable",
  "genesyscloud_architect_emergencygroup",
  "genesyscloud_architect_schedulegroups",
  "genesyscloud_architect_schedules",
  "genesyscloud_auth_division",
  "genesyscloud_auth_role",
  "genesyscloud_group",
  "genesyscloud_location",
  "genesyscloud_oauth_client",
  "genesyscloud_routing_language",
  "genesyscloud_routing_queue",
  "genesyscloud_routing_skill",
  "genesyscloud_routing_wrapupcode",
  "genesyscloud_user",
]);

const TARGET = /^([a-z_]+)\.[\w-]+$/;
const UUID = new RegExp(UUID_PATTERN, "i");

/** Returns the new imports whose objects the provider would read with contents that a plan could show. */
export function* importRefusals(base: Json, stack: Json): Iterable<string> {
  const before = importsOf(base);
  for (const one of importsOf(stack)) {
    if (before.some((other) => same(one, other)) || isHarmless(one)) continue;
    yield `it imports ${String(asObject(one).to)}`;
  }
}

function isHarmless(block: unknown): boolean {
  const { to, id, "//": _, ...others } = asObject(block);
  const [, type = ""] = TARGET.exec(String(to)) ?? [];
  return (
    Object.keys(others).length === 0 &&
    HARMLESS_IMPORTS.has(type) &&
    typeof id === "string" &&
    UUID.test(id)
  );
}

/** cdktf writes a list, also of one block. */
const importsOf = ({ import: blocks }: Json): readonly unknown[] =>
  blocks === undefined ? [] : [blocks].flat();
