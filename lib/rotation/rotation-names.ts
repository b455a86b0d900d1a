import type { Org } from "../registry/model";
import { partitionOf } from "../registry/names";

/** The parts of an org that its names and ARNs are derived from. */
export type NamedOrg = Pick<
  Org,
  "name" | "aws" | "roles" | "secretPrefix" | "secretPrefixes" | "secrets"
>;

/** The two Lambda functions that rotate an org's credentials. */
export const ROTATION_FUNCTIONS = ["rotator", "reconciler"] as const;
export type RotationFunctionName = (typeof ROTATION_FUNCTIONS)[number];

/** Alarms of an org's rotation. */
export const ROTATION_ALARMS = [
  "rotation-failed",
  "rotation-unfinished",
  "rotation-off",
  "rotation-overdue",
  "client-lost",
  "unproven-clients",
  "credential-refused",
  "reconciler-silent",
  "clients",
  "dead-letters",
] as const;
export type RotationAlarmName = (typeof ROTATION_ALARMS)[number];

// All names are exact, never prefixes: `genesys-na-*` would also match the names of na-prod.

export const functionNameOf = ({ name }: Pick<Org, "name">, part: RotationFunctionName): string =>
  `genesys-${name}-${part}`;

export const alarmNameOf = ({ name }: Pick<Org, "name">, alarm: RotationAlarmName): string =>
  `genesys-${name}-${alarm}`;

/** The events that call the reconciler at once, which then notes the time: a label of a secret has moved. */
export const LABEL_EVENTS = {
  source: "aws.secretsmanager",
  detailType: "Secret Label Updated",
} as const;

/** The events that remind the owner of a credential that it is due. */
export const DUE_EVENTS = { source: "genesys-orgs", detailType: "Credential Due" } as const;

/** Whether the target of an alarm is an SNS topic, so that it takes reminders as well. */
export const isTopic = (arn: string): boolean => arn.split(":")[2] === "sns";

/** Returns the name of the rule that sends the org's reminders on. */
export const dueRuleNameOf = ({ name }: Pick<Org, "name">): string =>
  `genesys-${name}-credential-due`;

/** Returns the name of the org's schedule and of its event rule. */
export const scheduleNameOf = ({ name }: Pick<Org, "name">): string => `genesys-${name}-reconciler`;

export const deadLettersNameOf = ({ name }: Pick<Org, "name">): string =>
  `genesys-${name}-dead-letters`;

export const secretsKeyAliasOf = ({ name }: Pick<Org, "name">): string =>
  `alias/genesys-secrets/${name}`;

export const logGroupNameOf = (org: Pick<Org, "name">, part: RotationFunctionName): string =>
  `/aws/lambda/${functionNameOf(org, part)}`;

/**
 * The parameters of a credential. Those of an OAuth client: the *specification* of its clients, by
 * Terraform; the mark that it is being *retired*; the *status*, which the reconciler writes; and the last
 * *attempt* to rotate it, which the rotator writes.
 */
export const PARAMETER_KINDS = ["specification", "retirement", "status", "attempt"] as const;
/**
 * Those of another credential: the record that it is *managed*, by Terraform; and the day on which its
 * owner was last *reminded*.
 */
export type ParameterKind = (typeof PARAMETER_KINDS)[number] | "managed" | "reminded";

export const parameterNameOf = (secretName: string, kind: ParameterKind): string =>
  `${secretName}/${kind}`;

interface Located {
  readonly aws: { readonly account: string; readonly region: string };
}

/** Returns an ARN in the org's account and region. */
export const arnOf = ({ aws }: Located, service: string, resource: string): string =>
  `arn:${partitionOf(aws.region)}:${service}:${aws.region}:${aws.account}:${resource}`;

export const functionArnOf = (
  org: Pick<NamedOrg, "name"> & Located,
  part: RotationFunctionName,
): string => arnOf(org, "lambda", `function:${functionNameOf(org, part)}`);

/** The alias of the reconciler whose callers get a dry run, whatever they ask for. */
export const DRY_RUN_ALIAS = "dry-run";

/** Returns the ARN of that alias, the only one by which a reader may call a function of the org. */
export const dryRunArnOf = (org: Parameters<typeof functionArnOf>[0]): string =>
  `${functionArnOf(org, "reconciler")}:${DRY_RUN_ALIAS}`;

/** Returns the beginning of the ARN of the secret of every OAuth client of the org. */
export const secretArnPrefixOf = (org: NamedOrg): string =>
  arnOf(org, "secretsmanager", `secret:${org.secretPrefix}`);

/** Returns the beginnings of the ARNs of all of the org's secrets, one for each root of their names. */
export const secretArnPrefixesOf = (org: NamedOrg): string[] =>
  org.secretPrefixes.map((prefix) => arnOf(org, "secretsmanager", `secret:${prefix}`));

/** Returns the beginning of the ARN of every parameter of the org. */
export const parameterArnPrefixOf = (org: NamedOrg): string =>
  arnOf(org, "ssm", `parameter${org.secretPrefix}`);

/** Returns the ARNs that a list of the org's parameters by path needs: those of the folder, and of its content. */
export function parameterFolderArnsOf(org: NamedOrg): string[] {
  const prefix = parameterArnPrefixOf(org);
  return [prefix.replace(/\/$/, ""), `${prefix}*`];
}

export const deadLettersArnOf = (org: NamedOrg): string =>
  arnOf(org, "sqs", deadLettersNameOf(org));

/** Returns the ARN of one of the org's roles in the account of its secrets. */
export const rotationRoleArnOf = (
  { aws, roles }: Pick<NamedOrg, "aws" | "roles">,
  role: "rotator" | "reconciler" | "scheduler" | "reader" | "writer",
): string => `arn:${partitionOf(aws.region)}:iam::${aws.account}:role/${roles[role]}`;
