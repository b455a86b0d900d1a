import { randomBytes } from "node:crypto";
import type { Step } from "./rotate";
import type { SecretStore } from "./secret-store";

/** Inputs of the rotation of a webhook's secret. */
export interface WebhookSecretProps {
  readonly secrets: SecretStore;
  readonly secretArn: string;
  /**
   * Returns a new secret.
   * @default - 256 random bits, in base64url
   */
  readonly random?: () => string;
}

/** The value of a webhook's secret. Its consumer accepts calls with either of the two. */
interface WebhookValue {
  readonly secret: string;
  /** The secret of the previous version; undefined in the first one. */
  readonly previousSecret?: string;
}

/**
 * Does one step of the rotation of a webhook's secret. The value is made here, so there is nothing to set
 * elsewhere. Every step can be repeated: a version keeps the first value that was put into it.
 *
 * @param token ClientRequestToken: the id of the version that will become the current one
 * @throws Error when the step fails; Secrets Manager then starts again
 */
export async function rotateWebhookSecret(
  props: WebhookSecretProps,
  step: Step,
  token: string,
): Promise<void> {
  const { secrets, secretArn } = props;
  const { versions } = await secrets.history(secretArn);
  const version = versions.find(({ id }) => id === token);
  if (!version) throw new Error(`the secret has no version ${token}`);
  if (version.stages.includes("AWSCURRENT")) return;
  if (!version.stages.includes("AWSPENDING")) {
    throw new Error(`version ${token} of the secret is not labelled AWSPENDING`);
  }
  const current = versions.find(({ stages }) => stages.includes("AWSCURRENT"))?.id;
  switch (step) {
    case "createSecret":
      return create(props, token, current);
    case "setSecret":
      return;
    case "testSecret":
      // Empty, if rotation is set up without an immediate rotation.
      await pendingOf(props, token);
      return;
    case "finishSecret":
      if (!(await pendingOf(props, token))) {
        throw new Error(`version ${token} of the secret has no value`);
      }
      return secrets.promote(secretArn, token, current);
  }
}

async function create(props: WebhookSecretProps, token: string, current: string | undefined) {
  const { secrets, secretArn, random = () => randomBytes(32).toString("base64url") } = props;
  if (await pendingOf(props, token)) return;
  const text = current && (await secrets.value(secretArn, current, "AWSCURRENT"));
  const previousSecret = text ? read(text, "the current version").secret : undefined;
  const value: WebhookValue = { secret: random(), previousSecret };
  try {
    await secrets.putPending(secretArn, token, JSON.stringify(value));
  } catch (error) {
    // Another attempt was first, or only the answer was lost: the version has a value that nobody used.
    if (!(await pendingOf(props, token).catch(() => undefined))) throw error;
  }
}

async function pendingOf({ secrets, secretArn }: WebhookSecretProps, token: string) {
  const text = await secrets.value(secretArn, token, "AWSPENDING");
  return text === undefined ? undefined : read(text, `version ${token}`);
}

/** @throws Error that does not repeat the value */
function read(text: string, what: string): WebhookValue {
  const { secret } = parsed(text);
  if (typeof secret === "string" && secret !== "") return { secret };
  throw new Error(
    `${what} of the secret is not a JSON document with the text "secret": put such a value, or delete the secret and apply the org's stack`,
  );
}

function parsed(text: string): { readonly secret?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { secret?: unknown };
  } catch {
    return {};
  }
}
