import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors";

/**
 * Returns the caller's token from the places where `vault` itself looks: `VAULT_TOKEN`, then the
 * file that `vault login` writes. OpenBao's `bao` has `BAO_TOKEN`, and the same file.
 * @throws MissingTokenError when there is no token
 */
export function vaultToken(env: NodeJS.ProcessEnv): string {
  const fromEnvironment = tokenInEnvironment(env);
  if (fromEnvironment) return fromEnvironment;
  const file = join(env.HOME ?? homedir(), ".vault-token");
  let fromFile = "";
  try {
    fromFile = readFileSync(file, "utf8").trim();
  } catch {
    // The error below says it.
  }
  if (fromFile) return fromFile;
  throw new MissingTokenError(
    `there is no Vault token: set VAULT_TOKEN, or run \`vault login\`, which writes ${file}`,
  );
}

/** Returns the token that the caller has set; undefined without one. */
export const tokenInEnvironment = (env: NodeJS.ProcessEnv): string | undefined =>
  (env.VAULT_TOKEN || env.BAO_TOKEN)?.trim() || undefined;

/** The error of a caller without a token. */
export class MissingTokenError extends UserError {}
