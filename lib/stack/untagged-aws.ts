import { TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Id of the AWS provider without default tags in an organisation's stack, and its alias. */
export const UNTAGGED_AWS = { id: "aws-untagged", alias: "untagged" } as const;

/** Returns the AWS provider without default tags of a construct's stack; undefined if it has none. */
export function untaggedAwsOf(scope: Construct): TerraformProvider | undefined {
  const found = TerraformStack.of(scope).node.tryFindChild(UNTAGGED_AWS.id);
  return TerraformProvider.isTerraformProvider(found) ? found : undefined;
}
