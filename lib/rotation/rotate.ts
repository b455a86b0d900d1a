import type { OAuthClient, OAuthClientRequest } from "../genesys/models";
import { type PlatformApi, withoutReadOnly } from "../genesys/platform-api";
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
  if (!version.stages.includes("AWSPENDING")) {
    throw new Error(`version ${token} of the secret is not labelled AWSPENDING`);
  }
  switch (step) {
    case "createSecret":
      return createSecret(props, version);
    case "setSecret":
      return setSecret(props, token);
    case "testSecret":
      // The version is empty if rotation is set up without an immediate rotation: Secrets Manager
      // then tries this step alone.
      await provePending(props, token);
      return;
    case "finishSecret":
      return finishSecret(props, token, versions);
  }
}

async function refuseRetiring({ isRetiring }: RotationProps): Promise<void> {
  if (!(await isRetiring?.())) return;
  throw new Error(
    "the credential is being retired: no client is created, and no version becomes the current one",
  );
}

async function createSecret(props: RotationProps, version: SecretVersion): Promise<void> {
  const { secrets, specification, org } = props;
  const { secretArn } = specification;
  if ((await secrets.value(secretArn, version.id, "AWSPENDING")) !== undefined) return;
  const client = await createOrTakeOverClient(props, version);
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
  if (!stored || stored.clientId === id) return;
  await knownClient(props, id);
  await discard(props.api, id);
}

/** Creates the version's client, or takes over the client of an earlier attempt. */
async function createOrTakeOverClient(
  props: RotationProps,
  version: SecretVersion,
): Promise<OAuthClient> {
  const { api, specification, mostClients = ORG_DEFAULTS.rotation.mostClients } = props;
  const { all, own } = await clientsOf(props, version);
  // If the credential was retired or destroyed in the meantime, nobody would remove a new client.
  await refuseRetiring(props);
  const [first, ...others] = own;
  // Nobody knows their secrets: the answers were lost, and the list did not show them in time.
  for (const { id } of others) await discard(api, id);
  const request = requestOf(specification, version.id);
  if (first) {
    await withGrants(props, () => api.updateOAuthClient(first.id, request));
    return api.renewSecret(first.id);
  }
  refuseAboveLimit(all, mostClients);
  return withGrants(props, () =>
    api.createOAuthClient({ ...inherited(all, specification), ...request }),
  );
}

/**
 * Returns the fields of the credential's newest client that are not specified here, such as the
 * addresses from which a client may call (announced for 2026).
 */
function inherited(
  all: readonly OAuthClient[],
  { clientName, secretArn }: ClientSpecification,
): Partial<OAuthClientRequest> {
  const family = all.filter((client) => versionOf(client, clientName, secretArn) !== undefined);
  const newest = family.sort(byAge).at(-1);
  if (!newest) return {};
  const { dateToDelete: _, ...kept } = withoutReadOnly(newest);
  return kept;
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
  if (!client)
    throw new Error(`the client ${credential.clientId} of version ${token} no longer exists`);
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

/**
 * Proves the version's credential.
 * @returns whether the version has a credential
 * @throws Error when the credential does not work
 */
async function provePending(props: RotationProps, token: string): Promise<boolean> {
  const { apiAs, org, clock, propagation } = props;
  const credential = await pendingOf(props, token);
  if (!credential) return false;
  const { clientId } = credential;
  const what = `the credential of version ${token}`;
  await prove({ api: apiAs(credential), clientId, orgId: org.id, what, clock, propagation });
  return true;
}

/**
 * Moves the label, and does nothing afterwards, since a failure there would repeat the step. The
 * credential is proven once more, so that in any order of the steps only a working one is promoted.
 */
async function finishSecret(
  props: RotationProps,
  token: string,
  versions: readonly SecretVersion[],
): Promise<void> {
  if (!(await provePending(props, token)))
    throw new Error(`version ${token} of the secret has no value`);
  const current = versions.find(({ stages }) => stages.includes("AWSCURRENT"))?.id;
  await props.secrets.promote(props.specification.secretArn, token, current);
}

async function pendingOf({ secrets, specification }: RotationProps, token: string) {
  const text = await secrets.value(specification.secretArn, token, "AWSPENDING");
  return text === undefined ? undefined : readCredential(text, `version ${token} of the secret`);
}
