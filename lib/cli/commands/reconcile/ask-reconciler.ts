import { AwsCallError } from "../../../aws/call";
import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import type { ReconciliationPreview } from "../../../rotation/reconciliation-preview";
import type { RetirementRequest } from "../../../rotation/retirement-request";
import { dryRunArnOf, functionNameOf } from "../../../rotation/rotation-names";
import { invokeFunction } from "../../project/invoke-function";
import { orgStackJson } from "../../project/org-stack-json";
import { planCredentials } from "../../project/plan-credentials";
import type { Io } from "../../terminal/io";

/**
 * The alias reads no request. A function of an earlier release, from before the alias, would answer this one
 * with a list, and change nothing.
 */
const HARMLESS: RetirementRequest = { retire: [], dryRun: true };

/**
 * Asks an org's reconciler by its alias for dry runs what it would do. If the org has a `planRole`, the call is
 * made with it, as Terraform plans.
 *
 * @returns undefined if the org's stack has no reconciler
 * @throws UserError when it cannot be asked, or a run of it would change nothing at all
 */
export async function askReconciler(
  io: Io,
  org: OrgReport,
): Promise<ReconciliationPreview | undefined> {
  const credentials = await planCredentials(org, {
    session: "genesys-orgs-reconcile",
    purpose: `To call ${functionNameOf(org, "reconciler")}`,
  });
  let answer: unknown;
  try {
    answer = await invokeFunction(dryRunArnOf(org), HARMLESS, io.signal, {
      role: "reader",
      credentials,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isMissing = error instanceof AwsCallError && error.code === "ResourceNotFoundException";
    if (isMissing && !(await hasReconciler(io, org))) return undefined;
    throw new UserError(`${org.name}: ${error.message}`);
  }
  if (isPreview(answer)) return answer;
  throw new UserError(
    `${org.name}: ${functionNameOf(org, "reconciler")} is that of an earlier release, which has no dry run of its own: deploy the org's stack`,
  );
}

const isPreview = (answer: unknown): answer is ReconciliationPreview =>
  (answer as Partial<ReconciliationPreview> | null)?.dryRun === true;

/** A stack without credentials that rotate has no functions. */
async function hasReconciler(io: Io, org: OrgReport): Promise<boolean> {
  const { stack } = await orgStackJson(io, org.name);
  const name = functionNameOf(org, "reconciler");
  return Object.values(stack.resource?.aws_lambda_function ?? {}).some(
    ({ function_name }) => function_name === name,
  );
}
