import { DRY_RUN_ALIAS } from "../rotation-names";

/** What Lambda says about a call. */
export interface Invocation {
  /** The ARN that the caller named, with the version or the alias. */
  readonly invokedFunctionArn: string;
}

/**
 * Whether the caller named the alias for dry runs. IAM allows a reader this ARN only, so it decides, and
 * nothing that is in the event.
 *
 * @throws Error when the function was called in any way that is not known
 */
export function isDryRun({ invokedFunctionArn: arn }: Invocation): boolean {
  // arn:<partition>:lambda:<region>:<account>:function:<name>[:<version or alias>]
  const [, , , , , kind, name, qualifier, ...rest] = `${arn}`.split(":");
  if (kind === "function" && name && rest.length === 0) {
    // Schedule and events name no version. Terraform names the latest one.
    if (qualifier === undefined || qualifier === "$LATEST") return false;
    if (qualifier === DRY_RUN_ALIAS) return true;
  }
  throw new Error(
    `the reconciler was called as ${arn}: nothing was changed. Call it without a version, or by its alias ${DRY_RUN_ALIAS}`,
  );
}
