/** A call of AWS that failed. Never says what was sent, or what came. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";

  constructor(
    message: string,
    /** AWS's name of the error, for example `AccessDeniedException`. */
    readonly code: string,
  ) {
    super(message);
  }
}

/**
 * Waits for a call of AWS.
 *
 * @param call for example `GetSecretValue of /genesys/production/na/crm-sync`
 * @throws AwsCallError
 */
export async function awsCall<Answer>(call: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    const { name, code, message } = error as Error & { readonly code?: unknown };
    // Only what AWS itself says, and no validation: that repeats the value. A message of the SDK
    // could have a piece of an answer that it did not understand.
    const isSaid = "$fault" in (error as object) && name !== "ValidationException";
    const what = name === "Error" && typeof code === "string" ? code : name;
    throw new AwsCallError(`${call}: ${what}${isSaid ? `: ${message}` : ""}`, what);
  }
}
