import { Integration } from "../../genesyscloud/integration";
import { IntegrationCredentialFromSecret, OAuthClientWithOffloadedSecret } from "../../lib";
import { rehearse } from "../../lib/rehearsal";
import { synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

describeWithTerraform("an integration with the credential of a rotated client", () => {
  test("is rehearsed, and no secret is in Terraform", async () => {
    const { world, folderOf } = synthesize(registryOf(entry("na-prod", 0)), (stack) => {
      const client = new OAuthClientWithOffloadedSecret(stack, "data-actions", {
        name: "data-actions",
        permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
      });
      const { id } = new IntegrationCredentialFromSecret(stack, "credential", {
        client,
        name: "Data actions",
      });
      new Integration(stack, "integration", {
        integrationType: "purecloud-data-actions",
        intendedState: "ENABLED",
        config: { name: "Data actions", credentials: { pureCloudOAuthClient: id } },
      });
    });
    const stacks = [{ stack: "org-na-prod", org: "na-prod", folder: folderOf("na-prod") }];
    const [result] = await rehearse({ stacks, world });
    expect(result).toMatchObject({ error: undefined, secondPlanEmpty: true, secretBytes: 0 });
  });
});
