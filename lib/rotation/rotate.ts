import { UserError } from "../errors";
import { ApiError } from "../http/api-error";
import type { CredentialValue } from "../secret-value/credential-value";
import { createSecret } from "./create-client";
import { refuseLacking } from "./grants";
import { deliver, integrationsOf, lostReport } from "./integration-credentials";
import { abandon, knownClient, pendingOf, refuseRetiring, withGrants } from "./pending-version";
import { isUnknown } from "./propagation";
import { prove } from "./prove";
import type { RotationProps } from "./rotation-props";
import type { SecretVersion } from "./secret-store";
import { isAsSpecified, updateOf } from "./specified-client";

/** The steps of a rotation by Secrets Manager. */
export type Step = "createSecret" | "setSecret" | "testSecret" | "finishSecret";

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

/** Age from which a version is not merely too new to work. Milliseconds. */
const SETTLED = 5 * 60_000;

/**
 * Proves the version's credential, and gives the version up if no retry can help.
 * @returns the version's credential; undefined if it has none
 * @throws Error when the credential does not work
 */
async function provePending(
  props: RotationProps,
  version: SecretVersion,
): Promise<CredentialValue | undefined> {
  const { apiAs, org, clock, propagation } = props;
  const { id: token, createdAt = clock.now() } = version;
  const credential = await pendingOf(props, token);
  if (!credential) return undefined;
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
  return credential;
}

/**
 * Moves the label, and does nothing afterwards, since a failure there would repeat the step. The
 * credential is proven once more, so that in any order of the steps only a working one is promoted.
 * Integrations get it before: they must have it when the client of the previous version is retired.
 */
async function finishSecret(
  props: RotationProps,
  version: SecretVersion,
  current: string | undefined,
): Promise<void> {
  const { api, org, secrets, specification, onReport } = props;
  const value = await provePending(props, version);
  if (!value) throw new Error(`version ${version.id} of the secret has no value`);
  const targets = integrationsOf(specification);
  const lost = await deliver({ api, org: org.name, targets, value });
  for (const target of lost) onReport?.(lostReport(target));
  await secrets.promote(specification.secretArn, version.id, current);
}
