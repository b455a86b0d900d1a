import type { Grant, GrantedPolicy } from "../../genesys/authorization-api";

/**
 * Returns what the wanted grants permit and the held ones do not, as texts for people. Another role covers a
 * grant if it has all its permissions; a permission under a condition covers only the same one.
 */
export const lackingIn = (held: readonly Grant[], wanted: readonly Grant[]): string[] =>
  wanted.flatMap((grant) => {
    const inDivision = held.filter(({ division }) =>
      ["*", grant.division.id].includes(division.id),
    );
    if (inDivision.some(({ role }) => role.id === grant.role.id)) return [];
    const { id, name: division = id === "*" ? "all" : id } = grant.division;
    const where = `role ${grant.role.name} in division ${division}`;
    const { policies = [] } = grant.role;
    // A role without a list of permissions may have any.
    if (policies.length === 0) return [where];
    const own = inDivision.flatMap(({ role }) => role.policies ?? []);
    const lacking = policies.flatMap((policy) => actionsLacking(own, policy));
    return lacking.length > 0 ? [`${where}: ${lacking.join(", ")}`] : [];
  });

function actionsLacking(own: readonly GrantedPolicy[], wanted: GrantedPolicy): string[] {
  const { domain = "*", entityName = "*", actions = ["*"], condition } = wanted;
  const alike = own.filter(
    (policy) =>
      (!policy.condition || policy.condition === condition) &&
      [domain, "*"].includes(policy.domain ?? "") &&
      [entityName, "*"].includes(policy.entityName ?? ""),
  );
  const held = new Set(alike.flatMap((policy) => policy.actions ?? []));
  const lacking = actions.filter((action) => !held.has(action) && !held.has("*"));
  return lacking.map((action) => `${domain}:${entityName}:${action}`);
}
