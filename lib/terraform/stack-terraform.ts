import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors";
import type { TerraformRun } from "./binary";
import { FolderTerraform } from "./folder-terraform";

const LOCK_FILE = ".terraform.lock.hcl";
const UNSAVED_STATE = "errored.tfstate";
const LOCK_TIMEOUT = "-lock-timeout=5m";

/** Whoever stops an apply waits for what it is creating: half of it would not be in the state. */
const GRACE = 10 * 60_000;

/**
 * Terraform in the folder of a synthesized stack: with its backend and its providers, and with the
 * caller's credentials. What it changes it goes on changing when this process is killed.
 */
export class StackTerraform {
  private readonly reading: FolderTerraform;
  private readonly writing: FolderTerraform;

  constructor(
    terraform: TerraformRun,
    /** What messages call it. */
    readonly stack: string,
    readonly folder: string,
  ) {
    const defaults = pluginCache(terraform.env);
    this.reading = new FolderTerraform(terraform, stack, folder, { defaults });
    const props = { defaults, grace: GRACE, outlives: true };
    this.writing = new FolderTerraform(terraform, stack, folder, props);
  }

  /**
   * Makes the folder ready, whatever backend it had before. Not for two stacks at a time:
   * Terraform's cache of providers does not stand that.
   *
   * @param like a stack that was initialized; its versions of providers are taken
   */
  async init(like?: StackTerraform): Promise<void> {
    const [theirs, own] = [join(like?.folder ?? "", LOCK_FILE), join(this.folder, LOCK_FILE)];
    // Terraform takes from its cache only what it has a checksum of.
    if (like && existsSync(theirs) && !existsSync(own)) copyFileSync(theirs, own);
    await this.reading.run("init", "-reconfigure", "-input=false", "-no-color");
  }

  /** @throws UserError with Terraform's own words; also when an apply before could not save its state */
  async apply(): Promise<void> {
    const unsaved = join(this.folder, UNSAVED_STATE);
    if (existsSync(unsaved)) {
      throw new UserError(
        `${this.stack}: ${unsaved} is the state that an apply could not save: in its folder, \`terraform state push ${UNSAVED_STATE}\`, and then remove it`,
      );
    }
    await this.writing.run("apply", "-auto-approve", "-input=false", LOCK_TIMEOUT, "-no-color");
  }

  /** Whether a plan changes nothing. */
  async planIsEmpty(): Promise<boolean> {
    const args = ["plan", "-detailed-exitcode", "-input=false", LOCK_TIMEOUT, "-no-color"];
    const result = await this.reading.try(...args);
    if (result.code === 0 || result.code === 2) return result.code === 0;
    throw this.reading.failure(args, result);
  }

  /** What the stack puts out. */
  outputs(): Promise<Readonly<Record<string, unknown>>> {
    return this.reading.outputs();
  }
}

/** One place for providers, as cdktf has it: one for each of many stacks would fill the disk. */
function pluginCache(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.TF_PLUGIN_CACHE_DIR || env.CDKTF_DISABLE_PLUGIN_CACHE_ENV) return {};
  const folder = join(env.HOME || homedir(), ".terraform.d", "plugin-cache");
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // In a container there may be no home to write to: then each stack has its own.
    return {};
  }
  return { TF_PLUGIN_CACHE_DIR: folder };
}
