import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../synthesized-app";
import type { VaultServer } from "./vault-server";

// Policies and roles of docs/vault.md, for any org: so a real server holds what the page says.

/** Who has a policy of its own for an org. */
export const HOLDERS = ["planner", "deployer", "rotate"] as const;
export type Holder = (typeof HOLDERS)[number];

const blocks = (language: string): string[] =>
  [...page().matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, text]) => text as string,
  );

const page = () => readFileSync(join(ROOT, "docs/vault.md"), "utf8");

/** Returns the policy of docs/vault.md for an org of the environment `production`. */
function policyOf(org: string, holder: Holder): string {
  const policy = blocks("hcl").find((text) => text.startsWith(`# genesys-na-prod-${holder}:`));
  if (policy === undefined) throw new Error(`docs/vault.md has no policy of ${holder}`);
  return policy.replaceAll("na-prod", org);
}

/** The policy with which Terraform's provider may create child tokens. */
export const childTokenPolicy = (): string =>
  blocks("hcl").find((text) => text.includes('"auth/token/create"')) as string;

/** Returns the role of a login by JWT, as docs/vault.md creates it for the deployer. */
export function jwtRole(): Record<string, unknown> & { bound_claims: Record<string, string> } {
  const [, json] = /role\/genesys-na-prod-deployer - <<'JSON'\n([\s\S]*?)\nJSON/.exec(page()) ?? [];
  return JSON.parse(json as string);
}

/** Writes an org's policies, and returns their names. */
export async function writePolicies(vault: VaultServer, org: string): Promise<void> {
  for (const holder of HOLDERS) {
    const policy = policyOf(org, holder);
    await vault.must("PUT", `sys/policies/acl/genesys-${org}-${holder}`, { policy });
  }
}
