import { noteOf, type Progress, type RotationAttempt } from "../attempt";
import { rotate, type Step } from "../rotate";
import { SecretsManagerStore } from "../secrets-manager-store";
import { rotateWebhookSecret } from "../webhook-secret";
import { credentialOf, secretNamePrefixOf } from "./configuration";
import { type Dependencies, resolveDependencies } from "./dependencies";
import { log, logFailure } from "./log";
import { ManagedSecretParameters } from "./managed-secret-parameters";
import { Master } from "./master";
import { metricsLine } from "./metrics";
import { Parameters } from "./parameters";

/** The event of Secrets Manager, one for each step. */
export interface RotationEvent {
  readonly Step: Step;
  /** ARN of the secret. */
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken?: string;
}

export type Rotator = (event: unknown) => Promise<void>;

/** Creates the function that rotates the credentials of one org, one step at a time. */
export function createRotator(overrides: Partial<Dependencies> = {}): Rotator {
  const dependencies = resolveDependencies(overrides);
  const { configuration, clock, print } = dependencies;
  const master = new Master(dependencies);
  const parameters = new Parameters(dependencies.parameters, configuration);
  const managedSecrets = new ManagedSecretParameters(dependencies.parameters, configuration);

  async function takeStep(
    { Step, SecretId, ...event }: RotationEvent,
    credential: string,
    onReport: (problem: string) => void,
  ) {
    const secrets = new SecretsManagerStore(dependencies.secrets, event.RotationToken);
    // Before rotation is switched on, Secrets Manager tries the function with testSecret alone.
    if (Step !== "testSecret" && !(await secrets.isRotated(SecretId))) {
      throw new Error(`rotation is not switched on for the secret ${SecretId}`);
    }
    const managed = await managedSecrets.record(credential);
    if (managed?.rotates && managed.secretArn === SecretId) {
      const props = { secrets, secretArn: SecretId };
      return rotateWebhookSecret(props, Step, event.ClientRequestToken);
    }
    const { specification, status, attempt } = await parameters.specified(credential);
    if (specification.secretArn !== SecretId) {
      throw new Error(
        `the specification of ${credential} is for another secret, ${specification.secretArn}: apply the org's stack`,
      );
    }
    const { ClientRequestToken: version } = event;
    const note = (result: RotationAttempt["result"], error?: unknown) =>
      noteAttempt(credential, attempt, { version, step: Step, result, error });
    if (Step === "createSecret") await note("started");
    try {
      const props = {
        secrets,
        // Before a client is created: the master's value may belong to another organisation.
        api: Step === "createSecret" ? await master.provenApi() : await master.api(),
        apiAs: master.apiAs.bind(master),
        specification,
        inherited: status.inherited,
        isRetiring: async () => (await parameters.specified(credential)).retiring,
        org: {
          name: configuration.org,
          id: configuration.organizationId,
          region: configuration.region,
        },
        clock,
        onReport,
        mostClients: configuration.mostClients,
        propagation: configuration.propagation,
      };
      await rotate(props, Step, version);
    } catch (error) {
      await note("failed", error);
      throw error;
    }
    if (Step === "finishSecret") await note("succeeded");
  }

  /** Notes an attempt for people who look at the credential. The rotation goes on without the note. */
  async function noteAttempt(
    credential: string,
    before: RotationAttempt | undefined,
    progress: Progress,
  ): Promise<void> {
    const attempt = noteOf(before, progress, clock.now());
    if (!attempt) return;
    try {
      await parameters.noteAttempt(credential, attempt);
    } catch (error) {
      log(dependencies, "warn", (error as Error).message, { credential });
    }
  }

  return async (raw) => {
    const { Step: step, SecretId: secretArn } = (raw ?? {}) as Partial<RotationEvent>;
    const credential = credentialOf(configuration, `${secretArn}`);
    const fields = {
      step,
      secret: credential && `${secretNamePrefixOf(configuration)}${credential}`,
    };
    try {
      await logFailure(dependencies, fields, async () => {
        const event = readEvent(raw);
        if (credential === undefined) {
          throw new Error(
            `${event.SecretId} is not the secret of a credential below ${configuration.secretArnPrefix}: it is not rotated here`,
          );
        }
        const onReport = (problem: string) => log(dependencies, "warn", problem, fields);
        await takeStep(event, credential, onReport);
      });
      log(dependencies, "info", "done", fields);
    } finally {
      const GiveUps = master.giveUps();
      if (GiveUps > 0) print(metricsLine(configuration.org, clock.now(), { GiveUps }));
    }
  };
}

const STEPS: readonly string[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

function readEvent(raw: unknown): RotationEvent {
  const event = (raw ?? {}) as Partial<RotationEvent>;
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const problems = [
    STEPS.includes(`${event.Step}`) ? "" : `Step (one of ${STEPS.join(", ")})`,
    isText(event.SecretId) ? "" : "SecretId",
    isText(event.ClientRequestToken) ? "" : "ClientRequestToken",
    event.RotationToken === undefined || isText(event.RotationToken) ? "" : "RotationToken",
  ].filter(Boolean);
  if (problems.length === 0) return event as RotationEvent;
  throw new Error(
    `the event is not a rotation event of Secrets Manager (missing or wrong: ${problems.join(", ")})`,
  );
}

let rotator: Rotator | undefined;

/** Entry point of the Lambda function. */
export const handler: Rotator = async (event) => {
  rotator ??= createRotator();
  await rotator(event);
};
