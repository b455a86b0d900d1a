import type { AwsCallError } from "../../aws/call";
import { askAws, connections, loadIam, loadSts } from "../../aws/sdk";
import { UserError } from "../../errors";

/** The owner of the AWS credentials. */
export interface Identity {
  readonly arn: string;
  readonly account: string;
}

/**
 * Asks AWS for the owner of the credentials.
 *
 * @throws UserError
 */
export async function callerIdentity(region: string): Promise<Identity> {
  const { STSClient, GetCallerIdentityCommand } = loadSts();
  const sts = new STSClient({ region, requestHandler: connections() });
  try {
    const call = sts.send(new GetCallerIdentityCommand({}));
    const { Arn: arn, Account: account } = await askAws(
      "asking AWS for the caller's identity",
      call,
    );
    if (arn !== undefined && account !== undefined) return { arn, account };
    throw new UserError(
      "asking AWS for the caller's identity: the answer has no account, so it may not be from AWS",
    );
  } finally {
    sts.destroy();
  }
}

/**
 * Returns the ARN by which policies know the caller. A session's ARN has the name of its role without
 * the role's path, so IAM is asked for the role if one of the candidates has its name.
 *
 * @param candidates ARNs of roles and users
 * @returns the ARN of a user or role; that of the session if it cannot be a candidate's
 * @throws UserError if IAM does not answer
 */
export async function principalOf(
  { arn, account }: Identity,
  candidates: readonly string[],
  region: string,
): Promise<string> {
  const [, name] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  const hasName = (candidate: string) =>
    candidate.includes(`:${account}:role/`) && candidate.endsWith(`/${name}`);
  return name !== undefined && candidates.some(hasName) ? roleArn(name, arn, region) : arn;
}

/** The names of an account's roles are unique, whatever their paths. */
async function roleArn(name: string, session: string, region: string): Promise<string> {
  const { IAMClient, GetRoleCommand } = loadIam();
  const iam = new IAMClient({ region, requestHandler: connections() });
  const what = `reading the path of the role ${name}, which ${session} does not show`;
  try {
    const { Role } = await askAws(what, iam.send(new GetRoleCommand({ RoleName: name })));
    if (Role?.Arn !== undefined) return Role.Arn;
    throw new UserError(`${what}: the answer has no role, so it may not be from AWS`);
  } catch (error) {
    if ((error as Partial<AwsCallError>).code !== "AccessDenied") throw error;
    throw new UserError(`${(error as Error).message}. Allow iam:GetRole on this role`);
  } finally {
    iam.destroy();
  }
}
