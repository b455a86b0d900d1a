// All defaults of the registry. Without imports, so that constructs, commands and Lambda functions
// can all use them.

/**
 * Lifetime of an OAuth client's access tokens in seconds: the bounds of Genesys Cloud, and the
 * default.
 */
export const TOKEN_LIFETIME = { least: 300, most: 172_800, default: 3600 } as const;

/** Defaults of a state home's entry. */
export const HOME_DEFAULTS = {
  github: { existingOidcProvider: false },
  storage: { usePathStyle: true, encryption: "kms" },
} as const;

/** Defaults of an OAuth client's entry. */
export const OAUTH_CLIENT_DEFAULTS = {
  accessTokenValiditySeconds: TOKEN_LIFETIME.default,
} as const;

/** Defaults of a brokered client, in the engine's own values. */
export const BROKER_DEFAULTS = {
  ttlSeconds: 3600,
  maxTtlSeconds: 86_400,
  creds: false,
  firstTtlSeconds: 600,
  mostLeases: 20,
  deleteAtOnce: false,
} as const;

/** Bounds of a lease in seconds: clients older than 30 days linger after their deletion. */
export const LEASE = { least: 60, most: 29 * 86_400 } as const;

/** Days after which the engine replaces a client, if the client's class does not want it sooner. */
export const BROKER_ROTATION_DAYS = 7;

/** Defaults of an org's entry. */
export const ORG_DEFAULTS = {
  state: { lock: "s3", ownLockTable: false },
  vault: { mount: "secret", auth: { method: "token" } },
  provider: { tokenPoolSize: 2 },
  rotation: { masterVersion: 1, mostClients: 500, warnClients: 50, dryRun: false },
  retired: false,
} as const;
