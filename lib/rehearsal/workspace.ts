import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TerraformBinary } from "../terraform/binary";
import { type ChildResult, runChild } from "../terraform/child";
import { keepFolder, removeFolder, temporaryFolder } from "../terraform/cleanup";
import { rehearsalEnvironment } from "../terraform/environment";
import { STACK_FILE } from "../terraform/stack-folder";
import type { ProviderSchemas } from "./double/core/load-schemas";
import type { ProviderCall } from "./double/core/provider-double";
import type { Delay, RunningDoubles } from "./double/core/server";
import { startDoubles } from "./double/start";
import { type StateServer, serveState } from "./state-server";
import type { Canary, World } from "./world";

const LIFECYCLE_FILE = "lifecycle_override.tf.json";
const STATES_FILE = "remote_states_override.tf.json";
/** Not `terraform.tfstate`: an init would want to move that into the backend. */
const STATE_FILE = "rehearsed.tfstate";
const HOME = "home";
const ASSETS = "assets";
const STACK_FOLDER = "stacks/stack";

/** Properties of a {@link Workspace}. */
export interface WorkspaceProps {
  readonly terraform: TerraformBinary;
  readonly world: World;
  readonly schemas: ProviderSchemas;
  /** Values of Terraform variables. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Milliseconds that Terraform has to stop by itself after `signal` aborts. */
  readonly grace?: number;
  /** Whether Terraform writes its trace log into the folder, which slows every step down. */
  readonly trace?: boolean;
  readonly onCall?: (call: ProviderCall) => void;
  readonly onSecret?: (secret: Canary) => void;
  readonly delay?: Delay;
}

/**
 * A place to run any Terraform command in: a temporary folder with one stack and its state, and the
 * provider doubles that answer. Must be closed in the end.
 */
export class Workspace {
  /** Opens a workspace without a stack. */
  static async open(props: WorkspaceProps): Promise<Workspace> {
    const root = temporaryFolder("genesys-orgs-rehearsal-");
    const folder = join(root, STACK_FOLDER);
    mkdirSync(join(folder, HOME), { recursive: true });
    const state = await serveState(join(folder, STATE_FILE));
    return new Workspace(props, await startDoubles({ ...props, folder }), state, root, folder);
  }

  private commands = 0;

  private constructor(
    private readonly props: WorkspaceProps,
    private readonly doubles: RunningDoubles,
    private readonly state: StateServer,
    /** Temporary folder, laid out like the output of an app. */
    private readonly root: string,
    /** Folder where Terraform runs, with stack, state, plans and logs. */
    readonly folder: string,
  ) {}

  /** Path of the state. */
  get stateFile(): string {
    return join(this.folder, STATE_FILE);
  }

  /**
   * Puts a synthesized stack into the folder, in place of the previous one. The state stays.
   * @param states file that answers each `terraform_remote_state`, by its name
   */
  useStack(folder: string, states: ReadonlyMap<string, string> = new Map()): void {
    this.useJson(readFileSync(join(folder, STACK_FILE), "utf8"));
    this.answerRemoteStates(states);
    // The stack's own, and those that it shares with other stacks.
    linkOnce(resolve(folder, ASSETS), join(this.folder, ASSETS));
    linkOnce(resolve(folder, "../..", ASSETS), join(this.root, ASSETS));
  }

  /** Does the same with Terraform JSON instead of a folder. */
  useJson(json: string | object): void {
    const text = typeof json === "string" ? json : JSON.stringify(json, null, 2);
    this.write(STACK_FILE, text);
    rmSync(join(this.folder, LIFECYCLE_FILE), { force: true });
    rmSync(join(this.folder, STATES_FILE), { force: true });
    const backend = { http: { address: this.state.address } };
    this.write("backend_override.tf.json", JSON.stringify({ terraform: { backend } }));
  }

  /**
   * Lifts `prevent_destroy` from the resources of the stack, in a second file that overrides single
   * arguments of the first one.
   */
  allowDestroy(): void {
    const { resource = {} } = JSON.parse(readFileSync(join(this.folder, STACK_FILE), "utf8"));
    const lifted = Object.entries<Record<string, Resource>>(resource).flatMap(([type, byName]) => {
      const names = Object.keys(byName).filter((name) => byName[name]?.lifecycle?.prevent_destroy);
      const lifecycle = { prevent_destroy: false };
      // Terraform does not accept a type without a name.
      if (names.length === 0) return [];
      return [[type, Object.fromEntries(names.map((name) => [name, { lifecycle }]))]];
    });
    if (lifted.length === 0) return;
    const override = { resource: Object.fromEntries(lifted) };
    this.write(LIFECYCLE_FILE, JSON.stringify(override));
  }

  /** Runs a Terraform command, and keeps its output in the folder as well. */
  async run(...args: readonly string[]): Promise<ChildResult> {
    const { terraform, variables = {}, trace, signal, grace } = this.props;
    const log = `${String(++this.commands).padStart(2, "0")}-${args[0]}`;
    const values = Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const result = await runChild({
      command: terraform.path,
      args: [...args, "-no-color"],
      cwd: this.folder,
      env: rehearsalEnvironment(process.env, {
        ...Object.fromEntries(values),
        ...(trace ? { TF_LOG: "trace", TF_LOG_PATH: join(this.folder, `${log}.trace.log`) } : {}),
        HOME: join(this.folder, HOME),
        TF_REATTACH_PROVIDERS: this.doubles.reattach,
      }),
      signal,
      grace,
    });
    this.write(`${log}.log`, result.stdout + result.stderr);
    return result;
  }

  /** Returns the types of the managed objects in the state, one per object. */
  resources(): string[] {
    return this.managed().flatMap(({ type, instances }) => instances.map(() => type));
  }

  /** Returns the addresses of the stack's resources in the state, without those of its modules. */
  addresses(): string[] {
    return this.managed()
      .filter(({ module }) => module === undefined)
      .map(({ type, name }) => `${type}.${name}`);
  }

  private managed(): StateResource[] {
    if (!existsSync(this.stateFile)) return [];
    const { resources = [] } = JSON.parse(readFileSync(this.stateFile, "utf8")) as State;
    return resources.filter(({ mode }) => mode === "managed");
  }

  /** Stops the doubles. Removes the folder, unless it must be kept. */
  close(keep = false): void {
    this.doubles.stop();
    this.state.stop();
    if (keep) keepFolder(this.root);
    else removeFolder(this.root);
  }

  private answerRemoteStates(states: ReadonlyMap<string, string>): void {
    if (states.size === 0) return;
    const answers = [...states].map(([name, path]) => [
      name,
      { backend: "local", workspace: null, config: { path } },
    ]);
    const data = { terraform_remote_state: Object.fromEntries(answers) };
    this.write(STATES_FILE, JSON.stringify({ data }));
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }
}

function linkOnce(target: string, link: string): void {
  if (existsSync(target) && !existsSync(link)) symlinkSync(target, link);
}

interface Resource {
  readonly lifecycle?: { readonly prevent_destroy?: boolean };
}

interface State {
  readonly resources?: readonly StateResource[];
}

interface StateResource {
  readonly module?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly unknown[];
}
