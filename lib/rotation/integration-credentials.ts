import { createHash } from "node:crypto";
import type { PlatformApi } from "../genesys/platform-api";
import { ApiError } from "../http/api-error";
import type { CredentialValue } from "../secret-value/credential-value";
import type { SecretHistory } from "./secret-store";
import type { ClientSpecification, IntegrationCredential } from "./specification";

/** The inputs of a delivery. */
export interface DeliveryProps {
  /** The Platform API, called as the org's master. */
  readonly api: Pick<PlatformApi, "updateIntegrationCredential">;
  /** Name of the organisation. */
  readonly org: string;
  readonly targets: readonly IntegrationCredential[];
  /** The credential that the integrations get. */
  readonly value: CredentialValue;
}

/**
 * Writes a credential to integration credentials. It can be repeated: each is replaced as a whole.
 *
 * @returns those that no longer exist. No integration can use them, so they hold up nothing
 * @throws Error, after all others were written, that names those that could not be written
 */
export async function deliver(props: DeliveryProps): Promise<readonly IntegrationCredential[]> {
  const { api, org, targets, value } = props;
  const lost: IntegrationCredential[] = [];
  const failures: string[] = [];
  for (const target of targets) {
    try {
      if (!(await api.updateIntegrationCredential(target.id, requestOf(target, value)))) {
        lost.push(target);
      }
    } catch (error) {
      const advice = adviceFor(org, target, error);
      failures.push(`${nameOf(target)} was not written: ${(error as Error).message}${advice}`);
    }
  }
  if (failures.length === 0) return lost;
  throw new Error(failures.join("; "));
}

/** Returns the report of an integration credential that no longer exists. */
export const lostReport = (target: IntegrationCredential): string =>
  `${nameOf(target)} no longer exists, so no integration has the credential from it: apply the org's stack, which creates it again, or remove its IntegrationCredentialFromSecret`;

const nameOf = ({ id, name }: IntegrationCredential): string =>
  `the integration credential "${name}" (${id})`;

const requestOf = (
  { name, type, fields }: IntegrationCredential,
  { clientId, clientSecret }: CredentialValue,
) => ({ name, type: { name: type }, credentialFields: { ...fields, clientId, clientSecret } });

function adviceFor(org: string, { type }: IntegrationCredential, error: unknown): string {
  if (!(error instanceof ApiError)) return "";
  if (error.status === 403) {
    return `. Give the master of ${org} a role with integrations:integration:edit`;
  }
  return error.status === 400 ? `. Check whether its type is ${type}, and has these fields` : "";
}

/**
 * Returns a text that changes whenever the integration credential may have another value than the
 * current one: with its specification, with every new version, and with the labels.
 */
export function deliveryMark(target: IntegrationCredential, { versions }: SecretHistory): string {
  const holderOf = (stage: string) => versions.find(({ stages }) => stages.includes(stage))?.id;
  const labels = [holderOf("AWSCURRENT"), holderOf("AWSPENDING")];
  const content = JSON.stringify([target, labels, versions.map(({ id }) => id).sort()]);
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/** Returns the integration credentials of a specification. */
export const integrationsOf = (
  specification: ClientSpecification | undefined,
): readonly IntegrationCredential[] => specification?.integrationCredentials ?? [];
