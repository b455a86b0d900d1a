import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors";

/**
 * Returns the operator's token, as `vault` itself finds it: `VAULT_TOKEN`, or the file of `vault login`.
 *
 * @throws UserError if there is no token
 */
export function vaultToken(env: NodeJS.ProcessEnv): string {
  const given = env.VAULT_TOKEN?.trim();
  if (given) return given;
  const file = join(env.HOME ?? homedir(), ".vault-token");
  let kept = "";
  try {
    kept = readFileSync(file, "utf8").trim();
  } catch {
    // Reported below.
  }
  if (kept) return kept;
  throw new UserError(
    `there is no Vault token in VAULT_TOKEN or ${file}: set VAULT_TOKEN, or run \`vault login\``,
  );
}
