/** A role that the stack names by its id. */
export const ROLE_ID = "aaaaaaaa-1111-4111-8111-111111111111";

/** Terraform JSON of na-prod with an OAuth client that the rotator creates, and one of Terraform's own. */
export const STACK_WITH_CLIENTS = {
  data: { genesyscloud_auth_division_home: { home: {} } },
  resource: {
    genesyscloud_auth_role: {
      crm: { name: "Production-CrmSync" },
      wallboard: { name: "Production-Wallboard" },
    },
    genesyscloud_oauth_client: {
      wallboard: {
        name: "Production-Wallboard",
        roles: [{ role_id: "${genesyscloud_auth_role.wallboard.id}" }],
      },
    },
    aws_ssm_parameter: {
      crm: {
        name: "/genesys/production/na-prod/crm-sync/specification",
        value: JSON.stringify({
          clientName: "Production-CrmSync",
          roleDivisions: [
            {
              roleId: "${genesyscloud_auth_role.crm.id}",
              divisionId: "${data.genesyscloud_auth_division_home.home.id}",
            },
            { roleId: ROLE_ID, divisionId: "*" },
          ],
        }),
      },
    },
  },
};

/** The roles of Genesys Cloud that it refers to. */
export const ROLES_OF_CLIENTS = [
  { id: "role-crm", name: "Production-CrmSync" },
  { id: "role-wallboard", name: "Production-Wallboard" },
  { id: ROLE_ID, name: "Supervisor" },
];
