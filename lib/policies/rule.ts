import type { Environment, StateEncryption } from "../registry/model";
import type { Place } from "./place";
import type { SynthesizedStack } from "./synthesized-stack";

/** An `error` stops the synthesis, a `warning` is shown. */
export type Severity = "error" | "warning";

/** One place in a stack that breaks a rule. */
export interface Finding {
  /** Id of the broken rule, or of a finding about a waiver: `GO-WAIVER-UNUSED`, `-DATED`, `-ENDED`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Id of the stack. */
  readonly stack: string;
  /** Path of the construct; the Terraform address where the JSON does not name the construct. */
  readonly construct: string;
  /** Terraform address, for example `genesyscloud_oauth_client.crm`. */
  readonly address: string;
  /** The mistake, with the value unless that is a secret. */
  readonly message: string;
  readonly fix: string;
}

/** The organisation whose stack is checked. */
export interface PolicyOrg {
  readonly name: string;
  readonly environment: Environment;
  /**
   * How the home encrypts the org's state. Without KMS it is a warning.
   * @default "kms"
   */
  readonly encryption?: StateEncryption;
  /**
   * Full ARN of the KMS key that the record has for the org's state.
   * @default - any full ARN of a key passes
   */
  readonly kmsKeyArn?: string;
  /**
   * Id of the organisation in Genesys Cloud, which the guard compares with.
   * @default - any id passes
   */
  readonly organizationId?: string;
  /**
   * ARN of the boundary that the roles of the org's rotation need.
   * @default - they may be without one
   */
  readonly permissionsBoundary?: string;
}

/** Knowledge of the rules in addition to the stack. */
export interface PolicyContext {
  /** @default - none: rules that compare the stack with its organisation pass */
  readonly org?: PolicyOrg;
  /**
   * Arguments of the S3 backend that follow from the registry. Another place, account or lock is an
   * error.
   * @default - none: any of them pass
   */
  readonly backend?: Readonly<Record<string, unknown>>;
  /**
   * Whether a data source that reads Vault is only a warning.
   * @default false
   */
  readonly allowVaultDataSources?: boolean;
  /**
   * Context of the app, from cdktf.json and from code.
   * @default - none
   */
  readonly app?: Readonly<Record<string, unknown>>;
  /**
   * Folder with the stack's asset files.
   * @default - none
   */
  readonly assets?: string;
  /**
   * Whether waivers have no effect, as in a stack whose author may not give himself any.
   * @default false
   */
  readonly ignoresWaivers?: boolean;
  /**
   * Time of the check, which decides whether a waiver has ended. Milliseconds since 1970.
   * @default - now
   */
  readonly now?: number;
}

/** A check of one synthesized stack. */
export interface PolicyRule {
  /** Stable: waivers in code name it. */
  readonly id: string;
  /** Severity of a finding, unless the finding says otherwise. */
  readonly severity: Severity;
  readonly title: string;
  /** The reason for the rule. */
  readonly reason: string;
  /** The fix, unless a finding has a more precise one. */
  readonly fix: string;
  /** Must be pure: the same stack and context give the same problems. */
  check(stack: SynthesizedStack, context: PolicyContext): Iterable<Problem>;
}

/** A rule's report of one broken place; the engine turns it into a {@link Finding}. */
export interface Problem {
  /** The place, as {@link SynthesizedStack} gives it. */
  readonly at: Place;
  readonly message: string;
  /** @default - the rule's */
  readonly fix?: string;
  /** @default - the rule's */
  readonly severity?: Severity;
}
