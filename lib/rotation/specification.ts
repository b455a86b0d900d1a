import type { RoleDivision } from "../genesys/models";
import { TOKEN_LIFETIME } from "../registry/defaults";

/** An integration credential of Genesys Cloud that gets the id and the secret of each new client. */
export interface IntegrationCredential {
  readonly id: string;
  readonly name: string;
  /** Name of its type, such as `pureCloudOAuthClient`. */
  readonly type: string;
  /**
   * Further fields of its type; no secrets.
   * @default - none
   */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Of specifications by earlier releases. */
export const DEFAULT_GRACE_DAYS = 2;

/**
 * The specification of one credential's clients. Terraform writes it as JSON to an SSM parameter.
 * It contains ids and names, and no secret.
 */
export interface ClientSpecification {
  readonly secretArn: string;
  /** `<Environment>-<Service>`. */
  readonly clientName: string;
  readonly roleDivisions: readonly RoleDivision[];
  /** Seconds, 300 to 172,800. */
  readonly accessTokenValiditySeconds: number;
  /** Days between two rotations; at least 1. */
  readonly rotationDays: number;
  /**
   * The field of the API with the addresses that a client may call from, and its value; an empty list
   * removes the limit.
   * @default - the field is taken over from the previous client
   */
  readonly addresses?: { readonly field: string; readonly allowed: readonly string[] };
  /**
   * Days that it may be older than `rotationDays` before an alarm goes off.
   * @default 2
   */
  readonly graceDays?: number;
  /**
   * Class of the credential, for example `high`.
   * @default - not known: the org's stack was applied by an earlier release
   */
  readonly sensitivity?: string;
  /**
   * Team or person responsible for the credential.
   * @default - not known: the org's stack was applied by an earlier release
   */
  readonly owner?: string;
  /** @default - none */
  readonly integrationCredentials?: readonly IntegrationCredential[];
}

/**
 * Reads a specification.
 * @throws Error that names the fields that are missing or wrong
 */
export function readSpecification(text: string, parameter: string): ClientSpecification {
  const value = parse(text, parameter);
  const { secretArn, clientName, roleDivisions, accessTokenValiditySeconds: seconds } = value;
  const problems = [
    typeof secretArn === "string" && secretArn.startsWith("arn:") ? "" : "secretArn",
    typeof clientName === "string" && clientName !== "" && !clientName.includes("#")
      ? ""
      : "clientName",
    Array.isArray(roleDivisions) && roleDivisions.length > 0 ? "" : "roleDivisions",
    typeof seconds === "number" && seconds >= TOKEN_LIFETIME.least && seconds <= TOKEN_LIFETIME.most
      ? ""
      : "accessTokenValiditySeconds",
    typeof value.rotationDays === "number" && value.rotationDays >= 1 ? "" : "rotationDays",
    areAddresses(value.addresses) ? "" : "addresses",
    ...problemsIn(value.integrationCredentials ?? []),
  ].filter(Boolean);
  if (problems.length === 0) return value as ClientSpecification;
  throw new Error(
    `the parameter ${parameter} is not a valid client specification (missing or wrong: ${problems.join(", ")}): apply the org's stack`,
  );
}

const areAddresses = (addresses: Partial<ClientSpecification["addresses"]>): boolean =>
  addresses === undefined ||
  (typeof addresses?.field === "string" && Array.isArray(addresses.allowed));

/** Returns the paths of what is missing or wrong in the integration credentials. */
function problemsIn(targets: unknown): string[] {
  if (!Array.isArray(targets)) return ["integrationCredentials"];
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  return targets.flatMap((target: Partial<IntegrationCredential> | null, index) => {
    const { fields = {} } = target ?? {};
    const wrong = (["id", "name", "type"] as const).filter((key) => !isText(target?.[key]));
    const areTexts = typeof fields === "object" && Object.values(fields ?? {}).every(isText);
    const all = [...wrong, ...(fields !== null && areTexts ? [] : ["fields"])];
    return all.map((key) => `integrationCredentials[${index}].${key}`);
  });
}

function parse(text: string, parameter: string): Partial<ClientSpecification> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`the parameter ${parameter} is not a JSON document: apply the org's stack`);
  }
  return (value ?? {}) as Partial<ClientSpecification>;
}
