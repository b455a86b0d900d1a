import { z } from "zod";
import { isDay, isReason, SHORTEST_REASON } from "../recorded-waivers";
import { isAddressRange } from "./addresses";
import { brokerSchema } from "./broker-schema";
import { SENSITIVITY_NAMES, type Sensitivity } from "./classification";
import { classification, description, owner, vaultVersion } from "./credential-schemas";
import { TOKEN_LIFETIME } from "./defaults";
import { GENESYS_REGIONS, type GenesysRegion } from "./genesys-regions";
import { managedSecretSchema } from "./managed-secret-schema";
import type {
  ConsumerEntry,
  IgnoredDifferenceEntry,
  OAuthClientEntry,
  OrgEntry,
  OrgMonitoringEntry,
  StateHomeEntry,
  StateRecord,
} from "./model";
import { KMS_KEY_ARN, MOST_STATE_KEY, STATE_KEY } from "./names";
import { ALARM_ACTION_PATTERN, POLICY_ARN_PATTERN, TOPIC_ARN_PATTERN } from "./patterns";
import { isLongEnough, WEEKDAYS } from "./rotation-window";
import {
  account,
  anyText,
  atLeastOne,
  awsRegion,
  consumer,
  httpsUrl,
  kebabCase,
  must,
  oneOf,
  orMissing,
  principalArn,
  principals,
  roleArn,
  strict,
  text,
  textThat,
  UUID,
  vaultPath,
  wholeNumber,
} from "./schema-parts";

const vaultRole = text("vault-role", /^[\w.-]{1,100}$/, "give the name of a Vault role");

const timeOfDay = text(
  "time-of-day",
  /^([01]\d|2[0-3]):[0-5]\d$/,
  'give hours and minutes in UTC, from "00:00" to "23:59", in quotes',
);

const rotationWindow = strict({
  days: atLeastOne(
    oneOf("weekday", WEEKDAYS),
    "weekday",
    "name at least one day, or leave days out",
  ).optional(),
  from: timeOfDay,
  to: timeOfDay,
}).refine(isLongEnough, {
  error: must(
    "rotation-window",
    "end at least two hours later, since the reconciler starts rotations once an hour",
  ),
});

const permissionPart = text(
  "permission",
  /^[A-Za-z][A-Za-z0-9_]*$/,
  "give a name that Genesys Cloud has; a wildcard grants what nobody has reviewed",
);

const id = (rule: string, of: string) => text(rule, UUID, `give the id of ${of}, a UUID`);

const operand = z.discriminatedUnion(
  "type",
  [
    strict({ type: z.literal("QUEUE"), queueId: id("permission-operand", "a queue") }),
    strict({ type: z.literal("USER"), userId: id("permission-operand", "a user") }),
    strict({
      type: z.literal(["SCALAR", "VARIABLE"]),
      value: text(
        "permission-operand",
        /^(?!.*[$%]\{).{1,200}$/s,
        "give 1 to 200 characters, without ${ and %{",
      ),
    }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? must("permission-operand", "use one of QUEUE, USER, SCALAR, VARIABLE")
        : undefined,
  },
);

// The values that the provider takes: resource_genesyscloud_auth_role_schema.go.
const conditions = strict({
  conjunction: oneOf("permission-conjunction", ["AND", "OR"]),
  terms: atLeastOne(
    strict({
      variable: text(
        "permission-variable",
        /^[A-Za-z][\w.]{0,200}$/,
        "give the name of a variable as Genesys Cloud has it",
      ),
      operator: oneOf("permission-operator", ["EQ", "IN", "GE", "GT", "LE", "LT"]),
      operands: atLeastOne(operand, "permission-operand", "give at least one operand"),
    }),
    "permission-terms",
    "give at least one term",
  ),
});

const permission = strict({
  domain: permissionPart,
  entity: permissionPart,
  actions: atLeastOne(permissionPart, "permission", "name at least one action"),
  conditions: conditions.optional(),
});

const addressRange = textThat(
  "allowed-address",
  isAddressRange,
  "give an IP address, or a range such as 203.0.113.0/24 that is not all addresses",
);

/** Grants of roles in divisions: so many fit into the parameter of 8 KB that the rotator reads. */
export const MOST_GRANTS = 70;

export const consumerSchema = strict({
  name: kebabCase("consumer-name", 60),
  role: roleArn("consumer"),
  description: description.optional(),
  owner: owner.optional(),
}) satisfies z.ZodType<ConsumerEntry>;

/** An OAuth client without the rules over several of its fields. */
export const oauthClientFields = strict({
  name: kebabCase("oauth-client-name", 60),
  description: description.optional(),
  permissions: atLeastOne(
    permission,
    "permission",
    "name the permissions of the client, because without permissions it can do nothing",
  ).optional(),
  roles: atLeastOne(
    id("client-role", "a Genesys Cloud role"),
    "client-role",
    "leave it out, or name at least one",
  ).optional(),
  divisions: atLeastOne(
    textThat(
      "division",
      (id) => id === "*" || UUID.test(id),
      "give the id of a division (a UUID), or * for all",
    ),
    "division",
    "leave it out for the home division, or name at least one",
  )
    .max(MOST_GRANTS, {
      error: must("division-count", `name at most ${MOST_GRANTS}, or * for all`),
    })
    .optional(),
  accessTokenValiditySeconds: wholeNumber(
    "token-lifetime",
    TOKEN_LIFETIME.least,
    TOKEN_LIFETIME.most,
    `give whole seconds from ${TOKEN_LIFETIME.least} to ${TOKEN_LIFETIME.most} (48 hours)`,
  ).optional(),
  allowedAddresses: z.array(addressRange).optional(),
  classification: classification.optional(),
  consumers: z.array(consumer).optional(),
  replaces: id("replaced-client", "the OAuth client that was made by hand").optional(),
  broker: brokerSchema.optional(),
}) satisfies z.ZodType<OAuthClientEntry>;

// Even if other fields are wrong: all problems are reported at once.
const always = { when: () => true };

export const oauthClientSchema = oauthClientFields
  .refine((client) => !isObject(client) || client.permissions || client.roles, {
    ...always,
    path: ["permissions"],
    error: must(
      "required",
      "name the permissions of the client; it can do nothing without permissions or roles",
    ),
  })
  .refine(({ roles, ...client }) => !roles || grantsOf({ roles, ...client }) <= MOST_GRANTS, {
    path: ["roles"],
    error: must(
      "grant-count",
      `give at most ${MOST_GRANTS} roles; each counts once for each division`,
    ),
  });

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

const grantsOf = ({ permissions, roles = [], divisions = [HOME] }: OAuthClientEntry): number =>
  (roles.length + (permissions ? 1 : 0)) * divisions.length;

/** The home division, which a client has that names none. */
const HOME = "";

/** A login with Vault roles. */
const roleFields = <const Method extends string>(method: Method) => ({
  method: z.literal(method),
  mount: vaultPath("vault-mount").optional(),
  role: vaultRole.optional(),
});

const vaultServerId = text(
  "vault-server-id",
  /^[\w.:/@-]{1,255}$/,
  "give Vault's iam_server_id_header_value, of letters, digits and . : / @ _ -",
);

const vaultAuth = z.discriminatedUnion(
  "method",
  [
    strict({ method: z.literal("token") }),
    strict(roleFields("jwt")),
    strict({
      ...roleFields("aws"),
      stsRegion: awsRegion.optional(),
      serverId: vaultServerId.optional(),
    }),
    strict(roleFields("approle")),
    strict(roleFields("kubernetes")),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? must("vault-auth", "use one of token, jwt, aws, approle, kubernetes")
        : undefined,
  },
);

const networkId = (kind: "subnet" | "sg") =>
  text(
    `${kind}-id`,
    new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
    `give an id of AWS, ${kind}- and 8 or 17 hexadecimal digits`,
  );

const proxy = text(
  "proxy",
  /^https?:\/\/([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/,
  "give the URL of the proxy with its port and without credentials, such as http://proxy.example.com:3128",
);

const clientCount = wholeNumber(
  "client-count",
  1,
  100_000,
  "give a whole number of OAuth clients from 1 to 100000",
);

export const monitoringSchema = strict({
  topicArn: text(
    "alert-topic",
    new RegExp(TOPIC_ARN_PATTERN),
    "give the full ARN of an SNS topic, which is not a FIFO topic",
  ).optional(),
  trailLogGroup: text(
    "log-group",
    /^[\w./#-]{1,512}$/,
    "give the name of the log group, not its ARN",
  ).optional(),
  mostReadsAnHour: wholeNumber(
    "reads-an-hour",
    1,
    100_000_000,
    "give a whole number of reads from 1 to 100000000",
  ).optional(),
  expectedReaders: atLeastOne(
    text(
      "expected-reader",
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/*-]+$/,
      "give the ARN of an IAM role, with an account, in which * stands for any text",
    ),
    "expected-reader",
    "name at least one role, or every read is an alert",
  ).optional(),
  genesysEventBus: text(
    "event-bus",
    /^aws\.partner\/genesys\.com\/[\w./-]{1,200}$/,
    "give the name of the partner event bus, which begins with aws.partner/genesys.com/",
  ).optional(),
  masterClientId: id("master-client-id", "the master's OAuth client").optional(),
}) satisfies z.ZodType<OrgMonitoringEntry>;

const knownDrift = strict({
  address: text(
    "drift-address",
    /^(module\.[\w*-]+(\[[^\]]+\])?\.)*[a-z][a-z0-9]*_[a-z0-9_]+\.[\w*-]+(\[.+\])?$/,
    "give the object's address as Terraform prints it, <type>.<name>, in which * stands for any text but not in the type",
  ),
  attribute: text(
    "drift-attribute",
    /^[^\s.]+(\.[^\s.]+)*$/,
    "give the attribute's path as `genesys-orgs drift` prints it, such as tags.owner, in which * stands for any text",
  ).optional(),
  reason: textThat(
    "drift-reason",
    isReason,
    `explain in at least ${SHORTEST_REASON} characters why the difference is accepted`,
  ),
  until: textThat("drift-until", isDay, "give the last day as YYYY-MM-DD, such as 2027-03-31"),
});

const ignoredDifference = strict({
  type: text(
    "difference-type",
    /^[a-z]+(-[a-z]+)*$/,
    "give the type of the objects as `genesys-orgs compare` prints it, such as queues",
  ),
  attribute: text(
    "difference-attribute",
    /^[a-z_*]([^\n]*\S)?$/,
    "give the argument's path as `genesys-orgs compare` prints it, such as media_settings_call, in which * stands for any text",
  ).optional(),
  name: text(
    "difference-name",
    /^\S([^\n]*\S)?$/,
    "give the object's name as `genesys-orgs compare` prints it, in which * stands for any text",
  ).optional(),
  reason: textThat(
    "difference-reason",
    isReason,
    `explain in at least ${SHORTEST_REASON} characters why the difference is ignored`,
  ),
}) satisfies z.ZodType<IgnoredDifferenceEntry>;

const isFields = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const orgSchema = strict({
  name: kebabCase("name", 32),
  environment: oneOf("environment", ["production", "staging", "development", "sandbox"]),
  organizationId: textThat(
    "organization-id",
    (id) => UUID.test(id) && !/^[0-]+$/.test(id),
    "give the organisation's id in Genesys Cloud, a UUID (not all zeros)",
  ),
  genesysRegion: oneOf(
    "genesys-region",
    Object.keys(GENESYS_REGIONS) as [GenesysRegion, ...GenesysRegion[]],
  ),
  project: kebabCase("project", 60).optional(),
  state: strict({
    home: anyText("name the state home that keeps the org's state"),
    key: text("state-key", STATE_KEY, "use orgs/<folder>/terraform.tfstate")
      .max(MOST_STATE_KEY, {
        error: must(
          "state-key",
          `use at most ${MOST_STATE_KEY} characters, so that the policies that name it fit`,
        ),
      })
      .optional(),
    lock: oneOf("lock-mode", ["s3", "dynamodb", "both"]).optional(),
    ownLockTable: z.boolean().optional(),
    assumedBy: strict({
      reader: principals("assumed-by"),
      writer: principals("assumed-by"),
      unlocker: principals("assumed-by"),
    }).optional(),
    crossAccountRoles: strict({
      reader: z.array(roleArn("cross-account-role")).optional(),
      writer: z.array(roleArn("cross-account-role")).optional(),
    }).optional(),
  }),
  vault: strict({
    address: httpsUrl("vault-address"),
    namespace: vaultPath("vault-namespace").optional(),
    mount: vaultPath("vault-mount").optional(),
    auth: vaultAuth.optional(),
    skipChildToken: z.boolean().optional(),
    deployer: vaultPath("vault-entry").optional(),
    planner: vaultPath("vault-entry").optional(),
    master: vaultPath("vault-entry").optional(),
    broker: strict({
      mount: vaultPath("vault-mount").optional(),
      entry: vaultPath("vault-entry").optional(),
      mostClients: clientCount.optional(),
    }).optional(),
  }).optional(),
  credentials: strict({
    source: z.literal("aws-secrets-manager", {
      error: must(
        "credential-source",
        "use aws-secrets-manager, or leave credentials out for Vault",
      ),
    }),
    operators: atLeastOne(
      roleArn("credential-operator"),
      "credential-operator",
      "leave it out for the state admins of the home, or name at least one role",
    ).optional(),
  }).optional(),
  aws: strict({
    account,
    region: awsRegion,
    deployRole: roleArn("deploy-role").optional(),
    planRole: roleArn("plan-role").optional(),
    permissionsBoundary: text(
      "permissions-boundary",
      new RegExp(POLICY_ARN_PATTERN),
      "give the full ARN of an IAM policy",
    ).optional(),
  }),
  provider: strict({
    tokenPoolSize: wholeNumber(
      "token-pool-size",
      1,
      50,
      "give a whole number from 1 to 50",
    ).optional(),
    customRetryTimeout: text(
      "duration",
      /^(\d+(\.\d+)?(ms|s|m|h))+$/,
      "give a Go duration, such as 90s or 5m",
    ).optional(),
    proxy: proxy.optional(),
  }).optional(),
  owner,
  tags: z
    .record(
      z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu, {
        error: must(
          "tag-key",
          "use 1 to 128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",
        ),
      }),
      z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, {
        error: must("tag-value", "use at most 256 letters, digits, spaces or _.:/=+-@"),
      }),
    )
    .optional(),
  oauthClients: z.array(oauthClientSchema).optional(),
  secrets: z.array(managedSecretSchema).optional(),
  breakGlassRoles: z.array(roleArn("break-glass-role")).optional(),
  rotation: strict({
    masterVersion: vaultVersion("master-version").optional(),
    mostClients: clientCount.optional(),
    warnClients: clientCount.optional(),
    dryRun: z.boolean().optional(),
    proxy: proxy.optional(),
    network: strict({
      subnetIds: atLeastOne(networkId("subnet"), "subnet-id", "name at least one subnet"),
      securityGroupIds: atLeastOne(networkId("sg"), "sg-id", "name at least one security group"),
      egressAddresses: atLeastOne(
        addressRange,
        "allowed-address",
        "name the address from which the functions' calls arrive, such as that of a NAT gateway",
      ),
    }).optional(),
    allowedAddressesField: text(
      "allowed-addresses-field",
      /^[a-z][A-Za-z]{2,60}$/,
      "give the name of a field of Genesys Cloud's API",
    ).optional(),
    windows: z.array(rotationWindow).optional(),
    alarmActions: z
      .array(
        text(
          "alarm-action",
          new RegExp(ALARM_ACTION_PATTERN),
          "give the full ARN of an alarm's target, such as an SNS topic",
        ),
      )
      .optional(),
  }).optional(),
  monitoring: monitoringSchema.optional(),
  allowedAddresses: z.array(addressRange).optional(),
  allowedSensitivities: atLeastOne(
    oneOf("sensitivity", SENSITIVITY_NAMES as [Sensitivity, ...Sensitivity[]]),
    "sensitivity",
    "name at least one sensitivity, or leave this field out",
  ).optional(),
  knownDrift: z.array(knownDrift).optional(),
  ignoredDifferences: z.array(ignoredDifference).optional(),
  retired: z.boolean().optional(),
}).refine((org) => org?.vault !== undefined || org?.credentials !== undefined, {
  path: ["vault"],
  error: must(
    "required",
    "give the Vault with the org's own credentials, or set credentials for another place",
  ),
  // Together with all other problems of the entry.
  when: ({ value }) => isFields(value),
}) satisfies z.ZodType<OrgEntry>;

const githubId = (expected: string) => text("github-id", /^\d{1,20}$/, expected);

const github = strict({
  repository: text(
    "github-repository",
    /^[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?\/[\w.-]+$/,
    "give <owner>/<name>",
  ),
  repositoryId: githubId("give the repository's numeric id, in quotes"),
  ownerId: githubId("give the numeric id of the repository's owner, in quotes"),
  existingOidcProvider: z.boolean().optional(),
});

export const stateHomeSchema = strict({
  name: kebabCase("home-name", 32).refine((name) => !name.startsWith("access-"), {
    error: must(
      "home-name",
      "choose a name that does not begin with access-; the stacks of orgs are named state-access-<org>",
    ),
  }),
  bucket: text(
    "bucket-name",
    /^(?!xn--|sthree-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,56}[a-z0-9]$/,
    "give an S3 bucket name of 3 to 58 lower-case letters, digits, hyphens and dots (<bucket>-logs needs 5 more)",
  ),
  account,
  region: awsRegion,
  stateAdmins: atLeastOne(
    principalArn("state-admin"),
    "state-admin",
    "name at least one role or user, or nobody can ever change the home",
  ),
  trustedAccounts: z.array(account).optional(),
  github: github.optional(),
  storage: strict({
    s3Endpoint: httpsUrl("storage-endpoint"),
    dynamodbEndpoint: httpsUrl("storage-endpoint").optional(),
    usePathStyle: z.boolean().optional(),
    skipChecksums: z.boolean().optional(),
    encryption: oneOf("storage-encryption", ["kms", "sse-s3", "none"]).optional(),
  }).optional(),
}) satisfies z.ZodType<StateHomeEntry>;

const kmsKeyArn = text(
  "record-kms-key",
  KMS_KEY_ARN,
  "give the key's full ARN, not an alias or an id",
);

export const stateRecordSchema = strict({
  version: z.literal(1, {
    error: orMissing("record-version", "use 1, the only version that this library reads"),
  }),
  homes: z.record(
    z.string(),
    strict({
      account,
      region: awsRegion,
      bucket: z.string(),
      kmsKeyArn: kmsKeyArn.optional(),
      orgs: z.record(z.string(), strict({ kmsKeyArn })),
    }),
  ),
}) satisfies z.ZodType<StateRecord>;
