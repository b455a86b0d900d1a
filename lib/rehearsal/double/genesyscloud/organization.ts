import type { GenesysArea } from "./common";

/** The organisation itself, its divisions and its roles. */
export const organization: GenesysArea = {
  resources: {
    genesyscloud_auth_division: { unique: ["name"], forceNew: ["home"] },
    genesyscloud_auth_role: {
      forceNew: ["default_role_id"],
      limits: {
        "permission_policies.conditions.conjunction": { oneOf: ["AND", "OR"] },
        "permission_policies.conditions.terms.operands.type": {
          oneOf: ["USER", "QUEUE", "SCALAR", "VARIABLE"],
        },
        "permission_policies.conditions.terms.operator": {
          oneOf: ["EQ", "IN", "GE", "GT", "LE", "LT"],
        },
      },
    },
  },
  dataSources: {
    genesyscloud_organizations_me: {
      read: (_query, { client }) => ({
        id: client.organizationId,
        name: client.org,
        domain: client.org,
        default_country_code: "US",
        default_language: "en-us",
        product_platform: "PureCloud",
      }),
    },
    genesyscloud_auth_division_home: {
      read: (_query, { homeDivision }) => ({ id: homeDivision, name: "Home" }),
    },
  },
};
