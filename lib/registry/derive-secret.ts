import { SENSITIVITIES } from "./classification";
import { classificationOf, rolesOf } from "./derive-credential";
import type { ManagedSecretEntry, OrgSecret } from "./managed-secret";
import type { Org } from "./model";
import { ROOT, secretNameOf } from "./secret-name";

type SecretOwner = Pick<
  Org,
  | "name"
  | "environment"
  | "owner"
  | "project"
  | "allowedSensitivities"
  | "consumers"
  | "breakGlassRoles"
  | "aws"
>;

/** Returns a credential that is not an OAuth client, with its derived names and its defaults. */
export function deriveSecret(org: SecretOwner, entry: ManagedSecretEntry): OrgSecret {
  const { name, kind, root = ROOT, rotatedElsewhere } = entry;
  const classification = classificationOf(org, kind, entry.classification);
  const consumers = rolesOf(org.consumers, entry.consumers);
  const isOfOrg = (arn: string) => arn.split(":")[4] === org.aws.account;
  const needsOwnKey =
    SENSITIVITIES[classification.sensitivity].needsOwnKey ||
    ![...consumers, ...org.breakGlassRoles].every(isOfOrg);
  return {
    name,
    root,
    kind,
    description: entry.description ?? `${name} of ${org.name}`,
    classification,
    consumers,
    value: entry.value ?? (rotatedElsewhere === undefined ? { source: "outside" } : undefined),
    rotates: entry.rotates ?? false,
    rotatedElsewhere,
    key: entry.kmsKeyArn ? { arn: entry.kmsKeyArn } : needsOwnKey ? "org" : "aws",
    replicas: entry.replicas ?? [],
    secretName: secretNameOf(org, name, root),
  };
}
