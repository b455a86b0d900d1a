import type { PolicyStatement } from "../../../aws/policy-document";
import { readPolicyOf } from "../../../aws/read-policy";
import { readableOf } from "../../../registry/consumer-reads";
import type { RegistryReport } from "../../../registry/report";

/** A workload, and everything that it may read. */
export interface ConsumerReads {
  /** Its name in the registry; the ARN of its role where the registry has no name for it. */
  readonly name: string;
  readonly role: string;
  readonly description?: string;
  readonly owner?: string;
  readonly secrets: readonly { readonly org: string; readonly secretName: string }[];
  /** Permissions for exactly these secrets. */
  readonly policy: readonly PolicyStatement[];
}

/** Returns the consumers of a registry, and then the roles that secrets name and the registry does not. */
export function readsIn({ consumers = [], orgs }: RegistryReport): ConsumerReads[] {
  const secrets = orgs
    .filter(({ retired }) => !retired)
    .flatMap((org) => org.secrets.map((secret) => ({ org, secret })));
  const named = new Set(consumers.map(({ role }) => role));
  const others = new Set(secrets.flatMap(({ secret }) => secret.consumers));
  const unnamed = [...others].filter((role) => !named.has(role)).sort();
  return [...consumers, ...unnamed.map((role) => ({ name: role, role }))].map((consumer) => {
    const read = secrets.filter(({ secret }) => secret.consumers.includes(consumer.role));
    return {
      ...consumer,
      secrets: read.map(({ org, secret }) => ({ org: org.name, secretName: secret.secretName })),
      policy: readPolicyOf(
        read.map(({ org, secret: { secretName, key = "org" } }) =>
          readableOf(org.aws, { secretName, key }),
        ),
      ),
    };
  });
}
