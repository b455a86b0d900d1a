import { connections, loadSecretsManager } from "../../aws/sdk";
import type { VaultCredential, VaultJob } from "../../registry/model";
import type { OrgReport } from "../../registry/report";
import { vaultOf } from "../../registry/vault-mount";
import { SecretEntries } from "../../rotation/vault-entries/secret-entries";
import {
  type EntryPlace,
  secretsPlace,
  vaultPlace,
} from "../../rotation/vault-entries/vault-entry";
import type { KvStore } from "../../vault/client/kv-store";
import type { Io } from "../terminal/io";
import { openVaultEntries } from "./vault-session";

/** The entries of an org's own credentials. */
export interface EntriesOf {
  readonly place: EntryPlace;
  /** Their paths in the place. */
  readonly paths: Readonly<Record<VaultCredential, string>>;
  /** Version of the master that the rotator has a copy of; undefined if it reads the newest one itself. */
  readonly masterVersion?: number;
}

/** Returns where an org's own credentials (deployer, planner, master) are. */
export function entriesOf(org: OrgReport): EntriesOf {
  if (org.credentials) {
    const { source: _, ...paths } = org.credentials;
    return { place: secretsPlace(org.aws), paths };
  }
  const { address, namespace, mount, deployer, planner, master } = vaultOf(org);
  return {
    place: vaultPlace({ address, namespace, mount }),
    paths: { deployer, planner, master },
    masterVersion: org.rotation.masterVersion,
  };
}

/**
 * Opens the entries of an org's own credentials, as the caller.
 *
 * @param job whose role a login to Vault uses
 * @throws UserError if the caller cannot log in
 */
export async function openEntries(
  io: Io,
  org: OrgReport,
  job: VaultJob = "rotate",
): Promise<KvStore> {
  return org.credentials
    ? openSecrets(org)
    : openVaultEntries(io, { ...org, vault: vaultOf(org) }, job);
}

/** Opens the entries of an org in Secrets Manager, with the caller's AWS credentials. */
export function openSecrets({ aws }: OrgReport): KvStore {
  const { SecretsManagerClient } = loadSecretsManager();
  // Loaded when it is needed, since it loads the SDK.
  const { SecretsManagerStore } =
    require("../../rotation/secrets-manager-store") as typeof import("../../rotation/secrets-manager-store");
  const client = new SecretsManagerClient({ region: aws.region, requestHandler: connections() });
  return new SecretEntries(new SecretsManagerStore(client), secretsPlace(aws));
}
