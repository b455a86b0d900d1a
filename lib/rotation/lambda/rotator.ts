import { rotate, type Step } from "../rotate";
import { credentialOf, secretNamePrefixOf } from "./configuration";
import { type Dependencies, resolveDependencies } from "./dependencies";
import { log, logFailure } from "./log";
import { Master } from "./master";
import { metricsLine } from "./metrics";
import { SecretsManagerStore } from "./secrets-manager-store";
import { Specifications } from "./specifications";

/** What Secrets Manager invokes the rotator with, once for each step. */
export interface RotationEvent {
  readonly Step: Step;
  /** ARN of the secret. */
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken?: string;
}

export type Rotator = (event: unknown) => Promise<void>;

/** Rotates the credentials of one org, one step at a time. */
export function createRotator(overrides: Partial<Dependencies> = {}): Rotator {
  const dependencies = resolveDependencies(overrides);
  const { configuration, clock, print } = dependencies;
  const master = new Master(dependencies);
  const specifications = new Specifications(dependencies.parameters, configuration);

  async function takeStep({ Step, SecretId, ...event }: RotationEvent, credential: string) {
    const secrets = new SecretsManagerStore(dependencies.secrets, event.RotationToken);
    // Before rotation is switched on, Secrets Manager tries the function with this step alone.
    if (Step !== "testSecret" && !(await secrets.isRotated(SecretId))) {
      throw new Error("rotation of the secret is not switched on");
    }
    const { specification } = await specifications.of(credential);
    if (specification.secretArn !== SecretId) {
      throw new Error(`the specification of ${credential} is for ${specification.secretArn}`);
    }
    const props = {
      secrets,
      api: await master.api(),
      apiAs: master.apiAs.bind(master),
      specification,
      isRetiring: async () => (await specifications.of(credential)).retiring,
      org: { id: configuration.organizationId, region: configuration.region },
      clock,
      mostClients: configuration.mostClients,
      propagation: configuration.propagation,
    };
    await rotate(props, Step, event.ClientRequestToken);
  }

  return async (raw) => {
    const { Step: step, SecretId: secretArn } = (raw ?? {}) as Partial<RotationEvent>;
    const credential = credentialOf(configuration, `${secretArn}`);
    const about = {
      step,
      secret: credential && `${secretNamePrefixOf(configuration)}${credential}`,
    };
    try {
      await logFailure(dependencies, about, async () => {
        const event = readEvent(raw);
        if (credential === undefined) {
          throw new Error(
            `${event.SecretId} is no credential's secret below ${configuration.secretArnPrefix}: it is not rotated here`,
          );
        }
        await takeStep(event, credential);
      });
      log(dependencies, "info", "done", about);
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
  throw new Error(`this is no event of a rotation: it has no ${problems.join(", no ")}`);
}

let rotator: Rotator | undefined;

/** Entry of the Lambda function. */
export const handler: Rotator = async (event) => {
  rotator ??= createRotator();
  await rotator(event);
};
