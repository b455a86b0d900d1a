import { version } from "../../../lib/policies/rules/version";
import { findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

function terraform(settings: Record<string, unknown>) {
  return orgStack({ terraform: settings });
}

describe("GO-VERSION", () => {
  test.each([">= 1.11", ">=1.11.0", "~> 1.11", "= 1.12.3", "1.11.4", ">= 1.11, < 2.0", "> 2"])(
    "accepts Terraform %s",
    (required_version) => {
      expect(findingsOf(version, terraform({ required_version }))).toEqual([]);
    },
  );

  test.each([">= 1.10", ">= 1.9.8, < 2", "~> 1", "< 2.0", "!= 1.12", "1.10.5", "any"])(
    "refuses Terraform %s",
    (required_version) => {
      expect(messagesOf(version, terraform({ required_version }))).toEqual([
        `required_version "${required_version}" allows versions before 1.11`,
      ]);
    },
  );

  test("refuses a stack without required_version", () => {
    expect(findingsOf(version, terraform({ required_version: undefined }))).toMatchObject([
      { construct: "org-na-prod", address: "terraform", message: "required_version is missing" },
    ]);
  });

  test.each([{ source: "hashicorp/vault" }, { source: "hashicorp/vault", version: " " }])(
    "refuses the required provider %j",
    (vault) => {
      expect(messagesOf(version, terraform({ required_providers: { vault } }))).toEqual([
        "required provider vault has no version constraint",
      ]);
    },
  );

  test("accepts the old short form of a required provider", () => {
    expect(findingsOf(version, terraform({ required_providers: { vault: "~> 5.6" } }))).toEqual([]);
  });
});
