import type { Home, Org, StateRole } from "../registry/model";
import { roleNamesOf } from "../registry/names";
import { GITHUB_OIDC_HOST } from "./github-oidc";

export const bucketArn = ({ partition, bucket }: Home): string => `arn:${partition}:s3:::${bucket}`;

/** Returns the account as a principal. The account's own policies decide which roles may act. */
export const accountArn = ({ partition }: Home, account: string): string =>
  `arn:${partition}:iam::${account}:root`;

/** Returns the accounts of some principals, as principals. */
export const accountsOf = (home: Home, principals: readonly string[]): string[] => [
  ...new Set(principals.map((arn) => accountArn(home, arn.split(":")[4] ?? ""))),
];

export const roleArn = ({ state: { home }, roles }: Org, role: StateRole): string =>
  `arn:${home.partition}:iam::${home.account}:role/${roles[role]}`;

/** Returns the ARNs of an org's state roles. */
export const roleArnsOf = ({ partition, account }: Home, org: string): string[] => {
  const { reader, writer, unlocker } = roleNamesOf(org);
  return [reader, writer, unlocker].map((name) => `arn:${partition}:iam::${account}:role/${name}`);
};

export const tableArn = ({ partition, region, account }: Home, table: string): string =>
  `arn:${partition}:dynamodb:${region}:${account}:table/${table}`;

/** Returns a pattern for every KMS key of the home's account and region. */
export const keysArn = ({ partition, region, account }: Home): string =>
  `arn:${partition}:kms:${region}:${account}:key/*`;

export const oidcProviderArn = ({ partition, account }: Home): string =>
  `arn:${partition}:iam::${account}:oidc-provider/${GITHUB_OIDC_HOST}`;

/** Returns the name of a service in the condition `kms:ViaService`. */
export const service = (name: "s3" | "dynamodb", { region }: Home): string =>
  `${name}.${region}.amazonaws.com`;
