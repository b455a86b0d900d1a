import { arnOf, computed } from "./configured";

test("an alias has the ARN of its key", () => {
  expect(computed("aws_kms_alias", { name: "alias/a", target_key_id: "k" })).toMatchObject({
    arn: arnOf("kms", "alias/a"),
    target_key_arn: arnOf("kms", "key/k"),
  });
});
