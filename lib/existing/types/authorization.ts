import { isClientCredentials } from "../../genesys/grant-type";
import {
  at,
  block,
  blockSet,
  type Entity,
  entitiesAt,
  refTo,
  setOf,
  textAt,
  Unordered,
} from "./mapping";
import { DIVISION, OAUTH_CLIENT, QUEUE, ROLE, USER } from "./names";
import type { ObjectType } from "./object-type";

/** Divisions. Every organisation has a home division. */
export const division: ObjectType = {
  type: DIVISION,
  plural: "divisions",
  listings: [{ path: "/api/v2/authorization/divisions" }],
  // Organisations may call it differently, and it is the same for all of them.
  nameOf: (entity) => (isHome(entity) ? HOME_DIVISION : textAt(entity, "name")),
  unmanaged: (entity) => (isHome(entity) ? "the home division" : undefined),
  mapping: { name: "name", description: "description", home: "homeDivision" },
};

/** Name by which the home division is known here. */
export const HOME_DIVISION = "(home division)";

const isHome = ({ homeDivision }: Entity): boolean => homeDivision === true;

/** Roles. Those of Genesys Cloud are in every organisation. */
export const role: ObjectType = {
  type: ROLE,
  plural: "roles",
  listings: [{ path: "/api/v2/authorization/roles" }],
  unmanaged: (entity) =>
    entity.default === true || textAt(entity, "defaultRoleId") !== undefined
      ? "a role of Genesys Cloud"
      : undefined,
  mapping: {
    name: "name",
    description: "description",
    permissions: setOf("permissions"),
    permission_policies: blockSet("permissionPolicies", {
      domain: "domain",
      entity_name: "entityName",
      action_set: setOf("actionSet"),
      conditions: block("resourceConditionNode", {
        conjunction: "conjunction",
        terms: blockSet("terms", {
          variable_name: "variableName",
          operator: "operator",
          operands: blockSet("operands", {
            type: "type",
            user_id: (operand) =>
              operand.type === "USER" ? refTo(USER, at(operand, "user.id")) : undefined,
            queue_id: (operand) =>
              operand.type === "QUEUE" ? refTo(QUEUE, at(operand, "queue.id")) : undefined,
            value: (operand) =>
              ["USER", "QUEUE"].includes(String(operand.type))
                ? undefined
                : textAt(operand, "value"),
          }),
        }),
      }),
    }),
  },
};

/** OAuth clients. Those for client credentials belong to the rotator. */
export const oauthClient: ObjectType = {
  type: OAUTH_CLIENT,
  plural: "oauth-clients",
  listings: [{ path: "/api/v2/oauth/clients", paging: "next page" }],
  // Only Genesys can change a client that its support has disabled.
  isNone: ({ state }) => state === "deleted" || state === "disabled",
  unmanaged: (entity) =>
    isClientCredentials(entity)
      ? "for client credentials: `genesys-orgs hand-over <org>` shows how the rotator takes over"
      : undefined,
  perOrg: ["registered_redirect_uris"],
  notRead: ["expose_client_secret"],
  mapping: {
    name: "name",
    description: "description",
    authorized_grant_type: "authorizedGrantType",
    access_token_validity_seconds: "accessTokenValiditySeconds",
    state: "state",
    registered_redirect_uris: setOf("registeredRedirectUri"),
    scopes: setOf("scope"),
    roles: (client) =>
      new Unordered(
        entitiesAt(client, "roleDivisions").map(({ roleId, divisionId }) => ({
          role_id: refTo(ROLE, roleId),
          // All divisions have the id "*".
          division_id: divisionId === "*" ? "*" : refTo(DIVISION, divisionId),
        })),
      ),
  },
};
