import { UserError } from "../errors";

/** An AWS call that failed. */
export class AwsCallError extends UserError {
  override readonly name = "AwsCallError";

  constructor(
    message: string,
    /** AWS's name of the error, for example `AccessDenied`. */
    readonly code: string,
  ) {
    super(message);
  }
}

/**
 * Returns the words of a message about an error of the SDK.
 *
 * @param code its name, or that of the network's error
 */
export type Quote = (error: Error, code: string) => string;

/**
 * Waits for an AWS call.
 *
 * @param call for example `GetSecretValue of /genesys/production/na/crm-sync`
 * @param quote what the message may repeat of the SDK's error
 * @throws AwsCallError
 * @throws UserError when the environment does not let a call be sent
 */
export async function awsCall<Answer>(
  call: string,
  answer: Promise<Answer>,
  quote: Quote = withoutValues,
): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { name, code } = error as Error & { readonly code?: unknown };
    const known = name === "Error" && typeof code === "string" ? code : name;
    throw new AwsCallError(`${call}: ${quote(error as Error, known)}`, known);
  }
}

/**
 * Only words of AWS itself, and never about an invalid value: those repeat the value. A message of
 * the SDK could have a piece of an answer that it did not understand.
 */
const withoutValues: Quote = (error, code) =>
  "$fault" in error && code !== "ValidationException" ? `${code}: ${error.message}` : code;
