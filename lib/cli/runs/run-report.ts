import type { Environment } from "../../registry/model";
import type { StackPlan } from "./plan-summary";

/**
 * The end of a run for one stack. `refused`: the change is no longer the one that was reviewed; `waiting`:
 * for approval; `stopped`: interrupted while it was running; `not started`: the run ended before.
 */
export type Outcome =
  | "applied"
  | "unchanged"
  | "failed"
  | "refused"
  | "waiting"
  | "stopped"
  | "not started";

/** The author of a run, as far as it is known. */
export interface RunAuthor {
  /** `<user>@<host>`, as Terraform writes it into a lock. */
  readonly user: string;
  /** ARN of the AWS credentials. @default - unknown */
  readonly arn?: string;
  /** Address of the CI job. @default - not in CI */
  readonly job?: string;
}

/** What became of one stack in a run. It has no value of the configuration, so no secret. */
export interface StackRun {
  readonly org: string;
  readonly environment: Environment;
  readonly stack: string;
  readonly outcome: Outcome;
  /** @default - it was not planned */
  readonly plan?: StackPlan;
  /** What differs from the review, in words. @default - nothing */
  readonly differences?: readonly string[];
  /** Why it failed, in Terraform's own words. @default - it did not fail */
  readonly error?: string;
  /** Transient errors after which a step was repeated. @default - none */
  readonly retries?: readonly string[];
  /** Wall-clock time of the whole work on the stack, in seconds. */
  readonly seconds: number;
}

/** A run over organisations: what `deploy` or `destroy` did. */
export interface RunReport {
  /** Changes when a field is removed or changes its meaning. */
  readonly version: 1;
  /** For example `20261129t021500z-3f9c1b2e`. */
  readonly run: string;
  readonly command: "deploy" | "destroy";
  readonly author: RunAuthor;
  /** Commit that was checked out; `-dirty` is added if files had changed. @default - no git */
  readonly commit?: string;
  /** ISO 8601 times in UTC. */
  readonly started: string;
  /** @default - it has not ended */
  readonly ended?: string;
  /** For example `Terraform 1.11.4`. */
  readonly terraform: string;
  /** How the changes were approved. */
  readonly approval: "reviewed" | "by hand" | "by condition" | "by option" | "none";
  /** In the order in which they run. */
  readonly stacks: readonly StackRun[];
}
