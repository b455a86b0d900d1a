import type { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { UserError } from "../errors";
import { isWatched, type OrgSecret, type ValueFromVault } from "../registry/managed-secret";
import type { Org } from "../registry/model";
import { reportSecret } from "../registry/report";
import { vaultOf } from "../registry/vault-mount";
import { OrgRotation } from "../rotation/constructs/org-rotation";
import { SecretUpkeep } from "../rotation/constructs/secret-upkeep";
import { rotationRoleArnOf } from "../rotation/rotation-names";
import { orgFor } from "../stack/org-of-stack";
import { unlessPlanning } from "../stack/provider-credential";
import { EphemeralVaultKvSecret } from "../vault/constructs/ephemeral-vault-kv-secret";
import { markSecret } from "./created-clients";
import { CredentialSecret, type StackRole } from "./credential-secret";
import { OnRotated, type RotatedTarget } from "./on-rotated";

/** Properties of a {@link ManagedSecret}. There is none for a value, since Terraform would keep it. */
export interface ManagedSecretProps {
  /**
   * The organisation that the credential belongs to.
   * @default - the organisation of the stack
   */
  readonly org?: Org;
  /** One of the organisation's `secrets`. */
  readonly secret: OrgSecret;
  /**
   * Vault provider that reads the value.
   * @default - the stack's vault provider
   */
  readonly vault?: TerraformProvider;
}

/**
 * A credential that is not an OAuth client of Genesys Cloud: its container in Secrets Manager, with a
 * policy for its consumers, a key, and copies in other regions. The value comes from outside, or from
 * Vault by a write-only argument, and never passes through Terraform's state or plan. Before the
 * credential is due, the org's reconciler sends reminders; a webhook's secret can rotate by itself.
 *
 * A credential that others rotate and keep is only recorded: the construct creates nothing for it.
 *
 * @throws UserError when the registry has no such secret of the org, or another stack rotates the org's
 *   credentials
 */
export class ManagedSecret extends Construct {
  /** Container of the credential; undefined where no value is kept here. */
  readonly secret?: SecretsmanagerSecret;
  private readonly secretName: string;
  private readonly container?: CredentialSecret;
  private readonly rotation?: OrgRotation;

  constructor(scope: Construct, id: string, props: ManagedSecretProps) {
    super(scope, id);
    const { secret } = props;
    const org = orgFor(this, props.org);
    this.secretName = secret.secretName;
    const { value, classification, consumers, rotates, rotatedElsewhere, key } = secret;
    // The permissions of the org's roles follow from the registry.
    if (!org.secrets.some((known) => known.secretName === secret.secretName)) {
      throw new UserError(
        `${this.node.path}: the registry has no secret ${secret.secretName} of ${org.name}. Add it to secrets of the organisation's entry`,
      );
    }
    markSecret(this, org, reportSecret(secret));
    if (value === undefined) return;
    const watched = isWatched(secret);
    if (watched || key === "org") this.rotation = OrgRotation.of(this, org);
    if (key === "org") this.rotation?.key.admit([...consumers, ...org.breakGlassRoles]);
    const rotator = rotationRoleArnOf(org, "rotator");
    this.container = new CredentialSecret(this, "Secret", {
      secretName: secret.secretName,
      description: `${secret.kind} of ${org.name}: ${secret.description}`,
      classification,
      rotatedElsewhere,
      rotates,
      consumers,
      breakGlass: org.breakGlassRoles,
      keepers: rotates ? [rotator] : [],
      writers: rotates ? [rotator] : undefined,
      kmsKeyArn: key === "org" ? this.rotation?.key.arn : key === "aws" ? undefined : key.arn,
      region: org.aws.region,
      replicas: secret.replicas,
    });
    this.secret = this.container.secret;
    if (value.source === "vault") this.copyFromVault(org, value, props.vault);
    if (watched && this.rotation) {
      new SecretUpkeep(this, "Upkeep", {
        org,
        rotation: this.rotation,
        secret,
        container: this.container,
      });
    }
  }

  /**
   * Lets a role of the same stack read the credential. `consumers` in the registry is for other roles.
   *
   * @throws UserError when the role belongs to another stack, or no value is kept here
   */
  grantRead(role: StackRole): void {
    if (!this.container) {
      throw new UserError(
        `${this.node.path}: no value is kept here, so nobody can read it. Give the secret a value in the registry`,
      );
    }
    this.container.grantRead(role);
    this.rotation?.key.admit([role.arn]);
  }

  /**
   * Tells a consumer that reads the credential at its start only that there is a new value.
   *
   * @throws UserError as {@link OnRotated} does
   */
  onRotated(id: string, target: RotatedTarget): OnRotated {
    return new OnRotated(this, id, { secretName: this.secretName, ...target });
  }

  /** Copies the value by a write-only argument. Terraform cannot see its changes, so it has a version. */
  private copyFromVault(
    org: Org,
    { entry, field, version }: ValueFromVault,
    vault?: TerraformProvider,
  ) {
    if (!this.container) return;
    const { valueOrText, ...read } = unlessPlanning(this, org, { name: entry, version });
    const opened = new EphemeralVaultKvSecret(this, "entry", {
      provider: vault,
      mount: vaultOf(org).mount,
      ...read,
    });
    new SecretsmanagerSecretVersion(this, "Value", {
      secretId: this.container.arn,
      secretStringWo: valueOrText(field === undefined ? opened.json : opened.field(field)),
      secretStringWoVersion: version,
      // Nobody else may read the value from the beginning.
      dependsOn: [this.container.policy],
    });
  }
}
