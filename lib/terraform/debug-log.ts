import { UserError } from "../errors";

/** Variable that says that a log with secrets is wanted; the option `--allow-debug-log` sets it. */
export const ALLOW_DEBUG_LOG = "GENESYS_ORGS_ALLOW_DEBUG_LOG";

/** Levels at which no provider logs requests. Terraform takes any other word for `trace`. */
const QUIET = /^(|off|error|warn|info)$/i;

/** Variables with which a provider logs bodies, whatever the level. */
const BODIES = /^(GENESYSCLOUD_SDK_DEBUG|TERRAFORM_VAULT_LOG_(REQUEST_|RESPONSE_)?BODY)$/;

/**
 * Returns the names of the environment variables that let Terraform or a provider log requests and
 * answers, with the secrets in them: AWS's provider since 6.52 logs the bodies that write-only values are
 * sent in.
 */
export const debugLogVariables = (environment: NodeJS.ProcessEnv): string[] =>
  Object.entries(environment)
    .filter(([name, value = ""]) => {
      if (BODIES.test(name)) return !/^(|0|f|false)$/i.test(value);
      // The path of a log without a level, and a pattern for the tests of providers.
      if (/^TF_LOG_PATH(_MASK)?$/.test(name)) return false;
      return /^TF_LOG(_|$)/.test(name) && !QUIET.test(value);
    })
    .map(([name]) => name)
    .sort();

/** @throws UserError when Terraform would log secrets, and nobody said that this is wanted */
export function refuseDebugLog(environment: NodeJS.ProcessEnv): void {
  if (environment[ALLOW_DEBUG_LOG] !== undefined) return;
  const names = debugLogVariables(environment);
  if (names.length === 0) return;
  throw new UserError(
    `${names.join(" and ")} would write secrets to Terraform's log: remove ${names.length === 1 ? "it" : "them"} from the environment, or set info; --allow-debug-log accepts it`,
  );
}
