import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformRun } from "./binary";
import type { ChildResult } from "./child";
import { removeFolder, temporaryFolder } from "./cleanup";
import { errorsIn } from "./diagnostics";
import { FolderTerraform } from "./folder-terraform";
import { STACK_FILE } from "./stack-folder";

/** Options of {@link runOnState}. */
export interface RunOnStateProps {
  /**
   * Whether to continue after a failed `init`. It sets up the backend and then reads the state, which
   * an unlocker may not do.
   * @default false
   */
  readonly unread?: boolean;
}

/**
 * Runs Terraform on the state of a stack, with the caller's credentials. Only the backend is
 * initialized, so no provider is downloaded.
 *
 * @param stack name in messages
 * @param backend block of the synthesized stack
 * @throws UserError with Terraform's own words
 */
export async function runOnState<Result>(
  terraform: TerraformRun,
  stack: string,
  backend: unknown,
  use: (state: FolderTerraform) => Promise<Result>,
  { unread = false }: RunOnStateProps = {},
): Promise<Result> {
  const folder = temporaryFolder("genesys-orgs-state-");
  // Without it: it may name another place (`-backend-config`), as hand-written configurations do.
  const { TF_CLI_ARGS_init: _, ...env } = terraform.env;
  const state = new FolderTerraform({ ...terraform, env }, stack, folder);
  try {
    writeFileSync(join(folder, STACK_FILE), JSON.stringify({ terraform: { backend } }));
    await initialize(state, unread);
    return await use(state);
  } finally {
    removeFolder(folder);
  }
}

/**
 * Reads the outputs of an applied stack.
 *
 * @param backend block of the synthesized stack
 * @throws UserError with Terraform's own words
 */
export const stackOutputs = (
  terraform: TerraformRun,
  stack: string,
  backend: unknown,
): Promise<Readonly<Record<string, unknown>>> =>
  runOnState(terraform, stack, backend, (state) => state.outputs());

/**
 * Sets up the backend. After that `init` looks for the providers that the state names, and finds
 * none in an empty folder; no command here needs a provider.
 */
async function initialize(state: FolderTerraform, unread: boolean): Promise<void> {
  const nothing = join(state.folder, "no-providers");
  mkdirSync(nothing);
  const args = ["init", "-no-color", `-plugin-dir=${nothing}`];
  const result = await state.try(...args);
  if (result.code === 0 || unread || lacksProvidersAlone(result)) return;
  throw state.failure(args, result);
}

function lacksProvidersAlone({ stderr }: ChildResult): boolean {
  const errors = errorsIn(stderr).match(/^Error: .*/gm) ?? [];
  const lack = "Error: Failed to query available provider packages";
  return errors.length > 0 && errors.every((error) => error === lack);
}
