import { AwsCallError } from "../../../aws/call";
import type { VaultCredential } from "../../../registry/model";
import {
  type Entry,
  EntryError,
  entryCalled,
  readEntry,
} from "../../../rotation/vault-entries/vault-entry";
import type { KvStore } from "../../../vault/client/kv-store";
import { entriesOf, openSecrets } from "../../project/credential-entries";
import { Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import type { DoctorContext } from "./context";
import { CREDENTIALS, type VaultFindings } from "./vault-checks";

/** Checks whether the org's own credentials are in Secrets Manager, and belong to the org. */
export async function checkSecrets(context: DoctorContext): Promise<VaultFindings> {
  const list = new Checklist("secrets", context.bounds);
  const entries = new Map<VaultCredential, Entry>();
  const store = openSecrets(context.org);
  for (const credential of CREDENTIALS) {
    await list.run(
      credential,
      () => checkSecret(context, store, credential, entries),
      (error) => explainSecret(context, credential, error),
    );
  }
  return { checks: list.checks, entries };
}

async function checkSecret(
  { org }: DoctorContext,
  store: KvStore,
  credential: VaultCredential,
  entries: Map<VaultCredential, Entry>,
): Promise<Outcome> {
  const { paths, place } = entriesOf(org);
  const path = paths[credential];
  const newest = await readEntry(store, place, path, org.organizationId);
  if (!newest) {
    return failed(
      `${entryCalled(path)} ${place.where} does not exist, or has no value`,
      `deploy ${org.access.stack}, which creates it, then write client_id, client_secret and org_id to it (docs/secrets-manager.md)`,
    );
  }
  entries.set(credential, newest);
  return ok(`version ${newest.version} of ${path}`);
}

function explainSecret(
  { org }: DoctorContext,
  credential: VaultCredential,
  error: Error,
): Outcome | undefined {
  if (error instanceof EntryError) {
    const fix = "write a value with client_id, client_secret and org_id";
    return failed(
      error.message,
      error.problem === "fields" ? fix : `put ${org.name}'s own ${credential} there`,
    );
  }
  if (!(error instanceof AwsCallError)) return undefined;
  if (/^(AccessDenied|KMSAccessDenied)/.test(error.code)) {
    // The runner of a pull request rightly reads none but the planner's.
    return notChecked(`your role may not read it (credentials.operators): ${error.message}`);
  }
  return error.code === "CredentialsProviderError" ? notChecked(error.message) : undefined;
}
