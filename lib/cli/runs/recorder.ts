import { loadS3, TIME_LIMITS } from "../../aws/sdk";
import { UserError } from "../../errors";
import { backendOf } from "../../terraform/stack-folder";
import { ownManifest } from "../project/own-manifest";
import { S3Clients } from "../project/s3-clients";
import { type S3Backend, StateStore } from "../project/state-store";
import type { OrgStackFolder } from "./for-each-org";
import type { RunFacts } from "./ledger";
import { countsOf, type StackPlan } from "./plan-summary";
import { type RunRecord, writeRunRecord } from "./run-record";
import type { StackRun } from "./run-report";

/** Writes the records of a run next to the states of its stacks. */
export class Recorder {
  readonly #begun = new Set<string>();
  readonly #clients = new S3Clients();

  constructor(
    private readonly facts: RunFacts,
    private readonly now: () => number,
  ) {
    // This blocks for some tenths of a second, which all first applies would wait for.
    loadS3();
  }

  /**
   * Writes that an apply begins. Without this record there is no apply.
   *
   * @throws UserError when it cannot be written
   */
  async begun(stack: OrgStackFolder, plan: StackPlan): Promise<void> {
    await this.write(stack, { event: "begun" }, plan);
    this.#begun.add(stack.stack);
  }

  /**
   * Writes how the work on a stack has ended, if it had a plan that was approved.
   *
   * @returns the problem, if it cannot be written: what was done stays done
   */
  async ended(stack: OrgStackFolder, { outcome, plan }: StackRun): Promise<UserError | undefined> {
    const isOver = this.#begun.has(stack.stack) || outcome === "unchanged" || outcome === "refused";
    if (!plan || !isOver) return undefined;
    try {
      await this.write(stack, { event: "ended", outcome }, plan);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  }

  close(): void {
    this.#clients.close();
  }

  private write(
    { org, stack, folder }: OrgStackFolder,
    event: Pick<RunRecord, "event" | "outcome">,
    plan: StackPlan,
  ): Promise<void> {
    const { run, command, author, commit, terraform } = this.facts;
    const { s3 } = backendOf(folder) as { readonly s3?: S3Backend };
    if (!s3) throw new UserError(`${org.name}: the backend of ${stack} is not S3`);
    const record: RunRecord = {
      version: 1,
      ...{ run, org: org.name, stack, command, author, commit, terraform },
      ...event,
      at: new Date(this.now()).toISOString(),
      library: ownManifest().version,
      digest: plan.digest,
      counts: countsOf([plan]),
    };
    return writeRunRecord(new StateStore(s3, TIME_LIMITS, this.#clients), record, org.stateHome);
  }
}
