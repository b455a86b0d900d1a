import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { Annotations, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { PolicyStatement } from "../aws/policy-document";
import type { Home, Org } from "../registry/model";
import { bucketArn } from "./arns";
import { bucketPolicy, denyPlainHttp } from "./bucket-policy";
import { AWS_AUDIENCE, GITHUB_OIDC_HOST } from "./github-oidc";
import { homeKeyPolicy } from "./key-policy";
import { LockTable } from "./lock-table";
import { PrivateBucket } from "./private-bucket";
import { quotaWarnings } from "./quotas";
import { StateAccessTrail } from "./state-access-trail";
import { StateKey } from "./state-key";

/** Properties of a {@link StateHome}. */
export interface StateHomeProps {
  readonly home: Home;
  /** All orgs of the registry. They determine whether the home has a shared lock table. */
  readonly orgs: readonly Org[];
  /**
   * Days for which an earlier version of a state can be restored.
   * @default 365
   */
  readonly stateVersionDays?: number;
  /**
   * Days for which S3 keeps the access logs.
   * @default 365
   */
  readonly accessLogDays?: number;
  /**
   * Records each access to states and locks in a trail of its own, and tells of changes by others than the
   * roles of the home, for which CloudTrail charges. Needs the home on AWS.
   * @default - no trail: the access logs of S3 only
   */
  readonly accessTrail?: StateAccessTrailSettings;
}

/** Settings of a home's trail. */
export interface StateAccessTrailSettings {
  /**
   * ARN of the SNS topic of the alerts, in the account and region of the home; may be a token.
   * @default - none: accesses are recorded only
   */
  readonly topicArn?: string;
}

/**
 * The resources that the orgs of a home share: the bucket with its policy and access logs, the home's
 * own key, the lock table of orgs without their own table, and the account's OIDC provider for GitHub.
 * Its size does not depend on the number of orgs, except for orgs that roles of other accounts use.
 *
 * - plain HTTP denied: Security Hub S3.5 (CIS 2.1.1)
 * - access logged: S3.9, CKV_AWS_18, Trivy AWS-0089
 * - the rest: `PrivateBucket`, `StateKey`, `LockTable`
 *
 * Synth warns when the accounts of the home's orgs come close to AWS's quotas.
 */
export class StateHome extends Construct {
  constructor(scope: Construct, id: string, props: StateHomeProps) {
    super(scope, id);
    const { home, orgs, stateVersionDays = 365, accessLogDays = 365, accessTrail } = props;
    const sharedTable = orgs.some(({ state }) => state.home === home && usesSharedTable(state));
    const key = new StateKey(this, "key", {
      description: `State home ${home.name}: default encryption, its own state and its shared lock table`,
      alias: home.keyAlias,
      policy: homeKeyPolicy(home, { sharedTable }),
    });
    const states = new PrivateBucket(this, "states", {
      name: home.bucket,
      policy: bucketPolicy(home, orgs),
      kmsKeyArn: key.arn,
      noncurrentDays: stateVersionDays,
    });
    const trailDelivery = accessTrail ? StateAccessTrail.logDelivery(home) : [];
    const logs = accessLogs(this, home, accessLogDays, trailDelivery);
    if (accessTrail) {
      const { topicArn } = accessTrail;
      new StateAccessTrail(this, "trail", { home, orgs, logPolicy: logs.policy, topicArn });
    }
    new S3BucketLoggingA(this, "access-logging", {
      bucket: states.bucket.id,
      targetBucket: logs.bucket.id,
      targetPrefix: `${home.bucket}/`,
    });
    if (sharedTable) new LockTable(this, "locks", { name: home.lockTable, kmsKeyArn: key.arn });
    if (home.github && !home.github.existingOidcProvider) {
      // No thumbprint, since AWS knows GitHub's certificate authority.
      new IamOpenidConnectProvider(this, "github", {
        url: `https://${GITHUB_OIDC_HOST}`,
        clientIdList: [AWS_AUDIENCE],
      });
    }
    new TerraformOutput(TerraformStack.of(this), "kms_key_arn", {
      value: key.arn,
      description: "KMS key ARN for the record; genesys-orgs state record writes it",
    });
    for (const warning of quotaWarnings(home, orgs)) Annotations.of(this).addWarning(warning);
  }
}

const usesSharedTable = ({ lockTable, ownLockTable }: Org["state"]) =>
  lockTable !== undefined && !ownLockTable;

function accessLogs(
  scope: Construct,
  home: Home,
  days: number,
  further: readonly PolicyStatement[],
): PrivateBucket {
  const arn = `arn:${home.partition}:s3:::${home.logBucket}`;
  const delivery: PolicyStatement = {
    Sid: "AccessLogDelivery",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: ["s3:PutObject"],
    Resource: [`${arn}/${home.bucket}/*`],
    Condition: {
      ArnEquals: { "aws:SourceArn": bucketArn(home) },
      StringEquals: { "aws:SourceAccount": home.account },
    },
  };
  return new PrivateBucket(scope, "access-logs", {
    name: home.logBucket,
    policy: [denyPlainHttp(arn), delivery, ...further],
    noncurrentDays: 1,
    expirationDays: days,
  });
}
