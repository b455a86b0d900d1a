import { arnOf, computed } from "./configured";

test("a trail has its ARN as its id", () => {
  const arn = arnOf("cloudtrail", "trail/states");
  expect(computed("aws_cloudtrail", { name: "states" })).toMatchObject({
    id: arn,
    arn,
    home_region: "eu-west-1",
  });
});
