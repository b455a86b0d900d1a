import { ORG_DEFAULTS } from "../../registry/defaults";
import { GENESYS_REGIONS, type GenesysRegion } from "../../registry/genesys-regions";
import type { RotationWindow } from "../../registry/rotation-window";
import { credentialNameIn } from "../client-name";
import { PROPAGATION } from "../propagation";

/** The org that a function works for, and its limits. */
export interface Configuration {
  /** Name of the org in the registry. */
  readonly org: string;
  /** The organisation's id in Genesys Cloud. */
  readonly organizationId: string;
  readonly region: GenesysRegion;
  /** The beginning of the ARN of every secret of the org; ends with a slash. */
  readonly secretArnPrefix: string;
  readonly masterArn: string;
  /** Number of OAuth clients that the organisation may have. */
  readonly mostClients: number;
  /** Number of OAuth clients from which the reconciler warns. */
  readonly warnClients: number;
  /** Whether the reconciler only logs its actions. */
  readonly dryRun: boolean;
  /** Times in which rotations may begin; an empty list means any time. */
  readonly windows: readonly RotationWindow[];
  /** Milliseconds until all of Genesys Cloud knows a new client. */
  readonly propagation: number;
}

/**
 * Reads the configuration from environment variables.
 * @throws Error that names every variable that is missing or wrong
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const problems: string[] = [];
  const text = (name: string, isRight: (value: string) => boolean, expected: string): string => {
    const value = environment[name] ?? "";
    if (!isRight(value)) {
      problems.push(`${name} is ${value === "" ? "not set" : `"${value}"`} (expected ${expected})`);
    }
    return value;
  };
  const count = (name: string, defaultCount: number): number =>
    environment[name] === undefined
      ? defaultCount
      : Number(text(name, (value) => /^\d+$/.test(value), "a whole number"));
  const configuration = {
    org: text("ORG", (value) => value !== "", "the org's name in the registry"),
    organizationId: text("ORGANIZATION_ID", (value) => UUID.test(value), "a UUID").toLowerCase(),
    region: text("GENESYS_REGION", isRegion, Object.keys(GENESYS_REGIONS).join(", ")),
    secretArnPrefix: text(
      "SECRET_ARN_PREFIX",
      (value) => /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+\/$/.test(value),
      "arn:<partition>:secretsmanager:<region>:<account>:secret:<path>/",
    ),
    masterArn: text(
      "MASTER_SECRET_ARN",
      (value) => /^arn:[\w-]+:secretsmanager:/.test(value),
      "the ARN of a secret",
    ),
    mostClients: count("MOST_CLIENTS", ORG_DEFAULTS.rotation.mostClients),
    warnClients: count("WARN_CLIENTS", ORG_DEFAULTS.rotation.warnClients),
    dryRun: environment.DRY_RUN !== undefined && text("DRY_RUN", isBoolean, "true") === "true",
    windows: windowsIn(
      environment.ROTATION_WINDOWS === undefined
        ? "[]"
        : text("ROTATION_WINDOWS", (value) => windowsIn(value) !== undefined, "a list in JSON"),
    ),
    propagation: count("PROPAGATION_SECONDS", PROPAGATION / 1000) * 1000,
  };
  if (problems.length === 0) return configuration as Configuration;
  throw new Error(`the function has wrong environment variables: ${problems.join("; ")}`);
}

/** The registry has checked them. */
function windowsIn(text: string): readonly RotationWindow[] | undefined {
  try {
    const windows: unknown = JSON.parse(text);
    return Array.isArray(windows) ? windows : undefined;
  } catch {
    return undefined;
  }
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const isRegion = (value: string) => Object.hasOwn(GENESYS_REGIONS, value);
const isBoolean = (value: string) => value === "true" || value === "false";

/** Where the secrets of an org are. */
export type SecretArns = Pick<Configuration, "secretArnPrefix" | "masterArn">;

/**
 * Returns the credential that a secret belongs to, for example `crm-sync`.
 * @returns undefined if the secret does not belong to a credential of the org
 */
export function credentialOf(configuration: SecretArns, secretArn: string): string | undefined {
  const { secretArnPrefix, masterArn } = configuration;
  return secretArn === masterArn ? undefined : credentialNameIn(secretArn, secretArnPrefix);
}

/** Returns the beginning of the name of every secret of the org; ends with a slash. */
export const secretNamePrefixOf = ({ secretArnPrefix }: SecretArns): string =>
  secretArnPrefix.slice(secretArnPrefix.indexOf(":secret:") + ":secret:".length);
