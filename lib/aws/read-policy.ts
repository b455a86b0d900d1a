import { allow, type PolicyStatement } from "./policy-document";
import { READ_SECRET } from "./secret-policy";

/** A secret that a consumer reads. */
export interface ReadableSecret {
  /** ARN of the secret, or a pattern that matches this secret alone. */
  readonly arn: string;
  /**
   * The secret's KMS key: its ARN, or a pattern that matches it, and the AWS region of the secret.
   * @default - AWS's own key, which needs no permission
   */
  readonly key?: { readonly arn: string; readonly region: string };
}

/**
 * Returns the permissions of a consumer: to read exactly these secrets, and to use their keys for these
 * secrets alone, through Secrets Manager of their region. Secrets Manager gives KMS the ARN of the secret
 * as encryption context (AWS: Secret encryption and decryption).
 */
export function readPolicyOf(secrets: readonly ReadableSecret[]): PolicyStatement[] {
  if (secrets.length === 0) return [];
  const byKey = new Map<string, { key: { arn: string; region: string }; arns: string[] }>();
  for (const { arn, key } of secrets) {
    if (!key) continue;
    const id = `${key.region} ${key.arn}`;
    byKey.set(id, { key, arns: [...(byKey.get(id)?.arns ?? []), arn] });
  }
  return [
    allow(
      "ReadCredentials",
      READ_SECRET,
      secrets.map(({ arn }) => arn),
    ),
    ...[...byKey.values()].map(({ key, arns }, index) =>
      allow(`DecryptCredentials${index === 0 ? "" : index + 1}`, ["kms:Decrypt"], [key.arn], {
        StringEquals: { "kms:ViaService": `secretsmanager.${key.region}.amazonaws.com` },
        StringLike: { "kms:EncryptionContext:SecretARN": arns },
      }),
    ),
  ];
}
