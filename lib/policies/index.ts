export { ALL_RULES } from "./all-rules";
export { checkPolicies, formatFindings, PolicyError, UNUSED_WAIVER } from "./check";
export type {
  Finding,
  Place,
  PolicyContext,
  PolicyOrg,
  PolicyRule,
  Problem,
  Severity,
  Waiver,
} from "./rule";
export { type Block, SynthesizedStack } from "./synthesized-stack";
export { Policies } from "./waiver";
