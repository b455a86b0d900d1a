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
import { rotatedDescriptionOf, rotatedNameOf, versionOf } from "./client-name";
import { askUntilKnown, isUnknown, PROPAGATION } from "./propagation";
import { prove } from "./prove";
import { sameGrants } from "./same-grants";
import type { SecretStore, SecretVersion } from "./secret-store";
import type { ClientSpecification } from "./specification";

/** The steps in which Secrets Manager rotates. */
export type Step = "createSecret" | "setSecret" | "testSecret" | "finishSecret";

/** What the steps work with. */
export interface RotationProps {
  readonly secrets: SecretStore;
  /** The Platform API as the org's master. */
  readonly api: PlatformApi;
  /** The Platform API as somebody else: with the credential that is to be tested. */
  readonly apiAs: (credential: CredentialValue) => Pick<PlatformApi, "tokenOwner">;
  readonly specification: ClientSpecification;
  readonly org: { readonly id: string; readonly region: string };
  readonly clock: Clock;
  /**
   * Clients that the organisation may have; none is made above.
   * @default 500
   */
  readonly mostClients?: number;
  /**
   * Whether the credential's clients are all to go: no other is made. Asked again just before one
   * would be; throws where nobody knows the credential any more.
   * @default - they are not
   */
  readonly isRetiring?: () => Promise<boolean>;
  /**
   * How long a new client, or a change of one, may take until all of Genesys Cloud knows it, in
   * milliseconds.
   * @default 60000
   */
  readonly propagation?: number;
}

/**
 * One step of the rotation of one secret. Each can be repeated: what an earlier attempt did before
 * it crashed is found and taken over.
 *
 * @param token ClientRequestToken: the id of the version that is to become the current one
 * @throws Error when the step could not be done; Secrets Manager then starts again
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
      // Empty when Secrets Manager tries this step alone, as it does when rotation is set up without
      // rotating at once.
      await provePending(props, token);
      return;
    case "finishSecret":
      return finishSecret(props, token, versions);
  }
}

async function refuseRetiring({ isRetiring }: RotationProps): Promise<void> {
  if (!(await isRetiring?.())) return;
  throw new Error("the credential is being retired: no client is made, and no version promoted");
}

async function createSecret(props: RotationProps, version: SecretVersion): Promise<void> {
  const { secrets, specification, org } = props;
  const { secretArn } = specification;
  if ((await secrets.value(secretArn, version.id, "AWSPENDING")) !== undefined) return;
  const client = await createOrTakeOverClient(props, version);
  if (!client.secret) throw new Error(`client ${client.id} came without a secret`);
  const value = writeCredential({
    clientId: client.id,
    clientSecret: client.secret,
    region: org.region,
    orgId: org.id,
  });
  try {
    await secrets.putPending(secretArn, version.id, value);
  } catch (error) {
    // What fails here is counted as given up; the error before says more.
    await discardUnlessStored(props, version.id, client.id).catch(() => {});
    throw error;
  }
}

/**
 * Lambda may invoke a function twice for one event, and the one that comes second cannot put its
 * value: nobody would ever have its client's secret, and its version would keep the client.
 */
async function discardUnlessStored(props: RotationProps, token: string, id: string): Promise<void> {
  const stored = await pendingOf(props, token);
  if (!stored || stored.clientId === id) return;
  await knownClient(props, id);
  await discard(props.api, id);
}

/** Makes the version's client, or takes over the one that an earlier attempt made. */
async function createOrTakeOverClient(
  props: RotationProps,
  version: SecretVersion,
): Promise<OAuthClient> {
  const { api, specification, mostClients = ORG_DEFAULTS.rotation.mostClients } = props;
  const { all, own } = await clientsOf(props, version);
  // Meanwhile somebody may have begun to retire it, or destroyed it: nobody would remove the client.
  await refuseRetiring(props);
  const [first, ...others] = own;
  // Nobody knows their secrets: an answer was lost, and the list did not show them then.
  for (const { id } of others) await discard(api, id);
  if (first) {
    await api.updateOAuthClient(first.id, requestOf(specification, version.id));
    return api.renewSecret(first.id);
  }
  if (all.length >= mostClients) {
    throw new Error(
      `the organisation has ${all.length} OAuth clients, and may have ${mostClients}: none is made. Delete some, or raise the limit`,
    );
  }
  const request = requestOf(specification, version.id);
  return api.createOAuthClient({ ...inherited(all, specification), ...request });
}

/**
 * What the newest client of the credential has beside what is specified: fields that this code does
 * not know, such as the addresses that a client may call from (announced for 2026).
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
  // The list lags behind, and an earlier attempt may have made a client just before it crashed.
  // Nothing says whether there was one, so every attempt waits.
  await clock.sleep(propagation);
  const all = (await api.oauthClients()).filter(({ state }) => state !== "deleted");
  const own = all
    .filter((client) => versionOf(client, clientName, secretArn) === version.id)
    .sort(byAge);
  return { all, own };
}

const byAge = (one: OAuthClient, other: OAuthClient): number =>
  `${one.dateCreated} ${one.id}` < `${other.dateCreated} ${other.id}` ? -1 : 1;

/** What the client of a version is to be. */
const requestOf = (specification: ClientSpecification, versionId: string): OAuthClientRequest => ({
  name: rotatedNameOf(specification.clientName, versionId),
  description: rotatedDescriptionOf(specification.secretArn),
  authorizedGrantType: "CLIENT-CREDENTIALS",
  accessTokenValiditySeconds: specification.accessTokenValiditySeconds,
  roleDivisions: specification.roleDivisions,
  state: "active",
});

/** @returns undefined where there is none, also after a new one would be known */
const knownClient = ({ api, clock, propagation }: RotationProps, id: string) =>
  askUntilKnown(clock, () => api.oauthClient(id), isUnknown, propagation);

/** Brings the client to what the specification says now. */
async function setSecret(props: RotationProps, token: string): Promise<void> {
  const { api, specification } = props;
  const credential = await pendingOf(props, token);
  if (!credential) throw new Error(`version ${token} of the secret has no value`);
  const client = await knownClient(props, credential.clientId);
  if (!client) throw new Error(`client ${credential.clientId} of version ${token} is gone`);
  if (isAsSpecified(client, specification)) return;
  await api.updateOAuthClient(client.id, updateOf(client, specification, token));
}

/**
 * What an existing client is to become. The life of its tokens is never shortened: those that it
 * minted before live for as long as it was then, and nothing would say any more how long to wait for
 * them. The next client has the shorter one.
 */
export const updateOf = (
  { accessTokenValiditySeconds: seconds = 0 }: OAuthClient,
  specification: ClientSpecification,
  versionId: string,
): OAuthClientRequest => ({
  ...requestOf(specification, versionId),
  accessTokenValiditySeconds: Math.max(seconds, specification.accessTokenValiditySeconds),
});

/** Whether a client may do what is specified, and no more; its tokens may live longer. */
export function isAsSpecified(client: OAuthClient, specification: ClientSpecification): boolean {
  const { accessTokenValiditySeconds: seconds = 0 } = client;
  return (
    client.state === "active" &&
    seconds >= specification.accessTokenValiditySeconds &&
    sameGrants(client.roleDivisions, specification.roleDivisions)
  );
}

/** @returns whether there is a credential, which works then */
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
 * Moves the label, and nothing else: what comes after would be repeated when it fails. Whatever
 * order the steps come in, nothing is promoted that does not work.
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
