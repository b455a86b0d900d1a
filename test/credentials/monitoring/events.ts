// Events as AWS and Genesys Cloud send them.

const ACCOUNT = "111111111111";
const envelope = {
  version: "0",
  id: "1c8d4a2e-0b5c-4a9d-9d57-6b1f1f3c2a10",
  source: "aws.secretsmanager",
  account: ACCOUNT,
  time: "2026-11-28T09:30:00Z",
  region: "us-east-1",
  resources: [],
};

export const SECRET = "/genesys/production/na-prod/crm-sync";
export const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${SECRET}-AbCdEf`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** The identity of a session of a role, such as CloudTrail records it. */
export const session = (name: string) => ({
  type: "AssumedRole",
  principalId: "AROAEXAMPLEEXAMPLE123:session",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name.split("/").at(-1)}/session`,
  accountId: ACCOUNT,
  accessKeyId: "ASIAEXAMPLEEXAMPLE12", // secretlint-disable-line
  sessionContext: {
    sessionIssuer: {
      type: "Role",
      principalId: "AROAEXAMPLEEXAMPLE123",
      arn: roleArn(name),
      accountId: ACCOUNT,
      userName: name.split("/").at(-1),
    },
    attributes: { creationDate: "2026-11-28T09:00:00Z", mfaAuthenticated: "false" },
  },
});

/** The identity of an IAM user: it has no session. */
export const user = (name: string) => ({
  type: "IAMUser",
  principalId: "AIDAEXAMPLEEXAMPLE123",
  arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
  accountId: ACCOUNT,
  accessKeyId: "AKIAEXAMPLEEXAMPLE12", // secretlint-disable-line
  userName: name,
});

/** The identity of the account's root user in the console: a session that no role issued. */
export const root = {
  type: "Root",
  principalId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  accountId: ACCOUNT,
  sessionContext: {
    attributes: { creationDate: "2026-11-28T09:00:00Z", mfaAuthenticated: "true" },
  },
};

/** The identity of a role of another account, in that account's own words, and as AWS may shorten it. */
export const PARTNER_ACCOUNT = "222222222222";
export const foreignRoleArn = (name: string, account = PARTNER_ACCOUNT): string =>
  roleArn(name).replace(ACCOUNT, account);
export const foreignSession = (name: string, account = PARTNER_ACCOUNT) =>
  JSON.parse(JSON.stringify(session(name)).replaceAll(ACCOUNT, account));
export const foreignAccount = (account: string) => ({
  type: "AWSAccount",
  principalId: "AROAEXAMPLEEXAMPLE456:session",
  accountId: account,
});

/** A call of Secrets Manager's API in CloudTrail. */
export const call = (eventName: string, userIdentity: object, detail: object = {}) => ({
  ...envelope,
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventVersion: "1.11",
    userIdentity,
    eventTime: "2026-11-28T09:30:00Z",
    eventSource: "secretsmanager.amazonaws.com",
    eventName,
    awsRegion: "us-east-1",
    sourceIPAddress: "203.0.113.9",
    userAgent: "aws-cli/2.31.0",
    requestParameters: { secretId: SECRET },
    responseElements: null,
    requestID: "1471f5f6-aee8-4c56-92c8-eadd8ea4b3a2",
    eventID: "06e83132-44aa-412c-8e1d-da427a6dc6b1",
    readOnly: eventName.startsWith("Get"),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    ...detail,
  },
});

/** A call that AWS denied. CloudTrail has the caller's parameters or not. */
export const denied = (userIdentity: { readonly arn: string }, requestParameters: object | null) =>
  call("GetSecretValue", userIdentity, {
    errorCode: "AccessDenied",
    errorMessage: `User: ${userIdentity.arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET_ARN} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    requestParameters,
  });

/** An event of Secrets Manager itself in CloudTrail. */
export const serviceEvent = (eventName: string) => ({
  ...envelope,
  "detail-type": "AWS Service Event via CloudTrail",
  detail: {
    eventVersion: "1.08",
    userIdentity: { accountId: ACCOUNT, invokedBy: "secretsmanager.amazonaws.com" },
    eventTime: "2026-11-28T09:30:00Z",
    eventSource: "secretsmanager.amazonaws.com",
    eventName,
    awsRegion: "us-east-1",
    sourceIPAddress: "secretsmanager.amazonaws.com",
    userAgent: "secretsmanager.amazonaws.com",
    requestParameters: null,
    responseElements: null,
    additionalEventData: { SecretId: SECRET_ARN },
    eventID: "06e83132-44aa-412c-8e1d-da427a6dc6b1",
    readOnly: false,
    eventType: "AwsServiceEvent",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
  },
});

export const EVENT_BUS =
  "aws.partner/genesys.com/cloud/4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01/na-prod";
export const MASTER_ID = "7b0f2a44-5a8e-4b0f-8a1d-2f9b6c0d1e11";

/** An audit event of Genesys Cloud (GenesysCloudBlueprints/aws-eventbridge-oauth-client-delete-blueprint). */
export const audit = (action: string, clientId: object = { id: MASTER_ID }) => ({
  ...envelope,
  source: EVENT_BUS,
  "detail-type": "v2.audits.entitytype.{id}.entityid.{id}",
  detail: {
    topicName: "v2.audits.entitytype.OAuthClient.entityid.46a10c81-ca63-4bfe-bc9d-3fbf41ee06b5",
    version: "2",
    eventBody: {
      id: "128b506d-0a67-4e8c-a27c-fd3ed9566094",
      userId: "d7ff136e-8f5a-4878-a0ae-e2138ad0345d",
      userHomeOrgId: "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01",
      username: { id: "" },
      clientId,
      serviceName: "PeoplePermissions",
      eventTime: "2026-11-28T09:29:59.000Z",
      action,
      entityType: "OAuthClient",
      entity: { id: "46a10c81-ca63-4bfe-bc9d-3fbf41ee06b5", name: "Production-CrmSync" },
      propertyChanges: [],
    },
    metadata: { CorrelationId: "8f725aa1-d831-4fb3-a8ea-9ccf7d44db68" },
    timestamp: "2026-11-28T09:30:00.031Z",
  },
});

/** A change of a lock table itself, as a management event of DynamoDB, which has no resources. */
export const lockTableChange = (userIdentity: object) => ({
  ...call("DeleteTable", userIdentity, {
    eventSource: "dynamodb.amazonaws.com",
    requestParameters: { tableName: "genesys-state-lock.home" },
  }),
  source: "aws.dynamodb",
});

/** A write of an object of a state home, as a data event of S3. */
export const stateWrite = (userIdentity: object) => ({
  ...call("PutObject", userIdentity, {
    eventSource: "s3.amazonaws.com",
    requestParameters: {
      bucketName: "state-bucket",
      key: "orgs/na-prod/terraform.tfstate",
      Host: "state-bucket.s3.us-east-1.amazonaws.com",
    },
    managementEvent: false,
    eventCategory: "Data",
  }),
  source: "aws.s3",
});

export const LOCK_TABLE_ARN = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/genesys-state-lock.home`;

/** A write to a lock table, as a data event of DynamoDB, which has the tables as its resources. */
export const lockWrite = (
  userIdentity: object,
  eventName = "DeleteItem",
  requestParameters: object = {
    tableName: "genesys-state-lock.home",
    key: { LockID: "state-bucket/x" },
  },
) => ({
  ...call(eventName, userIdentity, {
    eventSource: "dynamodb.amazonaws.com",
    requestParameters,
    resources: [{ accountId: ACCOUNT, type: "AWS::DynamoDB::Table", ARN: LOCK_TABLE_ARN }],
    managementEvent: false,
    eventCategory: "Data",
  }),
  source: "aws.dynamodb",
});
