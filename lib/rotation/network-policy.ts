import { allow, type PolicyStatement } from "../aws/policy-document";
import type { Org } from "../registry/model";
import { functionArnOf, type NamedOrg, ROTATION_FUNCTIONS } from "./rotation-names";

/** What Lambda does with a function's role to connect the function to a VPC. */
const CONNECT = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * Returns the permissions that a function in a VPC needs, for Lambda itself and not for its code (AWS:
 * Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export const networkStatements = (
  org: NamedOrg & { readonly rotation: Pick<Org["rotation"], "network"> },
): PolicyStatement[] =>
  org.rotation.network
    ? [
        allow("Network", CONNECT, ["*"]),
        {
          ...allow("NetworkNotByCode", CONNECT, ["*"], {
            ArnEquals: {
              "lambda:SourceFunctionArn": ROTATION_FUNCTIONS.map((part) =>
                functionArnOf(org, part),
              ),
            },
          }),
          Effect: "Deny",
        },
      ]
    : [];
