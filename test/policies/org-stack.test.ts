import { TerraformResource, Testing } from "cdktf";
import { OrgStack, Policies, PolicyError } from "../../lib";
import { sampleOrg } from "../support/sample-org";

const RULE = "GO-OAUTH-TOKEN-LIFETIME";

/** The stack of an org with one client, whose tokens live too long. */
function stackWithBrokenRule() {
  const stack = new OrgStack(Testing.app(), sampleOrg());
  const client = new TerraformResource(stack, "crm", {
    terraformResourceType: "genesyscloud_oauth_client",
    provider: stack.genesyscloud,
  });
  client.addOverride("name", "Production-CrmSync");
  client.addOverride("authorized_grant_type", "CLIENT-CREDENTIALS");
  client.addOverride("access_token_validity_seconds", 604_800);
  return { stack, client };
}

test("an org's own stack breaks no rule", () => {
  expect(() => Testing.synth(new OrgStack(Testing.app(), sampleOrg()))).not.toThrow();
});

test("an org's stack that breaks a rule does not synthesize, escape hatches included", () => {
  const { stack } = stackWithBrokenRule();
  const synth = () => Testing.synth(stack);
  expect(synth).toThrow(PolicyError);
  expect(synth).toThrow(
    `org-na-prod/crm (genesyscloud_oauth_client.crm)\n  error ${RULE}: access_token_validity_seconds is 604800`,
  );
});

test("a stack with a waiver synthesizes", () => {
  const { stack, client } = stackWithBrokenRule();
  Policies.waive(client, RULE, "SCIM provisioning, whose tokens last a week");
  expect(() => Testing.synth(stack)).not.toThrow();
});
