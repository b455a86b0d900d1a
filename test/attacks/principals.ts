import type { Document, Principal } from "../support/policies/evaluate";
import {
  ACCOUNT,
  type Deployment,
  org,
  PARTNER,
  policyOfConsumer,
  roleArn,
  STRANGE,
} from "./deployment";

const EVERYTHING: Document = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/** Permissions to read every secret, and nothing else. */
const READS_SECRETS: Document = {
  Statement: [
    { Effect: "Allow", Action: ["secretsmanager:GetSecretValue", "kms:Decrypt"], Resource: "*" },
  ],
};

const session = (
  role: string,
  policies: readonly Document[],
  tags: Readonly<Record<string, string>> = {},
  account = ACCOUNT,
  boundary?: Document,
): Principal => ({
  arn: `arn:aws:sts::${account}:assumed-role/${role}/session`,
  context: {
    "aws:PrincipalAccount": account,
    "aws:PrincipalArn": roleArn(role, account),
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  },
  policies,
  boundary,
});

const service = (name: string): Principal => ({
  arn: `${name}.amazonaws.com`,
  context: {},
  policies: [],
});

const tagsOf = (name: string) => ({
  "genesys-org": name,
  "genesys-state-key": org(name).state.kmsKeyArn ?? "",
});

/** Everybody who asks for something, by a name that the table uses. */
export function principals({ roles }: Deployment) {
  const deployed = (name: string): Principal => {
    const { policies, tags, boundary } = roles.get(name) ?? missing(name);
    return session(name, policies, tags, ACCOUNT, boundary);
  };
  /** The same role, to which somebody attached AdministratorAccess. Its boundary stays. */
  const widened = (name: string): Principal => ({ ...deployed(name), policies: [EVERYTHING] });
  const administrator = (name: string, tags: Readonly<Record<string, string>> = {}) =>
    session(name, [EVERYTHING], tags);
  /** A workload with the policy that the registry has for it, and no other. */
  const workload = (name: string) => session(name, [policyOfConsumer(name)]);
  const abroad = (name: string, tags: Readonly<Record<string, string>> = {}) =>
    session(name, [EVERYTHING], tags, PARTNER);
  return {
    // The org that is attacked, and the org that attacks.
    "na plan": deployed("genesys-na-state-reader"),
    "na apply": deployed("genesys-na-state-writer"),
    "na unlock": deployed("genesys-na-state-unlocker"),
    "na rotator": deployed("genesys-na-rotator"),
    "na reconciler": deployed("genesys-na-reconciler"),
    "na scheduler": deployed("genesys-na-scheduler"),
    "na-prod plan": deployed("genesys-na-prod-state-reader"),
    "na-prod apply": deployed("genesys-na-prod-state-writer"),
    "na-prod unlock": deployed("genesys-na-prod-state-unlocker"),
    "na-prod rotator": deployed("genesys-na-prod-rotator"),
    "na-prod reconciler": deployed("genesys-na-prod-reconciler"),
    // Their roles with AdministratorAccess: only policies of resources, and boundaries, are left.
    "na plan, widened": widened("genesys-na-state-reader"),
    "na apply, widened": widened("genesys-na-state-writer"),
    "na rotator, widened": widened("genesys-na-rotator"),
    "na-prod apply, widened": widened("genesys-na-prod-state-writer"),
    "na-prod rotator, widened": widened("genesys-na-prod-rotator"),
    // Sessions with other tags than their role's.
    "na-prod apply, tagged na": session("genesys-na-prod-state-writer", [EVERYTHING], tagsOf("na")),
    "administrator, tagged na": administrator("administrator", tagsOf("na")),
    "partner, tagged na": abroad("abroad-apply", tagsOf("na")),
    // People of the account.
    "state admin": administrator("admin"),
    administrator: administrator("administrator"),
    "break-glass": administrator("break-glass"),
    "root user": {
      arn: `arn:aws:iam::${ACCOUNT}:root`,
      context: {
        "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:root`,
        "aws:PrincipalAccount": ACCOUNT,
      },
      policies: [EVERYTHING],
    } satisfies Principal,
    "payroll team": administrator("payroll"),
    // Readers of a credential.
    consumer: session("crm", [READS_SECRETS]),
    "consumer, widened": administrator("crm"),
    "consumer abroad": session("crm-abroad", [READS_SECRETS], {}, PARTNER),
    sync: workload("sync"),
    "sync, widened": administrator("sync"),
    copy: workload("copy"),
    "prod-sync": workload("prod-sync"),
    "stage-sync": workload("stage-sync"),
    "sync abroad": session("sync", [policyOfConsumer("sync-abroad")], {}, PARTNER),
    "sync abroad, without a policy": session("sync", [], {}, PARTNER),
    "sync, as a user": {
      ...session("sync", [READS_SECRETS]),
      arn: `arn:aws:iam::${ACCOUNT}:user/sync`,
      context: {
        "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:user/sync`,
        "aws:PrincipalAccount": ACCOUNT,
      },
    },
    "other workload": session("other-workload", [READS_SECRETS]),
    // Other accounts.
    "partner apply": abroad("abroad-apply", tagsOf("abroad")),
    "partner plan": abroad("abroad-plan", tagsOf("abroad")),
    "partner's other role": abroad("other", tagsOf("abroad")),
    "partner's namesake of na apply": abroad("genesys-na-state-writer", tagsOf("na")),
    stranger: session("stranger", [EVERYTHING], tagsOf("na"), STRANGE),
    "stranger's crm": session("crm", [EVERYTHING], {}, STRANGE),
    // Services of AWS, and GitHub.
    Lambda: service("lambda"),
    Scheduler: service("scheduler"),
    "Secrets Manager": service("secretsmanager"),
    EventBridge: service("events"),
    "CloudWatch Logs": service("logs.us-east-1"),
    "S3 log delivery": service("logging.s3"),
    EC2: service("ec2"),
    GitHub: {
      arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
      context: {},
      policies: [],
    } satisfies Principal,
  };
}

export type Who = keyof ReturnType<typeof principals>;

function missing(name: string): never {
  throw new Error(`the stacks have no role ${name}`);
}
