// The part of the Platform API's models that is used here. Answers have more, and what is sent back
// keeps it.

/** A role in a division; `*` is every division. */
export interface RoleDivision {
  readonly roleId: string;
  readonly divisionId: string;
}

/** What an OAuth client is made of. */
export interface OAuthClientRequest {
  readonly name: string;
  readonly description?: string;
  readonly authorizedGrantType: "CLIENT-CREDENTIALS";
  /** How long a token lives, 300 to 172,800 seconds. */
  readonly accessTokenValiditySeconds: number;
  readonly roleDivisions: readonly RoleDivision[];
  /**
   * `inactive`: mints no more tokens, and those it has go on until they end. That is to be done
   * before a delete.
   */
  readonly state: "active" | "inactive";
  /** When Genesys Cloud deletes the client by itself, ISO 8601. */
  readonly dateToDelete?: string;
}

/** An OAuth client. */
export interface OAuthClient {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** In the answers to a create and to a new secret, and nowhere else. */
  readonly secret?: string;
  /** `disabled` by Genesys' support; `deleted` can still be listed. */
  readonly state?: "active" | "inactive" | "disabled" | "deleted";
  readonly authorizedGrantType?: string;
  readonly accessTokenValiditySeconds?: number;
  readonly roleDivisions?: readonly RoleDivision[];
  /** ISO 8601. */
  readonly dateCreated?: string;
  /** ISO 8601. */
  readonly dateModified?: string;
  readonly dateToDelete?: string;
}

/** Whose token a request has. */
export interface TokenOwner {
  readonly organization: { readonly id: string };
  readonly OAuthClient?: { readonly id: string; readonly name?: string };
}
