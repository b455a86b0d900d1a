import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import { ORG_DEFAULTS } from "../registry/defaults";
import { clientIdIn, writeCredential } from "../secret-value/credential-value";
import { discard } from "./action";
import { refuseAboveLimit } from "./client-limit";
import { versionOf } from "./client-name";
import { isBornFor } from "./ownership";
import { abandon, knownClient, refuseRetiring, withGrants } from "./pending-version";
import { PROPAGATION } from "./propagation";
import type { RotationProps } from "./rotation-props";
import type { SecretVersion } from "./secret-store";
import { inheritedFrom, requestOf } from "./specified-client";

/** Creates the client of a version, and stores its credential. */
export async function createSecret(
  props: RotationProps,
  version: SecretVersion,
  current: string | undefined,
): Promise<void> {
  const { secrets, specification, org } = props;
  const { secretArn } = specification;
  if ((await secrets.value(secretArn, version.id, "AWSPENDING")) !== undefined) return;
  const client = await createOrTakeOverClient(props, version, current);
  if (!client.secret)
    throw new Error(`Genesys Cloud returned the client ${client.id} without its secret`);
  const value = writeCredential({
    clientId: client.id,
    clientSecret: client.secret,
    region: org.region,
    orgId: org.id,
  });
  try {
    await secrets.putPending(secretArn, version.id, value);
  } catch (error) {
    // A failure here is counted as a call that was given up; the first error says more.
    if (await isStoredAfterAll(props, version.id, client.id, value).catch(() => false)) return;
    throw error;
  }
}

/**
 * Looks what the version has after its value could not be put. If another attempt was first, the
 * client is discarded: nobody would ever have its secret, and its version would keep it alive. This
 * happens when Lambda invokes the function twice for one event, since only the first invocation can
 * put a value.
 *
 * @returns whether the value was stored, and only the answer was lost
 */
async function isStoredAfterAll(
  props: RotationProps,
  token: string,
  id: string,
  value: string,
): Promise<boolean> {
  const { secrets, specification } = props;
  const stored = await secrets.value(specification.secretArn, token, "AWSPENDING");
  if (stored === undefined || stored === value) return stored === value;
  // Both took over one client, and each renewed its secret: the stored one may be the older one.
  if (clientIdIn(stored) === id) await abandon(props, token);
  else {
    await knownClient(props, id);
    await discard(props.api, id);
  }
  return false;
}

/** Creates the version's client, or takes over the client of an earlier attempt. */
async function createOrTakeOverClient(
  props: RotationProps,
  version: SecretVersion,
  current: string | undefined,
): Promise<OAuthClient> {
  const { api, specification, mostClients = ORG_DEFAULTS.rotation.mostClients } = props;
  const { all, own } = await clientsOf(props, version);
  // If the credential was retired or destroyed in the meantime, nobody would remove a new client.
  await refuseRetiring(props);
  const [first, ...others] = await earlierAttempts(props, version, own);
  // Nobody knows their secrets: the answers were lost, and the list did not show them in time.
  for (const { id } of others) await discard(api, id);
  const request = requestOf(specification, version.id);
  if (first) {
    await withGrants(props, () => api.updateOAuthClient(first.id, request));
    return api.renewSecret(first.id);
  }
  refuseAboveLimit(all, mostClients);
  const kept = await inherited(props, all, current);
  return withGrants(props, () => api.createOAuthClient({ ...kept, ...request }));
}

/**
 * Returns the clients that earlier attempts created for a version. Taking over another one would give
 * the credential's roles to the client's creator.
 *
 * @throws Error when nothing shows which one is ours; the version is then given up
 */
async function earlierAttempts(
  props: RotationProps,
  version: SecretVersion,
  own: readonly OAuthClient[],
): Promise<readonly OAuthClient[]> {
  const created = own.filter(({ createdBy }) => createdBy?.id === props.api.clientId);
  if (created.length > 0) return created;
  const unknown = own.filter((client) => !client.createdBy && isBornFor(version, client));
  if (unknown.length <= 1) return unknown;
  const ids = unknown.map(({ id }) => id).join(", ");
  await abandon(props, version.id);
  throw new Error(
    `the clients ${ids} all have the name of version ${version.id}, so none was taken over, and the version was given up: delete those that you know, and rotate again`,
  );
}

/** Returns the fields that a new client takes over from the current one. */
async function inherited(
  { secrets, specification: { secretArn }, inherited: noted }: RotationProps,
  all: readonly OAuthClient[],
  version: string | undefined,
): Promise<Partial<OAuthClientRequest> | undefined> {
  if (version === undefined) return undefined;
  // By its id: others may have copied its name.
  const text = await secrets.value(secretArn, version, "AWSCURRENT");
  const id = clientIdIn(text ?? "");
  const current = all.find((client) => client.id === id);
  return current ? inheritedFrom(current) : noted;
}

async function clientsOf(props: RotationProps, version: SecretVersion) {
  const { api, clock, propagation = PROPAGATION } = props;
  const { clientName, secretArn } = props.specification;
  // The list lags behind, and an earlier attempt may have created a client just before it crashed.
  // Nothing shows whether there was one, so every attempt waits.
  await clock.sleep(propagation);
  const all = (await api.oauthClients()).filter(({ state }) => state !== "deleted");
  const own = all
    .filter((client) => versionOf(client, clientName, secretArn) === version.id)
    .sort(byAge);
  return { all, own };
}

const byAge = (one: OAuthClient, other: OAuthClient): number =>
  `${one.dateCreated} ${one.id}` < `${other.dateCreated} ${other.id}` ? -1 : 1;
