import { UserError } from "../../errors";
import type { AccessEvent } from "../../registry/monitoring-names";

/**
 * The characters of one event pattern. AWS raises the quota to 4,096 on request (EventBridge quotas, "Event
 * pattern size").
 */
const MOST_CHARACTERS = 2048;

/** An event pattern of EventBridge: the possible values of each field. */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly unknown[];
}

/** What is watched, and whose work is expected. */
export interface Watched {
  /** Beginnings of the names of the secrets, one for each root. */
  readonly secretPrefixes: readonly string[];
  /** Beginnings of their ARNs. */
  readonly secretArnPrefixes: readonly string[];
  /** ARNs of the roles that read secrets; `*` stands for any text, and each may be a token. */
  readonly readers: readonly string[];
  /** ARNs of the roles that rotate secrets. */
  readonly rotation: readonly string[];
  /** ARNs of the roles with which Terraform changes secrets. */
  readonly deployers: readonly string[];
}

const SERVICE = "secretsmanager.amazonaws.com";

/** The parameters with which RotateSecret gives a secret another function or schedule. */
const ROTATION_SETTINGS: readonly EventPattern[] = [
  { rotationLambdaARN: [{ exists: true }] },
  { rotationRules: { automaticallyAfterDays: [{ exists: true }] } },
  { rotationRules: { scheduleExpression: [{ exists: true }] } },
];

/**
 * Returns the patterns of the events in CloudTrail of which an alert tells.
 *
 * A role shows in `sessionIssuer`, which the calls of IAM users and of the root user do not have. A secret
 * shows as the caller named it: by its name or its ARN, which both begin with a prefix of the org.
 */
export function accessPatterns(watched: Watched): Record<AccessEvent, EventPattern> {
  const { secretPrefixes, secretArnPrefixes, readers, rotation, deployers } = watched;
  const prefixes = [...secretPrefixes, ...secretArnPrefixes];
  const ofSecrets = prefixes.map((prefix) => ({ prefix }));
  const others = (roles: readonly string[]): EventPattern => ({
    userIdentity: { sessionContext: { sessionIssuer: { arn: anybodyBut(roles) } } },
  });
  const succeeded = (which: EventPattern): EventPattern =>
    trail("AWS API Call via CloudTrail", {
      errorCode: [{ exists: false }],
      requestParameters: { secretId: ofSecrets },
      ...which,
    });
  const call = (eventName: readonly string[], rest: EventPattern = {}): EventPattern =>
    succeeded({ eventName, ...rest });
  return {
    "unexpected-read": trail("AWS API Call via CloudTrail", {
      eventName: ["GetSecretValue", "BatchGetSecretValue"],
      errorCode: [{ exists: false }],
      // A batch is also recorded as one GetSecretValue for each secret.
      $or: [
        { requestParameters: { secretId: ofSecrets } },
        { requestParameters: { secretIdList: ofSecrets } },
      ],
      userIdentity: notReaders([...readers, ...rotation], secretArnPrefixes),
    }),
    "access-denied": trail("AWS API Call via CloudTrail", {
      errorCode: [{ prefix: "AccessDenied" }],
      // CloudTrail may leave out the parameters of a call that was denied.
      $or: [
        { requestParameters: { secretId: ofSecrets } },
        {
          errorMessage: prefixes.map((prefix) => ({ wildcard: `*resource: ${prefix}*` })),
        },
      ],
    }),
    "secret-deleted": call(["DeleteSecret"]),
    "policy-changed": call(["PutResourcePolicy", "DeleteResourcePolicy"], others(deployers)),
    "rotation-cancelled": succeeded({
      $or: [
        { eventName: ["CancelRotateSecret"] },
        {
          eventName: ["RotateSecret"],
          // A start of the rotation has none of these parameters.
          requestParameters: { $or: ROTATION_SETTINGS },
          ...others([...rotation, ...deployers]),
        },
      ],
    }),
    "value-changed": call(
      ["PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage"],
      others([...rotation, ...deployers]),
    ),
    "replica-stopped": succeeded({
      $or: [
        { eventName: ["StopReplicationToReplica", "RemoveRegionsFromReplication"] },
        { eventName: ["ReplicateSecretToRegions"], ...others(deployers) },
      ],
    }),
    "rotation-unsuccessful": trail("AWS Service Event via CloudTrail", {
      eventName: ["RotationFailed", "RotationAbandoned"],
      // An event of the service itself has no parameters.
      additionalEventData: { SecretId: secretArnPrefixes.map((prefix) => ({ prefix })) },
    }),
  };
}

/**
 * Returns the pattern of an OAuth client that somebody else than the rotator made, changed or deleted. A
 * change of the master itself always matches, the rotator's too.
 *
 * @param eventBus name of the org's partner event bus, which is also the source of its events
 * @param masterClientId id of the OAuth client with which the rotator works; undefined to match its work too
 */
export function clientPattern(eventBus: string, masterClientId?: string): EventPattern {
  const byOthers = [
    { clientId: { id: [{ "anything-but": [masterClientId] }, { exists: false }] } },
    // Genesys' sample of a deletion has the deleted client as its clientId.
    { entity: { id: [masterClientId] } },
  ];
  return {
    source: [eventBus],
    // Genesys Cloud writes the placeholders here, and the ids into topicName.
    "detail-type": ["v2.audits.entitytype.{id}.entityid.{id}"],
    detail: {
      eventBody: {
        entityType: ["OAuthClient"],
        action: [{ "anything-but": ["View"] }],
        ...(masterClientId && { $or: byOthers }),
      },
    },
  };
}

/** The ARNs of a pattern's roles as tokens have this length for the limit: that of most ARNs. */
const TOKEN_CHARACTERS = 100;

/**
 * Returns a pattern as EventBridge takes it.
 *
 * @param tokens texts in it that Terraform replaces
 * @throws UserError when EventBridge refuses a pattern of this size
 */
export function patternJson(
  org: string,
  event: string,
  pattern: EventPattern,
  tokens: readonly string[] = [],
): string {
  const json = JSON.stringify(pattern);
  const { length } = tokens.reduce(
    (text, token) => text.replaceAll(token, "x".repeat(TOKEN_CHARACTERS)),
    json,
  );
  if (length <= MOST_CHARACTERS) return json;
  throw new UserError(
    `${org}: the event pattern of ${event} has ${length} characters, and EventBridge takes ${MOST_CHARACTERS}: it names too many roles. Give the consumers a common path in IAM, and set monitoring.expectedReaders to it, such as ["arn:aws:iam::111111111111:role/genesys-consumers/*"]`,
  );
}

const trail = (detailType: string, detail: EventPattern): EventPattern => ({
  source: ["aws.secretsmanager"],
  "detail-type": [detailType],
  detail: { eventSource: [SERVICE], ...detail },
});

/**
 * All principals but some readers. CloudTrail may record a caller of another account without its role, as it
 * does for S3 (CloudTrail User Guide, "userIdentity element", AWSAccount). Then only its account is known.
 */
function notReaders(roles: readonly string[], secretArnPrefixes: readonly string[]): EventPattern {
  const own = accountsIn(secretArnPrefixes);
  const accounts = accountsIn(roles).filter((account) => !own.includes(account));
  const role = (arn: readonly unknown[]) => ({ sessionContext: { sessionIssuer: { arn } } });
  if (accounts.length === 0) return role(anybodyBut(roles));
  const [named, unnamed] = anybodyBut(roles);
  return {
    $or: [
      role([named]),
      { type: [{ "anything-but": ["AWSAccount"] }], ...role([unnamed]) },
      { ...role([unnamed]), accountId: [{ "anything-but": accounts }] },
    ],
  };
}

/** The accounts of some ARNs, without those that synth does not know. */
const accountsIn = (arns: readonly string[]): string[] => [
  ...new Set(arns.flatMap((arn) => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1] ?? [])),
];

/** All principals but some roles. A list of names is shorter than one of wildcards. */
function anybodyBut(roles: readonly string[]): readonly unknown[] {
  const arns = [...new Set(roles)];
  if (arns.length === 0) return [{ exists: true }, { exists: false }];
  const named = arns.some((arn) => arn.includes("*")) ? { wildcard: arns } : arns;
  return [{ "anything-but": named }, { exists: false }];
}
