import type { BadRegistry } from "../patched";

const manyTags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"]));

/** Fields that do not fit together, in an org, with its home or in the record. */
export const CROSS_CASES: readonly BadRegistry[] = [
  {
    what: "secrets in a partition where the key's policy would have no effect",
    patch: {
      "orgs/0/aws": { account: "111111111111", region: "cn-north-1" },
    },
    problems: [
      'na-prod: aws.region is "cn-north-1": choose a region of the partition aws or aws-us-gov; OAuth clients cannot rotate in other partitions [secrets-partition]',
    ],
  },
  {
    what: "an unknown state home",
    patch: { "orgs/0/state/home": "prod" },
    problems: ['na-prod: state.home is "prod": use one of production, lab [state-home]'],
  },
  {
    what: "a lock table of its own in mode s3",
    patch: { "orgs/0/state": { home: "production", ownLockTable: true } },
    problems: [
      'na-prod: state.ownLockTable is true: set state.lock to "both", or leave this field out, because lock mode s3 uses no table [own-lock-table]',
    ],
  },
  {
    what: "a lock table in a store without DynamoDB",
    patch: { "orgs/2/state": { home: "lab", lock: "dynamodb" } },
    problems: [
      'ap-prod: state.lock is "dynamodb": use s3, or give home lab a storage.dynamodbEndpoint [lock-endpoint]',
    ],
  },
  {
    what: "the planner with the deployer's entry",
    patch: { "orgs/0/vault/planner": "genesys/production/na-prod/deployer" },
    problems: [
      'na-prod: vault.planner is "genesys/production/na-prod/deployer": give deployer and planner an entry each, so that a plan cannot apply and an apply cannot create OAuth clients [vault-entries-differ]',
    ],
  },
  {
    what: "the deployer with the planner's entry",
    patch: { "orgs/0/vault/deployer": "genesys/production/na-prod/planner" },
    problems: [
      'na-prod: vault.deployer is "genesys/production/na-prod/planner": give deployer and planner an entry each, so that a plan cannot apply and an apply cannot create OAuth clients [vault-entries-differ]',
    ],
  },
  {
    what: "a deploy role of another account",
    patch: { "orgs/0/aws/deployRole": "arn:aws:iam::222222222222:role/deploy" },
    problems: [
      'na-prod: aws.deployRole is "arn:aws:iam::222222222222:role/deploy": name a role of aws.account, which is 111111111111 [deploy-role-account]',
    ],
  },
  {
    what: "the rotator with the deployer's entry",
    patch: { "orgs/0/vault/master": "genesys/production/na-prod/deployer" },
    problems: [
      'na-prod: vault.master is "genesys/production/na-prod/deployer": give deployer and master an entry each, so that a plan cannot apply and an apply cannot create OAuth clients [vault-entries-differ]',
    ],
  },
  {
    what: "a plan role of another account",
    patch: { "orgs/0/aws/planRole": "arn:aws:iam::222222222222:role/plan" },
    problems: [
      'na-prod: aws.planRole is "arn:aws:iam::222222222222:role/plan": name a role of aws.account, which is 111111111111 [plan-role-account]',
    ],
  },
  {
    what: "a deploy role that pull requests would plan with",
    patch: { "orgs/0/aws/planRole": undefined },
    problems: [
      "na-prod: aws.planRole is missing: name another role than deployRole that can only read, because pull requests plan with it [plan-role]",
    ],
  },
  {
    what: "one role to plan and to apply",
    patch: { "orgs/0/aws/planRole": "arn:aws:iam::111111111111:role/deploy-na-prod" },
    problems: [
      'na-prod: aws.planRole is "arn:aws:iam::111111111111:role/deploy-na-prod": name another role than deployRole that can only read, because pull requests plan with it [plan-role]',
    ],
  },
  {
    what: "a tag that is derived",
    patch: { "orgs/0/tags": { Environment: "prod" } },
    problems: [
      'na-prod: tags.Environment is "prod": leave it out, because the library sets this tag [tag-derived]',
    ],
  },
  {
    what: "two tags that differ only by case",
    patch: { "orgs/0/tags": { Team: "a", team: "b" } },
    problems: [
      'na-prod: tags.team is "b": keep one of the two, because IAM does not distinguish it from "Team" [tag-case]',
    ],
  },
  {
    what: "more tags than AWS takes",
    patch: { "orgs/0/tags": manyTags(44) },
    problems: [
      "na-prod: tags is an object with 44 keys: give at most 43; AWS allows 50, and the library sets the others [tag-count]",
    ],
  },
  {
    what: "one client twice",
    patch: { "orgs/0/oauthClients/1/name": "crm-sync" },
    problems: [
      'na-prod: oauthClients[1].name is "crm-sync": choose another name, because oauthClients[0] has this one [oauth-client-duplicate]',
    ],
  },
  {
    what: "two clients with the same name in Genesys Cloud",
    patch: { "orgs/0/oauthClients/1/name": "crmsync" },
    problems: [
      'na-prod: oauthClients[1].name is "crmsync": choose another name; in Genesys Cloud Production-Crmsync is too like the client of crm-sync [oauth-client-alike]',
    ],
  },
  {
    what: "a client whose secret would look like a suffixed one",
    patch: { "orgs/0/oauthClients/1/name": "data-export" },
    problems: [
      `na-prod: oauthClients[1].name is "data-export": choose another last word; Secrets Manager confuses a hyphen and six characters at the end of a name with its own suffix [secret-suffix]`,
    ],
  },
  {
    what: "a recorded home that the registry does not have",
    patch: {
      "record/homes/staging": {
        account: "111111111111",
        region: "us-east-1",
        bucket: "b-1",
        orgs: {},
      },
    },
    problems: [
      "record: homes.staging is not a home of the registry: use one of production, lab [record-home]",
    ],
  },
  {
    what: "a recorded account of another home",
    patch: {
      "homes/0/account": "333333333333",
      "homes/0/stateAdmins": ["arn:aws:iam::333333333333:role/admin"],
    },
    problems: [
      'record: homes.production.account is "111111111111": correct the record; home production has 333333333333 [record-account]',
    ],
  },
  {
    what: "a recorded region of another home",
    patch: { "record/homes/production/region": "eu-west-1" },
    problems: [
      'record: homes.production.region is "eu-west-1": correct the record; home production has us-east-1 [record-region]',
    ],
  },
  {
    what: "a recorded bucket of another home",
    patch: { "record/homes/production/bucket": "state-old" },
    problems: [
      'record: homes.production.bucket is "state-old": correct the record; home production has state-production [record-bucket]',
    ],
  },
  {
    what: "a recorded key in another region",
    patch: {
      "record/homes/production/orgs/na-prod/kmsKeyArn":
        "arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000",
    },
    problems: [
      'record: homes.production.orgs.na-prod.kmsKeyArn is "arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000": give a key in account 111111111111 and region us-east-1, like home production [record-kms-home]',
    ],
  },
  {
    what: "no homes",
    patch: { homes: [], record: undefined },
    problems: [
      "registry: homes is an empty list: define at least one state home, for the states of the orgs [required]",
    ],
  },
  {
    what: "homes that are missing",
    patch: { homes: undefined },
    problems: ["registry: homes is missing: give a list of homes [required]"],
  },
  {
    what: "orgs that are not a list",
    patch: { orgs: {} },
    problems: ["registry: orgs is an object: give a list of orgs [type]"],
  },
];
