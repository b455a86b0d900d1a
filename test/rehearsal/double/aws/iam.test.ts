import type { ObjectValue } from "../../../../lib/rehearsal/double/core/value";
import { computed, configured } from "./configured";

test.each<[string, ObjectValue, ObjectValue]>([
  [
    "aws_iam_role",
    { name: "r", path: "/team/" },
    { id: "r", arn: "arn:aws:iam::111111111111:role/team/r" },
  ],
  ["aws_iam_role_policy", { name: "p", role: "r" }, { id: "r:p" }],
  ["aws_iam_role_policy_attachment", { role: "r", policy_arn: "arn" }, { id: "r/arn" }],
  [
    "aws_iam_policy",
    { name: "p", path: "/team/" },
    {
      id: "arn:aws:iam::111111111111:policy/team/p",
      policy_id: expect.stringMatching(/^ANPA\w{17}$/),
    },
  ],
  [
    "aws_iam_openid_connect_provider",
    { url: "https://gitlab.com/a" },
    { id: "arn:aws:iam::111111111111:oidc-provider/gitlab.com/a" },
  ],
])("%s of %j has the id and the ARN of the real service", (type, planned, expected) => {
  expect(computed(type, planned)).toMatchObject(expected);
});

test("a policy document is rendered", () => {
  const statement: ObjectValue[] = [
    {
      sid: "Read",
      actions: ["s3:GetObject"],
      resources: ["a", "b"],
      principals: [{ type: "AWS", identifiers: ["arn"] }],
      condition: [{ test: "StringEquals", variable: "aws:x", values: ["y"] }],
    },
    { effect: "Deny", not_actions: ["s3:*"], resources: ["*"], principals: [{ type: "*" }] },
  ];
  const answer = configured().data?.(
    "aws_iam_policy_document",
    { statement },
    { objects: () => [] },
  );
  expect(JSON.parse(String(answer?.json))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Read",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: ["a", "b"],
        Principal: { AWS: "arn" },
        Condition: { StringEquals: { "aws:x": "y" } },
      },
      { Effect: "Deny", NotAction: "s3:*", Resource: "*", Principal: "*" },
    ],
  });
});
