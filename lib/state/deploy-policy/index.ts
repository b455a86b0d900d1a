import { allow, type PolicyStatement } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { alarmNeeds } from "./alarms";
import { functionNeeds } from "./functions";
import { keyNeeds } from "./keys";
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
  ...keyNeeds(org),
  {
    sid: "Lists",
    resources: ["*"],
    read: ["kms:ListAliases", "logs:DescribeLogGroups", "ssm:DescribeParameters"],
    write: [],
  },
  ...roleNeeds(org),
];

/** What it takes to plan an org's rotation in AWS: nothing that reads a value or changes anything. */
export const planPolicy = (org: Org): PolicyStatement[] =>
  needs(org).flatMap((need) => (need.read.length > 0 ? [statement(need, need.read)] : []));

/**
 * What it takes to apply and destroy an org's rotation in AWS, and no more: exact names, since a
 * prefix may be another org's. Roles are created within the boundary alone, and no value is read.
 *
 * @throws UserError when the org has no boundary: who may make roles without one may do anything
 */
export const deployPolicy = (org: Org): PolicyStatement[] => [
  ...needs(org).map((need) => statement(need, [...need.read, ...need.write])),
  ...boundedRoleStatements(org),
];

/**
 * What an org's role in the home may do in the account of the org's secrets: the org's own role
 * there, where it has one; else the work itself, where that is the home's account.
 */
export function accountPolicy(org: Org, role: "reader" | "writer"): PolicyStatement[] {
  const { account, deployRole, planRole } = org.aws;
  const assumed = role === "writer" ? deployRole : planRole;
  if (assumed !== undefined) return [allow("OrgsOwnRole", ["sts:AssumeRole"], [assumed])];
  if (deployRole !== undefined || account !== org.state.home.account) return [];
  return role === "writer" ? deployPolicy(org) : planPolicy(org);
}
