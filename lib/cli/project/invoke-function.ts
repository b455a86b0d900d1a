import type { SessionCredentials } from "../../aws/assume-role";
import { awsCall } from "../../aws/call";
import { loadLambda, NOT_LOGGED_IN } from "../../aws/sdk";
import { UserError } from "../../errors";
import { httpsAgent } from "../../http/proxy";

/** Whose credentials a call needs. */
export interface Caller {
  /** Role of the org whose permissions are enough. @default "writer" */
  readonly role?: "reader" | "writer";
  /** @default - the operator's own */
  readonly credentials?: SessionCredentials | undefined;
}

/**
 * Calls a Lambda function and waits for its answer, with the operator's AWS credentials.
 *
 * @param arn of the function, or of an alias of it
 * @param abortSignal stops the wait, but not the function
 * @throws UserError when AWS refuses the call, or the function fails
 */
export async function invokeFunction(
  arn: string,
  request: unknown,
  abortSignal: AbortSignal,
  { role = "writer", credentials }: Caller = {},
): Promise<unknown> {
  const [, , , region, , , name] = arn.split(":");
  const { InvokeCommand, LambdaClient } = loadLambda();
  const client = new LambdaClient({
    region,
    credentials,
    requestHandler: { httpsAgent: httpsAgent() },
  });
  const command = new InvokeCommand({ FunctionName: arn, Payload: JSON.stringify(request) });
  const call = async () => {
    const { Payload, FunctionError } = await client.send(command, { abortSignal });
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString("utf8") || "null");
    return { answer, FunctionError };
  };
  try {
    const { answer, FunctionError } = await awsCall(
      `${name} could not be called`,
      call(),
      (error, code) => reasonOf(arn, role, code) ?? error.message,
    );
    if (!FunctionError) return answer;
    const said = (answer as { errorMessage?: unknown } | null)?.errorMessage;
    throw new UserError(`${name} failed: ${said ?? FunctionError}`);
  } finally {
    client.destroy();
  }
}

function reasonOf(arn: string, role: string, code: string): string | undefined {
  switch (code) {
    case "CredentialsProviderError":
      return NOT_LOGGED_IN;
    case "ResourceNotFoundException":
      return `${arn} does not exist; deploy the org's stack first`;
    case "AccessDeniedException":
      return `lambda:InvokeFunction on ${arn} is denied; use the credentials of the org's ${role}, in the org's AWS account`;
    default:
      return undefined;
  }
}
