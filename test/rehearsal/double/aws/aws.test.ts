import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";
import { arnOf, computed, configured } from "./configured";

test.each<[string, ObjectValue, string]>([
  ["the allowed account", {}, "111111111111"],
  [
    "the account of the role that it assumes",
    { allowed_account_ids: null, assume_role: [{ role_arn: "arn:aws:iam::222222222222:role/x" }] },
    "222222222222",
  ],
  ["no account in particular", { allowed_account_ids: null }, "000000000000"],
])("the provider is in %s", (_what, patch, account) => {
  expect(configured(patch).scope).toBe(`AWS account ${account}`);
});

test("a role of an account that is not allowed is refused", () => {
  const assume_role = [{ role_arn: "arn:aws:iam::222222222222:role/x" }];
  expect(() => configured({ assume_role })).toThrow("AWS account ID not allowed: 222222222222");
});

test("a provider without a region is refused", () => {
  expect(() => configured({ region: null })).toThrow(/invalid AWS Region/);
});

test("a resource's own region wins over the provider's", () => {
  expect(computed("aws_kms_key", { region: "us-east-1" })?.arn).toMatch(/^arn:aws:kms:us-east-1:/);
});

test("a type that the double does not know has its name as its id, and an ARN", () => {
  expect(computed("aws_sfn_state_machine", { name: "m" })).toMatchObject({
    id: "m",
    arn: arnOf("sfn", "m"),
  });
});

describe("a plan", () => {
  const plan = (planned: ObjectValue) => {
    const tags = { owner: "team", environment: "production" };
    configured({ default_tags: [{ tags }] }).plan?.("aws_kms_key", planned, null);
    return planned;
  };

  test("knows all tags: the provider's, and the resource's own over them", () => {
    expect(plan({ tags: { owner: "me" }, tags_all: UNKNOWN })).toMatchObject({
      tags_all: { owner: "me", environment: "production" },
    });
    expect(plan({ tags: UNKNOWN, tags_all: UNKNOWN }).tags_all).toBe(UNKNOWN);
  });

  test("knows the region", () => {
    expect(plan({ region: UNKNOWN }).region).toBe("eu-west-1");
    expect(plan({ region: "us-east-1" }).region).toBe("us-east-1");
  });
});
