import { join } from "node:path";
import { counted } from "../../../counted";
import type { TerraformRun } from "../../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import type { StackTerraform } from "../../../terraform/stack-terraform";
import { type ForEachOrgProps, forEachOrg, type OrgStackFolder } from "../../runs/for-each-org";
import { PLAIN } from "../../runs/markup";
import type { StackPlan } from "../../runs/plan-summary";
import { planText } from "../../runs/plan-text";
import { type Wave, wavesOf } from "../../runs/promotion";
import { RecordedRun } from "../../runs/recorded-run";
import { RefusedError } from "../../runs/refused-error";
import { differencesOf, type Review, reviewOf } from "../../runs/review";
import type { RunReport } from "../../runs/run-report";
import { type RunView, startRunView } from "../../runs/run-view";
import { type Selection, selectStacks, withOutput } from "../../runs/select-stacks";
import { isEmpty, stackPlanOf } from "../../runs/stack-plan";
import { terraformAs } from "../../runs/terraform-as";
import type { Io, Output } from "../../terminal/io";
import { type Approval, approvedOf, confirms } from "./approve";

/** Which organisations to deploy, and how. */
export interface DeployProps extends Selection {
  /** Organisations at the same time. */
  readonly parallel: number;
  /** Seconds to wait for a lock. */
  readonly lockTimeout: number;
  /** Number of failed stacks after which no further one is started. @default - any */
  readonly maxFailures?: number;
  readonly approval: Approval;
  /** What was reviewed, by stack: nothing else is applied. @default - changes are approved now */
  readonly reviews?: ReadonlyMap<string, Review>;
  /** Folder of the report. */
  readonly report: string;
  /** Stacks that an earlier run has finished. @default - none */
  readonly finished?: ReadonlySet<string>;
  /** Stream for the changes. */
  readonly summary: Output;
}

/** A plan as deployer, in a file that only this user may read. */
interface PlannedStack {
  readonly plan: StackPlan;
  readonly file: string;
}

/**
 * Deploys organisations: plans as deployer, has the changes approved, and applies those plans, in the
 * order of promotion. An environment is deployed only if everything before it has ended well.
 *
 * @throws UserError when nothing can be deployed at all
 */
export function deployOrgs(io: Io, props: DeployProps): Promise<RunReport> {
  return withOutput(io, async () => {
    const terraform = await terraformAs(io, "deployer");
    const selected = await selectStacks(io, props);
    const stacks = selected.filter(({ stack }) => !props.finished?.has(stack));
    const { approval, report } = props;
    const facts = {
      command: "deploy",
      approval: approval.kind,
      terraform: terraform.binary,
      report,
    } as const;
    const run = await RecordedRun.begin(io, facts, stacks);
    const plans = temporaryFolder("genesys-orgs-plan-");
    try {
      await new Deployment(io, props, terraform, run, plans).run(stacks);
    } finally {
      // The files of plans may have secret values.
      removeFolder(plans);
    }
    return run.end();
  });
}

/** Leaves out the approved stacks of an org that follow one which may not be applied. */
function inOrder(
  stacks: readonly OrgStackFolder[],
  approved: readonly OrgStackFolder[],
): OrgStackFolder[] {
  const held = new Set<string>();
  return stacks.filter((stack) => {
    if (!approved.includes(stack)) held.add(stack.org.name);
    return !held.has(stack.org.name);
  });
}

/** One deploy of many stacks. */
class Deployment {
  readonly #planned = new Map<string, PlannedStack>();

  constructor(
    private readonly io: Io,
    private readonly props: DeployProps,
    private readonly terraform: TerraformRun,
    private readonly recorded: RecordedRun,
    /** Folder for the files of plans. */
    private readonly plans: string,
  ) {}

  async run(stacks: readonly OrgStackFolder[]): Promise<void> {
    const approved = new Set(
      inOrder(stacks, this.props.reviews ? stacks : await this.planAndApprove(stacks)),
    );
    let before: Wave<OrgStackFolder> | undefined;
    for (const wave of wavesOf(stacks)) {
      if (before && !(await this.goesOn(before, wave, approved))) return;
      await this.apply(wave, approved);
      before = wave;
    }
  }

  /** Plans all stacks, shows their changes, and returns those whose changes are approved. */
  private async planAndApprove(stacks: readonly OrgStackFolder[]): Promise<OrgStackFolder[]> {
    await this.each(stacks, "planning", {}, (terraform, stack) => this.plan(terraform, stack));
    if (this.io.signal.aborted) return [];
    const plans = [...this.#planned.values()].map(({ plan }) => plan);
    const failed = this.recorded.ledger.failures();
    this.props.summary.write(planText(plans, failed, PLAIN));
    const approved = await approvedOf(this.io, this.props.approval, plans);
    const names = new Set(approved.map(({ stack }) => stack));
    for (const { stack } of plans) if (!names.has(stack)) this.recorded.ledger.waits(stack);
    return stacks.filter(({ stack }) => names.has(stack));
  }

  /** Whether an environment may follow: everything before it is done, and a person who can be asked agrees. */
  private async goesOn(
    before: Wave<OrgStackFolder>,
    next: Wave<OrgStackFolder>,
    approved: ReadonlySet<OrgStackFolder>,
  ): Promise<boolean> {
    if (!before.stacks.every(({ stack }) => this.recorded.ledger.isDone(stack))) return false;
    const changing = next.stacks.filter((stack) => approved.has(stack) && !this.isEmpty(stack));
    if (this.props.approval.kind !== "by hand" || changing.length === 0) return true;
    const what = `${next.name} (${counted(changing.length, "stack")} with changes)`;
    const goesOn = await confirms(this.io, `${before.name} is deployed. Go on with ${what}?`);
    if (!goesOn) for (const { stack } of changing) this.recorded.ledger.waits(stack);
    return goesOn;
  }

  private async apply(
    { name, stacks }: Wave<OrgStackFolder>,
    approved: ReadonlySet<OrgStackFolder>,
  ): Promise<void> {
    const own = stacks.filter((stack) => approved.has(stack));
    const { maxFailures } = this.props;
    const limits = { stopsOrg: true, ...(maxFailures !== undefined && { maxFailures }) };
    await this.each(own, `deploying ${name}:`, limits, async (terraform, stack, view) => {
      const known = this.#planned.get(stack.stack);
      if (!known) view.phase(stack.stack, "planning");
      const { plan, file } = known ?? (await this.plan(terraform, stack));
      this.refuseOther(stack, plan);
      if (isEmpty(plan)) return "unchanged";
      await this.recorded.begun(stack, plan);
      view.phase(stack.stack, "applying");
      await terraform.applyFile(file);
      return "applied";
    });
  }

  private async plan(terraform: StackTerraform, stack: OrgStackFolder): Promise<PlannedStack> {
    const file = join(this.plans, stack.stack);
    const planned = { plan: stackPlanOf(stack, await terraform.planFile(file)), file };
    this.#planned.set(stack.stack, planned);
    this.recorded.ledger.planned(stack.stack, planned.plan);
    return planned;
  }

  /** @throws RefusedError if a review is needed, and the plan is another one */
  private refuseOther(stack: OrgStackFolder, plan: StackPlan): void {
    const { reviews } = this.props;
    if (!reviews) return;
    const review = reviews.get(stack.stack);
    const differences = review
      ? differencesOf(review, reviewOf(plan, stack))
      : ["it was not reviewed"];
    if (differences.length > 0) throw new RefusedError(stack.stack, differences);
  }

  private isEmpty({ stack }: OrgStackFolder): boolean {
    const planned = this.#planned.get(stack);
    return planned !== undefined && isEmpty(planned.plan);
  }

  /** Works on stacks, shows it, and notes how each has ended. */
  private async each(
    stacks: readonly OrgStackFolder[],
    title: string,
    limits: Pick<ForEachOrgProps, "stopsOrg" | "maxFailures">,
    work: (terraform: StackTerraform, stack: OrgStackFolder, view: RunView) => Promise<unknown>,
  ): Promise<void> {
    if (stacks.length === 0) return;
    const { recorded, terraform } = this;
    const view = await startRunView(this.io, {
      title: `${title} ${counted(stacks.length, "stack")}`,
      total: stacks.length,
      done: ({ result }) => (typeof result === "string" ? result : "planned"),
      lockTimeout: this.props.lockTimeout * 1000,
      onRetry: (stack, reason) => recorded.ledger.retried(stack, reason),
    });
    const listener = recorded.listener(view);
    const { parallel } = this.props;
    const { patienceOf } = view;
    const props = { terraform, parallel, listener, patienceOf, ...limits };
    try {
      await forEachOrg(stacks, props, (own, stack) => work(own, stack, view));
    } finally {
      view.stop();
    }
  }
}
