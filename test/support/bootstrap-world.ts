import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type OrgEntry, OrgRegistry, OrgsApp } from "../../lib";
import { loadSchemas, type ProviderCall, worldOf } from "../../lib/rehearsal";
import type { Delay, RunningDoubles } from "../../lib/rehearsal/double/core/server";
import { startDoubles } from "../../lib/rehearsal/double/start";
import { type ChildResult, runChild } from "../../lib/terraform/child";
import { type RunningCommand, startCommand } from "./built-command";
import { temporaryFolder } from "./folders";
import { type LoopbackStore, type LoopbackStoreProps, startLoopbackStore } from "./loopback-store";
import { pathStyle } from "./path-style-terraform";
import { entry, HOME } from "./sample-org";
import { ROOT } from "./synthesized-app";
import { terraformHere } from "./terraform";

/** Orgs of the project, one of them with the home's lock table. */
export const ORGS: readonly OrgEntry[] = [
  entry("one", 1, { state: { home: HOME.name, lock: "both" } }),
  entry("two", 2),
];

/** What a bootstrap world may have besides. */
export interface BootstrapWorldProps {
  /** @default - {@link ORGS} */
  readonly orgs?: readonly OrgEntry[];
  readonly onCall?: (call: ProviderCall) => void;
  /** The caller. @default - a session of the state admin */
  readonly store?: Pick<LoopbackStoreProps, "caller" | "roles" | "mayGetRole">;
  /** How long the doubles take to answer. */
  readonly delay?: Delay;
}

/**
 * A project that nothing was deployed of, and what its Terraform talks to: an empty store, and
 * provider doubles that remember the objects that they created. When the bucket is created, the
 * store has it.
 */
export class BootstrapWorld {
  static async start(props: BootstrapWorldProps = {}): Promise<BootstrapWorld> {
    const { orgs = ORGS, onCall, delay } = props;
    const terraform = await terraformHere();
    const folder = projectOf(orgs);
    const store = await startLoopbackStore({ ...props.store, empty: true });
    const made: string[] = [];
    const doubles = await startDoubles({
      schemas: loadSchemas(),
      world: worldOf(reportOf(orgs)),
      folder,
      delay,
      onCall: (call) => {
        const { method, type = "", config } = call;
        if (method === "ApplyResourceChange") {
          if (type === "aws_s3_bucket" && config?.bucket === HOME.bucket)
            store.createBucket(HOME.bucket);
          made.push(type);
        }
        onCall?.(call);
      },
    });
    return new BootstrapWorld(folder, store, made, doubles, pathStyle(terraform.path));
  }

  private constructor(
    /** The project. */
    readonly folder: string,
    readonly store: LoopbackStore,
    /** Types of the objects that were created or changed. */
    readonly made: readonly string[],
    private readonly doubles: RunningDoubles,
    private readonly command: string,
  ) {}

  /** What the command's process has around it. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.store.environment,
      TF_REATTACH_PROVIDERS: this.doubles.reattach,
      TERRAFORM_BINARY_NAME: this.command,
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
      GENESYS_ORGS_ONLY: undefined,
    };
  }

  /** Starts `genesys-orgs state bootstrap` as a process of its own. */
  start(args: readonly string[] = ["--yes"], { node, env }: StartProps = {}): RunningCommand {
    const command = ["state", "bootstrap", HOME.name, ...args];
    return startCommand(this.folder, command, { ...this.environment, ...env }, node);
  }

  /** Runs it to its end. */
  bootstrap(...args: string[]): Promise<ChildResult> {
    return this.start(args).ended;
  }

  /** Runs Terraform in a stack that was synthesized. */
  async terraform(stack: string, ...args: string[]): Promise<ChildResult> {
    const cwd = join(this.folder, "cdktf.out/stacks", stack);
    return runChild({ command: this.command, args, cwd, env: this.environment });
  }

  /** A state in the bucket. */
  async stateAt(key: string): Promise<State | undefined> {
    const text = await this.store.object(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Objects in the states that a bootstrap makes: none was created twice if there were as many. */
  async managedObjects(): Promise<string[]> {
    const orgs = this.recorded.map((org) => `access/${org}/terraform.tfstate`);
    const states = await Promise.all(
      ["home/terraform.tfstate", ...orgs].map((key) => this.stateAt(key)),
    );
    return states.flatMap((state, index) => objectsIn(state).map((name) => `${index} ${name}`));
  }

  get localFile(): string {
    return join(this.folder, `terraform.state-${HOME.name}.tfstate`);
  }

  /** Undefined also for a file that has nothing yet. */
  async localState(): Promise<State | undefined> {
    for (let attempt = 1; ; attempt++) {
      const text = existsSync(this.localFile) ? readFileSync(this.localFile, "utf8") : "";
      try {
        return text === "" ? undefined : JSON.parse(text);
      } catch (error) {
        // A Terraform that outlived its command may be writing.
        if (attempt === 100) throw error;
        await pause(20);
      }
    }
  }

  get recordFile(): string {
    return join(this.folder, "orgs/state-homes.json");
  }

  /** Orgs whose key is recorded. */
  get recorded(): string[] {
    const { homes } = JSON.parse(readFileSync(this.recordFile, "utf8"));
    return Object.keys(homes[HOME.name].orgs);
  }

  async stop(): Promise<void> {
    this.doubles.stop();
    await this.store.stop();
  }
}

interface StartProps {
  /** Options of Node.js itself. */
  readonly node?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A state, as far as tests look into it. */
export interface State {
  readonly lineage: string;
  readonly serial: number;
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly unknown[];
  }[];
}

/** What a state has of what was created. */
export const objectsIn = (state: State | undefined): string[] =>
  (state?.resources ?? [])
    // Terraform names what it was not allowed to begin, too.
    .filter(({ mode, instances }) => mode === "managed" && instances.length > 0)
    .map(({ type, name }) => `${type}.${name}`)
    .sort();

/** A project of which nothing was deployed yet. */
export function projectOf(orgs: readonly OrgEntry[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "orgs"));
  writeFileSync(join(folder, "registry.json"), JSON.stringify({ homes: [HOME], orgs }));
  writeFileSync(join(folder, "app.cjs"), APP);
  writeFileSync(
    join(folder, "cdktf.json"),
    JSON.stringify({ language: "typescript", app: "node app.cjs" }),
  );
  return folder;
}

const APP = `
const { existsSync, readFileSync } = require("node:fs");
const { AccessStack, HomeStack, OrgRegistry, OrgStack, OrgStateAccess, StateHome, synthesizeOrgs } =
  require(${JSON.stringify(join(ROOT, "dist/lib"))});
const { RoutingQueue } = require(${JSON.stringify(join(ROOT, "dist/genesyscloud/routing-queue"))});
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const FILE = "orgs/state-homes.json";
const record = existsSync(FILE) ? read(FILE) : undefined;
synthesizeOrgs(
  () => OrgRegistry.of({ ...read("registry.json"), record }),
  (app) => {
    for (const home of app.homes) {
      new StateHome(new HomeStack(app, home), "home", { home, orgs: app.registry.orgs });
    }
    for (const org of app.orgsInHomes) new OrgStateAccess(new AccessStack(app, org), "access", { org });
    for (const org of app.orgs) new RoutingQueue(new OrgStack(app, org), "queue", { name: "Enquiries" });
  },
);
`;

/** Needs no record: it has every org, whether or not it can be synthesized yet. */
function reportOf(orgs: readonly OrgEntry[]) {
  const outdir = temporaryFolder();
  const registry = OrgRegistry.of({ homes: [HOME], orgs: [...orgs] });
  // It would say which orgs are left out.
  const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  new OrgsApp({ registry, outdir }).synth();
  said.mockRestore();
  return JSON.parse(readFileSync(join(outdir, "genesys-orgs.json"), "utf8"));
}
