import type { GrantedPolicy, GrantsPage, NamedPage } from "./authorization-api";
import type {
  IntegrationCredentialRequest,
  OAuthClient,
  OAuthClientRequest,
  RoleDivision,
  TokenOwner,
} from "./models";
import type { ClientPage } from "./platform-api";
import type { UsageExecution, UsageResults } from "./usage-api";

/** A value of the Platform API, as far as it is used. Arrays and objects have the same of their parts. */
export type UsedValue =
  | "string"
  | "number"
  | "boolean"
  | "map"
  | { readonly values: Readonly<Record<string, true>> }
  | { readonly each: UsedValue }
  | { readonly fields: Readonly<Record<string, UsedValue>> };

/** An operation of the Platform API that is used. */
export interface UsedOperation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  /** Parameters of the query. A text that is always the same is named. */
  readonly query?: Readonly<
    Record<string, "string" | "number" | { readonly values: Readonly<Record<string, true>> }>
  >;
  readonly sends?: UsedValue;
  readonly reads?: UsedValue;
}

type Plain<T> = [T] extends [number] ? "number" : [T] extends [boolean] ? "boolean" : never;
type Fields<T, Sent> = string extends keyof T
  ? "map"
  : { readonly fields: { readonly [Key in keyof T]-?: Shape<NonNullable<T[Key]>, Sent> } };
/** Values of a text in an answer, which it is compared with. */
type Compared<Sent> = Sent extends true
  ? never
  : { readonly values: Readonly<Record<string, true>> };
/** All fields of a model, so that a field which comes to be used cannot be left out here. */
type Shape<T, Sent> = [T] extends [string]
  ? string extends T
    ? "string" | Compared<Sent>
    : Sent extends true
      ? { readonly values: { readonly [Value in T]: true } }
      : "string" | { readonly values: { readonly [Value in T]?: true } }
  : [T] extends [readonly (infer Item)[]]
    ? { readonly each: Shape<Item, Sent> }
    : [T] extends [object]
      ? Fields<T, Sent>
      : Plain<T>;

const sent = <T>(shape: Shape<T, true>): UsedValue => shape as UsedValue;
const read = <T>(shape: Shape<T, false>): UsedValue => shape as UsedValue;

const ROLE_DIVISION = { fields: { roleId: "string", divisionId: "string" } } as const;

const CLIENT_REQUEST = sent<OAuthClientRequest>({
  fields: {
    name: "string",
    description: "string",
    authorizedGrantType: { values: { "CLIENT-CREDENTIALS": true } },
    accessTokenValiditySeconds: "number",
    roleDivisions: { each: ROLE_DIVISION },
    state: { values: { active: true, inactive: true } },
    dateToDelete: "string",
  },
});

const CLIENT = {
  fields: {
    id: "string",
    name: "string",
    description: "string",
    secret: "string",
    state: { values: { active: true, inactive: true } },
    authorizedGrantType: { values: { "CLIENT-CREDENTIALS": true } },
    accessTokenValiditySeconds: "number",
    roleDivisions: { each: ROLE_DIVISION },
    dateCreated: "string",
    dateModified: "string",
    dateToDelete: "string",
    createdBy: { fields: { id: "string" } },
  },
} as const;

const NAMED = { id: "string", name: "string" } as const;

const POLICY = {
  fields: {
    domain: "string",
    entityName: "string",
    actions: { each: "string" },
    condition: "string",
  },
} as const satisfies Shape<GrantedPolicy, false>;

const GRANTS = read<GrantsPage>({
  fields: {
    grants: {
      each: {
        fields: {
          role: { fields: { ...NAMED, policies: { each: POLICY } } },
          division: { fields: NAMED },
        },
      },
    },
  },
});

const NAMED_PAGE = read<NamedPage>({
  fields: { entities: { each: { fields: NAMED } }, pageCount: "number" },
});
const BY_NAME = { name: "string", pageSize: "number", pageNumber: "number" } as const;

const CLIENTS = "/api/v2/oauth/clients";
const SUBJECTS = "/api/v2/authorization/subjects";

/**
 * Every operation of the Platform API that rotator, reconciler and commands call, with the fields that
 * they send and read. `genesys-orgs api-check` compares them with the API, after
 * scripts/derive-platform-api.mjs has compared them with Genesys' own types.
 */
export const USED_API: readonly UsedOperation[] = [
  {
    method: "GET",
    path: "/api/v2/tokens/me",
    reads: read<TokenOwner>({
      fields: { organization: { fields: { id: "string" } }, OAuthClient: { fields: NAMED } },
    }),
  },
  { method: "GET", path: "/api/v2/organizations/me", reads: { fields: { id: "string" } } },
  {
    method: "GET",
    path: CLIENTS,
    reads: read<ClientPage>({
      fields: { entities: { each: CLIENT }, total: "number", nextUri: "string" },
    }),
  },
  { method: "POST", path: CLIENTS, sends: CLIENT_REQUEST, reads: read<OAuthClient>(CLIENT) },
  { method: "GET", path: `${CLIENTS}/{clientId}`, reads: read<OAuthClient>(CLIENT) },
  {
    method: "PUT",
    path: `${CLIENTS}/{clientId}`,
    sends: CLIENT_REQUEST,
    reads: read<OAuthClient>(CLIENT),
  },
  { method: "DELETE", path: `${CLIENTS}/{clientId}` },
  { method: "POST", path: `${CLIENTS}/{clientId}/secret`, reads: read<OAuthClient>(CLIENT) },
  {
    method: "GET",
    path: `${CLIENTS}/{clientId}/usage/summary`,
    query: { days: "string" },
    reads: read<UsageExecution>({ fields: { executionId: "string" } }),
  },
  {
    method: "GET",
    path: `${CLIENTS}/{clientId}/usage/query/results/{executionId}`,
    reads: read<UsageResults>({
      fields: {
        queryStatus: { values: { Complete: true } },
        results: { each: { fields: { requests: "number", date: "string" } } },
        cursors: { fields: { after: "string" } },
      },
    }),
  },
  {
    method: "PUT",
    path: "/api/v2/integrations/credentials/{credentialId}",
    sends: sent<IntegrationCredentialRequest>({
      fields: { name: "string", type: { fields: { name: "string" } }, credentialFields: "map" },
    }),
  },
  { method: "GET", path: "/api/v2/authorization/divisions/home", reads: { fields: NAMED } },
  { method: "GET", path: "/api/v2/authorization/divisions", query: BY_NAME, reads: NAMED_PAGE },
  { method: "GET", path: "/api/v2/authorization/roles", query: BY_NAME, reads: NAMED_PAGE },
  { method: "GET", path: `${SUBJECTS}/me`, reads: GRANTS },
  { method: "GET", path: `${SUBJECTS}/{subjectId}`, reads: GRANTS },
  {
    method: "POST",
    path: `${SUBJECTS}/{subjectId}/bulkadd`,
    query: { subjectType: { values: { PC_OAUTH_CLIENT: true } } },
    sends: sent<{ readonly grants: readonly RoleDivision[] }>({
      fields: { grants: { each: ROLE_DIVISION } },
    }),
  },
];
