/**
 * A mistake that the user can correct. Its message names the organisation, the path, the value and
 * the fix. Commands print only the message, without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
