import { existsSync } from "node:fs";
import { AGENT_TOKEN_FILE, agentSource, extensionSource } from "./local-source";
import { sdkSource } from "./sdk-source";
import type { SecretSource } from "./secret-source";

/**
 * Returns the best source here: in a Lambda function the extension, and the SDK where there is none;
 * elsewhere the agent if its token file exists, and the SDK otherwise.
 */
export function defaultSource(): SecretSource {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME) return extensionSource(sdkSource());
  return existsSync(AGENT_TOKEN_FILE) ? agentSource() : sdkSource();
}
