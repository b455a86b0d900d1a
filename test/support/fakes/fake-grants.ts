import type { FakeClient } from "./fake-genesys";
import type { FakeOrganization } from "./fake-organization";
import { itemsOf, textOf } from "./organization/entity";

// Roles, divisions and grants of the Platform API, as its SDK (purecloud-platform-client-v2 262)
// describes them. It shares no code with the code that is tested against it.

export interface Grant {
  readonly roleId: string;
  readonly divisionId: string;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A role, with what it permits, which a subject's grants show. */
export interface Role extends Named {
  readonly policies?: readonly {
    readonly domain: string;
    readonly entityName: string;
    readonly actions: readonly string[];
  }[];
}

export class FakeGrants {
  /** Token of a person who may grant every role. */
  readonly administratorToken = "test-secret-administrator-token";
  readonly roles: Role[] = [];
  readonly divisions: Named[] = [{ id: "home", name: "Home" }];

  constructor(private readonly clients: ReadonlyMap<string, FakeClient>) {}

  /** Knows the roles and divisions of an organisation. */
  take(organization: FakeOrganization): void {
    const home = organization.homeDivision?.id;
    const divisions = organization
      .all("auth_division")
      .map((division) => ({ id: division.id, name: textOf(division, "name") }))
      .sort((one, other) => Number(other.id === home) - Number(one.id === home));
    this.divisions.splice(0, this.divisions.length, ...divisions);
    for (const role of organization.all("auth_role")) {
      const policies = itemsOf<{ domain: string; entityName: string; actionSet: string[] }>(
        role,
        "permissionPolicies",
      ).map(({ domain, entityName, actionSet }) => ({ domain, entityName, actions: actionSet }));
      this.roles.push({ id: role.id, name: textOf(role, "name"), policies });
    }
  }

  heldBy(clientId: string): Grant[] {
    return (this.clients.get(clientId)?.fields.roleDivisions ?? []) as Grant[];
  }

  lackedBy(clientId: string, wanted: readonly Grant[]): Grant[] {
    const held = this.heldBy(clientId);
    return wanted.filter(
      ({ roleId, divisionId }) =>
        !held.some((own) => own.roleId === roleId && ["*", divisionId].includes(own.divisionId)),
    );
  }

  /**
   * Answers a request about grants; undefined if it is about something else.
   * @param caller undefined for the administrator
   */
  handle({ method, path, query, body }: Request, caller: string | undefined): Reply | undefined {
    const [, rest] = /^\/api\/v2\/authorization\/(.+)$/.exec(path) ?? [];
    if (rest === undefined) return undefined;
    if (rest === "divisions/home") return { status: 200, body: this.divisions[0] };
    if (rest === "roles") return caller === undefined ? listed(this.roles, query) : missing();
    if (rest === "divisions") return listed(this.divisions, query);
    const [, subject = "", bulk] = /^subjects\/([^/]+)(\/bulkadd)?$/.exec(rest) ?? [];
    const id = subject === "me" ? caller : decodeURIComponent(subject);
    const client = id === undefined ? undefined : this.clients.get(id);
    if (method === "GET") return client ? this.shown(client) : notFound();
    if (method === "POST" && bulk) {
      // Without a type, the subject is a user.
      if (!client || query.get("subjectType") !== "PC_OAUTH_CLIENT") return notFound();
      return this.add(client, (JSON.parse(body) as { grants: Grant[] }).grants, caller);
    }
    return undefined;
  }

  private add(client: FakeClient, grants: readonly Grant[], caller: string | undefined): Reply {
    if (caller !== undefined && this.lackedBy(caller, grants).length > 0) {
      const message = "You cannot grant roles that you do not have";
      return { status: 403, body: { code: "grant.not.allowed", message } };
    }
    const known = grants.every(({ roleId }) => this.roles.some(({ id }) => id === roleId));
    if (!known) return notFound();
    client.fields.roleDivisions = [...this.heldBy(client.id), ...grants];
    return { status: 204 };
  }

  private shown({ id }: FakeClient): Reply {
    const grants = this.heldBy(id).map(({ roleId, divisionId }) => ({
      subjectId: id,
      role: this.roles.find((role) => role.id === roleId) ?? { id: roleId, name: roleId },
      division: this.divisions.find((division) => division.id === divisionId) ?? { id: divisionId },
    }));
    return { status: 200, body: { id, grants } };
  }
}

/** One page. The filter by name finds parts of names, whatever their case. */
function listed(all: readonly Named[], query: URLSearchParams): Reply {
  const name = (query.get("name") ?? "").toLowerCase();
  const found = all.filter((one) => one.name.toLowerCase().includes(name));
  const size = Number(query.get("pageSize") ?? 25);
  const page = Number(query.get("pageNumber") ?? 1);
  return {
    status: 200,
    body: {
      entities: found.slice((page - 1) * size, page * size),
      total: found.length,
      pageNumber: page,
      pageCount: Math.ceil(found.length / size),
    },
  };
}

const notFound = (): Reply => ({ status: 404, body: { code: "not.found" } });

const missing = (): Reply => ({
  status: 403,
  body: {
    code: "missing.permissions",
    message: "You are missing the following permission(s): authorization:role:view",
  },
});
