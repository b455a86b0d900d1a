import { loadLambda, NOT_LOGGED_IN } from "../../../aws/sdk";
import { UserError } from "../../../errors";

/**
 * Calls a Lambda function and waits for its answer, with the credentials that AWS's own tools
 * would use.
 *
 * @param abortSignal ends the waiting; the function goes on
 * @throws UserError when AWS refuses the call, or the function fails
 */
export async function invokeFunction(
  arn: string,
  request: unknown,
  abortSignal: AbortSignal,
): Promise<unknown> {
  const { InvokeCommand, LambdaClient } = loadLambda();
  const client = new LambdaClient({ region: arn.split(":")[3] });
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: arn, Payload: JSON.stringify(request) }),
      { abortSignal },
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString("utf8") || "null");
    if (!FunctionError) return answer;
    const said = (answer as { errorMessage?: unknown } | null)?.errorMessage;
    throw new UserError(`${nameOf(arn)} failed: ${said ?? FunctionError}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${nameOf(arn)} could not be called: ${reasonOf(error, arn)}`);
  } finally {
    client.destroy();
  }
}

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

function reasonOf(error: unknown, arn: string): string {
  const { name, message } = error as Error;
  switch (name) {
    case "CredentialsProviderError":
      return NOT_LOGGED_IN;
    case "ResourceNotFoundException":
      return `there is no ${arn}; was the org's stack deployed?`;
    case "AccessDeniedException":
      return `lambda:InvokeFunction on ${arn} is denied; use credentials of the org's account, as its writer`;
    default:
      return message;
  }
}
