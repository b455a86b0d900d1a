import { UserError } from "../errors";
import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import { type PlatformApi, withoutReadOnly } from "../genesys/platform-api";
import { ApiError } from "../http/api-error";
import type { Clock } from "../http/clock";
import { ORG_DEFAULTS } from "../registry/defaults";
import {
  type CredentialValue,
  readCredential,
  writeCredential,
} from "../secret-value/credential-value";
import { discard } from "./action";
import { refuseAboveLimit } from "./client-limit";
import { rotatedDescriptionOf, rotatedNameOf, versionOf } from "./client-name";
import { granting, refuseLacking, sameGrants } from "./grants";
import { isBornFor } from "./ownership";
import { askUntilKnown, isUnknown, PROPAGATION } from "./propagation";
import { prove } from "./prove";
import type { SecretStore, SecretVersion } from "./secret-store";
import type { ClientSpecification } from "./specification";

/** The steps of a rotation by Secrets Manager. */
export type Step = "createSecret" | "setSecret" | "testSecret" | "finishSecret";

/** The inputs of a step. */
export interface RotationProps {
  readonly secrets: SecretStore;
  /** The Platform API, called as the org's master. */
  readonly api: PlatformApi;
  /** Returns the Platform API, called with the credential to test. */
  readonly apiAs: (credential: CredentialValue) => Pick<PlatformApi, "tokenOwner">;
  readonly specification: ClientSpecification;
  readonly org: { readonly name: string; readonly id: string; readonly region: string };
  readonly clock: Clock;
  /**
   * Number of OAuth clients that the organisation may have.
   * @default 500
   */
  readonly mostClients?: number;
  /**
   * Returns whether the credential is being retired, in which case no client is created. It is also
   * called just before a client is created, and throws if the credential no longer exists.
   * @default - it is not
   */
  readonly isRetiring?: () => Promise<boolean>;
  /**
   * Milliseconds until all of Genesys Cloud knows a new client, or a change to one.
   * @default 60000
   */
  readonly propagation?: number;
}

/**
 * Does one step of the rotation of one secret. Every step can be repeated: it finds and takes over
 * the work of an earlier attempt that crashed.
 *
 * @param token ClientRequestToken: the id of the version that will become the current one
 * @throws Error when the step fails; Secrets Manager then starts again
 */
export async function rotate(props: RotationProps, step: Step, token: string): Promise<void> {
  const { secrets, specification } = props;
  const { versions } = await secrets.history(specification.secretArn);
  const version = versions.find(({ id }) => id === token);
  if (!version) throw new Error(`the secret has no version ${token}`);
  if (version.stages.includes("AWSCURRENT")) return;
  await refuseRetiring(props);
  const current = versions.find(({ stages }) => stages.includes("AWSCURRENT"))?.id;
  if (!version.stages.includes("AWSPENDING")) {
    throw new Error(`version ${token} of the secret is not labelled AWSPENDING`);
  }
  switch (step) {
    case "createSecret":
      return createSecret(props, version, current);
    case "setSecret":
      return setSecret(props, token);
    case "testSecret":
      // The version is empty if rotation is set up without an immediate rotation: Secrets Manager
      // then tries this step alone.
      await provePending(props, version);
      return;
    case "finishSecret":
      return finishSecret(props, version, current);
  }
}

async function refuseRetiring({ isRetiring }: RotationProps): Promise<void> {
  if (!(await isRetiring?.())) return;
  throw new Error(
    "the credential is being retired: no client is created, and no version becomes the current one",
  );
}

async function createSecret(
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
    await discardUnlessStored(props, version.id, client.id).catch(() => {});
    throw error;
  }
}

/**
 * Discards the client of an attempt that could not put its value: nobody would ever have its
 * secret, and its version would keep it alive. This happens when Lambda invokes the function twice
 * for one event, since only the first invocation can put a value.
 */
async function discardUnlessStored(props: RotationProps, token: string, id: string): Promise<void> {
  const stored = await pendingOf(props, token);
  if (!stored) return;
  // Both took over one client, and each renewed its secret: the stored one may be the older one.
  if (stored.clientId === id) return abandon(props, token);
  await knownClient(props, id);
  await discard(props.api, id);
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
 * the credential's roles to whoever created it.
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

/**
 * Gives up a version that no retry would repair, so that another rotation can begin. The reconciler
 * retires its client.
 */
const abandon = ({ secrets, specification }: RotationProps, token: string): Promise<void> =>
  secrets.abandon(specification.secretArn, token);

/**
 * Returns the fields of the current client that are not specified here, such as the addresses from
 * which a client may call (announced for 2026).
 */
async function inherited(
  { secrets, specification: { secretArn } }: RotationProps,
  all: readonly OAuthClient[],
  version: string | undefined,
): Promise<Partial<OAuthClientRequest>> {
  if (version === undefined) return {};
  // By its id: others may have copied its name.
  const text = await secrets.value(secretArn, version, "AWSCURRENT");
  const id = clientIdIn(text ?? "");
  const current = all.find((client) => client.id === id);
  if (!current) return {};
  const { dateToDelete: _, ...kept } = withoutReadOnly(current);
  return kept;
}

/** Returns the client of a value; undefined if somebody wrote another kind of value by hand. */
function clientIdIn(text: string): string | undefined {
  try {
    return readCredential(text, "the current version").clientId;
  } catch {
    return undefined;
  }
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

const withGrants = <Result>(
  { api, org, specification }: RotationProps,
  call: () => Promise<Result>,
): Promise<Result> => granting(api, org.name, specification.roleDivisions, call);

/** Returns the specified fields of the client of a version. */
const requestOf = (specification: ClientSpecification, versionId: string): OAuthClientRequest => ({
  name: rotatedNameOf(specification.clientName, versionId),
  description: rotatedDescriptionOf(specification.secretArn),
  authorizedGrantType: "CLIENT-CREDENTIALS",
  accessTokenValiditySeconds: specification.accessTokenValiditySeconds,
  roleDivisions: specification.roleDivisions,
  state: "active",
});

/** Returns a client; undefined if it does not exist, even after the time that a new one needs. */
const knownClient = ({ api, clock, propagation }: RotationProps, id: string) =>
  askUntilKnown(clock, () => api.oauthClient(id), isUnknown, propagation);

/** Updates the client to the current specification. */
async function setSecret(props: RotationProps, token: string): Promise<void> {
  const { api, specification } = props;
  const credential = await pendingOf(props, token);
  if (!credential) throw new Error(`version ${token} of the secret has no value`);
  const client = await knownClient(props, credential.clientId);
  // Somebody who takes a client out of use has a reason, so it is not activated again.
  if (client?.state !== "active") {
    await abandon(props, token);
    throw new Error(
      `the client ${credential.clientId} of version ${token} ${client ? `is ${client.state}` : "no longer exists"}, so the version was given up: rotate again`,
    );
  }
  if (isAsSpecified(client, specification)) return;
  const update = updateOf(client, specification, token);
  const updated = await withGrants(props, () => api.updateOAuthClient(client.id, update));
  if (updated) await refuseLacking(api, props.org.name, specification.roleDivisions, updated);
}

/**
 * Returns the update that makes a client match its specification. It never shortens the token
 * lifetime: existing tokens keep the longer one, and nothing would show any more how long to wait
 * for their end. The next client gets the shorter lifetime.
 */
export const updateOf = (
  { accessTokenValiditySeconds: seconds = 0 }: OAuthClient,
  specification: ClientSpecification,
  versionId: string,
): OAuthClientRequest => ({
  ...requestOf(specification, versionId),
  accessTokenValiditySeconds: Math.max(seconds, specification.accessTokenValiditySeconds),
});

/** Whether a client is active and has exactly the specified grants; its tokens may live longer. */
export function isAsSpecified(client: OAuthClient, specification: ClientSpecification): boolean {
  const { accessTokenValiditySeconds: seconds = 0 } = client;
  return (
    client.state === "active" &&
    seconds >= specification.accessTokenValiditySeconds &&
    sameGrants(client.roleDivisions, specification.roleDivisions)
  );
}

/** Age from which a version is not merely too new to work. Milliseconds. */
const SETTLED = 5 * 60_000;

/**
 * Proves the version's credential, and gives the version up if no retry can help.
 * @returns whether the version has a credential
 * @throws Error when the credential does not work
 */
async function provePending(props: RotationProps, version: SecretVersion): Promise<boolean> {
  const { apiAs, org, clock, propagation } = props;
  const { id: token, createdAt = clock.now() } = version;
  const credential = await pendingOf(props, token);
  if (!credential) return false;
  const { clientId } = credential;
  const what = `the credential of version ${token}`;
  try {
    await prove({ api: apiAs(credential), clientId, orgId: org.id, what, clock, propagation });
  } catch (error) {
    const isRefused = error instanceof ApiError && isUnknown(error);
    const isOld = clock.now() - createdAt >= SETTLED;
    if (error instanceof UserError || (isRefused && isOld)) await abandon(props, token);
    throw error;
  }
  return true;
}

/**
 * Moves the label, and does nothing afterwards, since a failure there would repeat the step. The
 * credential is proven once more, so that in any order of the steps only a working one is promoted.
 */
async function finishSecret(
  props: RotationProps,
  version: SecretVersion,
  current: string | undefined,
): Promise<void> {
  if (!(await provePending(props, version)))
    throw new Error(`version ${version.id} of the secret has no value`);
  await props.secrets.promote(props.specification.secretArn, version.id, current);
}

async function pendingOf({ secrets, specification }: RotationProps, token: string) {
  const text = await secrets.value(specification.secretArn, token, "AWSPENDING");
  return text === undefined ? undefined : readCredential(text, `version ${token} of the secret`);
}
