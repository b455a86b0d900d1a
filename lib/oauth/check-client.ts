import type { Construct } from "constructs";
import { UserError } from "../errors";
import type { Org } from "../registry/model";
import { KMS_KEY_ARN } from "../registry/names";
import { orgOfStack } from "../stack/org-of-stack";

/** @throws UserError when a client of one org is made in the stack of another */
export function checkOrgOfStack(scope: Construct, org: Org): void {
  const stack = orgOfStack(scope);
  if (!stack || stack.name === org.name) return;
  throw new UserError(
    `${scope.node.path}: this is the stack of ${stack.name}, and the client is one of ${org.name}: make it in its own org's stack`,
  );
}

/** @throws UserError when it is not the full ARN of a key, as other accounts need it */
export function checkKmsKey(scope: Construct, kmsKeyArn: string | undefined): void {
  if (kmsKeyArn === undefined || kmsKeyArn.includes("${") || KMS_KEY_ARN.test(kmsKeyArn)) return;
  throw new UserError(
    `${scope.node.path}: kmsKeyArn is "${kmsKeyArn}"; give the key's full ARN (arn:aws:kms:<region>:<account>:key/<id>), not an alias or an id`,
  );
}
