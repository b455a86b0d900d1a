import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { policyJson } from "../aws/policy-document";
import { UserError } from "../errors";
import { Policies } from "../policies";
import type { Org } from "../registry/model";
import { VAULT_CREDENTIALS } from "../registry/names";
import { SecretName } from "../registry/secret-name";
import { secretsUsePolicy } from "../rotation/secrets-key-policy";
import { ownSecretPolicy } from "./own-secret-policy";

/** Properties of {@link OwnCredentialSecrets}. */
export interface OwnCredentialSecretsProps {
  readonly org: Org;
  /**
   * AWS provider of the org's account.
   * @default - the stack's own, which must be of that account
   */
  readonly provider?: TerraformProvider;
}

/**
 * The containers of an org's own credentials (deployer, planner, master) in Secrets Manager, for an org
 * whose registry entry has `credentials`. They have a key and a resource policy, and no value: a person
 * writes the first ones, and `genesys-orgs rotate` the next ones. State admins run the stack, since the
 * org's own roles must not decide who reads its deployer. {@link OrgStateAccess} has one where the org's
 * account is the home's. In another account, the role that deploys the stack must be one of
 * `credentials.operators`, because nobody else can change the secrets.
 *
 * - encrypted with a key of their own: CKV_AWS_149
 * - readable by the roles that need the credential, whatever the policies of other roles allow
 *
 * @throws UserError when the org keeps its credentials in Vault
 */
export class OwnCredentialSecrets extends Construct {
  constructor(scope: Construct, id: string, { org, provider }: OwnCredentialSecretsProps) {
    super(scope, id);
    const { credentials } = org;
    if (!credentials) {
      throw new UserError(
        `${this.node.path}: ${org.name} keeps its own credentials in Vault: set credentials in its entry in the registry, or remove this construct`,
      );
    }
    const { account, region } = org.aws;
    const place = { region, provider };
    const patterns = VAULT_CREDENTIALS.map((credential) =>
      SecretName.parse(credentials.secrets[credential]).arnPattern(org.aws),
    );
    const key = new KmsKey(this, "key", {
      ...place,
      description: `Encrypts the own credentials of ${org.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyJson(secretsUsePolicy(org, [account], patterns)),
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", {
      ...place,
      name: `alias/genesys-credentials/${org.name}`,
      targetKeyId: key.keyId,
    });
    for (const credential of VAULT_CREDENTIALS) {
      const container = new Construct(this, credential);
      const secret = new SecretsmanagerSecret(container, "Resource", {
        ...place,
        name: credentials.secrets[credential],
        description: `${credential} of ${org.name}: genesys-orgs rotate writes its value`,
        kmsKeyId: key.arn,
        lifecycle: { preventDestroy: true },
      });
      Policies.waive(
        secret,
        "CKV2_AWS_57",
        "genesys-orgs rotate writes its values, as an operator or a scheduled job",
      );
      new SecretsmanagerSecretPolicy(container, "Policy", {
        ...place,
        secretArn: secret.arn,
        policy: policyJson(ownSecretPolicy(org, credential)),
        blockPublicPolicy: true,
      });
    }
  }
}
