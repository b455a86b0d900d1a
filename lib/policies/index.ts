// The part of the policies that users of the library need: waivers, and checks of their own stacks.
export type { Waiver } from "../recorded-waivers";
export { ALL_RULES } from "./all-rules";
export { checkPolicies, formatFindings, PolicyError } from "./check";
export type { Place } from "./place";
export type {
  Finding,
  PolicyContext,
  PolicyOrg,
  PolicyRule,
  Problem,
  Severity,
} from "./rule";
export type {
  Block,
  Json,
  NamedSection,
  SynthesizedStack,
  TypedSection,
} from "./synthesized-stack";
export { Policies, type WaiverOptions } from "./waiver";
