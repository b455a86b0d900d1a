import { AWS_RESOURCES } from "./double/aws";
import type { ResourceRules } from "./double/core/rules";
import { GENESYSCLOUD_RESOURCES } from "./double/genesyscloud";
import { VAULT_RESOURCES } from "./double/vault";

const KNOWN: Readonly<Record<string, ResourceRules>> = {
  ...AWS_RESOURCES,
  ...GENESYSCLOUD_RESOURCES,
  ...VAULT_RESOURCES,
};

/**
 * Returns what the doubles know about a type of resource, for example which changes replace an object.
 * The real provider's schema does not say that.
 *
 * @returns undefined for a type of which they know the schema only
 */
export const knownRulesOf = (type: string): ResourceRules | undefined => KNOWN[type];
