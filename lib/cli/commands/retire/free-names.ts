import { AwsCallError } from "../../../aws/call";
import { askAws, connections, loadSecretsManager, loadSsm } from "../../../aws/sdk";
import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import {
  functionArnOf,
  type ParameterKind,
  parameterNameOf,
} from "../../../rotation/rotation-names";
import { invokeFunction } from "../../project/invoke-function";
import type { Io } from "../../terminal/io";

/** The name of a credential's secret, and what keeps it. */
export interface SecretNameState {
  readonly credential: string;
  /** Name of the secret. */
  readonly name: string;
  /**
   * `free`: AWS knows no secret of this name. `reserved`: it was deleted, and can still be restored.
   * `in use`: it exists. `freed`: it was deleted for good just now.
   */
  readonly state: "free" | "reserved" | "in use" | "freed";
}

/** Parameters that Terraform does not manage. */
const NOTES: readonly ParameterKind[] = ["attempt", "reminded", "retirement", "status"];

/**
 * Frees the names of destroyed secrets, which AWS otherwise reserves until nobody can restore them any
 * more. It uses the operator's AWS credentials, so that no function may delete a secret for good.
 *
 * @param credentials names; empty for all credentials of the registry
 * @param yes whether the names are freed, and not only shown
 * @throws UserError before anything is changed, when a credential is not destroyed, or one of its
 *   clients is alive
 */
export async function freeNames(
  io: Io,
  org: OrgReport,
  credentials: readonly string[],
  yes: boolean,
): Promise<readonly SecretNameState[]> {
  const { DeleteSecretCommand, SecretsManagerClient } = loadSecretsManager();
  const { DeleteParametersCommand, SSMClient } = loadSsm();
  const aim = { region: org.aws.region, requestHandler: connections() };
  const secrets = new SecretsManagerClient(aim);
  const parameters = new SSMClient(aim);
  const { signal: abortSignal } = io;
  try {
    const names = credentials.length > 0 ? credentials : org.oauthClients;
    const found: SecretNameState[] = [];
    for (const credential of names) {
      // A credential that is not an OAuth client may have another root.
      const planned = org.secrets.find((secret) => secret.name === credential);
      const name = planned?.secretName ?? `${org.secretPrefix}${credential}`;
      found.push({ credential, name, state: await stateOf(secrets, name, abortSignal) });
    }
    const reserved = found.filter(({ state }) => state === "reserved");
    const used = found.find(({ state }) => state === "in use");
    if (credentials.length > 0 && used) {
      throw new UserError(
        `${org.name}: the secret of ${used.credential} exists, so its name was not freed: retire the credential and destroy it first`,
      );
    }
    for (const { credential } of reserved) {
      await refuseSpecified(parameters, org, credential, abortSignal);
      await refuseAlive(org, credential, abortSignal);
    }
    if (!yes) return found;
    for (const { credential, name } of reserved) {
      const folder = `${org.secretPrefix}${credential}`;
      const Names = NOTES.map((kind) => parameterNameOf(folder, kind));
      const forgotten = parameters.send(new DeleteParametersCommand({ Names }), { abortSignal });
      await askAws(`deleting the notes of ${name}`, forgotten);
      const input = { SecretId: name, ForceDeleteWithoutRecovery: true };
      const deleted = secrets.send(new DeleteSecretCommand(input), { abortSignal });
      await askAws(`deleting ${name}`, deleted);
    }
    return found.map((each) => (each.state === "reserved" ? { ...each, state: "freed" } : each));
  } finally {
    secrets.destroy();
    parameters.destroy();
  }
}

type Client<Name extends "SecretsManagerClient" | "SSMClient"> = Name extends "SSMClient"
  ? InstanceType<ReturnType<typeof loadSsm>["SSMClient"]>
  : InstanceType<ReturnType<typeof loadSecretsManager>["SecretsManagerClient"]>;

async function stateOf(
  secrets: Client<"SecretsManagerClient">,
  SecretId: string,
  abortSignal: AbortSignal,
): Promise<SecretNameState["state"]> {
  const { DescribeSecretCommand } = loadSecretsManager();
  const answer = secrets.send(new DescribeSecretCommand({ SecretId }), { abortSignal });
  try {
    const { DeletedDate } = await askAws(`looking at ${SecretId}`, answer);
    return DeletedDate === undefined ? "in use" : "reserved";
  } catch (error) {
    if (error instanceof AwsCallError && error.code === "ResourceNotFoundException") return "free";
    throw error;
  }
}

/** A person deleted the secret, but not Terraform: the credential may still be wanted. */
async function refuseSpecified(
  parameters: Client<"SSMClient">,
  org: OrgReport,
  credential: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const { GetParametersCommand } = loadSsm();
  const folder = `${org.secretPrefix}${credential}`;
  // Terraform writes the one for an OAuth client, and the other for any other credential.
  const kinds = ["specification", "managed"] as const;
  const Names = kinds.map((kind) => parameterNameOf(folder, kind));
  const answer = parameters.send(new GetParametersCommand({ Names }), { abortSignal });
  const { Parameters = [] } = await askAws(`looking at ${Names[0]}`, answer);
  if (Parameters.length === 0) return;
  throw new UserError(
    `${org.name}: somebody deleted the secret of ${credential}, but the org's stack still has the credential, so no name was freed: restore the secret, or retire and destroy the credential`,
  );
}

/**
 * Asks the reconciler as Terraform does before a destroy. Without a reconciler, the stack was destroyed,
 * and Terraform has asked.
 */
async function refuseAlive(org: OrgReport, credential: string, signal: AbortSignal): Promise<void> {
  try {
    const question = { credential, tf: { action: "delete" } };
    await invokeFunction(functionArnOf(org, "reconciler"), question, signal);
  } catch (error) {
    const isGone = error instanceof AwsCallError && error.code === "ResourceNotFoundException";
    if (!isGone) throw error;
  }
}
