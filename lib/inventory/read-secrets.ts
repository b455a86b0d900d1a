import type { SecretListEntry, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { askAws, loadSecretsManager, loadSsm } from "../aws/sdk";
import type { OrgReport, SecretReport } from "../registry/report";
import { readCredentialReport } from "../rotation/credential-report";
import type { ParameterKind } from "../rotation/rotation-names";
import type { LiveSecret } from "./live-secret";

/** The services that an inventory reads. */
export interface InventoryClients {
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
}

const DAY = 24 * 3_600_000;

/**
 * Reads what AWS knows of an org's secrets, and no value.
 * @returns the secrets by name
 * @throws UserError when AWS refuses
 */
export async function readSecrets(
  clients: InventoryClients,
  org: OrgReport,
): Promise<ReadonlyMap<string, LiveSecret>> {
  const own = org.secrets.filter(({ rotation }) => rotation !== "elsewhere");
  const folders = new Set(own.map(({ secretName }) => folderOf(secretName)));
  const [entries, parameters] = await Promise.all([
    listSecrets(clients.secrets, [...folders]),
    readParameters(clients.parameters, org.secretPrefix),
  ]);
  const live = own.map(async (secret) => {
    const entry = entries.get(secret.secretName);
    const noted = parameters.get(secret.secretName) ?? {};
    const state = { ...readCredentialReport(noted), ...foundIn(entry) };
    // The reconciler notes what only it can know of OAuth clients. The others have no specification.
    const isNoted = noted.specification !== undefined || !entry;
    const further = isNoted
      ? {}
      : { ...(await readAge(clients.secrets, secret)), lastAccessedOn: accessedOn(entry) };
    return [secret.secretName, { ...state, ...further }] as const;
  });
  return new Map(await Promise.all(live));
}

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1);

function foundIn(entry: SecretListEntry | undefined) {
  if (!entry) return { exists: false };
  return {
    exists: true,
    deletedAt: entry.DeletedDate?.getTime(),
    rotates: entry.RotationEnabled ?? false,
  };
}

const accessedOn = ({ LastAccessedDate }: SecretListEntry): string | undefined =>
  LastAccessedDate?.toISOString().slice(0, 10);

/** Lists the secrets below folders, with those that are being deleted. */
async function listSecrets(
  client: SecretsManagerClient,
  folders: readonly string[],
): Promise<ReadonlyMap<string, SecretListEntry>> {
  const { paginateListSecrets } = loadSecretsManager();
  const found = new Map<string, SecretListEntry>();
  if (folders.length === 0) return found;
  const pages = paginateListSecrets(
    { client },
    { Filters: [{ Key: "name", Values: [...folders] }], IncludePlannedDeletion: true },
  );
  const read = async () => {
    for await (const { SecretList = [] } of pages) {
      for (const entry of SecretList) if (entry.Name !== undefined) found.set(entry.Name, entry);
    }
  };
  await askAws(`listing the secrets below ${folders.join(", ")}`, read());
  return found;
}

/** Reads the parameters of an org's credentials, by the names of the secrets. */
async function readParameters(
  client: SSMClient,
  prefix: string,
): Promise<ReadonlyMap<string, Partial<Record<ParameterKind, string>>>> {
  const { paginateGetParametersByPath } = loadSsm();
  const found = new Map<string, Record<string, string>>();
  const pages = paginateGetParametersByPath(
    { client },
    { Path: prefix.replace(/\/$/, ""), Recursive: true },
  );
  const read = async () => {
    for await (const { Parameters = [] } of pages) {
      for (const { Name = "", Value = "" } of Parameters) {
        const secretName = Name.slice(0, Name.lastIndexOf("/"));
        const kinds = found.get(secretName) ?? {};
        kinds[Name.slice(secretName.length + 1)] = Value;
        found.set(secretName, kinds);
      }
    }
  };
  await askAws(`reading the parameters below ${prefix}`, read());
  return found;
}

/** Returns the age of a value that a person wrote. */
async function readAge(
  client: SecretsManagerClient,
  { secretName, rotationDays }: SecretReport,
): Promise<Pick<LiveSecret, "rotatedAt" | "deadline">> {
  const { ListSecretVersionIdsCommand } = loadSecretsManager();
  const command = new ListSecretVersionIdsCommand({ SecretId: secretName });
  const { Versions = [] } = await askAws(
    `listing the versions of ${secretName}`,
    client.send(command),
  );
  const current = Versions.find(({ VersionStages }) => VersionStages?.includes("AWSCURRENT"));
  const rotatedAt = current?.CreatedDate?.getTime();
  if (rotatedAt === undefined) return {};
  return { rotatedAt, deadline: rotatedAt + rotationDays * DAY };
}
