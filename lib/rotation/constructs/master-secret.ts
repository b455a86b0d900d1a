import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../../aws/policy-document";
import { secretPolicy } from "../../aws/secret-policy";
import { Policies } from "../../policies";
import type { Org } from "../../registry/model";
import { masterSecretNameOf } from "../../registry/secret-name";
import { vaultOf } from "../../registry/vault-mount";
import { unlessPlanning } from "../../stack/provider-credential";
import { EphemeralVaultKvSecret } from "../../vault/constructs/ephemeral-vault-kv-secret";
import { arnOf, rotationRoleArnOf } from "../rotation-names";

/**
 * Added to the version of the entry. Terraform writes a write-only value again only if this sum
 * changes; earlier releases wrote `{}`, with the version alone.
 */
const VALUE_REVISION = 1_000_000;

/** Properties of a {@link MasterSecret}. */
export interface MasterSecretProps {
  readonly org: Org;
  readonly kmsKeyArn: string;
  /** @default - the stack's vault provider */
  readonly provider?: TerraformProvider;
}

/**
 * The rotator's own credential: a Vault entry, copied to AWS Secrets Manager by a write-only
 * argument, so that it is in neither state nor plan. Terraform cannot see a change of a write-only
 * value, so the registry names the version of the entry.
 *
 * A run with the planner's credential reads the planner's entry instead, since a plan must not see
 * the master's. Such a run cannot apply.
 */
export class MasterSecret extends Construct {
  readonly arn: string;
  /** The ARN, or a pattern that matches it alone. */
  readonly arnPattern: string;
  /** Resources that must exist before the value can be read. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { org, kmsKeyArn, provider }: MasterSecretProps) {
    super(scope, id);
    const { mount, entries } = vaultOf(org);
    const { masterVersion } = org.rotation;
    const read = unlessPlanning(this, org, { name: entries.master, version: masterVersion });
    const entry = new EphemeralVaultKvSecret(this, "entry", {
      provider,
      mount,
      name: read.name,
      version: read.version,
      postconditions: [
        {
          condition: `\${lower(try(self.data["org_id"], "")) == "${org.organizationId}"}`,
          errorMessage: `The Vault entry's org_id is not that of ${org.name} (${org.organizationId}): either the registry names another organisation's entry as the master, or the entry has no org_id. Correct the registry or the entry.`,
        },
        ...read.postconditions,
      ],
    });
    const container = new Construct(this, "secret");
    const secret = new SecretsmanagerSecret(container, "Resource", {
      name: masterSecretNameOf(org),
      description: `Master credential of ${org.name} for the rotator and the reconciler, copied from Vault`,
      kmsKeyId: kmsKeyArn,
      // The value is in Vault anyway.
      recoveryWindowInDays: 0,
    });
    Policies.waive(
      secret,
      "CKV2_AWS_57",
      "its value comes from Vault, where genesys-orgs rotate writes new versions",
    );
    const readers = (["rotator", "reconciler"] as const).map((role) =>
      rotationRoleArnOf(org, role),
    );
    const policy = new SecretsmanagerSecretPolicy(container, "Policy", {
      secretArn: secret.arn,
      policy: policyJson(secretPolicy({ keepers: readers })),
      blockPublicPolicy: true,
    });
    const version = new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.arn,
      secretStringWo: entry.json,
      secretStringWoVersion: masterVersion + VALUE_REVISION,
      dependsOn: [policy],
    });
    this.arn = secret.arn;
    this.arnPattern = secret.arn;
    this.ready = [version, policy];
  }
}

/**
 * Returns the master of an org whose own credentials are in Secrets Manager. The functions read its
 * secret itself. Another stack creates it, so only the ARN without the suffix of AWS is known.
 */
export function masterReadInPlace(org: Org): Pick<MasterSecret, "arn" | "arnPattern" | "ready"> {
  const arn = arnOf(org, "secretsmanager", `secret:${masterSecretNameOf(org)}`);
  return { arn, arnPattern: `${arn}-??????`, ready: [] };
}
