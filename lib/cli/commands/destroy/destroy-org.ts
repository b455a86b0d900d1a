import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import { refuseArguments } from "../../../terraform/arguments";
import { requireTerraform, type TerraformRun } from "../../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import type { StackTerraform } from "../../../terraform/stack-terraform";
import { alone } from "../../project/folder-lock";
import { whyNoStack } from "../../project/org-backends";
import { findOrg } from "../../project/synthesize";
import { forEachOrg, type OrgStackFolder, type StackListener } from "../../runs/for-each-org";
import { Ledger } from "../../runs/ledger";
import type { StackPlan } from "../../runs/plan-summary";
import { commitOf, runAuthor } from "../../runs/run-author";
import { newRunId } from "../../runs/run-record";
import { startRunView } from "../../runs/run-view";
import { OUTPUT, selectStacks } from "../../runs/select-stacks";
import { isEmpty, stackPlanOf } from "../../runs/stack-plan";
import { writeReport } from "../../runs/write-report";
import type { Io } from "../../terminal/io";
import { type Destruction, destructionOf, endsReconciler } from "./destruction";
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

/** The plan of one stack, with its file. */
interface PlannedStack {
  readonly stack: OrgStackFolder;
  readonly plan: StackPlan;
  readonly destruction: Destruction;
}

/**
 * Destroys the stacks of an org, its components first, by the plans that were shown.
 *
 * @throws UserError before anything is destroyed: if OAuth clients are alive, if the code protects an
 *   object, or if the operator does not confirm; and if a destroy fails
 */
export function destroyOrg(io: Io, name: string, props: DestroyProps): Promise<void> {
  refuseArguments(io.env);
  if (props.confirm !== undefined) refuseOther(name, props.confirm);
  else if (props.yes && !io.ask) {
    throw new UserError(
      `${name}: nothing was destroyed, since nobody can be asked without a terminal: add --confirm ${name}`,
    );
  }
  const output = join(io.cwd, OUTPUT);
  mkdirSync(output, { recursive: true });
  return alone(output, async () => {
    const env = { ...io.env, TF_VAR_genesys_credential: "deployer" };
    const terraform = await requireTerraform({ env, signal: io.signal });
    const stacks = await stacksOf(io, name);
    const files = temporaryFolder("genesys-orgs-plan-");
    try {
      await new OrgDestruction(io, props, terraform, files).run(stacks);
    } finally {
      // The files of plans may have secret values.
      removeFolder(files);
    }
  });
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

/** One destroy of all stacks of an org. */
class OrgDestruction {
  constructor(
    private readonly io: Io,
    private readonly props: DestroyProps,
    private readonly terraform: TerraformRun,
    /** Folder for the files of plans. */
    private readonly files: string,
  ) {}

  async run(stacks: readonly OrgStackFolder[]): Promise<void> {
    const { io, props } = this;
    const [{ org }] = stacks as [OrgStackFolder];
    const planned = await this.each(stacks, "planning", (terraform, stack) =>
      this.plan(terraform, stack),
    );
    const destructions = planned.map(({ destruction }) => destruction);
    props.onPlanned(org, destructions);
    if (destructions.some((each) => endsReconciler(org, each))) await refuseLiveClients(io, org);
    if (!props.yes) return;
    if (props.confirm === undefined) await this.askForName(org.name);
    await this.destroy(planned);
  }

  private async plan(terraform: StackTerraform, stack: OrgStackFolder): Promise<PlannedStack> {
    try {
      const plan = this.props.yes
        ? await terraform.planFile(this.fileOf(stack), "-destroy")
        : await terraform.plan("-destroy");
      const destruction = destructionOf(stack.stack, plan);
      return { stack, plan: stackPlanOf(stack, plan), destruction };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw explainRefusal(error, stack.stack, stack.folder);
    }
  }

  private async destroy(planned: readonly PlannedStack[]): Promise<void> {
    const { io, props } = this;
    const { product, version } = this.terraform.binary;
    const facts = {
      run: newRunId(io.now()),
      command: "destroy",
      author: runAuthor(io.env),
      commit: await commitOf(io),
      terraform: `${product} ${version}`,
      approval: props.confirm === undefined ? "by hand" : "by option",
    } as const;
    const stacks = planned.map(({ stack }) => stack);
    const ledger = new Ledger(facts, stacks, io.now, (report) => writeReport(props.report, report));
    for (const { stack, plan } of planned) ledger.planned(stack.stack, plan);
    const empty = new Set(planned.filter(({ plan }) => isEmpty(plan)).map(({ stack }) => stack));
    try {
      await this.each(
        stacks,
        "destroying",
        async (terraform, stack) => {
          if (empty.has(stack)) return "unchanged";
          await terraform.applyFile(this.fileOf(stack));
          return "applied";
        },
        ledger,
      );
    } finally {
      ledger.end();
    }
  }

  private fileOf = ({ stack }: OrgStackFolder): string => join(this.files, stack);

  /** @throws UserError if another name is typed, or none */
  private async askForName(name: string): Promise<void> {
    const { ask, signal } = this.io;
    const typed = await ask?.("Type the name of the organisation to destroy all of this: ");
    signal.throwIfAborted();
    refuseOther(name, typed?.trim() ?? "");
  }

  /** Works on one stack after the other, up to the first that fails. */
  private async each<Result>(
    stacks: readonly OrgStackFolder[],
    doing: "planning" | "destroying",
    work: (terraform: StackTerraform, stack: OrgStackFolder) => Promise<Result>,
    ledger?: Ledger,
  ): Promise<Result[]> {
    const { io, terraform } = this;
    const view = await startRunView(io, {
      title: `${doing} ${stacks.map(({ stack }) => stack).join(", ")}`,
      total: stacks.length,
      done: () => (doing === "planning" ? "planned" : "destroyed"),
      lockTimeout: this.props.lockTimeout * 1000,
    });
    const listener: StackListener = {
      onStart: (stack) => {
        ledger?.started(stack.stack);
        view.onStart?.(stack);
      },
      onEnd: (result) => {
        ledger?.ended(result);
        view.onEnd?.(result);
      },
    };
    const { patienceOf } = view;
    try {
      const results = await forEachOrg(
        stacks,
        { terraform, parallel: 1, listener, patienceOf, stopsOrg: true },
        (own, stack) => {
          view.phase(stack.stack, doing);
          return work(own, stack);
        },
      );
      io.signal.throwIfAborted();
      const failed = results.find(({ error }) => error);
      if (failed?.error) throw this.withRest(failed.error, results);
      return results.map(({ result }) => result as Result);
    } finally {
      view.stop();
    }
  }

  private withRest(error: UserError, results: readonly { stack: OrgStackFolder; end: string }[]) {
    const left = results.filter(({ end }) => end === "not started").map(({ stack }) => stack.stack);
    if (left.length === 0) return error;
    return new UserError(`${error.message}\nnot started: ${left.join(", ")}`, { cause: error });
  }
}

function refuseOther(name: string, typed: string): void {
  if (typed === name) return;
  throw new UserError(
    `${name}: nothing was destroyed, since "${typed}" is not the name of the organisation`,
  );
}
