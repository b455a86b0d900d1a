import type { OAuthClient } from "../genesys/models";
import { clientIdIn } from "../secret-value/credential-value";
import { lastWorkOf } from "./attempt";
import { credentialNameIn, isOurs, secretArnIn } from "./client-name";
import type { StoredCredential } from "./credential-records";
import { startOf } from "./due";
import { currentVersionOf, labelsOf } from "./history";
import type { ManagedCredential, View } from "./judge";
import { DEFAULT_LIMITS } from "./limits";
import type { ReconciliationProps } from "./run-props";
import { scheduleOf } from "./start-rotations";
import {
  type CredentialStatus,
  currentClientOf,
  type Listed,
  type Observation,
  observe,
} from "./status";

/** The inputs of a survey, none of which can change anything. */
export type SurveyProps = Pick<
  ReconciliationProps,
  "credentials" | "secretPrefix" | "clock" | "windows" | "limits"
> & {
  readonly api: Pick<ReconciliationProps["api"], "clientId">;
  readonly secrets: SecretReads;
};

type SecretReads = Pick<ReconciliationProps["secrets"], "history" | "exists" | "value">;

/** Reads the secrets of all credentials. A problem with one does not concern the others. */
export async function survey(props: SurveyProps, clients: readonly OAuthClient[]): Promise<View> {
  const { api, secretPrefix, clock, limits = DEFAULT_LIMITS } = props;
  const credentials: ManagedCredential[] = [];
  const creator = api.clientId;
  const listed = { clients, creator };
  for (const stored of props.credentials) credentials.push(await surveyOne(props, stored, listed));
  const unspecified = await unspecifiedSecrets(props, clients);
  const now = clock.now();
  return { now, secretPrefix, credentials, unspecified, clients, creator, limits };
}

/** Reads the secret of one credential, and adds what is seen to its notes. */
export async function surveyOne(
  { secrets, clock, windows }: Pick<SurveyProps, "secrets" | "clock" | "windows">,
  stored: StoredCredential,
  listed?: Listed,
): Promise<ManagedCredential> {
  const { specification, status, attempt, problem } = stored;
  if (!specification || problem !== undefined) return stored;
  const { secretArn } = specification;
  try {
    const { history, currentClient } = await readSecret(secrets, secretArn, status);
    const schedule = scheduleOf(specification, history, windows);
    const startsAt = schedule && startOf(schedule);
    const times = { now: clock.now(), startsAt, attemptedAt: attempt && lastWorkOf(attempt) };
    const seen = { ...times, secretArn, history, currentClient, listed };
    return { ...stored, history, status: observe(status, seen), seen };
  } catch (error) {
    return { ...stored, problem: (error as Error).message };
  }
}

/** Reads the labels of a secret, and the client of its current value if that is not noted. */
async function readSecret(
  secrets: SecretReads,
  secretArn: string,
  status: CredentialStatus,
): Promise<Pick<Observation, "history" | "currentClient">> {
  for (let isAgain = false; ; isAgain = true) {
    const history = await secrets.history(secretArn);
    const version = currentVersionOf(history)?.id;
    // The same version always has the same value, so it is read only when the labels have moved.
    const isKnown =
      labelsOf(secretArn, history) === status.labels &&
      currentClientOf(status, history) !== undefined;
    // A secret that is being deleted can be described, but not read.
    if (version === undefined || isKnown || history.deletedAt !== undefined) return { history };
    try {
      const text = await secrets.value(secretArn, version, "AWSCURRENT");
      if (text !== undefined) return { history, currentClient: clientIdIn(text) };
      throw new Error(`version ${version} of ${secretArn} has no value`);
    } catch (error) {
      // The label may have moved between the two calls.
      if (isAgain) throw error;
    }
  }
}

/**
 * Returns the secrets that have clients and no specification. Their clients are not orphans, whatever
 * their age: consumers work with them, and the specification may come back.
 */
async function unspecifiedSecrets(
  { secrets, secretPrefix, credentials }: SurveyProps,
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
