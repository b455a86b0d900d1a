import type { OAuthClient } from "../../genesys/models";
import type { VaultCredential } from "../../registry/model";
import { isOurs, secretArnIn } from "../client-name";

/** The clients of an organisation that are known not to be made by hand. */
export interface OwnClients {
  /** Ids in the entries of the organisation's own credentials, earlier versions included. */
  readonly entries: ReadonlyMap<string, VaultCredential>;
  /** Descriptions of the clients that were created for these entries. */
  readonly descriptions: ReadonlyMap<string, VaultCredential>;
  /** Ids that the reconciler noted, with the names of their credentials. */
  readonly noted: ReadonlyMap<string, string>;
  /** Ids in Terraform's states, with the addresses of the objects. */
  readonly inStates: ReadonlyMap<string, string>;
  /** The beginning of the ARN of each secret of the organisation. */
  readonly secretPrefix: string;
}

/**
 * Returns why a client was not made by hand; undefined if nothing says so. In doubt it is ours: the marks of the
 * rotator, or of the engine of brokered clients, are enough here, even if somebody has copied them.
 */
export function whyOurs(client: OAuthClient, own: OwnClients): string | undefined {
  const { id, description = "", createdBy } = client;
  const entry = own.entries.get(id) ?? own.descriptions.get(description);
  if (entry) return `it is a client of the organisation's ${entry}`;
  const credential = own.noted.get(id);
  if (credential !== undefined) return `it is a client of ${credential}`;
  if (isOurs(client, own.secretPrefix)) return `it has the marks of ${secretArnIn(client)}`;
  if (hasEngineMark(client)) return "Vault's secrets engine created it";
  const address = own.inStates.get(id);
  if (address !== undefined) return `Terraform manages it as ${address}`;
  const creator = own.entries.get(createdBy?.id ?? "");
  return creator === "master" ? "the organisation's master created it" : undefined;
}

/** Whether a client has the marks that vault-plugin/ gives: role and key are in name and description. */
function hasEngineMark({ name, description = "" }: Pick<OAuthClient, "name" | "description">) {
  const [, role, key] = /^vault:[^:]+:[^:]+:-?([^:]+):([^:]+)$/.exec(description) ?? [];
  return role !== undefined && name === `vault-${role}#${key}`;
}
