import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type Clock, SYSTEM_CLOCK } from "../../http/clock";
import { type Configuration, readConfiguration } from "./configuration";

/** The dependencies of a function. Tests override them. */
export interface Dependencies {
  readonly configuration: Configuration;
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  readonly events: EventBridgeClient;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Writes one line to the log. */
  readonly print: (line: string) => void;
}

/** Limits for AWS calls: one that hangs must not use up the time that others need. */
const HTTP = { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/**
 * Returns the real dependencies, except for those that are overridden.
 * @throws Error that names every environment variable that is missing or wrong
 */
export const resolveDependencies = (overrides: Partial<Dependencies>): Dependencies => ({
  configuration: overrides.configuration ?? readConfiguration(process.env),
  secrets: overrides.secrets ?? new SecretsManagerClient({ requestHandler: HTTP }),
  parameters: overrides.parameters ?? new SSMClient({ requestHandler: HTTP }),
  events: overrides.events ?? new EventBridgeClient({ requestHandler: HTTP }),
  clock: overrides.clock ?? SYSTEM_CLOCK,
  fetch: overrides.fetch ?? fetch,
  // Not console.log: Lambda adds a prefix to its lines, and CloudWatch finds no metric in them.
  print: overrides.print ?? ((line) => process.stdout.write(`${line}\n`)),
});
