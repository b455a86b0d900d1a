import { join, relative } from "node:path";
import { UserError } from "../../../../errors";
import { inParallel, oneAtATime } from "../../../../in-parallel";
import type { HomeReport, OrgReport } from "../../../../registry/report";
import { requireTerraform, type TerraformRun } from "../../../../terraform/binary";
import { removeFolder, temporaryFolder } from "../../../../terraform/cleanup";
import { stackOutputs } from "../../../../terraform/run-on-state";
import { backendOf } from "../../../../terraform/stack-folder";
import { StackTerraform } from "../../../../terraform/stack-terraform";
import { recordKeys } from "../../../project/home-record";
import type { Io } from "../../../terminal/io";
import { startProgress } from "../../../terminal/progress";
import {
  type BootstrapProps,
  type Project,
  refuseOtherThanAdmin,
  synthesizeProject,
} from "./bootstrap-project";
import {
  describeHomeState,
  findHomeState,
  type HomeState,
  moveIntoBucket,
  moveOf,
} from "./home-state";

/** The work on one stack, to do or done. */
export interface BootstrapStep {
  readonly stack: string;
  /** The situation before. */
  readonly found: string;
  readonly actions: readonly string[];
  /** The reason why it failed. */
  readonly error?: string;
}

/** The result of a bootstrap. */
export interface BootstrapResult {
  readonly steps: readonly BootstrapStep[];
  readonly warnings: readonly string[];
  /** The orgs that can be deployed now. */
  readonly deployable: readonly OrgReport[];
}

/**
 * Plans a bootstrap, without changing anything.
 *
 * @throws UserError as {@link bootstrapHome}, as far as the cause is visible before the run
 */
export async function planBootstrap(io: Io, given: BootstrapProps): Promise<BootstrapStep[]> {
  const output = temporaryFolder("genesys-orgs-bootstrap-");
  try {
    return await plan(io, { ...given, output });
  } finally {
    removeFolder(output);
  }
}

async function plan(io: Io, props: BootstrapProps): Promise<BootstrapStep[]> {
  const project = await synthesizeProject(io, props);
  const { home, orgs } = project;
  await refuseOtherThanAdmin(project);
  const state = await findHomeState(io, home, localPathIn(props, home));
  const { inBucket, url } = state;
  const isNew = home.kmsKeyArn === undefined && !inBucket;
  const move = isNew ? "write" : moveOf(state);
  return [
    {
      stack: home.stack,
      found: describeHome(io, home, state),
      actions: [
        ...(isNew ? ["apply with local state"] : []),
        ...(home.kmsKeyArn === undefined ? ["record its key"] : []),
        ...(move === "write" ? [`move its state to ${url}`] : []),
        ...(move === "keep file" ? [`rename ${relative(io.cwd, state.file)}`] : []),
        "plan, which should show no changes",
      ],
    },
    ...orgs.map((org) => ({
      stack: org.access.stack,
      found: describeOrg(org),
      actions: org.kmsKeyArn === undefined ? ["apply", "record its key"] : ["apply"],
    })),
  ];
}

/**
 * Creates a home and the access of its orgs. Every step checks the present situation first, so a run
 * continues where an earlier one was stopped.
 *
 * @returns the work that was done, and the orgs that failed
 * @throws UserError if the home could not be created: then no org was started
 */
export async function bootstrapHome(io: Io, props: BootstrapProps): Promise<BootstrapResult> {
  const terraform = await requireTerraform(io);
  const progress = await startProgress(io);
  try {
    return await new Bootstrap(io, props, terraform, (text) => progress.step(text)).run();
  } finally {
    progress.stop();
    if (io.signal.aborted) io.stderr.write("stopped: run the same command again to continue\n");
  }
}

/** One run of {@link bootstrapHome}. */
class Bootstrap {
  private readonly init = oneAtATime<readonly [StackTerraform, StackTerraform?]>(([stack, like]) =>
    stack.init(like),
  );

  /** @param step shows the present step */
  constructor(
    private readonly io: Io,
    private readonly props: BootstrapProps,
    private readonly terraform: TerraformRun,
    private readonly step: (text: string) => void,
  ) {}

  async run(): Promise<BootstrapResult> {
    const first = await this.synthesize();
    await refuseOtherThanAdmin(first);
    const { stack } = first.home;
    const state = await findHomeState(this.io, first.home, localPathIn(this.props, first.home));
    const found = describeHome(this.io, first.home, state);
    const created = first.home.kmsKeyArn === undefined ? await this.createHome(first, state) : [];
    // With a recorded key, the home's stack has its backend in the bucket.
    const project = created.length > 0 ? await this.synthesize() : first;
    const home = this.at(stack);
    await this.ready(home);
    const moved = await this.move(project.home, state.file);
    this.step(`${stack}: plan`);
    const planIsEmpty = await home.planIsEmpty();
    const access = await this.giveAccess(project, home);
    const recorded = this.record(project, { orgs: access.keys });
    const { orgs } = recorded.length > 0 ? await this.synthesize() : project;
    return {
      steps: [{ stack, found, actions: [...created, ...moved] }, ...access.steps],
      warnings: planIsEmpty
        ? []
        : [`${stack} has changes that were not applied: \`cdktf diff ${stack}\` shows them`],
      deployable: orgs.filter(({ status }) => status === "synthesized"),
    };
  }

  private async createHome(project: Project, state: HomeState): Promise<string[]> {
    const { bucket, stateKey: key, region, stack } = project.home;
    const { kms_key_arn } = state.inBucket
      ? // The record was lost, or is not up to date: the state has the key.
        await stackOutputs(this.terraform, stack, { s3: { bucket, key, region } })
      : await this.apply(this.at(stack));
    if (kms_key_arn === undefined) throw noKey(stack, "StateHome");
    this.record(project, { home: kms_key_arn });
    return [...(state.inBucket ? [] : ["applied with local state"]), "key recorded"];
  }

  private async move(home: HomeReport, file: string) {
    const state = await findHomeState(this.io, home, file);
    const move = moveOf(state);
    if (move === "nothing") return [];
    this.step(`${home.stack}: moving its state into the bucket`);
    const kept = await moveIntoBucket(state, home);
    return [
      ...(move === "write" ? [`state moved to ${state.url}`] : []),
      `local file renamed to ${relative(this.io.cwd, kept)}`,
    ];
  }

  /** Applies the access stacks; a failure does not stop the others. */
  private async giveAccess({ orgs }: Project, home: StackTerraform) {
    const keys = new Map<string, unknown>();
    const steps = await inParallel(orgs, this.props.concurrency, async (org) => {
      const { stack, status } = org.access;
      const found = describeOrg(org);
      try {
        if (status !== "synthesized")
          throw new UserError(`${stack}: the app does not create this stack`);
        const { kms_key_arn } = await this.apply(this.at(stack), home);
        if (kms_key_arn === undefined) throw noKey(stack, "OrgStateAccess");
        keys.set(org.name, kms_key_arn);
        const actions = org.kmsKeyArn === undefined ? ["applied", "key recorded"] : ["applied"];
        return { stack, found, actions };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.step(`${stack}: failed`);
        return { stack, found, actions: [], error: error.message };
      }
    });
    return { keys, steps };
  }

  private async apply(stack: StackTerraform, like?: StackTerraform) {
    await this.ready(stack, like);
    this.step(`${stack.stack}: apply`);
    await stack.apply();
    return stack.outputs();
  }

  private async ready(stack: StackTerraform, like?: StackTerraform): Promise<void> {
    this.step(`${stack.stack}: init`);
    await this.init([stack, like]);
  }

  private record(
    { home }: Project,
    outputs: { readonly home?: unknown; readonly orgs?: ReadonlyMap<string, unknown> },
  ) {
    const all = { home: undefined, orgs: new Map<string, unknown>(), ...outputs };
    return recordKeys(this.props.record, home, all);
  }

  private synthesize(): Promise<Project> {
    this.step("synthesizing");
    return synthesizeProject(this.io, this.props);
  }

  private at(stack: string): StackTerraform {
    const folder = join(this.props.output, "stacks", stack);
    return new StackTerraform(this.terraform, stack, folder);
  }
}

const noKey = (stack: string, construct: string): UserError =>
  new UserError(`${stack} has no output kms_key_arn: add a ${construct} to it`);

/** Returns the file of the home's state, if its backend is local. */
function localPathIn({ output }: BootstrapProps, { stack }: HomeReport): string | undefined {
  const backend = backendOf(join(output, "stacks", stack)) as {
    readonly local?: { readonly path?: string };
  };
  return backend.local?.path;
}

const describeHome = (io: Io, { kmsKeyArn }: HomeReport, state: HomeState): string =>
  `${describeHomeState(io, state)}, ${describeKey(kmsKeyArn)}`;

const describeOrg = ({ kmsKeyArn, retired }: OrgReport): string =>
  `${describeKey(kmsKeyArn)}${retired ? ", retired" : ""}`;

const describeKey = (arn: string | undefined): string =>
  arn === undefined ? "no key recorded" : "key recorded";
