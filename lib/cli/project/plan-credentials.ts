import { assumeRole, type SessionCredentials } from "../../aws/assume-role";
import { AwsCallError } from "../../aws/call";
import { UserError } from "../../errors";
import type { OrgReport } from "../../registry/report";

/** What the credentials of an org's account are for. */
export interface PlanCredentialsProps {
  /** Name of the session, which CloudTrail shows. */
  readonly session: string;
  /** Beginning of the advice if the role may not be assumed, for example `To read its secrets`. */
  readonly purpose: string;
}

/**
 * Assumes an org's `planRole`, as Terraform does for a plan.
 *
 * @returns undefined if the org has none: the operator's own credentials are used
 * @throws UserError when AWS refuses, which names the org
 */
export async function planCredentials(
  { name: org, aws }: OrgReport,
  { session, purpose }: PlanCredentialsProps,
): Promise<SessionCredentials | undefined> {
  const { planRole: arn, region } = aws;
  if (arn === undefined) return undefined;
  try {
    return await assumeRole({ org, arn, region, session });
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.code !== "AccessDenied") throw error;
    throw new UserError(
      `${error.message}. ${purpose}, use the credentials of the org's reader, which aws.planRole must trust (docs/rotation.md, "Permissions")`,
    );
  }
}
