// What users of the library need of the policies: waivers, and checks of stacks of their own.
export { ALL_RULES } from "./all-rules";
export { checkPolicies, formatFindings, PolicyError } from "./check";
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
export type { Block, SynthesizedStack } from "./synthesized-stack";
export { Policies } from "./waiver";
