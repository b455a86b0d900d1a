import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors";
import type { TerraformRun } from "./binary";
import type { PlanJson } from "./changes/planned-changes";
import { removeFolder, temporaryFolder } from "./cleanup";
import { FolderTerraform } from "./folder-terraform";
import { isInitialized, noteInitialized } from "./initialized";

const LOCK_FILE = ".terraform.lock.hcl";
const UNSAVED_STATE = "errored.tfstate";
const LOCK_TIMEOUT = "-lock-timeout=5m";

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
  ) {
    const defaults = pluginCache(terraform.env);
    this.reading = new FolderTerraform(terraform, stack, folder, { defaults });
    const props = { defaults, grace: GRACE, outlives: true };
    this.writing = new FolderTerraform(terraform, stack, folder, props);
  }

  /**
   * Initializes the folder, whatever backend it had before. Only for one stack at a time: Terraform's
   * cache of providers is not safe for two.
   *
   * @param like an initialized stack, whose versions of the providers are used
   */
  async init(like?: StackTerraform): Promise<void> {
    const [theirs, own] = [join(like?.folder ?? "", LOCK_FILE), join(this.folder, LOCK_FILE)];
    // Terraform uses a cached provider only if it has a checksum of it.
    if (like && existsSync(theirs) && !existsSync(own)) copyFileSync(theirs, own);
    await this.reading.run("init", "-reconfigure", "-input=false", "-no-color");
  }

  /** Initializes the folder, unless nothing has changed that `init` depends on. See {@link init}. */
  async initIfNeeded(like?: StackTerraform): Promise<void> {
    const { binary } = this.terraform;
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
      const args = ["-input=false", "-lock=false", "-no-color", `-out=${file}`, ...more];
      await this.reading.run("plan", ...args);
      const printed = await this.reading.run("show", "-json", "-no-color", file);
      return JSON.parse(printed) as PlanJson;
    } finally {
      removeFolder(folder);
    }
  }

  /** @throws UserError with Terraform's own words; also if an earlier apply could not save its state */
  async apply(): Promise<void> {
    const unsaved = join(this.folder, UNSAVED_STATE);
    if (existsSync(unsaved)) {
      throw new UserError(
        `${this.stack}: an earlier apply could not save its state, and left it in ${unsaved}: run \`terraform state push ${UNSAVED_STATE}\` in this folder, then remove the file`,
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

  /** Returns the stack's outputs. */
  outputs(): Promise<Readonly<Record<string, unknown>>> {
    return this.reading.outputs();
  }
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
