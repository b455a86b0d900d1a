import { crossOrg } from "../../../lib/policies/rules/cross-org";
import { block, findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

const BUCKET = "genesys-state-production";

function remoteState(config: Record<string, unknown>, backend = "s3") {
  return orgStack(
    block("data", "terraform_remote_state", { backend, config: { bucket: BUCKET, ...config } }),
  );
}

describe("GO-CROSS-ORG", () => {
  test.each([
    ["its own", remoteState({ key: "orgs/na-prod/terraform.tfstate" })],
    ["a component of its own org", remoteState({ key: "orgs/na-prod/network/terraform.tfstate" })],
    ["no org's, elsewhere", remoteState({ bucket: "other", key: "network/terraform.tfstate" })],
    ["not in S3", remoteState({ key: "orgs/eu-prod/terraform.tfstate" }, "gcs")],
  ])("accepts a state that is %s", (_what, stack) => {
    expect(findingsOf(crossOrg, stack)).toEqual([]);
  });

  test("refuses another org's state and names both", () => {
    expect(messagesOf(crossOrg, remoteState({ key: "orgs/eu-prod/terraform.tfstate" }))).toEqual([
      `reads the state ${BUCKET}/orgs/eu-prod/terraform.tfstate of org "eu-prod"; its own is ${BUCKET}/orgs/na-prod/terraform.tfstate`,
    ]);
  });

  test("refuses an org whose name begins like the own name", () => {
    const stack = remoteState({ key: "orgs/na-prod-2/terraform.tfstate" });
    expect(findingsOf(crossOrg, stack)).toHaveLength(1);
  });

  test("refuses the same key in another home's bucket", () => {
    const stack = remoteState({ bucket: "other", key: "orgs/na-prod/terraform.tfstate" });
    expect(findingsOf(crossOrg, stack)).toHaveLength(1);
  });

  test("refuses a key that only Terraform knows", () => {
    expect(messagesOf(crossOrg, remoteState({ key: "orgs/${var.org}/terraform.tfstate" }))).toEqual(
      ["reads a remote state whose place is an expression"],
    );
  });

  test.each([
    ["the org's access", { key: "access/na-prod/terraform.tfstate" }],
    ["the home", { key: "home/terraform.tfstate" }],
    ["another org, with a slash before it", { key: "/orgs/eu-prod/terraform.tfstate" }],
    [
      "another org, by the prefix of workspaces",
      { key: "terraform.tfstate", workspace_key_prefix: "orgs/eu-prod" },
    ],
  ])("refuses the state of %s", (_what, config) => {
    expect(findingsOf(crossOrg, remoteState(config))).toHaveLength(1);
  });

  test("refuses a place that is a single expression", () => {
    const data = (body: Record<string, unknown>) =>
      orgStack(block("data", "terraform_remote_state", body));
    expect(findingsOf(crossOrg, data({ backend: "s3", config: "${local.place}" }))).toHaveLength(1);
    expect(findingsOf(crossOrg, data({ backend: "${var.kind}", config: {} }))).toHaveLength(1);
  });

  test("refuses a state that is read as an object, and no other object", () => {
    const object = (bucket: string) =>
      orgStack(block("data", "aws_s3_object", { bucket, key: "orgs/eu-prod/terraform.tfstate" }));
    expect(messagesOf(crossOrg, object(BUCKET))).toEqual([
      `reads an object of ${BUCKET}, the bucket with the states`,
    ]);
    expect(messagesOf(crossOrg, object("other"))).toEqual([]);
  });
});
