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

/** A time in which a stack was worked on. */
export interface WorkTime {
  /** Seconds from the start of the run. */
  readonly from: number;
  /** Seconds from the start of the run. */
  readonly to: number;
}

/** What became of one stack in a run. It has no value of the configuration, so no secret. */
export interface StackRun {
  /** Name of the organisation. */
  readonly org: string;
  /** Environment of the organisation. */
  readonly environment: Environment;
  /** Id of the stack. */
  readonly stack: string;
  /** The end of the run for this stack. */
  readonly outcome: Outcome;
  /** What was to change. @default - it was not planned */
  readonly plan?: StackPlan;
  /** What differs from the review, in words. @default - nothing */
  readonly differences?: readonly string[];
  /** Why it failed, in Terraform's own words. @default - it did not fail */
  readonly error?: string;
  /** Transient errors after which a step was repeated. @default - none */
  readonly retries?: readonly string[];
  /** Times of work on the stack: to plan it, and later to apply it. @default - it was not worked on */
  readonly work?: readonly WorkTime[];
  /** Wall-clock time of the whole work on the stack, in seconds. */
  readonly seconds: number;
}

/** A run over organisations: what `deploy` or `destroy` did. */
export interface RunReport {
  /** Changes when a field is removed or changes its meaning. */
  readonly version: 1;
  /** Id of the run, for example `20261129t021500z-3f9c1b2e`. */
  readonly run: string;
  /** The command that ran. */
  readonly command: "deploy" | "destroy";
  /** Who ran it. */
  readonly author: RunAuthor;
  /** Commit that was checked out; `-dirty` is added if files had changed. @default - no git */
  readonly commit?: string;
  /** Time at which the run began, ISO 8601 in UTC. */
  readonly started: string;
  /** Time at which it ended, ISO 8601 in UTC. @default - it has not ended */
  readonly ended?: string;
  /** The engine and its version, for example `Terraform 1.11.4`. */
  readonly terraform: string;
  /** How the changes were approved. */
  readonly approval: "reviewed" | "by hand" | "by condition" | "by option" | "none";
  /** The stacks, in the order in which they run. */
  readonly stacks: readonly StackRun[];
}
