import type { TerraformRun } from "../../../terraform/binary";
import type { OrgStackFolder } from "../../runs/for-each-org";
import { Ledger } from "../../runs/ledger";
import type { StackPlan } from "../../runs/plan-summary";
import { Recorder } from "../../runs/recorder";
import { commitOf, runAuthor } from "../../runs/run-author";
import { newRunId } from "../../runs/run-record";
import { isEmpty } from "../../runs/stack-plan";
import { writeReport } from "../../runs/write-report";
import type { Io } from "../../terminal/io";
import { eachStack } from "./each-stack";

/** The plan to destroy one stack, in a file. */
export interface PlannedStack {
  readonly stack: OrgStackFolder;
  readonly plan: StackPlan;
  readonly file: string;
}

/** How to apply plans. */
export interface ApplyProps {
  readonly terraform: TerraformRun;
  /** Seconds to wait for a lock. */
  readonly lockTimeout: number;
  /** Folder of the report. */
  readonly report: string;
  readonly approval: "by hand" | "by option";
}

/**
 * Applies the plans, and keeps records and the report of the run.
 *
 * @throws UserError of the first stack that fails; those after it are not started
 */
export async function applyDestruction(
  io: Io,
  planned: readonly PlannedStack[],
  { terraform, lockTimeout, report, approval }: ApplyProps,
): Promise<void> {
  const { product, version } = terraform.binary;
  const facts = {
    run: newRunId(io.now()),
    command: "destroy",
    author: runAuthor(io.env),
    commit: await commitOf(io),
    terraform: `${product} ${version}`,
    approval,
  } as const;
  const stacks = planned.map(({ stack }) => stack);
  const plans = new Map(planned.map((each) => [each.stack, each]));
  const ledger = new Ledger(facts, stacks, io.now, (state) => writeReport(report, state));
  const recorder = new Recorder(facts, io.now);
  for (const { stack, plan } of planned) ledger.planned(stack.stack, plan);
  const listener = {
    onStart: ({ stack }: OrgStackFolder) => ledger.started(stack),
    onEnd: async (result: Parameters<Ledger["ended"]>[0]) => {
      const { stack } = result;
      const problem = await recorder.ended(stack, ledger.ended(result));
      if (!problem) return;
      ledger.problem(stack.stack, problem);
      io.stderr.write(`${problem.message}\n`);
    },
  };
  try {
    await eachStack(
      io,
      stacks,
      { terraform, lockTimeout, doing: "destroying", done: "destroyed", listener },
      async (own, stack) => {
        const { plan, file } = plans.get(stack) as PlannedStack;
        if (isEmpty(plan)) return "unchanged";
        await recorder.begun(stack, plan);
        await own.applyFile(file);
        return "applied";
      },
    );
  } finally {
    ledger.end();
  }
}
