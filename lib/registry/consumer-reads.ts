import type { OrgSecret } from "./managed-secret";
import type { Org, OrgAwsEntry } from "./model";
import { keyArnPatternOf } from "./names";
import { SecretName } from "./secret-name";

/** A secret that a role may read, by the registry. */
export interface ConsumerRead {
  readonly org: string;
  readonly secretName: string;
  /** Pattern that matches the ARN of this secret alone. */
  readonly arn: string;
  /** The secret's KMS key, as a pattern, and the region of both; undefined for AWS's own key. */
  readonly key?: { readonly arn: string; readonly region: string };
}

/** Returns the secrets that a role may read as a consumer, in the order of the registry. */
export const readsOf = (orgs: readonly Org[], role: string): ConsumerRead[] =>
  orgs
    .filter(({ retired }) => !retired)
    .flatMap((org) =>
      [
        ...org.oauthClients.map((client) => ({ ...client, key: "org" as const })),
        ...org.secrets.filter(({ value }) => value !== undefined),
      ]
        .filter(({ consumers }) => consumers.includes(role))
        .map((credential) => ({
          org: org.name,
          secretName: credential.secretName,
          ...readableOf(org.aws, credential),
        })),
    );

/** Returns a secret and its key as a reader's policy names them. */
export function readableOf(
  aws: Pick<OrgAwsEntry, "account" | "region">,
  { secretName, key }: Pick<OrgSecret, "secretName" | "key">,
): Pick<ConsumerRead, "arn" | "key"> {
  // A new key has an id that nobody knows before.
  const arn = key === "org" ? keyArnPatternOf(aws) : key === "aws" ? undefined : key.arn;
  return {
    arn: SecretName.parse(secretName).arnPattern(aws),
    ...(arn !== undefined && { key: { arn, region: aws.region } }),
  };
}
