import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { conditional, type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import { secretPolicy } from "../../aws/secret-policy";
import { Policies } from "../../policies";
import type { Org } from "../../registry/model";
import { masterSecretNameOf } from "../../registry/names";
import { CREDENTIAL_VARIABLE, credentialOfStack } from "../../stack/provider-credential";
import { EphemeralVaultKvSecret } from "../../vault/constructs/ephemeral-vault-kv-secret";
import { rotationRoleArnOf } from "../rotation-names";

/** Properties of a {@link MasterSecret}. */
export interface MasterSecretProps {
  readonly org: Org;
  readonly kmsKeyArn: string;
  /** @default - the stack's vault provider */
  readonly provider?: TerraformProvider;
}

/**
 * The credential that the rotator works with: an entry of Vault, carried into AWS Secrets Manager
 * by a write-only argument, so that neither state nor plan has it. Which version of the entry is
 * the registry's to say; Terraform cannot see a write-only value change.
 *
 * A run with the planner's credential reads the planner's entry in its place: what plans must not
 * see the master's. It may not apply, either.
 */
export class MasterSecret extends Construct {
  readonly arn: string;
  /** What has to be there before the value can be read. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { org, kmsKeyArn, provider }: MasterSecretProps) {
    super(scope, id);
    const { mount, entries } = org.vault;
    const { masterVersion } = org.rotation;
    const credential = credentialOfStack(this);
    const planning = credential && Op.eq(credential, "planner");
    const entry = new EphemeralVaultKvSecret(this, "entry", {
      provider,
      mount,
      name: planning
        ? Token.asString(conditional(planning, entries.planner, entries.master))
        : entries.master,
      version: planning
        ? Token.asNumber(conditional(planning, Token.nullValue(), masterVersion))
        : masterVersion,
      postconditions: [
        {
          condition: `\${lower(try(self.data["org_id"], "")) == "${org.organizationId}"}`,
          errorMessage: `The Vault entry's org_id is not that of ${org.name} (${org.organizationId}): the registry names the entry of another organisation as its master, or the entry has no org_id.`,
        },
        ...(credential
          ? [
              {
                condition: `\${!(terraform.applying && var.${CREDENTIAL_VARIABLE} == "planner")}`,
                errorMessage: "The planner's credential can plan, and not apply.",
              },
            ]
          : []),
      ],
    });
    const container = new Construct(this, "secret");
    const secret = new SecretsmanagerSecret(container, "Resource", {
      name: masterSecretNameOf(org),
      description: `What the rotator of ${org.name} works with, as Vault has it`,
      kmsKeyId: kmsKeyArn,
      // Vault has it anyway.
      recoveryWindowInDays: 0,
    });
    Policies.waive(
      secret,
      "CKV2_AWS_57",
      "it follows Vault: genesys-orgs rotate makes a new one there, and the registry names it",
    );
    const readers = (["rotator", "reconciler"] as const).map((role) =>
      rotationRoleArnOf(org, role),
    );
    const policy = new SecretsmanagerSecretPolicy(container, "Policy", {
      secretArn: secret.arn,
      policy: policyJson(secretPolicy([], readers)),
      blockPublicPolicy: true,
    });
    const version = new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.arn,
      secretStringWo: entry.json,
      secretStringWoVersion: masterVersion,
      dependsOn: [policy],
    });
    this.arn = secret.arn;
    this.ready = [version, policy];
  }
}
