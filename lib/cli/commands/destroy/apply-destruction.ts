import type { TerraformRun } from "../../../terraform/binary";
import type { OrgStackFolder } from "../../runs/for-each-org";
import type { StackPlan } from "../../runs/plan-summary";
import { RecordedRun } from "../../runs/recorded-run";
import { isEmpty } from "../../runs/stack-plan";
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
  const stacks = planned.map(({ stack }) => stack);
  const plans = new Map(planned.map((each) => [each.stack, each]));
  const facts = { command: "destroy", approval, terraform: terraform.binary, report } as const;
  const run = await RecordedRun.begin(io, facts, stacks);
  for (const { stack, plan } of planned) run.ledger.planned(stack.stack, plan);
  const listener = run.listener({});
  try {
    await eachStack(
      io,
      stacks,
      { terraform, lockTimeout, doing: "destroying", done: "destroyed", listener },
      async (own, stack) => {
        const { plan, file } = plans.get(stack) as PlannedStack;
        if (isEmpty(plan)) return "unchanged";
        await run.begun(stack, plan);
        await own.applyFile(file);
        return "applied";
      },
    );
  } finally {
    run.end();
  }
}
