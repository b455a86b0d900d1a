/**
 * A mistake that the user can mend: its message names the organisation, the path, the value and
 * the fix. Commands print the message alone, without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
