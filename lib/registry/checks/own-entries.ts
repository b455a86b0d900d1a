import { VAULT_CREDENTIALS } from "../names";
import type { CheckedOrg } from "./checked";

/** One of an org's own entries in Vault. */
export interface OwnEntry {
  /** Its field below `vault` in the registry. */
  readonly path: readonly string[];
  readonly name: string;
  /** Whether the registry has the name, and it is not derived. */
  readonly given: boolean;
}

/** Returns an org's own entries in Vault; that of the engine only if the org has brokered clients. */
export function ownEntriesOf({
  entry,
  org: { vault, brokeredClients },
}: Pick<CheckedOrg, "entry" | "org">): OwnEntry[] {
  if (!vault) return [];
  const entries = VAULT_CREDENTIALS.map((credential) => ({
    path: [credential],
    name: vault.entries[credential],
    given: entry.vault?.[credential] !== undefined,
  }));
  if (brokeredClients.length === 0) return entries;
  const given = entry.vault?.broker?.entry !== undefined;
  return [...entries, { path: ["broker", "entry"], name: vault.broker.entry, given }];
}
