import { UserError } from "../errors";
import { readsOf } from "../registry/consumer-reads";
import type { OrgRegistry } from "../registry/org-registry";
import type { PolicyStatement } from "./policy-document";
import { readPolicyOf } from "./read-policy";

/**
 * Returns the permissions of a consumer of the registry, for the policy of its role: exactly the secrets
 * that name it, in all organisations. A role of an org's own stack gets them with `grantRead`.
 *
 * @throws UserError when the registry has no such consumer
 */
export function consumerPolicy(
  { consumers, orgs }: Pick<OrgRegistry, "consumers" | "orgs">,
  name: string,
): PolicyStatement[] {
  const consumer = consumers.find((each) => each.name === name);
  if (consumer) return readPolicyOf(readsOf(orgs, consumer.role));
  const names = consumers.map((each) => each.name);
  throw new UserError(
    `The registry has no consumer ${name}. ${names.length > 0 ? `Use one of ${names.join(", ")}` : "Add it to consumers of the registry"}`,
  );
}
