import { computed } from "./configured";

test("a bucket has its name as its id, or one that is made from its prefix", () => {
  expect(computed("aws_s3_bucket", { bucket: "state" })).toMatchObject({
    id: "state",
    arn: "arn:aws:s3:::state",
    bucket_prefix: "",
    bucket_regional_domain_name: "state.s3.eu-west-1.amazonaws.com",
  });
  expect(computed("aws_s3_bucket", { bucket_prefix: "logs-" })?.bucket).toMatch(/^logs-\w{26}$/);
});

test("a part of a bucket has the bucket's name as its id, and its owner's where it is given", () => {
  expect(computed("aws_s3_bucket_versioning", { bucket: "state" })?.id).toBe("state");
  expect(
    computed("aws_s3_bucket_logging", { bucket: "state", expected_bucket_owner: "111111111111" })
      ?.id,
  ).toBe("state,111111111111");
});
