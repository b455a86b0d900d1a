import type { Org } from "../../registry/model";
import {
  arnOf,
  deadLettersArnOf,
  dryRunArnOf,
  functionArnOf,
  logGroupNameOf,
  ROTATION_FUNCTIONS,
} from "../../rotation/rotation-names";
import type { Need } from "./need";

/** Needs for the functions, their logs and their dead letters. */
export function functionNeeds(org: Org): Need[] {
  const functions = ROTATION_FUNCTIONS.map((part) => functionArnOf(org, part));
  const logGroups = ROTATION_FUNCTIONS.map((part) =>
    arnOf(org, "logs", `log-group:${logGroupNameOf(org, part)}`),
  );
  return [
    {
      sid: "Functions",
      resources: functions,
      read: [
        "lambda:GetAlias",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      write: [
        "lambda:AddPermission",
        "lambda:CreateAlias",
        "lambda:CreateFunction",
        "lambda:DeleteAlias",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateFunctionEventInvokeConfig",
      ],
    },
    {
      // Needed by RotateSecret, and by the guard that refuses to destroy live clients. Terraform
      // calls a version of the reconciler, which has an ARN of its own.
      sid: "Calls",
      resources: [...functions, `${functionArnOf(org, "reconciler")}:$LATEST`],
      read: [],
      write: ["lambda:InvokeFunction"],
    },
    {
      // To tell what the reconciler would do. Never the function itself, by which it does it.
      sid: "DryRun",
      resources: [dryRunArnOf(org)],
      read: ["lambda:InvokeFunction"],
      write: [],
    },
    ...(org.rotation.network
      ? [
          {
            // Lambda checks the caller's view of the network that it connects a function to.
            sid: "Network",
            resources: ["*"],
            read: [],
            write: ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
          },
        ]
      : []),
    {
      sid: "Logs",
      resources: logGroups.flatMap((group) => [group, `${group}:*`]),
      read: ["logs:ListTagsForResource"],
      write: [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
    },
    {
      sid: "DeadLetters",
      resources: [deadLettersArnOf(org)],
      read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
      write: [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ],
    },
  ];
}
