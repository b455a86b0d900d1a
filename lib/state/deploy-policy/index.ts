import { allow, type PolicyStatement } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { alarmNeeds } from "./alarms";
import { functionNeeds } from "./functions";
import { keyNeeds } from "./keys";
import { monitoringNeeds } from "./monitoring";
import { type Need, statement } from "./need";
import { boundedRoleStatements, roleNeeds } from "./roles";
import { scheduleNeeds } from "./schedule";
import { secretNeeds } from "./secrets";

export { boundaryPolicy } from "./boundary";

const needs = (org: Org): Need[] => [
  ...secretNeeds(org),
  ...functionNeeds(org),
  ...alarmNeeds(org),
  ...scheduleNeeds(org),
  ...monitoringNeeds(org),
  ...keyNeeds(org),
  {
    sid: "Lists",
    resources: ["*"],
    read: ["kms:ListAliases", "logs:DescribeLogGroups", "ssm:DescribeParameters"],
    write: [],
  },
  ...roleNeeds(org),
];

/**
 * Returns the permissions to plan an org's rotation in AWS. None reads a value or changes anything.
 */
export const planPolicy = (org: Org): PolicyStatement[] =>
  needs(org).flatMap((need) => (need.read.length > 0 ? [statement(need, need.read)] : []));

/**
 * Returns the permissions to apply and destroy an org's rotation in AWS, and no more. All names are
 * exact, since a prefix could match another org. Roles are created within the boundary only, and no
 * value is read.
 *
 * @throws UserError when the org has no boundary: a role that may create roles without one may do
 *   anything
 */
export const deployPolicy = (org: Org): PolicyStatement[] => [
  ...needs(org).map((need) => statement(need, [...need.read, ...need.write])),
  ...boundedRoleStatements(org),
];

/**
 * Returns the permissions of an org's state role for the account of the org's secrets: to assume
 * the org's own role there, if it has one; otherwise to do the work itself, if that is the home's
 * account.
 */
export function accountPolicy(org: Org, role: "reader" | "writer"): PolicyStatement[] {
  const { account, deployRole, planRole } = org.aws;
  const assumed = role === "writer" ? deployRole : planRole;
  if (assumed !== undefined) return [allow("OrgsOwnRole", ["sts:AssumeRole"], [assumed])];
  if (account !== org.state.home.account) return [];
  return role === "writer" ? deployPolicy(org) : planPolicy(org);
}
