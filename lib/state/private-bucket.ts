import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { type PolicyStatement, policyJson } from "../aws/policy-document";
import { Policies } from "../policies";

/** Properties of a {@link PrivateBucket}. */
export interface PrivateBucketProps {
  readonly name: string;
  readonly policy: readonly PolicyStatement[];
  /**
   * ARN of the KMS key that encrypts by default.
   * @default - keys of S3 itself (SSE-S3)
   */
  readonly kmsKeyArn?: string;
  /** Days for which a replaced or deleted version can be restored. */
  readonly noncurrentDays: number;
  /**
   * Days after which S3 deletes an object.
   * @default - never
   */
  readonly expirationDays?: number;
}

/**
 * A bucket without access control lists. Only policies of its own account give access.
 *
 * - versioned: Security Hub S3.14, CKV_AWS_21, Trivy AWS-0090
 * - encrypted by default, with a bucket key: S3.17, CKV_AWS_145, AWS-0088, AWS-0132
 * - ownership enforced, so that no ACL has any effect: S3.12, CKV2_AWS_65
 * - all public access blocked: S3.8, CKV_AWS_53 to 56, CKV2_AWS_6, AWS-0086, 0087, 0091, 0093, 0094
 * - old versions, lone delete markers and broken uploads are deleted: S3.10, S3.13, CKV2_AWS_61,
 *   CKV_AWS_300
 * - protected from destruction by `prevent_destroy`, and by S3 as long as it has objects
 */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.bucket = new S3Bucket(this, "bucket", {
      bucket: props.name,
      lifecycle: { preventDestroy: true },
    });
    const waive = (rule: string, reason: string) => Policies.waive(this.bucket, rule, reason);
    waive(
      "CKV2_AWS_62",
      "nothing reacts to changes of this bucket; the access logs show every request",
    );
    waive(
      "CKV_AWS_144",
      "versions restore lost objects; a copy in another region would need its own isolation",
    );
    if (!props.kmsKeyArn) waive("CKV_AWS_145", "S3 can deliver access logs only under SSE-S3");
    const bucket = this.bucket.id;
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        props.kmsKeyArn
          ? {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: props.kmsKeyArn,
              },
              bucketKeyEnabled: true,
            }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    });
    const lifecycle = new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      // S3 refuses rules for noncurrent versions before the bucket has versioning.
      dependsOn: [versioning],
      rule: rules(props),
    });
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyJson(props.policy),
      // S3 refuses two simultaneous changes of a bucket's access (OperationAborted). The rest, and with
      // it the key: a policy that locks out the caller must not leave a home that is half made.
      dependsOn: [publicAccess, ownership, versioning, encryption, lifecycle],
    });
  }
}

const everything = [{ prefix: "" }];

function rules({ noncurrentDays, expirationDays }: PrivateBucketProps) {
  const rule = (id: string) => ({ id, status: "Enabled", filter: everything });
  return [
    {
      ...rule("old-versions"),
      noncurrentVersionExpiration: [{ noncurrentDays }],
      // Every lock leaves a version and a delete marker.
      expiration: [expirationDays ? { days: expirationDays } : { expiredObjectDeleteMarker: true }],
    },
    {
      ...rule("broken-uploads"),
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    },
  ];
}
