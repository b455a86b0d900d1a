import { type BadRegistry, keyArn } from "../patched";

const GITHUB = { repository: "example/platform", repositoryId: "1", ownerId: "2" };
const state = (field: string, value: unknown) => ({
  home: "production",
  [field]: value,
});
const runner = (account: string) => `arn:aws:iam::${account}:role/runner`;

/** Mistakes in state homes, in the accounts that they trust, and in orgs that leave them. */
const WITH_PATH =
  "give the role's ARN with its path, such as role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef; `aws iam get-role` shows it";

export const STATE_HOME_CASES: readonly BadRegistry[] = [
  {
    what: "a home whose stack would be named like an org's access stack",
    patch: { "homes/1/name": "access-lab" },
    problems: [
      'home access-lab: name is "access-lab": choose a name that does not begin with access-; the stacks of orgs are named state-access-<org> [home-name]',
    ],
  },
  {
    what: "a bucket named like another's access logs",
    patch: { "homes/1/bucket": "state-production-logs" },
    problems: [
      'home production, home lab: bucket is "state-production-logs" in both: give each home its own bucket, and remember that <bucket>-logs is a bucket too [bucket-shared]',
    ],
  },
  {
    what: "a state admin of another account",
    patch: { "homes/0/stateAdmins": [runner("999999999999")] },
    problems: [
      'home production: stateAdmins[0] is "arn:aws:iam::999999999999:role/runner": name a principal of the home\'s own account, 111111111111; others can assume a role there [state-admin-account]',
    ],
  },
  {
    what: "a trusted account by its name",
    patch: { "homes/0/trustedAccounts": ["tools"] },
    problems: [
      'home production: trustedAccounts[0] is "tools": give 12 digits, in quotes [aws-account]',
    ],
  },
  {
    what: "a GitHub repository without its owner",
    patch: { "homes/0/github": { ...GITHUB, repository: "platform" } },
    problems: [
      'home production: github.repository is "platform": give <owner>/<name> [github-repository]',
    ],
  },
  {
    what: "names in place of GitHub's ids",
    patch: { "homes/0/github": { ...GITHUB, repositoryId: "platform", ownerId: "example" } },
    problems: [
      'home production: github.repositoryId is "platform": give the repository\'s numeric id, in quotes [github-id]',
      'home production: github.ownerId is "example": give the numeric id of the repository\'s owner, in quotes [github-id]',
    ],
  },
  {
    what: "two homes that create the OIDC provider of one account",
    patch: {
      "homes/0/github": GITHUB,
      "homes/1/github": GITHUB,
      "homes/1/account": "111111111111",
      "homes/1/stateAdmins": [runner("111111111111")],
    },
    problems: [
      'home production, home lab: account is "111111111111" in both: set github.existingOidcProvider in one of the two, because an account has only one OIDC provider for GitHub [github-oidc-provider]',
    ],
  },
  {
    what: "a runner of an account that the home does not trust",
    patch: { "orgs/0/state": state("assumedBy", { writer: [runner("999999999999")] }) },
    problems: [
      'na-prod: state.assumedBy.writer[0] is "arn:aws:iam::999999999999:role/runner": name a principal of account 111111111111, or add the account to the home\'s trustedAccounts [assumed-by-account]',
    ],
  },
  {
    what: "roles of IAM Identity Center without their path, as a session's ARN has them",
    patch: {
      "homes/0/stateAdmins": [
        "arn:aws:iam::111111111111:role/AWSReservedSSO_Admin_0123456789abcdef",
      ],
      "orgs/0/state": state("assumedBy", {
        writer: ["arn:aws:iam::111111111111:role/AWSReservedSSO_Ops_0123456789abcdef"],
      }),
    },
    problems: [
      `home production: stateAdmins[0] is "arn:aws:iam::111111111111:role/AWSReservedSSO_Admin_0123456789abcdef": ${WITH_PATH} [state-admin]`,
      `na-prod: state.assumedBy.writer[0] is "arn:aws:iam::111111111111:role/AWSReservedSSO_Ops_0123456789abcdef": ${WITH_PATH} [assumed-by]`,
    ],
  },
  {
    what: "a whole account as a runner",
    patch: { "orgs/0/state": state("assumedBy", { reader: ["arn:aws:iam::111111111111:root"] }) },
    problems: [
      'na-prod: state.assumedBy.reader[0] is "arn:aws:iam::111111111111:root": give the full ARN of an IAM role or user, without wildcards [assumed-by]',
    ],
  },
  {
    what: "a role of the home's account in crossAccountRoles",
    patch: { "orgs/0/state": state("crossAccountRoles", { reader: [runner("111111111111")] }) },
    problems: [
      'na-prod: state.crossAccountRoles.reader[0] is "arn:aws:iam::111111111111:role/runner": name it in state.assumedBy, because account 111111111111 is the home\'s own [cross-account-role]',
    ],
  },
  {
    what: "a role of an account that the home does not trust",
    patch: { "orgs/0/state": state("crossAccountRoles", { writer: [runner("999999999999")] }) },
    problems: [
      'na-prod: state.crossAccountRoles.writer[0] is "arn:aws:iam::999999999999:role/runner": add its account to the home\'s trustedAccounts, or leave it out [cross-account-role]',
    ],
  },
  {
    what: "another account's role together with a lock table",
    patch: {
      "homes/0/trustedAccounts": ["333333333333"],
      "orgs/0/state": {
        home: "production",
        lock: "both",
        crossAccountRoles: { writer: [runner("333333333333")] },
      },
    },
    problems: [
      'na-prod: state.lock is "both": use s3, because the roles of state.crossAccountRoles cannot use the lock table and would lock nobody out [cross-account-lock]',
    ],
  },
  {
    what: "a state key outside of the org's own folder",
    patch: { "orgs/0/state/key": "orgs/old/terraform.tfstate" },
    problems: [
      'na-prod: state.key is "orgs/old/terraform.tfstate": choose a key in orgs/na-prod/, the only folder that the org\'s roles can reach [state-key-folder]',
    ],
  },
  {
    what: "an org that is recorded and has left the registry",
    patch: { "record/homes/production/orgs/gone": { kmsKeyArn: keyArn("f") } },
    problems: [
      "record: homes.production.orgs.gone is no longer in the registry: put its entry back, with retired: true, because its state, its key and its roles still exist [record-org-left]",
    ],
  },
  {
    what: "an org that is recorded in another home",
    patch: { "orgs/0/state": { home: "lab" } },
    problems: [
      "record: homes.production.orgs.na-prod is in home lab in the registry: set state.home back to production, or move state, key and record to lab [record-org-moved]",
    ],
  },
  {
    what: "a home's own key of another account",
    patch: {
      "record/homes/production/kmsKeyArn": keyArn("a").replace("111111111111", "222222222222"),
    },
    problems: [
      'record: homes.production.kmsKeyArn is "arn:aws:kms:us-east-1:222222222222:key/aaaaaaaa-0000-4000-8000-000000000000": give a key in account 111111111111 and region us-east-1, like home production [record-kms-home]',
    ],
  },
  {
    what: "a state admin of another partition",
    patch: { "homes/0/stateAdmins": ["arn:aws-us-gov:iam::111111111111:role/admin"] },
    problems: [
      'home production: stateAdmins[0] is "arn:aws-us-gov:iam::111111111111:role/admin": begin it with arn:aws: to match the home\'s region [arn-partition]',
    ],
  },
  {
    what: "a principal of another partition",
    patch: {
      "orgs/0/state": state("assumedBy", { writer: ["arn:aws-cn:iam::111111111111:role/ci"] }),
    },
    problems: [
      'na-prod: state.assumedBy.writer[0] is "arn:aws-cn:iam::111111111111:role/ci": begin it with arn:aws: to match the home\'s region [arn-partition]',
    ],
  },
  {
    what: "the home's own account in trustedAccounts",
    patch: { "homes/0/trustedAccounts": ["111111111111"] },
    problems: [
      'home production: trustedAccounts[0] is "111111111111": leave it out, because it is the home\'s own account [trusted-account]',
    ],
  },
  {
    what: "the tag that roles have for the bucket policy, in another case",
    patch: { "orgs/0/tags": { "Genesys-State-Key": "x" } },
    problems: [
      'na-prod: tags.Genesys-State-Key is "x": leave it out, because the library sets this tag [tag-derived]',
    ],
  },
  {
    what: "a home's own key for an org",
    patch: { "record/homes/production/kmsKeyArn": keyArn("a") },
    problems: [
      'record: homes.production.orgs.na-prod.kmsKeyArn is "arn:aws:kms:us-east-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000": correct the record; this is home production\'s own key, and each home and each org has its own [record-kms-shared]',
    ],
  },
  {
    what: "a home's own key by its alias",
    patch: { "record/homes/production/kmsKeyArn": "alias/home" },
    problems: [
      'record: homes.production.kmsKeyArn is "alias/home": give the key\'s full ARN, not an alias or an id [record-kms-key]',
    ],
  },
  {
    what: "retired as text",
    patch: { "orgs/0/retired": "yes" },
    problems: ['na-prod: retired is "yes": give true or false, without quotes [type]'],
  },
];
