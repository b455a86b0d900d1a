import type { BadRegistry } from "../patched";

const manyTags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"]));

/** Fields that do not fit together, in an org, with its home or in the record. */
export const CROSS_CASES: readonly BadRegistry[] = [
  {
    what: "secrets in a partition where the key's policy would be without effect",
    patch: {
      "orgs/0/aws": { account: "111111111111", region: "cn-north-1" },
    },
    problems: [
      'na-prod: aws.region is "cn-north-1": choose a region of the partitions aws and aws-us-gov: for others it is not known what the policy of the secrets\' key has to say [secrets-partition]',
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
      'na-prod: state.ownLockTable is true: lock mode s3 has no table: set lock to "both", or leave this out [own-lock-table]',
    ],
  },
  {
    what: "a lock table in a store that has none",
    patch: { "orgs/2/state": { home: "lab", lock: "dynamodb" } },
    problems: [
      'ap-prod: state.lock is "dynamodb": home lab has no storage.dynamodbEndpoint: use s3, or give it one [lock-endpoint]',
    ],
  },
  {
    what: "the planner with the deployer's entry",
    patch: { "orgs/0/vault/planner": "genesys/production/na-prod/deployer" },
    problems: [
      'na-prod: vault.planner is "genesys/production/na-prod/deployer": deployer and planner need an entry each: who plans must not be able to apply, and who applies must not make clients [vault-entries-differ]',
    ],
  },
  {
    what: "the deployer with the planner's entry",
    patch: { "orgs/0/vault/deployer": "genesys/production/na-prod/planner" },
    problems: [
      'na-prod: vault.deployer is "genesys/production/na-prod/planner": deployer and planner need an entry each: who plans must not be able to apply, and who applies must not make clients [vault-entries-differ]',
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
      'na-prod: vault.master is "genesys/production/na-prod/deployer": deployer and master need an entry each: who plans must not be able to apply, and who applies must not make clients [vault-entries-differ]',
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
      "na-prod: aws.planRole is missing: name a role of its own that only reads: a pull request plans with it [plan-role]",
    ],
  },
  {
    what: "one role to plan and to apply",
    patch: { "orgs/0/aws/planRole": "arn:aws:iam::111111111111:role/deploy-na-prod" },
    problems: [
      'na-prod: aws.planRole is "arn:aws:iam::111111111111:role/deploy-na-prod": name a role of its own that only reads: a pull request plans with it [plan-role]',
    ],
  },
  {
    what: "a tag that is derived",
    patch: { "orgs/0/tags": { Environment: "prod" } },
    problems: [
      'na-prod: tags.Environment is "prod": leave it out: this tag follows from the entry [tag-derived]',
    ],
  },
  {
    what: "two tags that differ by case alone",
    patch: { "orgs/0/tags": { Team: "a", team: "b" } },
    problems: [
      'na-prod: tags.team is "b": IAM takes it for the tag "Team": keep one of the two [tag-case]',
    ],
  },
  {
    what: "more tags than AWS takes",
    patch: { "orgs/0/tags": manyTags(44) },
    problems: [
      "na-prod: tags is an object with 44 keys: give at most 43, as AWS takes 50 and the rest are derived [tag-count]",
    ],
  },
  {
    what: "one client twice",
    patch: { "orgs/0/oauthClients/1/name": "crm-sync" },
    problems: [
      'na-prod: oauthClients[1].name is "crm-sync": oauthClients[0] has it: a credential has one client [oauth-client-duplicate]',
    ],
  },
  {
    what: "two clients of one name in Genesys Cloud",
    patch: { "orgs/0/oauthClients/1/name": "crmsync" },
    problems: [
      'na-prod: oauthClients[1].name is "crmsync": in Genesys Cloud it would have the name of crm-sync: Production-Crmsync [oauth-client-alike]',
    ],
  },
  {
    what: "a client whose secret would look like a suffixed one",
    patch: { "orgs/0/oauthClients/1/name": "data-export" },
    problems: [
      `na-prod: oauthClients[1].name is "data-export": a secret's name may not end in a hyphen and six characters, which Secrets Manager confuses with its own suffix: choose another last word [secret-suffix]`,
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
      "record: homes.staging is not a home of the registry: the registry's homes are production, lab [record-home]",
    ],
  },
  {
    what: "a recorded account of another home",
    patch: {
      "homes/0/account": "333333333333",
      "homes/0/stateAdmins": ["arn:aws:iam::333333333333:role/admin"],
    },
    problems: [
      'record: homes.production.account is "111111111111": home production has 333333333333: correct the record [record-account]',
    ],
  },
  {
    what: "a recorded region of another home",
    patch: { "record/homes/production/region": "eu-west-1" },
    problems: [
      'record: homes.production.region is "eu-west-1": home production has us-east-1: correct the record [record-region]',
    ],
  },
  {
    what: "a recorded bucket of another home",
    patch: { "record/homes/production/bucket": "state-old" },
    problems: [
      'record: homes.production.bucket is "state-old": home production has state-production: correct the record [record-bucket]',
    ],
  },
  {
    what: "a recorded key in another region",
    patch: {
      "record/homes/production/orgs/na-prod/kmsKeyArn":
        "arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000",
    },
    problems: [
      'record: homes.production.orgs.na-prod.kmsKeyArn is "arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000": give a key in account 111111111111 and region us-east-1, as home production is [record-kms-home]',
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
    what: "orgs that are no list",
    patch: { orgs: {} },
    problems: ["registry: orgs is an object: give a list of orgs [type]"],
  },
];
