import { readCredential } from "../secret-value/credential-value";
import { granting } from "./grants";
import { askUntilKnown, isUnknown } from "./propagation";
import type { RotationProps } from "./rotation-props";

/**
 * Gives up a version that no retry would repair, so that another rotation can begin. The reconciler
 * retires its client.
 */
export const abandon = ({ secrets, specification }: RotationProps, token: string): Promise<void> =>
  secrets.abandon(specification.secretArn, token);

/** Returns a client; undefined if it does not exist, even after the time that a new one needs. */
export const knownClient = ({ api, clock, propagation }: RotationProps, id: string) =>
  askUntilKnown(clock, () => api.oauthClient(id), isUnknown, propagation);

/** Makes a call that gives a client the roles of its specification. */
export const withGrants = <Result>(
  { api, org, specification }: RotationProps,
  call: () => Promise<Result>,
): Promise<Result> => granting(api, org.name, specification.roleDivisions, call);

/** Returns the value of the version that a rotation prepares; undefined if it has none yet. */
export async function pendingOf({ secrets, specification }: RotationProps, token: string) {
  const text = await secrets.value(specification.secretArn, token, "AWSPENDING");
  return text === undefined ? undefined : readCredential(text, `version ${token} of the secret`);
}

/** @throws Error when the credential is being retired */
export async function refuseRetiring({ isRetiring }: RotationProps): Promise<void> {
  if (!(await isRetiring?.())) return;
  throw new Error(
    "the credential is being retired: no client is created, and no version becomes the current one",
  );
}
