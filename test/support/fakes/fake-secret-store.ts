import { randomUUID } from "node:crypto";
import type { SecretStore } from "../../../lib/rotation/secret-store";
import type { FakeSecret } from "./fake-secrets-manager";

/**
 * Returns a store of fake secrets.
 *
 * @param secretOf returns undefined for a secret that does not exist
 * @param outside makes each call; a test may delay or fail it
 */
export function secretStoreOf(
  secretOf: (arn: string) => FakeSecret | undefined,
  outside = async <Result>(effect: () => Result | Promise<Result>): Promise<Result> => effect(),
): SecretStore {
  const existing = (arn: string): FakeSecret => {
    const secret = secretOf(arn);
    if (!secret) throw new Error(`there is no secret ${arn}`);
    return secret;
  };
  return {
    exists: (arn) => outside(() => secretOf(arn) !== undefined),
    history: (arn) =>
      outside(() => {
        const { versions, changedAt, accessedAt } = existing(arn);
        const list = [...versions].map(([id, { stages, createdAt }]) => ({
          id,
          stages: [...stages],
          createdAt,
        }));
        return { versions: list, changedAt, accessedAt };
      }),
    value: (arn, versionId, stage) =>
      outside(() => {
        try {
          return existing(arn).get(versionId, stage);
        } catch {
          return undefined;
        }
      }),
    putPending: (arn, versionId, value) =>
      outside(() => existing(arn).put(versionId, value, ["AWSPENDING"])),
    promote: (arn, versionId, from) =>
      outside(() => existing(arn).move("AWSCURRENT", versionId, from)),
    rotate: (arn) => outside(() => existing(arn).rotate(randomUUID())),
    abandon: (arn, versionId) =>
      outside(() => existing(arn).move("AWSPENDING", undefined, versionId)),
  };
}
