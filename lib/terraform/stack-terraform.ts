import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors";
import type { TerraformRun } from "./binary";
import type { PlanJson } from "./changes/planned-changes";
import type { ChildResult } from "./child";
import { removeFolder, temporaryFolder } from "./cleanup";
import { FolderTerraform } from "./folder-terraform";
import { lockHolderIn } from "./held-lock";
import { isInitialized, noteInitialized } from "./initialized";
import { LOCK_FILE, lockFileFor } from "./lock-file";
import { type Patience, withPatience } from "./patience";
import { planWithoutChecks } from "./plan-without-checks";

const UNSAVED_STATE = "errored.tfstate";
const LOCK_TIMEOUT = "-lock-timeout=5m";
/** Waits are ours, which show the holder. */
const NO_TIMEOUT = "-lock-timeout=0s";

/** Terraform's own words when it cannot show the result of a check. See {@link planWithoutChecks}. */
const CRASH_OF_CHECKS = "unsupported resource mode";

/** Milliseconds. A stopped apply finishes the objects that it is creating, and saves them in the state. */
const GRACE = 10 * 60_000;

/**
 * Terraform in the folder of a synthesized stack, with the stack's backend and providers and with the
 * caller's credentials. An apply goes on when this process is killed.
 */
export class StackTerraform {
  private readonly reading: FolderTerraform;
  private readonly writing: FolderTerraform;

  constructor(
    private readonly terraform: TerraformRun,
    /** Name in messages. */
    readonly stack: string,
    readonly folder: string,
    /** For steps that wait. @default - they do not wait for a lock, and nothing is repeated */
    private readonly patience?: Patience,
  ) {
    const defaults = pluginCache(terraform.env);
    this.reading = new FolderTerraform(terraform, stack, folder, { defaults });
    const props = { defaults, grace: GRACE, outlives: stack };
    this.writing = new FolderTerraform(terraform, stack, folder, props);
  }

  /**
   * Initializes the folder, whatever backend it had before. Only for one stack at a time: Terraform's
   * cache of providers is not safe for two.
   *
   * @param like an initialized stack, whose versions of the providers are used
   */
  async init(like?: StackTerraform): Promise<void> {
    const own = join(this.folder, LOCK_FILE);
    // Terraform uses a cached provider only if it has a checksum of it.
    if (like && !existsSync(own)) copyLockFile(like.folder, own);
    const args = ["init", "-reconfigure", "-input=false", "-no-color"];
    if (this.terraform.lockFile !== undefined) args.push("-lockfile=readonly");
    await this.repeated(this.reading, args);
  }

  /** Initializes the folder, unless nothing has changed that `init` depends on. See {@link init}. */
  async initIfNeeded(like?: StackTerraform): Promise<void> {
    const { binary, lockFile } = this.terraform;
    if (lockFile !== undefined) {
      writeFileSync(join(this.folder, LOCK_FILE), lockFileFor(this.folder, lockFile));
    }
    if (isInitialized(this.folder, binary)) return;
    await this.init(like);
    noteInitialized(this.folder, binary);
  }

  /**
   * Plans without a lock, and so without changing anything, and returns the plan. Its file, which may have
   * secret values, is removed at once.
   *
   * @param more further arguments
   * @throws UserError with Terraform's own words
   */
  async plan(...more: string[]): Promise<PlanJson> {
    const folder = temporaryFolder("genesys-orgs-plan-");
    const file = join(folder, "plan");
    try {
      const args = ["plan", "-input=false", "-lock=false", "-no-color", `-out=${file}`, ...more];
      await this.repeated(this.reading, args);
      return await this.show(file);
    } finally {
      removeFolder(folder);
    }
  }

  /**
   * Plans under the lock, keeps the plan in a file for {@link applyFile}, and returns it. The file may have
   * secret values.
   *
   * @param file path in a folder that only this user may read
   * @param more further arguments
   * @throws UserError with Terraform's own words, or with the holder of the lock
   */
  async planFile(file: string, ...more: string[]): Promise<PlanJson> {
    this.refuseUnsavedState();
    const args = ["plan", "-input=false", NO_TIMEOUT, "-no-color", `-out=${file}`, ...more];
    await this.repeated(this.writing, args);
    return this.show(file);
  }

  /**
   * Applies a plan. Terraform refuses it if the state has changed since. It is repeated only if the state
   * is locked, since then nothing was changed.
   *
   * @throws UserError as {@link planFile}
   */
  async applyFile(file: string): Promise<void> {
    const args = ["apply", "-input=false", NO_TIMEOUT, "-no-color", file];
    const run = () => this.writing.try(...args);
    this.outputOf(this.writing, ["apply"], await withPatience(run, this.patience, false));
  }

  /** @throws UserError with Terraform's own words; also if an earlier apply could not save its state */
  async apply(): Promise<void> {
    this.refuseUnsavedState();
    await this.writing.run("apply", "-auto-approve", "-input=false", LOCK_TIMEOUT, "-no-color");
  }

  /** Whether a plan changes nothing. */
  async planIsEmpty(): Promise<boolean> {
    const args = ["plan", "-detailed-exitcode", "-input=false", LOCK_TIMEOUT, "-no-color"];
    const result = await this.reading.try(...args);
    if (result.code === 0 || result.code === 2) return result.code === 0;
    throw this.reading.failure(args, result);
  }

  /** Returns the stack's outputs. */
  outputs(): Promise<Readonly<Record<string, unknown>>> {
    return this.reading.outputs();
  }

  private async show(file: string): Promise<PlanJson> {
    const args = ["show", "-json", "-no-color", file];
    const result = await this.reading.try(...args);
    if (result.code === 0) return JSON.parse(result.stdout) as PlanJson;
    if (!result.stderr.includes(CRASH_OF_CHECKS)) throw this.reading.failure(args, result);
    const copy = `${file}-without-checks`;
    try {
      writeFileSync(copy, planWithoutChecks(readFileSync(file)), { mode: 0o600 });
      const printed = await this.reading.run("show", "-json", "-no-color", copy);
      return JSON.parse(printed) as PlanJson;
    } finally {
      rmSync(copy, { force: true });
    }
  }

  /** Runs a command that changes nothing, again after a transient error. */
  private async repeated(terraform: FolderTerraform, args: readonly string[]): Promise<void> {
    const result = await withPatience(() => terraform.try(...args), this.patience, true);
    this.outputOf(terraform, args, result);
  }

  private outputOf(terraform: FolderTerraform, args: readonly string[], result: ChildResult) {
    const holder = result.code === 0 ? undefined : lockHolderIn(result.stderr);
    if (!holder) return terraform.outputOf(args, result);
    const seconds = Math.round((this.patience?.lockTimeout ?? 0) / 1000);
    if (holder.id === "") {
      throw new UserError(
        `${this.stack}: the state could not be locked within ${seconds} s; the last holder released the lock before Terraform could read its name: run the command again`,
      );
    }
    throw new UserError(
      `${this.stack}: the state is still locked after ${seconds} s, by ${holder.who} (${holder.operation}, lock ${holder.id}): wait for its end; \`genesys-orgs locks\` shows whether it still runs`,
    );
  }

  private refuseUnsavedState(): void {
    const unsaved = join(this.folder, UNSAVED_STATE);
    if (!existsSync(unsaved)) return;
    throw new UserError(
      `${this.stack}: an earlier apply could not save its state, and left it in ${unsaved}: run \`terraform state push ${UNSAVED_STATE}\` in this folder, then remove the file`,
    );
  }
}

function copyLockFile(folder: string, target: string): void {
  const source = join(folder, LOCK_FILE);
  if (existsSync(source)) copyFileSync(source, target);
}

/** Shares one cache of providers, as cdktf does: a copy for each of many stacks would fill the disk. */
function pluginCache(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.TF_PLUGIN_CACHE_DIR || env.CDKTF_DISABLE_PLUGIN_CACHE_ENV) return {};
  const folder = join(env.HOME || homedir(), ".terraform.d", "plugin-cache");
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // A container may have no writable home: then each stack has its own copy.
    return {};
  }
  return { TF_PLUGIN_CACHE_DIR: folder };
}
