import {
  accessPatterns,
  clientPattern,
  type EventPattern,
} from "../../../lib/credentials/monitoring/event-patterns";
import type { Home } from "../../../lib/registry/model";
import type { AccessEvent, CLIENT_EVENT } from "../../../lib/registry/monitoring-names";
import { stateChangePattern } from "../../../lib/state/state-access-events";
import { changed } from "../../support/aws-events/changed";
import { entry } from "../../support/sample-org";
import { homeRegistry } from "../../support/state-stacks";
import {
  audit,
  call,
  denied,
  EVENT_BUS,
  foreignAccount,
  foreignRoleArn,
  foreignSession,
  LOCK_TABLE_ARN,
  lockTableChange,
  lockWrite,
  MASTER_ID,
  PARTNER_ACCOUNT,
  roleArn,
  root,
  SECRET,
  SECRET_ARN,
  serviceEvent,
  session,
  stateWrite,
  user,
} from "./events";

const PREFIX = "/genesys/production/na-prod/";
const WATCHED = {
  secretPrefixes: [PREFIX],
  secretArnPrefixes: [`arn:aws:secretsmanager:us-east-1:111111111111:secret:${PREFIX}`],
  readers: [roleArn("crm-sync"), roleArn("break-glass"), foreignRoleArn("partner")],
  rotation: [roleArn("genesys-na-prod-rotator"), roleArn("genesys-na-prod-reconciler")],
  deployers: [roleArn("genesys-na-prod-state-writer")],
};

const REGISTRY = homeRegistry(
  [
    entry("na-prod", 1, {
      state: {
        home: "home",
        crossAccountRoles: { writer: ["arn:aws:iam::222222222222:role/partner"] },
      },
    }),
  ],
  { trustedAccounts: ["222222222222"] },
);
const [HOME] = REGISTRY.homes as [Home];
const ORG = REGISTRY.get("na-prod");

/** The patterns of an org whose consumers have a common path in IAM. */
const BY_PATH = { ...WATCHED, readers: [roleArn("consumers/*"), roleArn("break-glass")] };

export const PATTERNS: Readonly<Record<string, EventPattern>> = {
  ...accessPatterns(WATCHED),
  "unexpected-read, by path": accessPatterns(BY_PATH)["unexpected-read"],
  "unexpected-read, in one account": accessPatterns({
    ...WATCHED,
    readers: [roleArn("crm-sync")],
  })["unexpected-read"],
  "state-changed": stateChangePattern(HOME, [ORG]) as EventPattern,
  "client-changed": clientPattern(EVENT_BUS, MASTER_ID),
  "client-changed, without a master": clientPattern(EVENT_BUS),
};

/** An event that matches, and the changes of one field each after which it does not. */
interface Row {
  readonly pattern: AccessEvent | typeof CLIENT_EVENT | (string & {});
  readonly event: object;
  readonly what: string;
  readonly nearly?: readonly (readonly [what: string, path: string, value: unknown])[];
}

const ISSUER = "detail.userIdentity.sessionContext.sessionIssuer.arn";
const LOCK_ARN = "detail.resources.0.ARN";
const SECRET_ID = "detail.requestParameters.secretId";
const BY_ARN = { requestParameters: { secretId: SECRET_ARN } };
const OTHER_FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:other";
const OTHER_ORG = "/genesys/production/na-prod-2/crm-sync";

/** What no pattern for a call on a secret matches. */
const notOurs: Row["nearly"] = [
  ["a secret of another org", SECRET_ID, OTHER_ORG],
  ["an ARN of another org", SECRET_ID, SECRET_ARN.replace(SECRET, OTHER_ORG)],
  ["an ARN of another account", SECRET_ID, SECRET_ARN.replace("111111111111", "222222222222")],
  ["another service", "detail.eventSource", "ssm.amazonaws.com"],
  ["an event that is no call", "detail-type", "AWS Service Event via CloudTrail"],
  ["an event of another source", "source", "aws.ssm"],
];
const failed = ["a call that failed", "detail.errorCode", "ResourceNotFoundException"] as const;
const byRole = (...names: string[]) =>
  names.map((name) => [`the role ${name}`, ISSUER, roleArn(name)] as const);

export const ROWS: readonly Row[] = [
  {
    pattern: "unexpected-read",
    what: "another role reads by name",
    event: call("GetSecretValue", session("payroll")),
    nearly: [
      ...byRole("crm-sync", "break-glass", "genesys-na-prod-rotator", "genesys-na-prod-reconciler"),
      ["another call", "detail.eventName", "DescribeSecret"],
      failed,
      ...notOurs,
    ],
  },
  {
    pattern: "unexpected-read",
    what: "another role reads by ARN",
    event: call("GetSecretValue", session("payroll"), BY_ARN),
  },
  {
    pattern: "unexpected-read",
    what: "a role whose name begins with a consumer's",
    event: call("GetSecretValue", session("crm-sync-2")),
  },
  {
    pattern: "unexpected-read",
    what: "an IAM user",
    event: call("GetSecretValue", user("alice")),
  },
  { pattern: "unexpected-read", what: "the root user", event: call("GetSecretValue", root) },
  {
    pattern: "unexpected-read",
    what: "another role reads a batch",
    event: call("BatchGetSecretValue", session("payroll"), {
      requestParameters: { secretIdList: ["/payroll/key", SECRET] },
    }),
    nearly: [
      [
        "a batch without the org's secrets",
        "detail.requestParameters.secretIdList",
        ["/payroll/key"],
      ],
      ...byRole("crm-sync"),
    ],
  },
  {
    pattern: "unexpected-read",
    what: "another role of a consumer's account, with its role",
    event: call("GetSecretValue", foreignSession("payroll"), BY_ARN),
    nearly: [
      ["the consumer", ISSUER, foreignRoleArn("partner")],
      ["the account alone", "detail.userIdentity", foreignAccount(PARTNER_ACCOUNT)],
    ],
  },
  {
    pattern: "unexpected-read",
    what: "an IAM user of a consumer's account",
    event: call("GetSecretValue", { ...user("alice"), accountId: PARTNER_ACCOUNT }, BY_ARN),
  },
  {
    pattern: "unexpected-read",
    what: "another account, without its role",
    event: call("GetSecretValue", foreignAccount("333333333333"), BY_ARN),
    nearly: [["a consumer's account", "detail.userIdentity.accountId", PARTNER_ACCOUNT]],
  },
  {
    pattern: "unexpected-read, in one account",
    what: "any other account, without its role",
    event: call("GetSecretValue", foreignAccount(PARTNER_ACCOUNT), BY_ARN),
    nearly: [["a consumer", "detail.userIdentity", session("crm-sync")]],
  },
  {
    pattern: "unexpected-read, by path",
    what: "a role without the path",
    event: call("GetSecretValue", session("crm-sync")),
    nearly: byRole("consumers/crm-sync", "consumers/mail/exporter", "break-glass"),
  },
  {
    pattern: "access-denied",
    what: "any principal, with its parameters",
    event: changed(
      denied(session("payroll"), { secretId: SECRET }),
      "detail.errorMessage",
      undefined,
    ),
    nearly: [
      ["a call that succeeded", "detail.errorCode", undefined],
      ["a call that failed otherwise", "detail.errorCode", "ResourceNotFoundException"],
      ...notOurs,
    ],
  },
  {
    pattern: "access-denied",
    what: "any principal, without parameters",
    event: denied(user("alice"), null),
    nearly: [
      [
        "a message about a secret of another org",
        "detail.errorMessage",
        `User: alice is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET_ARN.replace(SECRET, OTHER_ORG)}`,
      ],
    ],
  },
  {
    pattern: "access-denied",
    what: "a message with the secret's name",
    event: changed(
      denied(user("alice"), null),
      "detail.errorMessage",
      `User: alice is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET} because`,
    ),
  },
  {
    pattern: "access-denied",
    what: "another code of the same meaning",
    event: changed(denied(user("alice"), null), "detail.errorCode", "AccessDeniedException"),
  },
  {
    pattern: "secret-deleted",
    what: "anybody",
    event: call("DeleteSecret", session("admin")),
    nearly: [["another call", "detail.eventName", "RestoreSecret"], failed, ...notOurs],
  },
  {
    pattern: "secret-deleted",
    what: "even Terraform, by ARN",
    event: call("DeleteSecret", session("genesys-na-prod-state-writer"), BY_ARN),
  },
  {
    pattern: "policy-changed",
    what: "a person puts a policy",
    event: call("PutResourcePolicy", session("admin")),
    nearly: [
      ...byRole("genesys-na-prod-state-writer"),
      ["another call", "detail.eventName", "ValidateResourcePolicy"],
      failed,
      ...notOurs,
    ],
  },
  {
    pattern: "policy-changed",
    what: "the root user deletes it, by ARN",
    event: call("DeleteResourcePolicy", root, BY_ARN),
  },
  {
    pattern: "rotation-cancelled",
    what: "anybody",
    event: call("CancelRotateSecret", session("admin")),
    nearly: [["a start of the rotation", "detail.eventName", "RotateSecret"], failed, ...notOurs],
  },
  ...(
    [
      ["another function", { rotationLambdaARN: OTHER_FUNCTION }],
      ["another number of days", { rotationRules: { automaticallyAfterDays: 1000 } }],
      ["another schedule", { rotationRules: { scheduleExpression: "rate(999 days)" } }],
    ] as const
  ).map(([what, parameters]) => ({
    pattern: "rotation-cancelled",
    what: `a person sets ${what}`,
    event: call("RotateSecret", session("admin"), {
      requestParameters: { secretId: SECRET, ...parameters },
    }),
    nearly: [
      ...byRole(
        "genesys-na-prod-rotator",
        "genesys-na-prod-reconciler",
        "genesys-na-prod-state-writer",
      ),
      ["a start of the rotation", "detail.requestParameters", { secretId: SECRET }],
      ["another call", "detail.eventName", "TagResource"],
      failed,
      ...notOurs,
    ] as Row["nearly"],
  })),
  {
    pattern: "rotation-cancelled",
    what: "an IAM user sets another function, by ARN",
    event: call("RotateSecret", user("alice"), {
      requestParameters: { secretId: SECRET_ARN, rotationLambdaARN: OTHER_FUNCTION },
    }),
  },
  {
    pattern: "rotation-cancelled",
    what: "Terraform, by ARN",
    event: call("CancelRotateSecret", session("genesys-na-prod-state-writer"), BY_ARN),
  },
  {
    pattern: "value-changed",
    what: "a person moves a label",
    event: call("UpdateSecretVersionStage", session("admin")),
    nearly: [
      ...byRole(
        "genesys-na-prod-rotator",
        "genesys-na-prod-reconciler",
        "genesys-na-prod-state-writer",
      ),
      ["another call", "detail.eventName", "TagResource"],
      failed,
      ...notOurs,
    ],
  },
  {
    pattern: "value-changed",
    what: "a user puts a value, by ARN",
    event: call("PutSecretValue", user("alice"), BY_ARN),
  },
  {
    pattern: "value-changed",
    what: "a consumer updates the secret",
    event: call("UpdateSecret", session("crm-sync")),
  },
  {
    pattern: "replica-stopped",
    what: "a replica becomes a secret of its own",
    event: call("StopReplicationToReplica", session("admin")),
    nearly: [["another call", "detail.eventName", "TagResource"], failed, ...notOurs],
  },
  {
    pattern: "replica-stopped",
    what: "even Terraform removes a replica",
    event: call("RemoveRegionsFromReplication", session("genesys-na-prod-state-writer")),
  },
  {
    pattern: "replica-stopped",
    what: "a person adds a replica",
    event: call("ReplicateSecretToRegions", session("admin")),
    nearly: [
      ...byRole("genesys-na-prod-state-writer"),
      ["another call", "detail.eventName", "TagResource"],
      failed,
      ...notOurs,
    ],
  },
  {
    pattern: "replica-stopped",
    what: "an IAM user adds a replica, by ARN",
    event: call("ReplicateSecretToRegions", user("alice"), BY_ARN),
  },
  {
    pattern: "replica-stopped",
    what: "a replica is removed, by ARN",
    event: call("RemoveRegionsFromReplication", session("admin"), BY_ARN),
  },
  {
    pattern: "rotation-unsuccessful",
    what: "a rotation failed",
    event: serviceEvent("RotationFailed"),
    nearly: [
      ["a rotation that succeeded", "detail.eventName", "RotationSucceeded"],
      [
        "a secret of another org",
        "detail.additionalEventData.SecretId",
        SECRET_ARN.replace(SECRET, OTHER_ORG),
      ],
      ["another service", "detail.eventSource", "ssm.amazonaws.com"],
      ["a call", "detail-type", "AWS API Call via CloudTrail"],
      ["an event of another source", "source", "aws.ssm"],
    ],
  },
  {
    pattern: "rotation-unsuccessful",
    what: "a rotation was given up",
    event: serviceEvent("RotationAbandoned"),
  },
  {
    pattern: "state-changed",
    what: "a person writes a state",
    event: stateWrite(session("developer")),
    nearly: [
      ...byRole("genesys-na-prod-state-writer", "genesys-na-prod-state-unlocker", "admin"),
      ["a role of a trusted account", ISSUER, "arn:aws:iam::222222222222:role/partner"],
      ["a read", "detail.readOnly", true],
      ["a call that failed", "detail.errorCode", "AccessDenied"],
      ["another bucket", "detail.requestParameters.bucketName", "state-bucket-logs"],
      ["an event that is no call", "detail-type", "Object Created"],
      ["another source", "source", "aws.s3control"],
    ],
  },
  {
    pattern: "state-changed",
    what: "an IAM user deletes a lock table",
    event: lockTableChange(user("alice")),
    nearly: [
      ["another table", "detail.requestParameters.tableName", "orders"],
      ["another source", "source", "aws.dax"],
    ],
  },
  { pattern: "state-changed", what: "an IAM user removes a lock", event: lockWrite(user("alice")) },
  ...(
    [
      ["DeleteItem", { tableName: LOCK_TABLE_ARN, key: {} }],
      ["BatchWriteItem", { requestItems: { "genesys-state-lock.home": [] } }],
      ["TransactWriteItems", { transactItems: [] }],
      ["ExecuteStatement", { statement: "***" }],
    ] as const
  ).map(([name, parameters]) => ({
    pattern: "state-changed",
    what: `a person changes a lock by ${name}, without the table's name`,
    event: lockWrite(session("developer"), name, parameters),
    nearly: [
      ["another table", LOCK_ARN, LOCK_TABLE_ARN.replace("genesys-state-lock", "orders")],
      [
        "a table of another account",
        LOCK_ARN,
        LOCK_TABLE_ARN.replace("111111111111", "222222222222"),
      ],
      ["a read", "detail.readOnly", true],
      ...byRole("genesys-na-prod-state-writer"),
    ] as Row["nearly"],
  })),
  {
    pattern: "state-changed",
    what: "a person changes several tables, one of them with locks",
    event: changed(lockWrite(session("developer"), "TransactWriteItems", {}), "detail.resources", [
      { ARN: LOCK_TABLE_ARN.replace("genesys-state-lock", "orders") },
      { ARN: LOCK_TABLE_ARN },
    ]),
  },
  {
    pattern: "client-changed",
    what: "another client deletes one",
    event: audit("Delete", { id: "00000000-1111-4222-8333-444444444444" }),
    nearly: [
      ["the rotator's work", "detail.eventBody.clientId.id", MASTER_ID],
      ["a view", "detail.eventBody.action", "View"],
      ["another kind of object", "detail.eventBody.entityType", "Queue"],
      ["another topic", "detail-type", "v2.users.{id}.presence"],
      ["the events of another org", "source", `${EVENT_BUS}-2`],
    ],
  },
  {
    pattern: "client-changed",
    what: "a person in the console, without a client",
    event: audit("Create", {}),
  },
  {
    pattern: "client-changed",
    what: "somebody changes the master, in its own name",
    event: changed(audit("Update"), "detail.eventBody.entity.id", MASTER_ID),
  },
  {
    pattern: "client-changed, without a master",
    what: "also the rotator's work",
    event: audit("Create"),
    nearly: [
      ["a view", "detail.eventBody.action", "View"],
      ["another kind of object", "detail.eventBody.entityType", "Queue"],
      ["another topic", "detail-type", "v2.users.{id}.presence"],
      ["the events of another org", "source", `${EVENT_BUS}-2`],
    ],
  },
];

/** A question to a matcher, and the right answer. */
export interface Question {
  readonly pattern: string;
  readonly what: string;
  readonly event: object;
  readonly matches: boolean;
}

export const QUESTIONS: readonly Question[] = ROWS.flatMap(
  ({ pattern, event, what, nearly = [] }) => [
    { pattern, what, event, matches: true },
    ...nearly.map(([difference, path, value]) => ({
      pattern,
      what: `${what}, but ${difference}`,
      event: changed(event, path, value),
      matches: false,
    })),
  ],
);
