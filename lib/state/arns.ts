import type { Home, Org, StateRole } from "../registry/model";
import { GITHUB_OIDC_HOST } from "./github-oidc";

export const bucketArn = ({ partition, bucket }: Home): string => `arn:${partition}:s3:::${bucket}`;

/** The account as a principal: leaves it to the account's own policies whom it lets in. */
export const accountArn = ({ partition }: Home, account: string): string =>
  `arn:${partition}:iam::${account}:root`;

/** The accounts of some principals, as principals. */
export const accountsOf = (home: Home, principals: readonly string[]): string[] => [
  ...new Set(principals.map((arn) => accountArn(home, arn.split(":")[4] ?? ""))),
];

export const roleArn = ({ state: { home }, roles }: Org, role: StateRole): string =>
  `arn:${home.partition}:iam::${home.account}:role/${roles[role]}`;

export const tableArn = ({ partition, region, account }: Home, table: string): string =>
  `arn:${partition}:dynamodb:${region}:${account}:table/${table}`;

/** Every KMS key of the home's account and region. */
export const keysArn = ({ partition, region, account }: Home): string =>
  `arn:${partition}:kms:${region}:${account}:key/*`;

export const oidcProviderArn = ({ partition, account }: Home): string =>
  `arn:${partition}:iam::${account}:oidc-provider/${GITHUB_OIDC_HOST}`;

/** A service as `kms:ViaService` names it. */
export const service = (name: "s3" | "dynamodb", { region }: Home): string =>
  `${name}.${region}.amazonaws.com`;
