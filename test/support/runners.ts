import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { LockMode, OrgRegistry } from "../../lib";
import { type ChildResult, runChild } from "../../lib/terraform/child";
import { killGroup } from "../../lib/terraform/cleanup";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { temporaryFolder } from "./folders";
import { type LoopbackStore, type LoopbackStoreProps, startLoopbackStore } from "./loopback-store";
import { synthesize } from "./rehearsal";
import { entry, registryOf } from "./sample-org";
import { terraformHere } from "./terraform";

type Terraform = (cwd: string, ...args: string[]) => Promise<ChildResult>;

/** A registry of `count` orgs (up to 9), all with one lock mode. */
export function orgsWith(lock: LockMode, count = 1): OrgRegistry {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const state = { home: "home", lock };
  return registryOf(...numbers.map((number) => entry(`org-${number}`, number, { state })));
}

/** Machines that run Terraform with backends as the product writes them, on one store. */
export class Runners {
  readonly #stopped = new AbortController();
  readonly #runs: Promise<ChildResult>[] = [];

  private constructor(
    readonly store: LoopbackStore,
    private readonly command: string,
  ) {}

  static async start(props?: LoopbackStoreProps): Promise<Runners> {
    const terraform = await terraformHere();
    return new Runners(await startLoopbackStore(props), terraform.path);
  }

  /** A runner for every org of a registry. */
  ofOrgs(registry: OrgRegistry): Promise<Runner[]> {
    return Promise.all(backendsOf(registry).map((backend) => this.#open(backend)));
  }

  /** Runners for one and the same org, one for each of the lock modes given. */
  async ofOneOrg<Modes extends LockMode[]>(
    ...modes: Modes
  ): Promise<{ [Index in keyof Modes]: Runner }> {
    const runners = await Promise.all(modes.map((mode) => this.ofOrgs(orgsWith(mode))));
    return runners.flat() as { [Index in keyof Modes]: Runner };
  }

  /** Ends what still runs, and the store. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#runs);
    await this.store.stop();
  }

  async #open(backend: object): Promise<Runner> {
    const folder = temporaryFolder();
    const s3 = { ...backend, ...this.store.backendSettings };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(moduleWith(s3, basename(folder))));
    const { code, stderr } = await this.#terraform(folder, "init");
    if (code !== 0) throw new Error(stderr);
    return new Runner(folder, s3, (...args) => this.#terraform(...args));
  }

  #terraform: Terraform = (cwd, command, ...args) => {
    const run = runChild({
      command: this.command,
      args: [command, "-no-color", ...args],
      cwd,
      env: rehearsalEnvironment(process.env, {}),
      signal: this.#stopped.signal,
      grace: 0,
    });
    this.#runs.push(run);
    return run;
  };
}

/** A machine that runs Terraform for an org; it holds at most once. */
export class Runner {
  constructor(
    private readonly folder: string,
    /** The `s3` block, as Terraform has it. */
    readonly backend: object,
    private readonly terraform: Terraform,
  ) {}

  /** Applies without a halt. */
  apply(...options: string[]): Promise<ChildResult> {
    this.#letGo();
    return this.#apply(...options);
  }

  /** Applies, and halts in the middle of it: under the lock. */
  async hold(): Promise<HeldRun> {
    const started = join(this.folder, "started");
    let early: ChildResult | undefined;
    const ended = this.#apply().then((result) => {
      early = result;
      return result;
    });
    await until("a run to begin its work", () => existsSync(started) || early !== undefined);
    if (early) throw new Error(`the run ended before it began its work: ${early.stderr}`);
    const [terraform = 0, work = 0] = readFileSync(started, "utf8").split(" ").map(Number);
    return {
      work,
      release: () => {
        this.#letGo();
        return ended;
      },
      kill: () => {
        killGroup(terraform);
        return ended;
      },
    };
  }

  forceUnlock(id: string): Promise<ChildResult> {
    return this.terraform(this.folder, "force-unlock", "-force", id);
  }

  #apply(...options: string[]): Promise<ChildResult> {
    return this.terraform(this.folder, "apply", "-auto-approve", ...options);
  }

  #letGo(): void {
    writeFileSync(join(this.folder, "go"), "");
  }
}

/** A run that halted in the middle of its apply. */
export interface HeldRun {
  /** Id of the process that is the work of the run. */
  readonly work: number;
  /** Lets the run finish. */
  release(): Promise<ChildResult>;
  /** Kills the run at once, and everything that it started. */
  kill(): Promise<ChildResult>;
}

/** Waits for something that another process brings about. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await setTimeout(20);
  }
}

function backendsOf(registry: OrgRegistry): object[] {
  const { folderOf } = synthesize(registry);
  return registry.orgs.map(({ name }) => {
    const stack = readFileSync(join(folderOf(name), "cdk.tf.json"), "utf8");
    return JSON.parse(stack).terraform.backend.s3;
  });
}

/** A module whose apply writes the ids of Terraform and of its work, and waits to be let go. */
function moduleWith(backend: object, run: string): object {
  const command = [
    'echo "$PPID $$" > starting',
    "mv starting started",
    // The file goes with its folder: nothing waits longer than its test.
    "while [ -e started ] && [ ! -e go ]; do sleep 0.05; done",
  ].join("\n");
  return {
    terraform: { backend: { s3: backend } },
    resource: {
      terraform_data: {
        work: { triggers_replace: run, provisioner: [{ "local-exec": { command } }] },
      },
    },
  };
}
