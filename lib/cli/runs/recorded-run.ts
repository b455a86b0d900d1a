import type { TerraformBinary } from "../../terraform/binary";
import type { Io } from "../terminal/io";
import type { OrgStackFolder, StackListener } from "./for-each-org";
import { Ledger } from "./ledger";
import type { StackPlan } from "./plan-summary";
import { Recorder } from "./recorder";
import { commitOf, runAuthor } from "./run-author";
import { newRunId } from "./run-record";
import type { RunReport } from "./run-report";
import { writeReport, writeReportJson } from "./write-report";

/** Facts about a run. */
export interface RecordedRunProps extends Pick<RunReport, "command" | "approval"> {
  readonly terraform: TerraformBinary;
  /** Folder of the report. */
  readonly report: string;
}

/** Milliseconds between two reports of a run that goes on. */
const REPORT_EVERY = 2_000;

/** A run over stacks that keeps a report in a folder, and a record next to each state. */
export class RecordedRun {
  static async begin(
    io: Io,
    { command, approval, terraform, report }: RecordedRunProps,
    stacks: readonly OrgStackFolder[],
  ): Promise<RecordedRun> {
    const facts = {
      run: newRunId(io.now()),
      command,
      author: runAuthor(io.env),
      commit: await commitOf(io),
      terraform: `${terraform.product} ${terraform.version}`,
      approval,
    };
    const ledger = new Ledger(facts, stacks, io.now, reportKeeper(io, report));
    return new RecordedRun(io, ledger, new Recorder(facts, io.now));
  }

  private constructor(
    private readonly io: Io,
    readonly ledger: Ledger,
    private readonly recorder: Recorder,
  ) {}

  /**
   * Notes that an apply begins. Without a record there is no apply.
   *
   * @throws UserError when the record cannot be written
   */
  begun(stack: OrgStackFolder, plan: StackPlan): Promise<void> {
    return this.recorder.begun(stack, plan);
  }

  /** Returns a listener that notes how the work on stacks begins and ends, and tells another one. */
  listener(view: StackListener): StackListener {
    const { io, ledger, recorder } = this;
    return {
      onStart: (stack) => view.onStart?.(stack),
      onEnd: async (result) => {
        const run = ledger.ended(result);
        await view.onEnd?.(result);
        const { stack } = result;
        const problem = await recorder.ended(stack, run);
        if (!problem) return;
        ledger.problem(stack.stack, problem);
        io.stderr.write(`${problem.message}\n`);
      },
    };
  }

  /** Ends the run, and returns its report. */
  end(): RunReport {
    this.recorder.close();
    return this.ledger.end();
  }
}

/**
 * Keeps the report of a run while it goes on, since a killed run leaves it to resume from, and all files at
 * its end. A full disk must not stop what is running.
 */
function reportKeeper(io: Io, folder: string): (report: RunReport) => void {
  let last = Number.NEGATIVE_INFINITY;
  let hasWarned = false;
  return (report) => {
    if (report.ended !== undefined) return writeReport(folder, report);
    if (io.now() - last < REPORT_EVERY) return;
    last = io.now();
    try {
      writeReportJson(folder, report);
    } catch (error) {
      if (!hasWarned) io.stderr.write(`${(error as Error).message}\n`);
      hasWarned = true;
    }
  };
}
