// The part of the Platform API's models that is used here. Answers have further fields, and an
// update sends them back unchanged.

/** A role in a division; `*` is every division. */
export interface RoleDivision {
  readonly roleId: string;
  readonly divisionId: string;
}

/** The fields of an OAuth client that a request may set. */
export interface OAuthClientRequest {
  readonly name: string;
  readonly description?: string;
  readonly authorizedGrantType: "CLIENT-CREDENTIALS";
  /** Lifetime of a token, 300 to 172,800 seconds. */
  readonly accessTokenValiditySeconds: number;
  readonly roleDivisions: readonly RoleDivision[];
  /**
   * `inactive`: the client gets no new tokens, and its existing tokens stay valid until they
   * expire. A delete would end them at once, so a client must be inactive first.
   */
  readonly state: "active" | "inactive";
  /** Time at which Genesys Cloud deletes the client by itself, ISO 8601. */
  readonly dateToDelete?: string;
}

/** An OAuth client. */
export interface OAuthClient {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Only in the answers that create a client or renew its secret. */
  readonly secret?: string;
  /** Genesys' support can set `disabled`; a `deleted` client may still be listed. */
  readonly state?: "active" | "inactive" | "disabled" | "deleted";
  readonly authorizedGrantType?: string;
  readonly accessTokenValiditySeconds?: number;
  readonly roleDivisions?: readonly RoleDivision[];
  /** ISO 8601. */
  readonly dateCreated?: string;
  /** ISO 8601. */
  readonly dateModified?: string;
  readonly dateToDelete?: string;
  /** The client or the user that created it; not known to be there for clients of clients. */
  readonly createdBy?: { readonly id: string };
}

/** The credential that an integration uses, such as the one of data actions. */
export interface IntegrationCredentialRequest {
  readonly name: string;
  /** Its type is named, and cannot be changed. */
  readonly type: { readonly name: string };
  readonly credentialFields: Readonly<Record<string, string>> & {
    readonly clientId: string;
    readonly clientSecret: string;
  };
}

/** The organisation and the client that a token belongs to. */
export interface TokenOwner {
  readonly organization: { readonly id: string };
  readonly OAuthClient?: { readonly id: string; readonly name?: string };
}
