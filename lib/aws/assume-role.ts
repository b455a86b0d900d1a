import { askAws, connections, loadSts } from "./sdk";

/** Credentials of a session, for the AWS SDK. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A role to assume. */
export interface AssumedRole {
  /** Name of the org, for messages. */
  readonly org: string;
  readonly arn: string;
  readonly region: string;
  /** Name of the session, which CloudTrail shows. */
  readonly session: string;
}

/**
 * Assumes a role with the operator's credentials.
 * @throws AwsCallError when AWS refuses
 */
export async function assumeRole({
  org,
  arn: RoleArn,
  region,
  session: RoleSessionName,
}: AssumedRole): Promise<SessionCredentials> {
  const { AssumeRoleCommand, STSClient } = loadSts();
  const sts = new STSClient({ region, requestHandler: connections() });
  try {
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName });
    const { Credentials } = await askAws(`${org}: assuming ${RoleArn}`, sts.send(command));
    return {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken,
    };
  } finally {
    sts.destroy();
  }
}
