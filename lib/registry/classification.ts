// What follows from the class of a credential. Constructs, checks, commands and Lambda functions all
// use these tables.

/** How much harm a credential does in the wrong hands. */
export type Sensitivity = "critical" | "high" | "medium" | "low";

/** Names of earlier releases, which still work and give a warning. */
export type EarlierSensitivity = "restricted" | "confidential" | "internal";

/** What follows from a sensitivity. */
export interface SensitivityRules {
  /** The longest time between two rotations, in days. */
  readonly mostRotationDays: number;
  /** Days after the end of that time from which an alarm calls the credential overdue. */
  readonly graceDays: number;
  /** Days for which its deleted secret can be restored. */
  readonly recoveryWindowInDays: number;
  /** Whether its secret must be encrypted with a key of the organisation, not with AWS's own. */
  readonly needsOwnKey: boolean;
}

/** The rules of each sensitivity, the highest first. */
export const SENSITIVITIES: Readonly<Record<Sensitivity, SensitivityRules>> = {
  critical: { mostRotationDays: 90, graceDays: 1, recoveryWindowInDays: 30, needsOwnKey: true },
  high: { mostRotationDays: 180, graceDays: 2, recoveryWindowInDays: 30, needsOwnKey: true },
  medium: { mostRotationDays: 180, graceDays: 3, recoveryWindowInDays: 14, needsOwnKey: false },
  low: { mostRotationDays: 365, graceDays: 7, recoveryWindowInDays: 7, needsOwnKey: false },
};

export const SENSITIVITY_NAMES = Object.keys(SENSITIVITIES) as readonly Sensitivity[];

export const EARLIER_SENSITIVITIES: Readonly<Record<EarlierSensitivity, Sensitivity>> = {
  restricted: "critical",
  confidential: "high",
  internal: "medium",
};

/** Kind of a credential: what it opens, and what it may do there. */
export type CredentialKind =
  | "genesys-admin"
  | "genesys-read-only"
  | "cxone-api-key"
  | "third-party-api-key"
  | "webhook-secret"
  | "certificate";

/** Kinds of credentials, and the class that each has unless its entry names another. */
export const CREDENTIAL_KINDS = {
  "genesys-admin": { sensitivity: "critical", rotationDays: 90 },
  "genesys-read-only": { sensitivity: "high", rotationDays: 180 },
  "cxone-api-key": { sensitivity: "critical", rotationDays: 90 },
  "third-party-api-key": { sensitivity: "medium", rotationDays: 180 },
  "webhook-secret": { sensitivity: "medium", rotationDays: 90 },
  certificate: { sensitivity: "low", rotationDays: 365 },
} as const satisfies Record<
  CredentialKind,
  { readonly sensitivity: Sensitivity; readonly rotationDays: number }
>;

/** Sensitivities that an environment allows unless the org's entry says otherwise. */
export const allowedSensitivitiesOf = (environment: string): readonly Sensitivity[] =>
  // Anyone may try anything in a sandbox, so what opens a contact centre does not belong there.
  environment === "sandbox"
    ? SENSITIVITY_NAMES.filter((name) => name !== "critical")
    : SENSITIVITY_NAMES;

/** Returns the kind of an OAuth client. Nobody can see here what existing roles permit. */
export function kindOfClient(client: {
  readonly permissions?: readonly { readonly actions: readonly string[] }[];
  readonly roles?: readonly string[];
}): "genesys-admin" | "genesys-read-only" {
  const { permissions = [], roles = [] } = client;
  const actions = permissions.flatMap((permission) => permission.actions);
  const onlyReads = actions.every((action) => /^(view|search)/.test(action));
  return onlyReads && roles.length === 0 ? "genesys-read-only" : "genesys-admin";
}

/** Returns today's name of a sensitivity. */
export const sensitivityNamed = (name: Sensitivity | EarlierSensitivity): Sensitivity =>
  name in EARLIER_SENSITIVITIES
    ? EARLIER_SENSITIVITIES[name as EarlierSensitivity]
    : (name as Sensitivity);

/** Returns the warning about an earlier name; undefined for today's names. */
export const earlierNameWarning = (name: string | undefined): string | undefined =>
  name !== undefined && name in EARLIER_SENSITIVITIES
    ? `the sensitivity "${name}" is now called "${EARLIER_SENSITIVITIES[name as EarlierSensitivity]}": rename it, since a later release will refuse it`
    : undefined;

/**
 * Returns the default sensitivity of a kind: the kind's own, or the highest that the environment
 * allows if that is lower.
 */
export function defaultSensitivity(
  kind: CredentialKind,
  allowed: readonly Sensitivity[],
): Sensitivity {
  const own = CREDENTIAL_KINDS[kind].sensitivity;
  const lower = SENSITIVITY_NAMES.slice(SENSITIVITY_NAMES.indexOf(own));
  return lower.find((name) => allowed.includes(name)) ?? own;
}
