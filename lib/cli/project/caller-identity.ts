import { askAws, connections, loadSts } from "../../aws/sdk";
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
 * Whether the caller is one of some roles and users. A session's ARN has the name of its role without
 * the path.
 */
export function isOneOf({ arn }: Identity, principals: readonly string[]): boolean {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return principals.some((principal) => {
    if (role === undefined) return principal === arn;
    const [, , , , owner, resource = ""] = principal.split(":");
    return (
      owner === arn.split(":")[4] && resource.startsWith("role/") && resource.endsWith(`/${role}`)
    );
  });
}
