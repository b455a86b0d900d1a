import type { Construct } from "constructs";
import { Policies } from "../../policies";
import type { Classification } from "../../registry/model";

/** Longest time between two rotations that Checkov accepts, in days. */
const MOST_DAYS = 90;

/** Waives Checkov's rule for a rotation whose class allows more time than the rule. */
export function waiveSlowRotation(
  rotation: Construct,
  { sensitivity, rotationDays }: Classification,
): void {
  if (rotationDays <= MOST_DAYS) return;
  const why = `the class of the credential, ${sensitivity}, allows ${rotationDays} days`;
  Policies.waive(rotation, "CKV_AWS_304", why);
}
