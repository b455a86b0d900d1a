import { Testing } from "cdktf";
import {
  consumerPolicy,
  ManagedSecret,
  OAuthClientWithOffloadedSecret,
  type Org,
  OrgStack,
} from "../../lib";
import { temporaryFolder } from "../support/folders";
import type { Document } from "../support/policies/evaluate";
import { entry, testApp } from "../support/sample-org";
import { accessStack, homeRegistry, homeStack, type Synthesized } from "../support/state-stacks";

export const [ACCOUNT, PARTNER, STRANGE] = ["111111111111", "222222222222", "333333333333"];
export const roleArn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
export const secretsKeyArn = (org: string) =>
  `arn:aws:kms:us-east-1:${ACCOUNT}:key/secrets-of-${org}`;

/** A role, as the stacks create it. */
export interface DeployedRole {
  readonly tags: Readonly<Record<string, string>>;
  readonly policies: readonly Document[];
  readonly boundary?: Document;
}

/** What AWS has after the apply of all stacks. */
export interface Deployment {
  readonly roles: ReadonlyMap<string, DeployedRole>;
  /** Policies of resources, by ARN. */
  readonly resourcePolicies: ReadonlyMap<string, Document>;
  /** Terraform JSON of the orgs' own stacks, by org. */
  readonly orgStacks: ReadonlyMap<string, Synthesized>;
}

const PERMISSIONS = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const client = (name: string, ...consumers: string[]) => ({
  name,
  permissions: PERMISSIONS,
  consumers,
});
const CRM = client("crm", roleArn("crm"), roleArn("crm-abroad", PARTNER));
const CONSUMERS = ["sync", "copy", "prod-sync", "stage-sync"].map((name) => ({
  name,
  role: roleArn(name),
}));

// `na` is the beginning of the other org's name. `abroad` is used by roles of another account.
export const registry = homeRegistry(
  [
    entry("na", 1, {
      state: { home: "home", lock: "both" },
      oauthClients: [
        CRM,
        client("crm-sync", "sync", "sync-abroad"),
        client("crm-sync-copy", "copy"),
      ],
      secrets: [
        { name: "tickets-api", root: "zendesk", kind: "third-party-api-key", consumers: ["sync"] },
        {
          name: "studio",
          root: "cxone",
          kind: "cxone-api-key",
          consumers: ["copy"],
          value: { source: "vault", entry: "cxone/studio", version: 1 },
        },
        { name: "hook", kind: "webhook-secret", rotates: true },
      ],
      breakGlassRoles: [roleArn("break-glass")],
      rotation: { alarmActions: [arn("sns", "on-call")] },
      monitoring: { trailLogGroup: "cloudtrail" },
    }),
    entry("na-prod", 2, {
      state: { home: "home", lock: "both" },
      oauthClients: [CRM, client("crm-sync", "prod-sync")],
    }),
    entry("na-stage", 4, {
      environment: "staging",
      oauthClients: [client("crm-sync", "stage-sync")],
    }),
    entry("abroad", 3, {
      aws: { account: PARTNER, region: "us-east-1" },
      state: {
        home: "home",
        crossAccountRoles: {
          reader: [roleArn("abroad-plan", PARTNER)],
          writer: [roleArn("abroad-apply", PARTNER)],
        },
      },
    }),
  ],
  {
    trustedAccounts: [PARTNER],
    github: { repository: "example/it", repositoryId: "7", ownerId: "8" },
  },
  [...CONSUMERS, { name: "sync-abroad", role: roleArn("sync", PARTNER) }],
);

export const org = (name: string): Org => registry.get(name);

/** The policy that a consumer's team attaches to its role. */
export const policyOfConsumer = (name: string): Document => ({
  Statement: consumerPolicy(registry, name),
});

function orgStack(of: Org): Synthesized {
  const stack = new OrgStack(testApp(temporaryFolder()), of);
  for (const each of of.oauthClients) new OAuthClientWithOffloadedSecret(stack, each.name, each);
  for (const secret of of.secrets) new ManagedSecret(stack, secret.name, { secret });
  return JSON.parse(Testing.synth(stack));
}

type Block = Readonly<Record<string, unknown>>;

/** Synthesizes all stacks once, and reads their policies as AWS gets them. */
export function deployment(): Deployment {
  const roles = new Map<string, DeployedRole>();
  const resourcePolicies = new Map<string, Document>();
  const boundaries = new Map<string, Document>();
  const orgStacks = new Map(
    ["na", "na-prod", "na-stage"].map((name) => [name, orgStack(org(name))]),
  );
  const stacks: [Org | undefined, Synthesized][] = [
    [undefined, homeStack(registry).stack],
    ...registry.orgs.map((of): [Org, Synthesized] => [of, accessStack(of)]),
    ...[...orgStacks].map(([name, stack]): [Org, Synthesized] => [org(name), stack]),
  ];
  for (const [of, { resource }] of stacks) {
    const blocks = (type: string): [string, Block][] => Object.entries(resource[type] ?? {});
    const isOrgs = blocks("aws_secretsmanager_secret").length > 0;
    const arns: Record<string, (block: Block) => string> = {
      aws_kms_key: () => (isOrgs ? secretsKeyArn(of?.name ?? "") : keyArnOf(of)),
      aws_secretsmanager_secret: ({ name }) => secretArn(`${name}`),
      aws_lambda_function: ({ function_name: name }) => arn("lambda", `function:${name}`),
      aws_cloudwatch_event_rule: ({ name }) => arn("events", `rule/${name}`),
      aws_iam_role: ({ name }) => roleArn(`${name}`),
      aws_s3_bucket: ({ bucket }) => `arn:aws:s3:::${bucket}`,
    };
    /** What Terraform makes of an expression. */
    const resolved = (text: unknown): string =>
      `${text}`
        .replaceAll(/(?<!\$)\$\{(\w+)\.([\w-]+)\.\w+\}/g, (whole, type: string, name: string) => {
          const block = resource[type]?.[name];
          return block && arns[type] ? arns[type](block) : whole;
        })
        .replaceAll("$${", "${");
    const document = (text: unknown): Document => JSON.parse(resolved(text));
    for (const [, { name, policy }] of blocks("aws_iam_policy")) {
      boundaries.set(`arn:aws:iam::${ACCOUNT}:policy/${name}`, document(policy));
    }
    const isOf = (role: string) => (entry: [string, Block]) =>
      `${entry[1].role}`.includes(`aws_iam_role.${role}.`);
    const managed = (arn: unknown) =>
      blocks("aws_iam_policy").flatMap(([id, { policy }]) =>
        `${arn}`.includes(`aws_iam_policy.${id}.`) ? [document(policy)] : [],
      );
    const policiesOf = (role: string) => [
      ...blocks("aws_iam_role_policy")
        .filter(isOf(role))
        .map(([, { policy }]) => document(policy)),
      ...blocks("aws_iam_role_policy_attachment")
        .filter(isOf(role))
        .flatMap(([, { policy_arn: arn }]) => managed(arn)),
    ];
    for (const [id, { name, tags, ...role }] of blocks("aws_iam_role")) {
      roles.set(`${name}`, {
        tags: Object.fromEntries(
          Object.entries((tags ?? {}) as Block).map(([key, value]) => [key, resolved(value)]),
        ),
        policies: policiesOf(id),
        boundary: boundaries.get(`${role.permissions_boundary}`),
      });
      resourcePolicies.set(roleArn(`${name}`), document(role.assume_role_policy));
    }
    for (const [, block] of blocks("aws_kms_key")) {
      resourcePolicies.set(arns.aws_kms_key?.(block) ?? "", document(block.policy));
    }
    for (const [, { bucket, policy }] of blocks("aws_s3_bucket_policy")) {
      resourcePolicies.set(resolved(bucket), document(policy));
    }
    for (const [, { secret_arn: secret, policy }] of blocks("aws_secretsmanager_secret_policy")) {
      resourcePolicies.set(resolved(secret), document(policy));
    }
    for (const [, block] of blocks("aws_lambda_permission")) {
      const called = resolved(block.function_name);
      resourcePolicies.set(called, permission(called, block, resolved));
    }
  }
  return { roles, resourcePolicies: new Map([...resourcePolicies, ...ofOthers]), orgStacks };
}

export function arn(service: string, resource: string, account = ACCOUNT): string {
  return `arn:aws:${service}:us-east-1:${account}:${resource}`;
}
/** AWS appends six characters to a secret's name. */
export const secretArn = (name: string) => arn("secretsmanager", `secret:${name}-AbCdEf`);

const keyArnOf = (of: Org | undefined) =>
  (of ? of.state.kmsKeyArn : registry.homes[0]?.kmsKeyArn) ?? "";

/** The statement that AWS writes for a permission to call a function. */
function permission(called: string, block: Block, resolved: (text: unknown) => string): Document {
  const { action, principal, source_arn: source, source_account: account } = block;
  return {
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: principal },
        Action: action,
        Resource: called,
        Condition: {
          ArnLike: { "aws:SourceArn": resolved(source) },
          ...(account !== undefined && { StringEquals: { "aws:SourceAccount": account } }),
        },
      },
    ],
  };
}

// KMS's own policy for a key: the account's IAM decides.
const ofOthers: [string, Document][] = [
  [
    arn("kms", "key/payroll"),
    {
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
  ],
];
