import type { TypeRules } from "../core/rules";

/** What has a name, or a prefix of one that the provider completes. */
export const named: TypeRules = {
  forceNew: ["name", "name_prefix"],
  conflictsWith: { name: ["name_prefix"] },
};

export const arn = { pattern: "^arn:" };
