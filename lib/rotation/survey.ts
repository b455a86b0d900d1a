import type { OAuthClient } from "../genesys/models";
import { readCredential } from "../secret-value/credential-value";
import { credentialNameIn, isOurs, secretArnIn } from "./client-name";
import type { StoredCredential } from "./credential-records";
import type { ManagedCredential, View } from "./judge";
import { DEFAULT_LIMITS } from "./limits";
import type { ReconciliationProps } from "./run-props";
import type { SecretHistory } from "./secret-store";
import { currentClientOf, currentVersionOf, labelsOf, observe } from "./status";

/** Reads the secrets of all credentials. A problem with one does not concern the others. */
export async function survey(
  props: ReconciliationProps,
  clients: readonly OAuthClient[],
): Promise<View> {
  const { api, secretPrefix, clock, limits = DEFAULT_LIMITS } = props;
  const credentials: ManagedCredential[] = [];
  for (const stored of props.credentials) credentials.push(await surveyOne(props, stored, clients));
  const unspecified = await unspecifiedSecrets(props, clients);
  const now = clock.now();
  const creator = api.clientId;
  return { now, secretPrefix, credentials, unspecified, clients, creator, limits };
}

/**
 * Reads the secret of one credential, and adds what is seen to its notes.
 * @param clients undefined if they were not listed
 */
export async function surveyOne(
  { secrets, clock }: Pick<ReconciliationProps, "secrets" | "clock">,
  stored: StoredCredential,
  clients?: readonly OAuthClient[],
): Promise<ManagedCredential> {
  const { specification, status, problem } = stored;
  if (!specification || problem !== undefined) return stored;
  const { secretArn } = specification;
  try {
    const history = await secrets.history(secretArn);
    // The same version always has the same value, so it is read only when the labels have moved.
    const isKnown =
      labelsOf(secretArn, history) === status.labels &&
      currentClientOf(status, history) !== undefined;
    const currentClient = isKnown ? undefined : await currentClientIn(secrets, secretArn, history);
    const seen = { now: clock.now(), secretArn, history, clients, currentClient };
    return { ...stored, history, status: observe(status, seen), seen };
  } catch (error) {
    return { ...stored, problem: (error as Error).message };
  }
}

async function currentClientIn(
  secrets: ReconciliationProps["secrets"],
  secretArn: string,
  history: SecretHistory,
): Promise<string | undefined> {
  const version = currentVersionOf(history)?.id;
  if (version === undefined) return undefined;
  const text = await secrets.value(secretArn, version, "AWSCURRENT");
  if (text === undefined) throw new Error(`version ${version} of ${secretArn} has no value`);
  return readCredential(text, `version ${version} of ${secretArn}`).clientId;
}

/**
 * Returns the secrets that have clients and no specification. Their clients are not orphans, whatever
 * their age: consumers work with them, and the specification may come back.
 */
async function unspecifiedSecrets(
  { secrets, secretPrefix, credentials }: ReconciliationProps,
  clients: readonly OAuthClient[],
): Promise<ReadonlySet<string>> {
  const ours = clients.filter((client) => isOurs(client, secretPrefix));
  const found = new Set<string>();
  for (const arn of new Set(ours.map(secretArnIn))) {
    const name = credentialNameIn(arn, secretPrefix);
    const isKnown = credentials.some(({ specification, problem, ...credential }) =>
      problem === undefined ? specification?.secretArn === arn : credential.name === name,
    );
    if (!isKnown && (await secrets.exists(arn))) found.add(arn);
  }
  return found;
}
