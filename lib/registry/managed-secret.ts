import type { CredentialKind } from "./classification";
import type { Classification, ClassificationEntry } from "./classification-entry";

/** Kind of a credential that is not an OAuth client of Genesys Cloud. */
export type ManagedSecretKind = Exclude<CredentialKind, `genesys-${string}`>;

/**
 * The entry of a credential that is not an OAuth client of Genesys Cloud: an API key of CXone or of a
 * third party, a webhook's secret, a certificate.
 */
export interface ManagedSecretEntry {
  /**
   * Name of the credential as its consumers know it, in kebab-case. No OAuth client of the organisation
   * has the same name.
   * @example "studio-deployer"
   */
  readonly name: string;
  /**
   * First part of the secret's name, in kebab-case: the product that the credential opens.
   * @default "genesys"
   * @example "cxone"
   */
  readonly root?: string;
  /** Kind of the credential, which its class follows from unless `classification` says otherwise. */
  readonly kind: ManagedSecretKind;
  /**
   * Purpose of the credential, in at most 200 characters.
   * @default - `<name> of <org>`
   * @example "Deploys scripts to CXone Studio"
   */
  readonly description?: string;
  /** How sensitive the credential is, how often it must be replaced, and who is responsible for it. */
  readonly classification?: ClassificationEntry;
  /**
   * Workloads that may read the secret: names of consumers of the registry, or ARNs of IAM roles.
   * @default - none
   * @example ["studio-deployer"]
   */
  readonly consumers?: readonly string[];
  /**
   * Where the value comes from. It is never written here.
   * @default - from outside; no secret at all with `rotatedElsewhere`
   */
  readonly value?: ManagedSecretValue;
  /**
   * Whether the rotator makes the value and replaces it on schedule. Only for a webhook's secret whose
   * consumer takes both the secret and the previous one.
   * @default false
   */
  readonly rotates?: boolean;
  /**
   * Who replaces the credential without this library, for example a service mesh. It then has neither a
   * schedule nor reminders, and counts as overdue never.
   * @default - nobody
   * @example "Istio"
   */
  readonly rotatedElsewhere?: string;
  /**
   * ARN of a KMS key of your own for the secret.
   * @default - the organisation's key for a critical or high credential, and for one with a reader in
   *   another account; otherwise AWS's own key
   * @example "arn:aws:kms:us-east-1:111111111111:key/0b5c7b7e-1f0a-4d1b-9a55-0c9b8e2d6a01"
   */
  readonly kmsKeyArn?: string;
  /**
   * Copies of the secret in other regions, which Secrets Manager keeps up to date.
   * @default - none
   */
  readonly replicas?: readonly SecretReplicaEntry[];
}

/** A copy of a secret in another region. */
export interface SecretReplicaEntry {
  /**
   * AWS region of the copy.
   * @example "eu-west-1"
   */
  readonly region: string;
  /**
   * ARN of the KMS key of the copy, in that region. A critical or high credential needs one.
   * @default - AWS's own key
   * @example "arn:aws:kms:eu-west-1:111111111111:key/0b5c7b7e-1f0a-4d1b-9a55-0c9b8e2d6a01"
   */
  readonly kmsKeyArn?: string;
}

/** Where the value of a secret comes from. */
export type ManagedSecretValue = ValueFromOutside | ValueFromVault;

/** A value that somebody or something puts into the secret with `PutSecretValue`. */
export interface ValueFromOutside {
  /** `outside`: Terraform makes the empty secret, and somebody else puts the value. */
  readonly source: "outside";
}

/** A value that Terraform copies from Vault, by a write-only argument: neither state nor plan has it. */
export interface ValueFromVault {
  /** `vault`: from an entry of the organisation's KV mount. */
  readonly source: "vault";
  /**
   * Name of the entry below the mount, without `data/`.
   * @example "genesys/production/na-prod/zendesk"
   */
  readonly entry: string;
  /**
   * Field of the entry whose text is the value.
   * @default - the whole entry, as a JSON document
   * @example "api_key"
   */
  readonly field?: string;
  /** Version of the entry. To copy a newer one, raise this number and apply the stack. */
  readonly version: number;
}

/** A checked credential that is not an OAuth client, with its names derived and its defaults filled in. */
export interface OrgSecret {
  readonly name: string;
  readonly root: string;
  readonly kind: ManagedSecretKind;
  readonly description: string;
  readonly classification: Classification;
  /** ARNs of the roles that may read the secret. */
  readonly consumers: readonly string[];
  /** Undefined where no value is kept here: the credential is only recorded. */
  readonly value?: ManagedSecretValue;
  readonly rotates: boolean;
  readonly rotatedElsewhere?: string;
  /** The key that encrypts it: an ARN, the organisation's own key, or AWS's own. */
  readonly key: { readonly arn: string } | "org" | "aws";
  readonly replicas: readonly SecretReplicaEntry[];
  /** `/<root>/<environment>/<project>/<name>`. */
  readonly secretName: string;
}

/** Whether the org's functions watch a credential: somebody must replace it, or the rotator does. */
export const isWatched = ({ value, rotatedElsewhere }: OrgSecret): boolean =>
  value !== undefined && rotatedElsewhere === undefined;
