import type { Environment } from "../registry/model";
import type { SynthesizedStack } from "./synthesized-stack";

/** An `error` stops the synthesis, a `warning` is shown. */
export type Severity = "error" | "warning";

/** One place in a stack that breaks a rule. */
export interface Finding {
  /** Id of the broken rule, or `GO-WAIVER-UNUSED`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Id of the stack. */
  readonly stack: string;
  /** Path of the construct; the Terraform address where the JSON does not name the construct. */
  readonly construct: string;
  /** Terraform address, for example `genesyscloud_oauth_client.crm`. */
  readonly address: string;
  /** What is wrong, with the value unless that is a secret. */
  readonly message: string;
  readonly fix: string;
}

/** What is known of the organisation whose stack is checked. */
export interface PolicyOrg {
  readonly name: string;
  readonly environment: Environment;
  /**
   * Full ARN of the KMS key that the record has for the org's state.
   * @default - any key of its own
   */
  readonly kmsKeyArn?: string;
}

/** What the rules know beside the stack. */
export interface PolicyContext {
  /** @default - the stack is no organisation's: rules that compare with the org pass */
  readonly org?: PolicyOrg;
  /**
   * Whether data sources that read Vault are allowed, and only warned about.
   * @default false
   */
  readonly allowVaultDataSources?: boolean;
}

/** A check of one synthesized stack. */
export interface PolicyRule {
  /** Stable: waivers in code name it. */
  readonly id: string;
  /** Severity of a finding, unless the finding says otherwise. */
  readonly severity: Severity;
  readonly title: string;
  /** Why the rule exists. */
  readonly reason: string;
  /** What to do, unless the finding says it more precisely. */
  readonly fix: string;
  /** A pure function: the same stack and context give the same problems. */
  check(stack: SynthesizedStack, context: PolicyContext): Iterable<Problem>;
}

/** What a rule reports; the engine makes a {@link Finding} of it. */
export interface Problem {
  /** The place, as {@link SynthesizedStack} gives it. */
  readonly at: Place;
  readonly message: string;
  /** @default - the rule's */
  readonly fix?: string;
  /** @default - the rule's */
  readonly severity?: Severity;
}

/** A place in a stack that can carry waivers. */
export interface Place {
  readonly address: string;
  readonly construct: string;
  readonly waivers: readonly Waiver[];
}

/** A rule that code has set aside for a place. */
export interface Waiver {
  readonly rule: string;
  readonly reason: string;
  /** Path of the construct on which code wrote the waiver: one waiver may reach many blocks. */
  readonly waivedAt: string;
}
