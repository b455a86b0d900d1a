import { join } from "node:path";
import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import type { StackTerraform } from "../../../terraform/stack-terraform";
import { whyNoStack } from "../../project/org-backends";
import { findOrg } from "../../project/synthesize";
import type { OrgStackFolder } from "../../runs/for-each-org";
import { selectStacks, withOutput } from "../../runs/select-stacks";
import { stackPlanOf } from "../../runs/stack-plan";
import { terraformAs } from "../../runs/terraform-as";
import type { Io } from "../../terminal/io";
import { applyDestruction, type PlannedStack } from "./apply-destruction";
import { type Destruction, destructionOf, endsReconciler } from "./destruction";
import { eachStack } from "./each-stack";
import { refuseLiveClients } from "./live-clients";
import { explainRefusal } from "./protected-objects";

/** How to destroy an organisation's stacks. */
export interface DestroyProps {
  /** Whether they are destroyed, and not only shown. */
  readonly yes: boolean;
  /** The name that the operator has already typed. @default - the operator is asked */
  readonly confirm?: string;
  /** Seconds to wait for a lock. */
  readonly lockTimeout: number;
  /** Folder of the report of what was destroyed. */
  readonly report: string;
  /** Called with the plans, before anything is refused, asked or destroyed. */
  readonly onPlanned: (org: OrgReport, plans: readonly Destruction[]) => void;
}

/**
 * Destroys the stacks of an org, its components first, by the plans that were shown.
 *
 * @throws UserError before anything is destroyed: if OAuth clients are alive, if the code protects an
 *   object, or if the operator does not confirm; and if a destroy fails
 */
export function destroyOrg(io: Io, name: string, props: DestroyProps): Promise<void> {
  refuseUnconfirmed(io, name, props);
  return withOutput(io, async () => {
    const files = temporaryFolder("genesys-orgs-plan-");
    try {
      await planAndDestroy(io, name, props, files);
    } finally {
      // The files of plans may have secret values.
      removeFolder(files);
    }
  });
}

async function planAndDestroy(io: Io, name: string, props: DestroyProps, files: string) {
  const { yes, confirm, onPlanned } = props;
  const terraform = await terraformAs(io, "deployer");
  const stacks = await stacksOf(io, name);
  const planned = await eachStack(
    io,
    stacks,
    { ...props, terraform, doing: "planning", done: "planned" },
    (own, stack) => planOf(own, stack, yes ? join(files, stack.stack) : undefined),
  );
  const destructions = planned.map(({ destruction }) => destruction);
  const [{ org }] = stacks as [OrgStackFolder];
  onPlanned(org, destructions);
  if (destructions.some((each) => endsReconciler(org, each))) await refuseLiveClients(io, org);
  if (!yes) return;
  if (confirm === undefined) await askForName(io, name);
  const approval = confirm === undefined ? "by hand" : "by option";
  await applyDestruction(io, planned, { ...props, terraform, approval });
}

/** Returns the stacks of an org in the order of their end. */
async function stacksOf(io: Io, name: string): Promise<OrgStackFolder[]> {
  const stacks = await selectStacks(io, { names: [name] });
  if (stacks.length > 0) return stacks.reverse();
  const why = whyNoStack(await findOrg(io, name));
  throw new UserError(
    `${name} has no stack: ${why}; to destroy what it had, let the app create the stack again`,
  );
}

/** @param file for the plan, if it is to be applied: then it is made under the lock */
async function planOf(
  terraform: StackTerraform,
  stack: OrgStackFolder,
  file: string | undefined,
): Promise<PlannedStack & { readonly destruction: Destruction }> {
  try {
    const plan =
      file === undefined
        ? await terraform.plan("-destroy")
        : await terraform.planFile(file, "-destroy");
    const destruction = destructionOf(stack.stack, plan);
    return { stack, plan: stackPlanOf(stack, plan), file: file ?? "", destruction };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw explainRefusal(error, stack.stack, stack.folder);
  }
}

/** Refuses at once what would be refused after the plan. */
function refuseUnconfirmed({ ask }: Io, name: string, { yes, confirm }: DestroyProps): void {
  if (confirm !== undefined) refuseOther(name, confirm);
  else if (yes && !ask) {
    throw new UserError(
      `${name}: nothing was destroyed, since nobody can be asked without a terminal: add --confirm ${name}`,
    );
  }
}

/** @throws UserError if another name is typed, or none */
async function askForName({ ask, signal }: Io, name: string): Promise<void> {
  const typed = await ask?.("Type the name of the organisation to destroy all of this: ");
  signal.throwIfAborted();
  refuseOther(name, typed?.trim() ?? "");
}

function refuseOther(name: string, typed: string): void {
  if (typed === name) return;
  throw new UserError(
    `${name}: nothing was destroyed, since "${typed}" is not the name of the organisation`,
  );
}
