import { allow, type PolicyStatement } from "../../aws/policy-document";
import type { Org } from "../../registry/model";
import { alarmNeeds } from "./alarms";
import { functionNeeds } from "./functions";
import { keyNeeds } from "./keys";
import { monitoringNeeds } from "./monitoring";
import { type Need, statement } from "./need";
import { boundedRoleStatements, roleNeeds } from "./roles";
import { dueNeeds, scheduleNeeds } from "./schedule";
import { noteStatements, ownCredentialStatements, secretNeeds } from "./secrets";

export { boundaryPolicy } from "./boundary";

const rotationNeeds = (org: Org): Need[] => [
  ...secretNeeds(org),
  ...functionNeeds(org),
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

/** Needs for everything that tells people something: alarms, odd accesses, credentials that are due. */
const alertNeeds = (org: Org): Need[] => [
  ...alarmNeeds(org),
  ...monitoringNeeds(org),
  ...dueNeeds(org),
];

const plan = (needs: readonly Need[]): PolicyStatement[] =>
  needs.flatMap((need) => (need.read.length > 0 ? [statement(need, need.read)] : []));

const apply = (needs: readonly Need[]): PolicyStatement[] =>
  needs.map((need) => statement(need, [...need.read, ...need.write]));

/**
 * Returns the permissions to plan an org's rotation and alerts in AWS, and to watch them every night. None
 * changes anything, or reads the value of a secret, except for the planner's credential where it is in Secrets
 * Manager.
 */
export const planPolicy = (org: Org): PolicyStatement[] => [
  ...plan([...rotationNeeds(org), ...alertNeeds(org)]),
  ...noteStatements(org),
  ...ownCredentialStatements(org, "planner"),
];

/**
 * Returns the permissions to apply and destroy an org's rotation and alerts in AWS, and no more. No name
 * is a prefix that could match another org. Roles are created within the boundary only, and no value is
 * read, except for the deployer's credential where it is in Secrets Manager.
 *
 * @throws UserError when the org has no boundary: a role that may create roles without one may do
 *   anything
 */
export const deployPolicy = (org: Org): PolicyStatement[] => [
  ...deployRotation(org),
  ...apply(alertNeeds(org)),
];

const deployRotation = (org: Org): PolicyStatement[] => [
  ...apply(rotationNeeds(org)),
  ...ownCredentialStatements(org, "deployer"),
  ...boundedRoleStatements(org),
];

/**
 * Returns the permissions of an org's state role for the account of the org's secrets: to assume
 * the org's own role there, if it has one; otherwise to do the work itself, if that is the home's
 * account.
 */
export function accountPolicy(org: Org, role: "reader" | "writer"): PolicyStatement[] {
  const { deployRole, planRole } = org.aws;
  const assumed = role === "writer" ? deployRole : planRole;
  if (assumed !== undefined) return [allow("OrgsOwnRole", ["sts:AssumeRole"], [assumed])];
  if (!worksItself(org)) return [];
  return role === "writer" ? deployRotation(org) : planPolicy(org);
}

/**
 * Returns the further permissions of an org's writer role for its alerts, if it does the work itself. They
 * are apart, since AWS limits the inline policies of a role together.
 */
export const alertPolicy = (org: Org): PolicyStatement[] =>
  worksItself(org) && org.aws.deployRole === undefined ? apply(alertNeeds(org)) : [];

const worksItself = ({ aws, state }: Org): boolean => aws.account === state.home.account;
