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
  /** Access tokens that it gets from Vault, by their paths there. */
  readonly leases: readonly { readonly org: string; readonly path: string }[];
  /** Permissions for exactly these secrets. */
  readonly policy: readonly PolicyStatement[];
}

/** Returns the consumers of a registry, and then the roles that credentials name and the registry does not. */
export function readsIn({ consumers = [], orgs }: RegistryReport): ConsumerReads[] {
  const present = orgs.filter(({ retired }) => !retired);
  const secrets = present.flatMap((org) => org.secrets.map((secret) => ({ org, secret })));
  const brokered = present.flatMap(({ name, brokeredClients = [] }) =>
    brokeredClients.map((client) => ({ org: name, ...client })),
  );
  const named = new Set(consumers.map(({ role }) => role));
  const others = new Set(
    [...secrets.map(({ secret }) => secret), ...brokered].flatMap((each) => each.consumers),
  );
  const unnamed = [...others].filter((role) => !named.has(role)).sort();
  return [...consumers, ...unnamed.map((role) => ({ name: role, role }))].map((consumer) => {
    const read = secrets.filter(({ secret }) => secret.consumers.includes(consumer.role));
    return {
      ...consumer,
      secrets: read.map(({ org, secret }) => ({ org: org.name, secretName: secret.secretName })),
      leases: brokered
        .filter((client) => client.consumers.includes(consumer.role))
        .map(({ org, tokenPath: path }) => ({ org, path })),
      policy: readPolicyOf(
        read.map(({ org, secret: { secretName, key = "org" } }) =>
          readableOf(org.aws, { secretName, key }),
        ),
      ),
    };
  });
}
