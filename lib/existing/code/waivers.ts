import { checkPolicies } from "../../policies/check";
import type { PolicyOrg, PolicyRule } from "../../policies/rule";
import { oauthName } from "../../policies/rules/oauth-name";
import { oauthRedirect } from "../../policies/rules/oauth-redirect";
import { oauthRole } from "../../policies/rules/oauth-role";
import { oauthScope } from "../../policies/rules/oauth-scope";
import { oauthShared } from "../../policies/rules/oauth-shared";
import { oauthTokenLifetime } from "../../policies/rules/oauth-token-lifetime";
import { type Arguments, type ExistingObject, keyOf } from "../model";

/** Rules for what a team creates. What an organisation has was made without them; secrets are never excused. */
const RULES: readonly PolicyRule[] = [
  oauthName,
  oauthRedirect,
  oauthRole,
  oauthScope,
  oauthShared,
  oauthTokenLifetime,
];

/** The reason that the code gives for a waiver. */
export const REASON = "so in Genesys Cloud before it was adopted";

/**
 * Returns the rules that objects break as they are, by the objects' logical ids. With waivers, the stack can be
 * synthesized, and a review sees them.
 */
export function brokenRules(
  objects: readonly ExistingObject[],
  idOf: (key: string) => string,
  org?: PolicyOrg,
): ReadonlyMap<string, readonly string[]> {
  const resource: Record<string, Record<string, Arguments>> = {};
  for (const object of objects) {
    resource[object.type] = {
      ...resource[object.type],
      [idOf(keyOf(object))]: withoutReferences(object.arguments),
    };
  }
  const broken = new Map<string, readonly string[]>();
  for (const { rule, address, severity } of checkPolicies({ resource }, { org }, RULES)) {
    if (severity !== "error") continue;
    const id = address.slice(address.indexOf(".") + 1);
    broken.set(id, [...new Set([...(broken.get(id) ?? []), rule])].sort());
  }
  return broken;
}

/** References are expressions in the stack, of which rules see no value. */
const withoutReferences = (args: Arguments): Arguments =>
  JSON.parse(JSON.stringify(args), (_, value) =>
    typeof value === "object" && value !== null && "$ref" in value ? "${reference}" : value,
  );
