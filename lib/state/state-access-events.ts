import type { Home, Org } from "../registry/model";
import { tableArn } from "./arns";

/**
 * Returns the event pattern of a change of a home's states, locks or bucket by somebody else than the roles of
 * its orgs and its state admins. Its size does not depend on the number of orgs, except for those that roles of
 * other accounts use.
 */
export function stateChangePattern(home: Home, orgs: readonly Org[]): object {
  const { partition, account, bucket, stateAdmins } = home;
  const others = orgs
    .filter(({ state, retired }) => state.home === home && !retired)
    .flatMap(({ state }) => state.access.crossAccountRoles.writer);
  const expected = [
    ...["writer", "unlocker"].map(
      (role) => `arn:${partition}:iam::${account}:role/genesys-*-state-${role}`,
    ),
    ...stateAdmins,
    ...others,
  ];
  return {
    source: ["aws.s3", "aws.dynamodb"],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      readOnly: [false],
      errorCode: [{ exists: false }],
      $or: [
        { requestParameters: { bucketName: [bucket] } },
        { requestParameters: { tableName: [{ prefix: LOCK_TABLES }] } },
        // Batches, transactions and PartiQL name no table, and any call may name it by its ARN.
        { resources: { ARN: [{ prefix: tableArn(home, LOCK_TABLES) }] } },
      ],
      userIdentity: {
        sessionContext: {
          sessionIssuer: { arn: [{ "anything-but": { wildcard: expected } }, { exists: false }] },
        },
      },
    },
  };
}

/** Beginning of the names of all lock tables, shared ones and those of one org. */
export const LOCK_TABLES = "genesys-state-lock";

/** How EventBridge makes the alert of such an event. */
export const stateChangeAlert = (home: string) => ({
  inputPaths: {
    who: "$.detail.userIdentity.arn",
    event: "$.detail.eventName",
    bucket: "$.detail.requestParameters.bucketName",
    key: "$.detail.requestParameters.key",
    table: "$.detail.requestParameters.tableName",
    resource: "$.detail.resources[0].ARN",
    address: "$.detail.sourceIPAddress",
    time: "$.time",
  },
  inputTemplate: JSON.stringify(
    `${home}: a state, a lock or the bucket of the states was changed (<event>) by <who>, from the address <address>, at <time>, and not by Terraform: <bucket> <key> <table> <resource>. Unless this was planned, compare the state with its earlier versions: docs/state.md, 'A truncated or lost state'.`,
  ),
});
