import type { AccessMetric } from "../../registry/monitoring-names";
import type { Watched } from "./event-patterns";

/**
 * Returns the patterns that count accesses in the log group of a trail (CloudWatch Logs, "Filter pattern syntax
 * for metric filters"). Like an event pattern, each knows a secret by its name and by its ARN.
 */
export function logFilters({
  secretPrefixes,
  secretArnPrefixes,
}: Pick<Watched, "secretPrefixes" | "secretArnPrefixes">): Record<AccessMetric, string> {
  const prefixes = [...secretPrefixes, ...secretArnPrefixes];
  const service = is("$.eventSource", "secretsmanager.amazonaws.com");
  const ofSecrets = prefixes.map((prefix) => is("$.requestParameters.secretId", `${prefix}*`));
  return {
    reads: all(
      service,
      is("$.eventName", "GetSecretValue"),
      "($.errorCode NOT EXISTS)",
      any(...ofSecrets),
    ),
    denials: all(
      service,
      is("$.errorCode", "AccessDenied*"),
      any(
        ...ofSecrets,
        // CloudTrail may leave out the parameters of a call that was denied.
        ...prefixes.map((prefix) => is("$.errorMessage", `*resource: ${prefix}*`)),
      ),
    ),
  };
}

const is = (field: string, value: string): string => `(${field} = "${value}")`;
const any = (...terms: readonly string[]): string => `(${terms.join(" || ")})`;
const all = (...terms: readonly string[]): string => `{ ${terms.join(" && ")} }`;
