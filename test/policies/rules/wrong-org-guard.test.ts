import { AuthDivision } from "../../../genesyscloud/auth-division";
import { GenesyscloudProvider } from "../../../genesyscloud/provider";
import { OrgStack } from "../../../lib";
import { wrongOrgGuard } from "../../../lib/policies/rules/wrong-org-guard";
import { temporaryFolder } from "../../support/folders";
import { sampleOrg, testApp } from "../../support/sample-org";
import { findingsOf, synthesize } from "../../support/synthesized-stack";

const messages = (add: (stack: OrgStack) => void = () => {}) => {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg());
  add(stack);
  // As it would be without the check in OrgStack itself.
  const unchecked = () => {
    try {
      return synthesize(stack);
    } catch (error) {
      return (error as { findings: readonly { rule: string; message: string }[] }).findings;
    }
  };
  const result = unchecked();
  return Array.isArray(result)
    ? result.filter(({ rule }) => rule === wrongOrgGuard.id).map(({ message }) => message)
    : findingsOf(wrongOrgGuard, result as Record<string, unknown>).map(({ message }) => message);
};

describe("GO-WRONG-ORG-GUARD", () => {
  test("accepts an org's stack as OrgStack makes it", () => {
    expect(messages((stack) => new AuthDivision(stack, "division", { name: "A" }))).toEqual([]);
  });

  test.each<[string, (stack: OrgStack) => unknown, string]>([
    [
      "a resource of the probe",
      (stack) =>
        new AuthDivision(stack, "division", {
          name: "A",
          provider: stack.node
            .findAll()
            .find((node): node is GenesyscloudProvider => node.node.id === "genesyscloud-probe"),
        }),
      "provider genesyscloud.probe is for data.genesyscloud_organizations_me alone",
    ],
    [
      "credentials that an override puts in place of the guarded ones",
      (stack) => stack.genesyscloud.addOverride("oauthclient_id", "other"),
      "oauthclient_id does not depend on data.genesyscloud_organizations_me",
    ],
    [
      "an access token, which makes the provider ignore them",
      (stack) => stack.genesyscloud.addOverride("access_token", "${var.token}"),
      "access_token makes the provider ignore the guarded client",
    ],
    [
      "another configuration of the provider",
      (stack) => new GenesyscloudProvider(stack, "other", { alias: "other" }),
      "oauthclient_id does not depend on data.genesyscloud_organizations_me",
    ],
  ])("refuses %s", (_, add, message) => {
    expect(messages(add)).toEqual([message]);
  });
});
