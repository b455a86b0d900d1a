import { existsSync } from "node:fs";
import { join } from "node:path";
import { refuseDebugLog } from "./debug-log";

/** The system, the network for modules, version managers of Terraform, and Terraform variables. */
const harmless =
  /^(PATH|LANG|LC_\w+|TERM|TMPDIR|TZ|(https?|no)_proxy|SSL_CERT_(DIR|FILE)|(ASDF|MISE|TENV|TFENV|TOFUENV)_(?!\w*TOKEN)\w+|TF_VAR_\w+)$/i;

/**
 * Returns the environment of a rehearsed Terraform: without the caller's home, credentials and
 * settings, but with the values of Terraform variables (`TF_VAR_*`).
 */
export function rehearsalEnvironment(
  source: NodeJS.ProcessEnv,
  additions: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(source).filter(([name]) => harmless.test(name));
  return {
    ...managersIn(source.HOME),
    ...Object.fromEntries(kept),
    // Without credentials, AWS's SDK asks the machine for those of its role.
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    ...additions,
  };
}

/** Returns the caller's environment for a synthesis: offline, and without a broken setting. */
export function synthesisEnvironment(
  source: NodeJS.ProcessEnv,
  additions: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: _, ...rest } = source;
  return { ...rest, ...configFile(source), CHECKPOINT_DISABLE: "1", ...additions };
}

/**
 * Returns the caller's environment for a Terraform that uses the caller's credentials.
 * @throws UserError when Terraform would log secrets
 */
export function terraformEnvironment(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  refuseDebugLog(source);
  const {
    // One data folder for all stacks would mix them up, and a workspace has its state elsewhere.
    TF_DATA_DIR: _,
    TF_WORKSPACE: __,
    // With these, a process gets identity tokens of the job for any audience.
    ACTIONS_ID_TOKEN_REQUEST_URL: ___,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: ____,
    ...rest
  } = source;
  return synthesisEnvironment(rest, { TF_IN_AUTOMATION: "1", TF_INPUT: "0" });
}

/** The folders in which version managers keep Terraform, which they would not find in another home. */
function managersIn(home: string | undefined): NodeJS.ProcessEnv {
  if (home === undefined) return {};
  return {
    ASDF_DATA_DIR: join(home, ".asdf"),
    MISE_DATA_DIR: join(home, ".local/share/mise"),
    TENV_ROOT: join(home, ".tenv"),
  };
}

// Terraform warns on every call about a configuration file that does not exist.
function configFile(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = source.TF_CLI_CONFIG_FILE;
  return file !== undefined && existsSync(file) ? { TF_CLI_CONFIG_FILE: file } : {};
}
