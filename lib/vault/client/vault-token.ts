import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors";

/**
 * The token of who runs this, as `vault` itself finds it: `VAULT_TOKEN`, or what `vault login` left.
 * @throws UserError when there is none
 */
export function vaultToken(env: NodeJS.ProcessEnv): string {
  const given = env.VAULT_TOKEN?.trim();
  if (given) return given;
  const file = join(env.HOME ?? homedir(), ".vault-token");
  let kept = "";
  try {
    kept = readFileSync(file, "utf8").trim();
  } catch {
    // Said below.
  }
  if (kept) return kept;
  throw new UserError(`there is no Vault token: set VAULT_TOKEN, or \`vault login\` (${file})`);
}
