import { readFileSync } from "node:fs";
import { type SecretSource, secretTextOf } from "./secret-source";

/** Properties of {@link agentSource} and {@link extensionSource}. */
export interface LocalSourceProps {
  /** @default 2773, or PARAMETERS_SECRETS_EXTENSION_HTTP_PORT for the extension */
  readonly port?: number;
  /**
   * Milliseconds until a request is given up. The extension itself has no limit by default.
   * @default 5000
   */
  readonly timeout?: number;
  /** @default - the global fetch */
  readonly fetch?: typeof fetch;
}

/** Properties of {@link agentSource}. */
export interface AgentSourceProps extends LocalSourceProps {
  /**
   * File with the token that the agent asks for.
   * @default "/var/run/awssmatoken"
   */
  readonly tokenFile?: string;
}

/** File that the agent's install script makes. Source: user guide, "Using the AWS Secrets Manager Agent". */
export const AGENT_TOKEN_FILE = "/var/run/awssmatoken";

/**
 * Reads secrets through the Secrets Manager Agent of the same machine or pod. A value that does not work
 * is read past the agent's cache (`refreshNow`).
 */
export function agentSource(props: AgentSourceProps = {}): SecretSource {
  const { tokenFile = AGENT_TOKEN_FILE } = props;
  // The agent makes a new token when it starts.
  const token = () => readFileSync(tokenFile, "utf8").trim();
  return {
    read: (secretId, refresh) =>
      ask("Secrets Manager Agent", secretId, refresh ? { refreshNow: "true" } : {}, token(), {
        ...props,
        port: props.port ?? 2773,
      }),
  };
}

/**
 * Reads secrets through the Lambda extension "AWS Parameters and Secrets". It has no way around its
 * cache, and answers nothing while the function starts (INIT): both is for another source.
 *
 * @param past source of a value that the extension cannot give
 */
export function extensionSource(past: SecretSource, props: LocalSourceProps = {}): SecretSource {
  const { PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: port = "2773" } = process.env;
  return {
    async read(secretId, refresh) {
      if (refresh) return past.read(secretId, refresh);
      const { AWS_SESSION_TOKEN: token = "" } = process.env;
      try {
        return await ask("Lambda extension", secretId, {}, token, {
          ...props,
          port: props.port ?? Number(port),
        });
      } catch {
        return past.read(secretId, refresh);
      }
    },
  };
}

async function ask(
  who: string,
  secretId: string,
  parameters: Readonly<Record<string, string>>,
  token: string,
  { port, timeout = 5000, fetch: send = fetch }: LocalSourceProps,
) {
  const query = new URLSearchParams({ secretId, ...parameters });
  const response = await send(`http://localhost:${port}/secretsmanager/get?${query}`, {
    headers: { "x-aws-parameters-secrets-token": token },
    signal: AbortSignal.timeout(timeout),
    redirect: "manual",
  });
  // The text of an error is not shown: nobody promises that it has no secret.
  if (response.status !== 200) throw new Error(`${who}: HTTP ${response.status} for ${secretId}`);
  return secretTextOf(await response.json(), secretId);
}
