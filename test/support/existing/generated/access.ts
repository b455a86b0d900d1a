import type { Entity, Json } from "../../fakes/organization/entity";
import type { Build } from "./build";
import { described } from "./names";

/** The home division first. */
export function divisions(build: Build, count: number): void {
  build.add("auth_division", { name: "Home", description: "", homeDivision: true });
  for (let index = 1; index < count; index += 1) {
    build.add("auth_division", { ...described(build.random), homeDivision: false });
  }
}

const DEFAULT_ROLES = ["employee", "admin", "supervisor", "ai-agent", "communicate-user"];
const DOMAINS = ["routing", "directory", "architect", "analytics", "telephony"];
const ENTITIES = ["queue", "user", "flow", "conversationDetail", "phone", "skill"];
const ACTIONS = ["add", "delete", "edit", "view"];

/** Roles that each organisation has from the start, and its own. */
export function roles(build: Build, count: number): void {
  const own = Math.max(0, count - DEFAULT_ROLES.length);
  for (const id of DEFAULT_ROLES.slice(0, count - own)) {
    build.add("auth_role", { name: id, ...role(build), defaultRoleId: id, default: true });
  }
  for (let index = 0; index < own; index += 1) {
    build.add("auth_role", { ...role(build), default: false });
  }
}

function role(build: Build): { [name: string]: Json } {
  const { random } = build;
  const domains = random.some(DOMAINS, random.between(1, 3));
  return {
    ...described(random),
    ...(random.chance(0.5) ? { permissions: random.some(["group_creation", "ALLOW_ALL"], 1) } : {}),
    permissionPolicies: domains.map((domain) => ({
      domain,
      entityName: random.chance(0.1) ? "*" : random.pick(ENTITIES),
      policyName: `${domain} policy`,
      actionSet: random.some(ACTIONS, random.between(1, 3)),
      allowConditions: false,
    })),
    base: false,
    roleNeedsUpdate: false,
    userCount: build.organization.all("user").length,
  };
}

/** Conditions of roles, which name queues and users: those have to exist first. */
export function roleConditions({ random, organization }: Build): void {
  for (const role of organization.all("auth_role")) {
    const [policy] = role.permissionPolicies as { [name: string]: Json }[];
    if (!policy || !random.chance(0.3)) continue;
    policy.allowConditions = true;
    policy.resourceConditionNode = {
      conjunction: "AND",
      terms: [
        {
          variableName: "Conversation.queues",
          operator: "IN",
          operands: random
            .some(organization.all("routing_queue"), 2)
            .map(({ id }) => ({ type: "QUEUE", queue: { id } })),
        },
        {
          variableName: "Conversation.duration",
          operator: "GE",
          operands: [{ type: "SCALAR", value: "60" }],
        },
      ],
    };
  }
}

export function oauthClients(build: Build, count: number): void {
  const { random } = build;
  for (let index = 0; index < count; index += 1) {
    const grant = random.pick(["CLIENT-CREDENTIALS", "CLIENT-CREDENTIALS", "CODE", "TOKEN"]);
    build.add("oauth_client", { ...client(build), ...granted(build, grant), state: "active" });
  }
  // Genesys' support disabled it. Nobody can manage it.
  build.add("oauth_client", {
    ...client(build),
    ...granted(build, "CODE"),
    name: "Disabled by support",
    state: "disabled",
  });
}

const client = ({ random }: Build): { [name: string]: Json } => ({
  ...described(random),
  accessTokenValiditySeconds: random.pick([86_400, 3600, 172_800]),
  dateCreated: "2025-03-01T10:00:00.000Z",
  dateModified: "2026-01-01T10:00:00.000Z",
  createdBy: { id: random.uuid() },
});

function granted(build: Build, grant: string): { [name: string]: Json } {
  const { random } = build;
  if (grant !== "CLIENT-CREDENTIALS") {
    return {
      authorizedGrantType: grant,
      registeredRedirectUri: ["https://example.com/callback", "http://localhost:8080/"].slice(
        0,
        random.between(1, 2),
      ),
      scope: random.some(["users:readonly", "routing", "analytics:readonly"], 2),
    };
  }
  return {
    authorizedGrantType: grant,
    registeredRedirectUri: [],
    scope: [],
    roleDivisions: build.some("auth_role", random.between(1, 3)).map(({ id }: Entity) => ({
      roleId: id,
      divisionId: random.chance(0.3) ? "*" : build.any("auth_division").id,
    })),
  };
}
