import { counted } from "../../../counted";
import { failuresOf } from "../../runs/failures";
import { forEachOrg } from "../../runs/for-each-org";
import type { FailedPlan } from "../../runs/plan-text";
import { type Review, reviewOf } from "../../runs/review";
import { startRunView } from "../../runs/run-view";
import { type Selection, selectStacks } from "../../runs/select-stacks";
import { stackPlanOf } from "../../runs/stack-plan";
import { terraformAs } from "../../runs/terraform-as";
import type { Io } from "../../terminal/io";
import { proposedStacks } from "./proposed-stacks";

/** Which organisations to plan, and how. */
export interface PlanProps extends Selection {
  /** Organisations at the same time. */
  readonly parallel: number;
  /**
   * Folder with the Terraform JSON that somebody proposes.
   * @default - that of this project
   */
  readonly proposed?: string;
}

/** The plans of stacks. */
export interface Plans {
  readonly plans: readonly Review[];
  readonly failed: readonly FailedPlan[];
}

/**
 * Plans the stacks of organisations with the planner's credential, without locks.
 * @throws UserError when nothing can be planned at all
 */
export async function planOrgs(io: Io, props: PlanProps): Promise<Plans> {
  const terraform = await terraformAs(io, "planner");
  const own = await selectStacks(io, props);
  const { stacks, refused } =
    props.proposed === undefined
      ? { stacks: own, refused: [] }
      : proposedStacks(io, props.proposed, own);
  const view = await startRunView(io, {
    title: `planning ${counted(stacks.length, "stack")}`,
    total: stacks.length,
    done: () => "planned",
    lockTimeout: 0,
  });
  const listener = view;
  const { parallel } = props;
  const { patienceOf } = view;
  try {
    const results = await forEachOrg(
      stacks,
      { terraform, parallel, listener, patienceOf },
      async (terraform, stack) => {
        view.phase(stack.stack, "planning");
        return reviewOf(stackPlanOf(stack, await terraform.plan()), stack);
      },
    );
    io.signal.throwIfAborted();
    return {
      plans: results.flatMap(({ result }) => result ?? []),
      failed: [...refused, ...failuresOf(results)],
    };
  } finally {
    view.stop();
  }
}
