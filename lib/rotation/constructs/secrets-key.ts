import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Fn, Lazy, Token } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { ROLE_ARN_PATTERN } from "../../registry/patterns";
import { distinctValues, isToken, preconditionsOn } from "../../stack/tokens";
import { untaggedAwsOf } from "../../stack/untagged-aws";
import { secretsKeyAliasOf } from "../rotation-names";
import { secretsKeyPolicy } from "../secrets-key-policy";

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
      // Who may tag a new key may tag every key: the stack's other AWS provider has no default tags.
      provider: untaggedAwsOf(this),
      // Tags of an administrator, and those of earlier versions.
      lifecycle: { ignoreChanges: ["tags", "tags_all"] },
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
    if (precondition.length > 0) this.key.lifecycle = { ...this.key.lifecycle, precondition };
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
