import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { UserError } from "../errors";
import { OLDEST_TERRAFORM } from "../versions";
import { runChild } from "./child";
import { rehearsalEnvironment } from "./environment";

/** Terraform or OpenTofu on this machine. */
export interface TerraformBinary {
  readonly path: string;
  readonly product: "Terraform" | "OpenTofu";
  /** For example `1.11.4`. */
  readonly version: string;
}

/** A Terraform, the environment that it runs in, and the signal that stops it. */
export interface TerraformRun {
  readonly binary: TerraformBinary;
  /** The caller's environment, with the credentials that Terraform works with. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the caller wants to stop. */
  readonly signal: AbortSignal;
  /**
   * The project's lock file. Stacks use its versions of providers, and no others.
   * @default - each stack chooses its versions
   */
  readonly lockFile?: string;
  /**
   * Returns further variables, before Terraform starts providers: tokens that live for minutes only.
   * @default - none
   */
  readonly freshEnv?: () => Promise<NodeJS.ProcessEnv>;
}

/**
 * Finds the binary that `TERRAFORM_BINARY_NAME` names, or else `terraform`.
 *
 * @param signal ends a `terraform version` that hangs
 * @returns undefined if it is not on PATH
 * @throws UserError if it does not run, or is too old
 */
export async function findTerraform(
  environment: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<TerraformBinary | undefined> {
  const name = binaryName(environment);
  const path = onPath(name, environment.PATH ?? "");
  if (path === undefined) return undefined;
  const env = rehearsalEnvironment(environment, environment.HOME ? { HOME: environment.HOME } : {});
  const { code, stdout, stderr } = await runChild({
    command: path,
    args: ["version"],
    cwd: process.cwd(),
    env,
    signal,
    grace: 2_000,
  });
  signal?.throwIfAborted();
  const match = /^(Terraform|OpenTofu) v(\S+)/m.exec(stdout);
  if (code !== 0 || !match?.[2]) {
    const said = (stderr || stdout).trim().split("\n")[0] ?? "";
    throw new UserError(
      `${path} is not Terraform or OpenTofu: its \`version\` command printed: ${said}`,
    );
  }
  const product = match[1] === "OpenTofu" ? "OpenTofu" : "Terraform";
  const version = match[2];
  if (isOlder(version, OLDEST_TERRAFORM)) {
    throw new UserError(
      `${path} is ${product} ${version}; ${OLDEST_TERRAFORM} or newer is needed, for write-only arguments and native S3 locks`,
    );
  }
  return { path, product, version };
}

/**
 * Finds the Terraform that the caller needs.
 *
 * @param advice for an operator without Terraform
 * @throws UserError if there is no Terraform, or it is too old
 */
export async function requireTerraform(
  { env, signal }: Pick<TerraformRun, "env" | "signal">,
  advice = "install it",
): Promise<TerraformRun> {
  const binary = await findTerraform(env, signal);
  if (binary) return { binary, env, signal };
  throw new UserError(`${binaryName(env)} is not on PATH: ${advice}`);
}

/** Returns the name or path of the binary. */
export function binaryName(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.TERRAFORM_BINARY_NAME || "terraform";
}

function onPath(name: string, path: string): string | undefined {
  const candidates = name.includes("/")
    ? [name]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name));
  const found = candidates.find(isExecutable);
  // Absolute, since it runs in other folders.
  return found === undefined ? undefined : resolve(found);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether a version is older than another one; a pre-release is older than its release. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [parts(version), parts(than)];
  for (const [index, number] of right.numbers.entries()) {
    const mine = left.numbers[index] ?? 0;
    if (mine !== number) return mine < number;
  }
  return left.prerelease && !right.prerelease;
}

function parts(version: string): { numbers: number[]; prerelease: boolean } {
  const [numbers = "", ...rest] = version.split("-");
  return { numbers: numbers.split(".").map(Number), prerelease: rest.length > 0 };
}
