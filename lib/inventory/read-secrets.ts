import type {
  DescribeSecretCommandOutput,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { AwsCallError } from "../aws/call";
import { askAws, loadSecretsManager, loadSsm } from "../aws/sdk";
import type { OrgReport, SecretReport } from "../registry/report";
import { readCredentialReport } from "../rotation/credential-report";
import { arnOf, type ParameterKind } from "../rotation/rotation-names";
import type { LiveSecret } from "./live-secret";

/** The services that an inventory reads. */
export interface InventoryClients {
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
}

const DAY = 24 * 3_600_000;

/**
 * Reads what AWS knows of an org's secrets, and no value. It asks for each secret by itself: AWS can let a role
 * list either no secret or the names of all secrets of the account.
 *
 * @returns the secrets by name
 * @throws UserError when AWS refuses
 */
export async function readSecrets(
  clients: InventoryClients,
  org: OrgReport,
): Promise<ReadonlyMap<string, LiveSecret>> {
  const own = org.secrets.filter(({ rotation }) => rotation !== "elsewhere");
  const parameters = await readParameters(clients.parameters, org.secretPrefix);
  const live = own.map(async (secret) => {
    const found = await describe(clients.secrets, org, secret);
    const noted = parameters.get(secret.secretName) ?? {};
    const state = { ...readCredentialReport(noted), ...stateOf(found) };
    // The reconciler notes what only it can know of OAuth clients. The others have no specification.
    const isNoted = noted.specification !== undefined || !found;
    const further = isNoted
      ? {}
      : { ...(await readAge(clients.secrets, secret, found)), lastAccessedOn: accessedOn(found) };
    return [secret.secretName, { ...state, ...further }] as const;
  });
  return new Map(await Promise.all(live));
}

function stateOf(found: DescribeSecretCommandOutput | undefined) {
  if (!found) return { exists: false };
  return {
    exists: true,
    deletedAt: found.DeletedDate?.getTime(),
    rotates: found.RotationEnabled ?? false,
  };
}

const accessedOn = ({ LastAccessedDate }: DescribeSecretCommandOutput): string | undefined =>
  LastAccessedDate?.toISOString().slice(0, 10);

/** Returns a secret, also one that is scheduled for deletion; undefined if there is none. */
async function describe(
  client: SecretsManagerClient,
  org: OrgReport,
  { secretName }: SecretReport,
): Promise<DescribeSecretCommandOutput | undefined> {
  const { DescribeSecretCommand } = loadSecretsManager();
  // By its name, AWS would look into the caller's account, whichever that is. It might also compare a name that no
  // secret has with the ARNs in the caller's permissions, and deny the call in place of finding nothing.
  const SecretId = arnOf(org, "secretsmanager", `secret:${secretName}`);
  const answer = client.send(new DescribeSecretCommand({ SecretId }));
  try {
    return await askAws(`looking at ${secretName}`, answer);
  } catch (error) {
    if (error instanceof AwsCallError && error.code === "ResourceNotFoundException")
      return undefined;
    throw error;
  }
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
  { ARN: SecretId }: DescribeSecretCommandOutput,
): Promise<Pick<LiveSecret, "rotatedAt" | "deadline">> {
  const { ListSecretVersionIdsCommand } = loadSecretsManager();
  const command = new ListSecretVersionIdsCommand({ SecretId });
  const { Versions = [] } = await askAws(
    `listing the versions of ${secretName}`,
    client.send(command),
  );
  const current = Versions.find(({ VersionStages }) => VersionStages?.includes("AWSCURRENT"));
  const rotatedAt = current?.CreatedDate?.getTime();
  if (rotatedAt === undefined) return {};
  return { rotatedAt, deadline: rotatedAt + rotationDays * DAY };
}
