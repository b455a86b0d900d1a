import type { ProviderRules } from "../core/rules";
import { functionRules } from "./rules-functions";
import { identityRules } from "./rules-identity";
import { storageRules } from "./s3";

/**
 * From the schema definitions of hashicorp/aws 6.26.0. Those of S3, DynamoDB, OIDC providers, managed
 * policies and everything in `aws-functions.ts` were read in copies of other versions. Lengths of
 * policies, forms of schedules and of secrets' names are limits of the services.
 */
export const awsRules: ProviderRules = {
  provider: { conflictsWith: { allowed_account_ids: ["forbidden_account_ids"] } },
  resources: { ...functionRules, ...identityRules, ...storageRules },
  dataSources: {
    aws_iam_policy_document: {
      values: {
        version: { oneOf: ["2008-10-17", "2012-10-17"] },
        "statement.effect": { oneOf: ["Allow", "Deny"] },
        "statement.sid": { pattern: "^[a-zA-Z0-9]*$" },
      },
    },
  },
};
