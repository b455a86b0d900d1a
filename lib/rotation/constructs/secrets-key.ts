import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Fn, Lazy, Token } from "cdktf";
import { Construct } from "constructs";
import { ADMINISTER_KEY } from "../../aws/key-administration";
import { type PolicyStatement, policyJson } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { partitionOf } from "../../registry/names";
import { ROLE_ARN_PATTERN } from "../../registry/patterns";
import { distinctValues, isToken, preconditionsOn } from "../../stack/tokens";
import {
  arnOf,
  logGroupNameOf,
  ROTATION_FUNCTIONS,
  SECRETS_KEY_TAG,
  secretsKeyAliasOf,
} from "../rotation-names";

/** Properties of a {@link SecretsKey}. */
export interface SecretsKeyProps {
  readonly org: Org;
}

/**
 * The KMS key of an org's secrets and of the logs of its rotation. Like AWS's own key for Secrets
 * Manager, anyone who may read a secret may use it, but only through Secrets Manager. Unlike AWS's
 * own key, it also serves consumers in other accounts.
 */
export class SecretsKey extends Construct {
  readonly arn: string;
  private readonly key: KmsKey;
  private readonly org: Org;
  private readonly accounts: Set<string>;
  /** ARNs of roles that are known to Terraform at apply time only. */
  private tokens: readonly string[] = [];

  constructor(scope: Construct, id: string, { org }: SecretsKeyProps) {
    super(scope, id);
    this.org = org;
    this.accounts = new Set([org.aws.account]);
    this.key = new KmsKey(this, "key", {
      description: `Encrypts the secrets of ${org.name} and the logs of their rotation`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: Lazy.stringValue({ produce: () => this.policyDocument() }),
      tags: { [SECRETS_KEY_TAG]: org.name },
    });
    new KmsAlias(this, "alias", { name: secretsKeyAliasOf(org), targetKeyId: this.key.keyId });
    this.arn = this.key.arn;
  }

  /**
   * Lets the accounts of these roles use the key through Secrets Manager.
   *
   * @param roles ARNs; each may be a token
   */
  admit(roles: readonly string[]): void {
    this.tokens = distinctValues(this, [...this.tokens, ...roles.filter(isToken)]);
    for (const arn of roles) {
      if (!isToken(arn)) this.accounts.add(arn.split(":")[4] ?? "");
    }
    // Before the account of something else than a role may use the key.
    const precondition = preconditionsOn(
      this.tokens,
      ROLE_ARN_PATTERN,
      () =>
        `${this.org.name}: every consumer of a credential must be the full ARN of one IAM role, without wildcards.`,
    );
    if (precondition.length > 0) this.key.lifecycle = { precondition };
  }

  private policyDocument(): string {
    const { org } = this;
    const accounts = [...this.accounts].sort();
    if (this.tokens.length === 0) return policyJson(secretsKeyPolicy(org, accounts));
    // AWS keeps each account once: a second time would be a change in every plan.
    const known = this.tokens.map((arn) => Token.asString(Fn.element(Fn.split(":", arn), 4)));
    const all = Fn.sort(Fn.distinct([...accounts, ...known]));
    return Fn.jsonencode({ Version: "2012-10-17", Statement: secretsKeyPolicy(org, all) });
  }
}

/**
 * Returns the policy of the key.
 * @param accounts accounts whose principals may use it, for the secrets that admit them
 */
export function secretsKeyPolicy(org: Org, accounts: readonly string[]): PolicyStatement[] {
  const { region, account } = org.aws;
  const throughSecretsManager = (
    Sid: string,
    Action: string[],
    callers: readonly string[],
  ): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action,
    Resource: ["*"],
    Condition: {
      StringEquals: {
        "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
        "kms:CallerAccount": callers,
      },
    },
  });
  return [
    {
      Sid: "Administer",
      Effect: "Allow",
      Principal: { AWS: [`arn:${partitionOf(region)}:iam::${account}:root`] },
      Action: ADMINISTER_KEY,
      Resource: ["*"],
    },
    throughSecretsManager("Read", ["kms:Decrypt"], accounts),
    throughSecretsManager("Write", ["kms:DescribeKey", "kms:GenerateDataKey"], [account]),
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Decrypt*",
        "kms:Describe*",
        "kms:Encrypt*",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
      ],
      Resource: ["*"],
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": ROTATION_FUNCTIONS.map((part) =>
            arnOf(org, "logs", `log-group:${logGroupNameOf(org, part)}`),
          ),
        },
      },
    },
  ];
}
