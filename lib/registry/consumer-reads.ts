import type { Credential, Org } from "./model";
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
      org.oauthClients
        .filter(({ consumers }) => consumers.includes(role))
        .map((credential) => readOf(org, credential)),
    );

function readOf({ name, aws }: Org, { secretName }: Pick<Credential, "secretName">): ConsumerRead {
  return {
    org: name,
    secretName,
    arn: SecretName.parse(secretName).arnPattern(aws),
    key: { arn: keyArnPatternOf(aws), region: aws.region },
  };
}
