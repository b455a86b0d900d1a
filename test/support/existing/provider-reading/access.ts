import { block, each, type Reader } from "./reader";

export const authDivision: Reader = ({ name, description, homeDivision }) => ({
  name,
  description,
  home: homeDivision,
});

export const authRole: Reader = ({
  name,
  description,
  defaultRoleId,
  permissions,
  permissionPolicies,
}) => ({
  name,
  description,
  default_role_id: defaultRoleId,
  permissions,
  permission_policies: each(permissionPolicies, (policy) => ({
    domain: policy.domain,
    entity_name: policy.entityName,
    action_set: policy.actionSet,
    conditions: block(policy.resourceConditionNode, ({ conjunction, terms }) => ({
      conjunction,
      terms: each(terms, (term) => ({
        variable_name: term.variableName,
        operator: term.operator,
        operands: each(term.operands, ({ type, user, queue, value }) => ({
          type,
          ...(type === "USER" && { user_id: user?.id }),
          ...(type === "QUEUE" && { queue_id: queue?.id }),
          ...(type !== "USER" && type !== "QUEUE" && { value }),
        })),
      })),
    })),
  })),
});

/** Never read: the secret, `expose_client_secret`, `directory_client_secret`, the integration's credential. */
export const oauthClient: Reader = (client) => ({
  name: client.name,
  description: client.description,
  access_token_validity_seconds: client.accessTokenValiditySeconds,
  authorized_grant_type: client.authorizedGrantType,
  state: client.state,
  registered_redirect_uris: client.registeredRedirectUri,
  scopes: client.scope,
  roles: each(client.roleDivisions, ({ roleId, divisionId }) => ({
    role_id: roleId,
    division_id: divisionId,
  })),
  client_id: client.id,
});
