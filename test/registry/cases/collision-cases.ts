import { type BadRegistry, keyArn } from "../patched";

/** Values that two orgs, or two homes, must not share. */
export const COLLISION_CASES: readonly BadRegistry[] = [
  {
    what: "one name twice",
    patch: { "orgs/1/name": "na-prod" },
    problems: [
      'na-prod (orgs[0]), na-prod (orgs[1]): name is "na-prod" in both: give one of the two another name [name-shared]',
    ],
  },
  {
    what: "one Genesys Cloud organisation twice",
    patch: { "orgs/1/organizationId": "AAAAAAAA-1111-4111-8111-111111111111" },
    problems: [
      'na-prod, eu-prod: organizationId is "AAAAAAAA-1111-4111-8111-111111111111" in both: keep one entry for each Genesys Cloud organisation [organization-id-shared]',
    ],
  },
  {
    what: "one state key twice",
    patch: { "orgs/1/state/key": "orgs/na-prod/terraform.tfstate" },
    problems: [
      `na-prod, eu-prod: state.key is "orgs/na-prod/terraform.tfstate" in both: give each org its own key, or they overwrite each other's state [state-key-shared]`,
    ],
  },
  {
    what: "state keys that differ only by case",
    patch: { "orgs/1/state/key": "orgs/NA-Prod/terraform.tfstate" },
    problems: [
      'na-prod, eu-prod: state.key is "orgs/NA-Prod/terraform.tfstate": choose another folder; it differs from "orgs/na-prod/terraform.tfstate" only by case [state-key-case]',
    ],
  },
  {
    what: "a state key in another org's folder",
    patch: { "orgs/1/state/key": "orgs/na-prod/eu/terraform.tfstate" },
    problems: [
      'na-prod, eu-prod: state.key is "orgs/na-prod/eu/terraform.tfstate": choose another folder; it is in the folder of "orgs/na-prod/terraform.tfstate", and the roles of that org could read it [state-key-inside]',
    ],
  },
  {
    what: "a state key around another org's folder",
    patch: {
      "orgs/0/state/key": "orgs/all/na/terraform.tfstate",
      "orgs/1/state/key": "orgs/all/terraform.tfstate",
    },
    problems: [
      'eu-prod, na-prod: state.key is "orgs/all/na/terraform.tfstate": choose another folder; it is in the folder of "orgs/all/terraform.tfstate", and the roles of that org could read it [state-key-inside]',
    ],
  },
  {
    what: "one KMS key twice",
    patch: { "record/homes/production/orgs/eu-prod/kmsKeyArn": keyArn("a") },
    problems: [
      `na-prod, eu-prod: recorded KMS key is "arn:aws:kms:us-east-1:111111111111:key/aaaaaaaa-0000-4000-8000-000000000000" in both: correct the record, because each org has its own key [kms-key-shared]`,
    ],
  },
  {
    what: "one replaced client in two organisations",
    patch: {
      "orgs/0/oauthClients/0/replaces": "55555555-5555-4555-8555-55555555555a",
      "orgs/1/oauthClients/1/replaces": "55555555-5555-4555-8555-55555555555A",
    },
    problems: [
      'na-prod, eu-prod: oauthClients[1].replaces is "55555555-5555-4555-8555-55555555555a" in both: name the client in the organisation that it belongs to, because an OAuth client belongs to one [replaced-client-shared]',
    ],
  },
  {
    what: "one Vault entry twice",
    patch: { "orgs/1/vault/deployer": "genesys/production/na-prod/deployer" },
    problems: [
      'na-prod, eu-prod: vault.deployer is "genesys/production/na-prod/deployer" in both: give each org its own Vault entries [vault-entry-shared]',
    ],
  },
  {
    what: "one Vault entry on one server written in two ways",
    patch: {
      "orgs/1/vault": {
        address: "https://VAULT.example.com:443/",
        planner: "genesys/production/na-prod/deployer",
      },
    },
    problems: [
      'na-prod, eu-prod: vault.planner is "genesys/production/na-prod/deployer" in both: give each org its own Vault entries [vault-entry-shared]',
    ],
  },
  {
    what: "one secret prefix twice, and the Vault entries that follow from it",
    patch: { "orgs/1/project": "na-prod" },
    problems: [
      'na-prod, eu-prod: vault.deployer is "genesys/production/na-prod/deployer" in both: give each org its own Vault entries [vault-entry-shared]',
      'na-prod, eu-prod: vault.planner is "genesys/production/na-prod/planner" in both: give each org its own Vault entries [vault-entry-shared]',
      'na-prod, eu-prod: vault.master is "genesys/production/na-prod/master" in both: give each org its own Vault entries [vault-entry-shared]',
      'na-prod, eu-prod: secret prefix is "/genesys/production/na-prod/" in both: give one of the two another project [secret-prefix-shared]',
    ],
  },
  {
    what: "one Vault entry twice, by a namespace that ends elsewhere",
    patch: {
      "orgs/0/vault": { address: "https://v", namespace: "a", mount: "b/kv", deployer: "cc/full" },
      "orgs/1/vault": { address: "https://v", namespace: "a/b", mount: "kv", deployer: "cc/full" },
    },
    problems: [
      'na-prod, eu-prod: vault.deployer is "cc/full" in both: give each org its own Vault entries [vault-entry-shared]',
    ],
  },
  {
    what: "one Vault role twice",
    patch: {
      "orgs/0/vault/auth": { method: "jwt", role: "genesys" },
      "orgs/1/vault/auth": { method: "jwt", mount: "jwt", role: "genesys" },
    },
    problems: [
      'na-prod, eu-prod: vault.auth.role is "genesys" in both: give each org its own Vault role, or the runs of one org can read the entries of the other [vault-role-shared]',
    ],
  },
  {
    what: "a Vault role that is another org's default, in other letters",
    patch: { "orgs/1/vault/auth": { method: "jwt", role: "Genesys-NA-prod" } },
    problems: [
      'na-prod, eu-prod: vault.auth.role is "Genesys-NA-prod" in both: give each org its own Vault role, or the runs of one org can read the entries of the other [vault-role-shared]',
    ],
  },
  {
    what: "one deploy role twice",
    patch: {
      "orgs/1/aws/deployRole": "arn:aws:iam::111111111111:role/deploy-na-prod",
      "orgs/1/aws/account": "111111111111",
    },
    problems: [
      'na-prod, eu-prod: aws.deployRole is "arn:aws:iam::111111111111:role/deploy-na-prod" in both: give each org its own role, or the runs of one org can reach the secrets of the other [aws-role-shared]',
    ],
  },
  {
    what: "one home name twice",
    patch: { "homes/1/name": "production" },
    problems: [
      'home production (homes[0]), home production (homes[1]): name is "production" in both: give one of the two another name [home-name-shared]',
    ],
  },
  {
    what: "one bucket of two homes",
    patch: { "homes/1/bucket": "state-production" },
    problems: [
      'home production, home lab: bucket is "state-production" in both: give each home its own bucket, and remember that <bucket>-logs is a bucket too [bucket-shared]',
    ],
  },
];
