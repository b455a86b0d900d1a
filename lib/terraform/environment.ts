import { existsSync } from "node:fs";

const foreign = /^(TF_|TERRAFORM_|AWS_|VAULT_|GENESYSCLOUD_|CONSISTENCY_CHECKS$)/;

/**
 * Returns the environment of a rehearsed Terraform: without the caller's credentials and settings,
 * but with the values of Terraform variables (`TF_VAR_*`).
 */
export function rehearsalEnvironment(
  source: NodeJS.ProcessEnv,
  additions: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(source).filter(
    ([name]) => !foreign.test(name) || name.startsWith("TF_VAR_"),
  );
  return {
    ...Object.fromEntries(kept),
    ...configFile(source),
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

/** Returns the caller's environment for a Terraform that uses the caller's credentials. */
export function terraformEnvironment(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // One data folder for all stacks would mix them up, and a workspace has its state elsewhere.
  const { TF_DATA_DIR: _, TF_WORKSPACE: __, ...rest } = source;
  return synthesisEnvironment(rest, { TF_IN_AUTOMATION: "1", TF_INPUT: "0" });
}

// Terraform warns on every call about a configuration file that does not exist.
function configFile(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = source.TF_CLI_CONFIG_FILE;
  return file !== undefined && existsSync(file) ? { TF_CLI_CONFIG_FILE: file } : {};
}
