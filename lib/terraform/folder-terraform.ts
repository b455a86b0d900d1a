import { NOT_LOGGED_IN } from "../aws/sdk";
import { UserError } from "../errors";
import type { TerraformRun } from "./binary";
import { type ChildProps, type ChildResult, runChild } from "./child";
import { failureText } from "./diagnostics";
import { terraformEnvironment } from "./environment";

/** Commands whose providers log in. */
const STARTS_PROVIDERS = new Set(["plan", "apply", "destroy", "refresh", "import"]);

/** Options of a {@link FolderTerraform}. */
export interface FolderTerraformProps extends Pick<ChildProps, "grace" | "outlives"> {
  /**
   * Environment variables, used if the caller's environment does not set them.
   * @default none
   */
  readonly defaults?: NodeJS.ProcessEnv;
}

/** Terraform in one folder, with the caller's credentials. */
export class FolderTerraform {
  /** @param stack name in messages */
  constructor(
    private readonly terraform: TerraformRun,
    readonly stack: string,
    readonly folder: string,
    private readonly props: FolderTerraformProps = {},
  ) {}

  /** Runs a command, which may fail. */
  async try(...args: string[]): Promise<ChildResult> {
    const { binary, env, signal, freshEnv } = this.terraform;
    const { defaults, ...child } = this.props;
    const fresh = STARTS_PROVIDERS.has(args[0] ?? "") ? await freshEnv?.() : undefined;
    const result = await runChild({
      command: binary.path,
      args,
      cwd: this.folder,
      env: { ...defaults, ...terraformEnvironment({ ...env, ...fresh }) },
      signal,
      ...child,
    });
    // What has succeeded in spite of the signal is done.
    if (result.code !== 0) signal.throwIfAborted();
    return result;
  }

  /**
   * Runs a command.
   *
   * @returns what it wrote to stdout
   * @throws UserError with Terraform's own words
   */
  async run(...args: string[]): Promise<string> {
    return this.outputOf(args, await this.try(...args));
  }

  /** Returns what a command wrote to stdout. @throws UserError as {@link run} */
  outputOf(args: readonly string[], result: ChildResult): string {
    if (result.code === 0) return result.stdout;
    throw this.failure(args, result);
  }

  /** Returns the stack's outputs. The folder must be initialized. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const printed = await this.run("output", "-json", "-no-color");
    let outputs: Record<string, { readonly value: unknown }>;
    try {
      outputs = JSON.parse(printed);
    } catch {
      const { path } = this.terraform.binary;
      throw new UserError(`${this.stack}: \`terraform output -json\` of ${path} printed no JSON`);
    }
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Returns the error of a failed command, in Terraform's own words. */
  failure(args: readonly string[], result: ChildResult): UserError {
    const command = args.filter((arg) => !arg.startsWith("-")).join(" ");
    const said = failureText(result);
    // Terraform's own words are about a service of EC2, the last place where it looks.
    if (said.includes("No valid credential sources found")) {
      return new UserError(`${this.stack}: ${NOT_LOGGED_IN}`);
    }
    return new UserError(`${this.stack}: terraform ${command} failed:\n${said}`);
  }
}
