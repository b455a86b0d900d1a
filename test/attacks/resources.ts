import { ACCOUNT, arn, org, PARTNER, roleArn, secretArn, secretsKeyArn } from "./deployment";

const bucket = "arn:aws:s3:::state-bucket";
const stateOf = (name: string) => `${bucket}/orgs/${name}/terraform.tfstate`;
const key = (id: string, account = ACCOUNT) => arn("kms", `key/${id}`, account);
const parameter = (path: string) => arn("ssm", `parameter/genesys/production/${path}`);
const logs = (name: string) => arn("logs", `log-group:/aws/lambda/${name}`);

/** What requests are about. Names that begin with another org's are next to that org's on purpose. */
export const of = {
  bucket,
  state: stateOf("na"),
  component: `${bucket}/orgs/na/telephony/terraform.tfstate`,
  lock: `${stateOf("na")}.tflock`,
  otherFile: `${bucket}/orgs/na/notes.txt`,
  record: `${bucket}/orgs/na/runs/20261129t021500z-3f9c1b2e.begun.json`,
  othersRecord: `${bucket}/orgs/na-prod/runs/20261129t021500z-3f9c1b2e.begun.json`,
  partnersRecord: `${bucket}/orgs/abroad/runs/20261129t021500z-3f9c1b2e.begun.json`,
  recordsLock: `${bucket}/orgs/na/runs/20261129t021500z-3f9c1b2e.begun.json.tflock`,
  othersState: stateOf("na-prod"),
  othersLock: `${stateOf("na-prod")}.tflock`,
  partnersState: stateOf("abroad"),
  homesState: `${bucket}/home/terraform.tfstate`,
  accessState: `${bucket}/access/na/terraform.tfstate`,
  accessLog: `${bucket}-logs/state-bucket/2026-11-28`,
  table: arn("dynamodb", `table/${org("na").state.lockTable}`),
  otherTable: arn("dynamodb", "table/payroll"),
  stateKey: org("na").state.kmsKeyArn ?? "",
  othersStateKey: org("na-prod").state.kmsKeyArn ?? "",
  homeKey: org("na").state.home.kmsKeyArn ?? "",
  secretsKey: secretsKeyArn("na"),
  othersSecretsKey: secretsKeyArn("na-prod"),
  stageSecretsKey: secretsKeyArn("na-stage"),
  /** A key of another team, which leaves everything to IAM. */
  payrollKey: key("payroll"),
  partnersKey: key("partner", PARTNER),
  alias: arn("kms", "alias/genesys-secrets/na"),
  othersAlias: arn("kms", "alias/genesys-secrets/na-prod"),
  payrollAlias: arn("kms", "alias/payroll"),
  stateAlias: arn("kms", "alias/genesys-state/na"),
  anyKey: "*",
  secret: secretArn("/genesys/production/na/crm"),
  syncSecret: secretArn("/genesys/production/na/crm-sync"),
  copySecret: secretArn("/genesys/production/na/crm-sync-copy"),
  // Nobody made these: no policy of their own stands before them.
  backupSecret: secretArn("/genesys/production/na/crm-sync-backup"),
  suffixSecret: secretArn("/genesys/production/na/crm-sync-AbCdEf"),
  longerSecret: secretArn("/genesys/production/na/crm-sync2"),
  othersSync: secretArn("/genesys/production/na-prod/crm-sync"),
  stageSync: secretArn("/genesys/staging/na-stage/crm-sync"),
  ticketsSecret: secretArn("/zendesk/production/na/tickets-api"),
  studioSecret: secretArn("/cxone/production/na/studio"),
  hookSecret: secretArn("/genesys/production/na/hook"),
  othersTickets: secretArn("/zendesk/production/na-prod/tickets-api"),
  managed: parameter("na/tickets-api/managed"),
  reminded: parameter("na/tickets-api/reminded"),
  dueRule: arn("events", "rule/genesys-na-credential-due"),
  topic: arn("sns", "on-call"),
  othersTopic: arn("sns", "payroll"),
  rootedSecret: secretArn("/cxone/production/na/crm-sync"),
  master: secretArn("/genesys/production/na/_master"),
  masterCopy: secretArn("/genesys/production/na/_master-copy"),
  othersSecret: secretArn("/genesys/production/na-prod/crm"),
  othersMaster: secretArn("/genesys/production/na-prod/_master"),
  secretByHand: secretArn("/genesys/production/na/by-hand"),
  payrollSecret: secretArn("payroll"),
  anySecret: "*",
  specification: parameter("na/crm/specification"),
  status: parameter("na/crm/status"),
  retirement: parameter("na/crm/retirement"),
  othersSpecification: parameter("na-prod/crm/specification"),
  othersStatus: parameter("na-prod/crm/status"),
  othersRetirement: parameter("na-prod/crm/retirement"),
  notes: arn("ssm", "parameter/genesys/production/na"),
  othersNotes: arn("ssm", "parameter/genesys/production/na-prod"),
  allNotes: arn("ssm", "parameter/genesys/production"),
  payrollParameter: arn("ssm", "parameter/payroll"),
  rule: arn("events", "rule/genesys-na-reconciler"),
  othersRule: arn("events", "rule/genesys-na-prod-reconciler"),
  payrollRule: arn("events", "rule/payroll"),
  bus: arn("events", "event-bus/default"),
  rotator: arn("lambda", "function:genesys-na-rotator"),
  reconciler: arn("lambda", "function:genesys-na-reconciler"),
  latestReconciler: arn("lambda", "function:genesys-na-reconciler:$LATEST"),
  dryRun: arn("lambda", "function:genesys-na-reconciler:dry-run"),
  otherAlias: arn("lambda", "function:genesys-na-reconciler:dry-run-2"),
  rotatorsAlias: arn("lambda", "function:genesys-na-rotator:dry-run"),
  othersDryRun: arn("lambda", "function:genesys-na-prod-reconciler:dry-run"),
  othersRotator: arn("lambda", "function:genesys-na-prod-rotator"),
  payrollFunction: arn("lambda", "function:payroll"),
  layer: arn("lambda", "layer:rotation"),
  schedule: arn("scheduler", "schedule/default/genesys-na-reconciler"),
  othersSchedule: arn("scheduler", "schedule/default/genesys-na-prod-reconciler"),
  deadLetters: arn("sqs", "genesys-na-dead-letters"),
  othersDeadLetters: arn("sqs", "genesys-na-prod-dead-letters"),
  alarm: arn("cloudwatch", "alarm:genesys-na-rotation-failed"),
  othersAlarm: arn("cloudwatch", "alarm:genesys-na-prod-rotation-failed"),
  logGroup: logs("genesys-na-rotator"),
  logStream: `${logs("genesys-na-rotator")}:log-stream:1`,
  othersLogGroup: logs("genesys-na-prod-rotator"),
  othersLogStream: `${logs("genesys-na-prod-rotator")}:log-stream:1`,
  rotatorRole: roleArn("genesys-na-rotator"),
  schedulerRole: roleArn("genesys-na-scheduler"),
  writerRole: roleArn("genesys-na-state-writer"),
  readerRole: roleArn("genesys-na-state-reader"),
  othersRotatorRole: roleArn("genesys-na-prod-rotator"),
  othersWriterRole: roleArn("genesys-na-prod-state-writer"),
  adminRole: roleArn("admin"),
  boundary: `arn:aws:iam::${ACCOUNT}:policy/genesys-na-boundary`,
  othersBoundary: `arn:aws:iam::${ACCOUNT}:policy/genesys-na-prod-boundary`,
  administratorAccess: "arn:aws:iam::aws:policy/AdministratorAccess",
  newUser: `arn:aws:iam::${ACCOUNT}:user/attacker`,
} as const;

/** The account of a resource; buckets are the home's. */
export const accountOf = (resource: string): string => resource.split(":")[4] || ACCOUNT;

/** The resource whose policy has a say: an object's is its bucket's. */
export const policyHolderOf = (resource: string): string =>
  resource.startsWith("arn:aws:s3:::") ? (resource.split("/")[0] ?? "") : resource;

const via = (service: string) => ({ "kms:ViaService": `${service}.us-east-1.amazonaws.com` });

/** What Secrets Manager gives KMS, with the secret as encryption context. */
function forSecret(secret: string, account = ACCOUNT) {
  return {
    ...via("secretsmanager"),
    "kms:CallerAccount": account,
    "kms:EncryptionContext:SecretARN": secret,
  };
}

/** Contexts of requests. */
export const context = {
  none: {},
  plainHttp: { "aws:SecureTransport": "false" },
  /** A write with a key, in Terraform's way. */
  with: (kmsKeyArn: string) => ({
    "s3:x-amz-server-side-encryption": "aws:kms",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": kmsKeyArn,
  }),
  /** A write that fails if there is such an object. */
  newObject: { "s3:if-none-match": "*" },
  folder: (name: string) => ({ "s3:prefix": `orgs/${name}/` }),
  item: (name: string, suffix = "") => ({
    "dynamodb:LeadingKeys": [`state-bucket/orgs/${name}/terraform.tfstate${suffix}`],
  }),
  throughS3: (ofObject: string = bucket) => ({
    ...via("s3"),
    "kms:EncryptionContext:aws:s3:arn": ofObject,
  }),
  throughTable: (table: string) => ({
    ...via("dynamodb"),
    "kms:EncryptionContext:aws:dynamodb:tableName": table,
  }),
  throughSecretsManager: forSecret(secretArn("/genesys/production/na/crm")),
  throughSecretsManagerOf: (account: string, secret = secretArn("/genesys/production/na/crm")) =>
    forSecret(secret, account),
  /** Secrets Manager of another region. */
  throughAnotherRegion: (secret: string) => ({
    ...forSecret(secret),
    "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
  }),
  forSecret,
  withoutContext: { ...via("secretsmanager"), "kms:CallerAccount": ACCOUNT },
  aliases: (...aliases: string[]) => ({ "kms:ResourceAliases": aliases }),
  rotatedBy: (name: string, stage?: string) => ({
    "secretsmanager:resource/AllowRotationLambdaArn": arn(
      "lambda",
      `function:genesys-${name}-rotator`,
    ),
    ...(stage !== undefined && { "secretsmanager:VersionStage": stage }),
  }),
  stage: (stage: string) => ({ "secretsmanager:VersionStage": stage }),
  bounded: (boundary: string) => ({ "iam:PermissionsBoundary": boundary }),
  passedTo: (service: string) => ({ "iam:PassedToService": `${service}.amazonaws.com` }),
};
