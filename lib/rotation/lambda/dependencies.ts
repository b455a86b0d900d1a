import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type Clock, SYSTEM_CLOCK } from "../../http/clock";
import { type Configuration, readConfiguration } from "./configuration";

/** What a function is surrounded by; tests put their own in its place. */
export interface Dependencies {
  readonly configuration: Configuration;
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Writes one line to the log. */
  readonly print: (line: string) => void;
}

/** A call that hangs must not take the time that others need. */
const HTTP = { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** @throws Error naming every environment variable that is missing or wrong */
export const resolveDependencies = (overrides: Partial<Dependencies>): Dependencies => ({
  configuration: overrides.configuration ?? readConfiguration(process.env),
  secrets: overrides.secrets ?? new SecretsManagerClient({ requestHandler: HTTP }),
  parameters: overrides.parameters ?? new SSMClient({ requestHandler: HTTP }),
  clock: overrides.clock ?? SYSTEM_CLOCK,
  fetch: overrides.fetch ?? fetch,
  // Not console.log: Lambda puts words before its lines, and CloudWatch finds no metric in them.
  print: overrides.print ?? ((line) => process.stdout.write(`${line}\n`)),
});
