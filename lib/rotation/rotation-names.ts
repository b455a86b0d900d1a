import type { Org } from "../registry/model";
import { partitionOf } from "../registry/names";

/** Part of an org that names and ARNs follow from. */
export type NamedOrg = Pick<Org, "name" | "aws" | "roles" | "secretPrefix">;

/** The two functions that rotate an org's credentials. */
export const ROTATION_FUNCTIONS = ["rotator", "reconciler"] as const;
export type RotationFunctionName = (typeof ROTATION_FUNCTIONS)[number];

/** Alarms of an org's rotation. */
export const ROTATION_ALARMS = [
  "rotation-failed",
  "rotation-overdue",
  "client-lost",
  "reconciler-silent",
  "clients",
  "dead-letters",
] as const;
export type RotationAlarmName = (typeof ROTATION_ALARMS)[number];

/** Tag of the key that encrypts an org's secrets: the apply role may manage keys with it alone. */
export const SECRETS_KEY_TAG = "genesys-secrets-of";

// What follows is exact and never a prefix: `genesys-na-*` would be another org's as well, na-prod's.

export const functionNameOf = ({ name }: Pick<Org, "name">, part: RotationFunctionName): string =>
  `genesys-${name}-${part}`;

export const alarmNameOf = ({ name }: Pick<Org, "name">, alarm: RotationAlarmName): string =>
  `genesys-${name}-${alarm}`;

/** Name of the org's schedule and event rule. */
export const scheduleNameOf = ({ name }: Pick<Org, "name">): string => `genesys-${name}-reconciler`;

export const deadLettersNameOf = ({ name }: Pick<Org, "name">): string =>
  `genesys-${name}-dead-letters`;

export const secretsKeyAliasOf = ({ name }: Pick<Org, "name">): string =>
  `alias/genesys-secrets/${name}`;

export const logGroupNameOf = (org: Pick<Org, "name">, part: RotationFunctionName): string =>
  `/aws/lambda/${functionNameOf(org, part)}`;

/** Name of the parameter that has what a credential's clients are to be. */
export const specificationNameOf = (secretName: string): string => `${secretName}/specification`;

/** Name of the parameter beside it, which says that they are all to go. */
export const retirementNameOf = (secretName: string): string => `${secretName}/retirement`;

interface Located {
  readonly aws: { readonly account: string; readonly region: string };
}

/** ARN of something in the org's account and region. */
export const arnOf = ({ aws }: Located, service: string, resource: string): string =>
  `arn:${partitionOf(aws.region)}:${service}:${aws.region}:${aws.account}:${resource}`;

export const functionArnOf = (
  org: Pick<NamedOrg, "name"> & Located,
  part: RotationFunctionName,
): string => arnOf(org, "lambda", `function:${functionNameOf(org, part)}`);

/** What the ARN of every secret of the org begins with. */
export const secretArnPrefixOf = (org: NamedOrg): string =>
  arnOf(org, "secretsmanager", `secret:${org.secretPrefix}`);

/** What the ARN of every parameter of the org begins with. */
export const parameterArnPrefixOf = (org: NamedOrg): string =>
  arnOf(org, "ssm", `parameter${org.secretPrefix}`);

export const deadLettersArnOf = (org: NamedOrg): string =>
  arnOf(org, "sqs", deadLettersNameOf(org));

/** ARN of one of the org's roles in the account of its secrets. */
export const rotationRoleArnOf = (
  { aws, roles }: Pick<NamedOrg, "aws" | "roles">,
  role: "rotator" | "reconciler" | "scheduler",
): string => `arn:${partitionOf(aws.region)}:iam::${aws.account}:role/${roles[role]}`;
