import type { AuthenticatedCalls } from "./authenticated-calls";
import type { RoleDivision } from "./models";

/** A role or a division, by its id and name. */
export interface NamedObject {
  readonly id: string;
  readonly name: string;
}

/** The permissions that a role gives; `*` is every domain, entity or action. */
export interface GrantedPolicy {
  readonly domain?: string;
  readonly entityName?: string;
  readonly actions?: readonly string[];
  /** A condition under which it holds, as text. */
  readonly condition?: string;
}

/** A role that a subject has in a division; the id `*` is every division. */
export interface Grant {
  readonly role: NamedObject & { readonly policies?: readonly GrantedPolicy[] };
  readonly division: Pick<NamedObject, "id"> & Partial<NamedObject>;
}

/**
 * The part of the Platform API that grants roles, from the definitions of
 * purecloud-platform-client-v2 262.
 */
export class AuthorizationApi {
  constructor(private readonly api: Pick<AuthenticatedCalls, "call">) {}

  /** Returns the grants of an OAuth client. */
  async grantsOf(clientId: string): Promise<readonly Grant[]> {
    return this.grantsAt(encodeURIComponent(clientId));
  }

  /** Returns the grants of the caller. Needs no permission. */
  async ownGrants(): Promise<readonly Grant[]> {
    return this.grantsAt("me");
  }

  /** Returns the role of a name; undefined if there is none. */
  async role(name: string): Promise<NamedObject | undefined> {
    return this.named("roles", name);
  }

  /** Returns the division of a name; undefined if there is none. */
  async division(name: string): Promise<NamedObject | undefined> {
    return this.named("divisions", name);
  }

  async homeDivision(): Promise<NamedObject> {
    return (await this.api.call("GET", `${AUTHORIZATION}/divisions/home`)) as NamedObject;
  }

  /** Gives an OAuth client roles, in addition to those that it has. */
  async grant(clientId: string, grants: readonly RoleDivision[]): Promise<void> {
    // Without a type, the API looks for a user of this id.
    const path = `${AUTHORIZATION}/subjects/${encodeURIComponent(clientId)}/bulkadd?subjectType=PC_OAUTH_CLIENT`;
    await this.api.call("POST", path, { grants });
  }

  private async grantsAt(subject: string): Promise<readonly Grant[]> {
    const answer = await this.api.call("GET", `${AUTHORIZATION}/subjects/${subject}`);
    return (answer as GrantsPage).grants ?? [];
  }

  /** The API's filter also finds other names that contain this one. */
  private async named(kind: "roles" | "divisions", name: string): Promise<NamedObject | undefined> {
    for (let page = 1; ; page++) {
      const query = new URLSearchParams({ name, pageSize: "100", pageNumber: `${page}` });
      const answer = (await this.api.call("GET", `${AUTHORIZATION}/${kind}?${query}`)) as NamedPage;
      const found = answer.entities?.find((one) => one.name === name);
      if (found || page >= (answer.pageCount ?? 1)) return found;
    }
  }
}

const AUTHORIZATION = "/api/v2/authorization";

/** The grants of a subject. */
export interface GrantsPage {
  readonly grants?: readonly Grant[];
}

/** A page of roles or divisions. */
export interface NamedPage {
  readonly entities?: readonly NamedObject[];
  readonly pageCount?: number;
}
