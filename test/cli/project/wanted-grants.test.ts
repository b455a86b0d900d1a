import { wantedGrants } from "../../../lib/cli/project/wanted-grants";
import type { StackJson } from "../../../lib/terraform/stack-folder";
import snapshot from "../../snapshots/org-na-prod.json";

const ORG = { secretPrefix: "/genesys/production/na-prod/" };

test("the clients of a synthesized stack need the roles that the stack creates, by their names", () => {
  // Snapshots show JSON documents as objects.
  const stack = structuredClone(snapshot) as { resource: { aws_ssm_parameter: object } };
  for (const parameter of Object.values(stack.resource.aws_ssm_parameter)) {
    parameter.value = JSON.stringify(parameter.value);
  }
  const wanted = wantedGrants(ORG, stack as StackJson);
  expect(wanted).toHaveLength(3);
  expect(wanted).toContainEqual({
    credential: "master",
    client: "Production-CrmSync",
    secretName: "/genesys/production/na-prod/crm-sync",
    role: { name: "Production-CrmSync" },
    division: { home: true },
  });
  expect(wanted).toContainEqual(
    expect.objectContaining({ client: "Production-AnalyticsExporter", division: { id: "*" } }),
  );
});

test("an object that Terraform reads is known by its name as well", () => {
  const managed = {
    data: { genesyscloud_auth_role: { supervisor: { name: "Supervisor" } } },
    resource: {
      genesyscloud_auth_division: { service: { name: "Service" } },
      genesyscloud_oauth_client: {
        desktop: {
          name: "Production-Desktop",
          roles: [
            {
              role_id: "${data.genesyscloud_auth_role.supervisor.id}",
              division_id: "${genesyscloud_auth_division.service.id}",
            },
          ],
        },
        code: { name: "Production-Code" },
      },
    },
  };
  expect(wantedGrants(ORG, managed)).toEqual([
    {
      credential: "deployer",
      client: "Production-Desktop",
      role: { name: "Supervisor" },
      division: { name: "Service" },
    },
  ]);
});
