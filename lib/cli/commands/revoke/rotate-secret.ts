import { AwsCallError } from "../../../aws/call";
import { askAws, connections, loadSecretsManager } from "../../../aws/sdk";
import { UserError } from "../../../errors";

/**
 * Begins the rotation of a secret, and does not wait for it.
 *
 * @param secret name of the secret
 * @throws UserError when AWS refuses it, such as during another rotation
 */
export async function rotateSecret(
  secret: string,
  region: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const { RotateSecretCommand, SecretsManagerClient } = loadSecretsManager();
  const client = new SecretsManagerClient({ region, requestHandler: connections() });
  const command = new RotateSecretCommand({ SecretId: secret });
  try {
    await askAws(`rotating ${secret}`, client.send(command, { abortSignal }));
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    throw new UserError(
      `${error.message.replace(/\.$/, "")}. No client was ended. See docs/rotation.md, "When it fails"; with --no-rotate, the clients are ended without a rotation`,
    );
  } finally {
    client.destroy();
  }
}
