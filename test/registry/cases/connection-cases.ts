import type { BadRegistry } from "../patched";

/** Vault, AWS or the provider of one org, each wrong by itself. */
export const CONNECTION_CASES: readonly BadRegistry[] = [
  {
    what: "a Vault address that Terraform would evaluate",
    patch: { "orgs/1/vault/address": "https://vault.example.com/${var.path}" },
    problems: [
      'eu-prod: vault.address is "https://vault.example.com/${var.path}": give an https URL without credentials or query (http only on loopback) [vault-address]',
    ],
  },
  {
    what: "a Vault address without https",
    patch: { "orgs/0/vault/address": "http://vault.example.com" },
    problems: [
      'na-prod: vault.address is "http://vault.example.com": give an https URL without credentials or query (http only on loopback) [vault-address]',
    ],
  },
  {
    what: "a Vault namespace with a slash at its end",
    patch: { "orgs/0/vault/namespace": "admin/genesys/" },
    problems: [
      'na-prod: vault.namespace is "admin/genesys/": give the path without a slash at its beginning or end, without "data/", "." and ".." in it [vault-namespace]',
    ],
  },
  {
    what: "a Vault mount with data/",
    patch: { "orgs/0/vault/mount": "data/secret" },
    problems: [
      'na-prod: vault.mount is "data/secret": give the path without a slash at its beginning or end, without "data/", "." and ".." in it [vault-mount]',
    ],
  },
  {
    what: "a Vault entry that begins with a slash",
    patch: { "orgs/0/vault/deployer": "/genesys/na" },
    problems: [
      'na-prod: vault.deployer is "/genesys/na": give the path without a slash at its beginning or end, without "data/", "." and ".." in it [vault-entry]',
    ],
  },
  {
    what: "an unknown login to Vault",
    patch: { "orgs/0/vault/auth": { method: "github" } },
    problems: [
      'na-prod: vault.auth.method is "github": use one of token, jwt, aws, approle, kubernetes [vault-auth]',
    ],
  },
  {
    what: "a login to Vault without method",
    patch: { "orgs/0/vault/auth": { mount: "jwt" } },
    problems: [
      "na-prod: vault.auth.method is missing: use one of token, jwt, aws, approle, kubernetes [vault-auth]",
    ],
  },
  {
    what: "a Vault role with a space",
    patch: { "orgs/0/vault/auth/role": "my role" },
    problems: ['na-prod: vault.auth.role is "my role": give the name of a Vault role [vault-role]'],
  },
  {
    what: "a role for the login by token, which takes none",
    patch: { "orgs/0/vault/auth": { method: "token", role: "na" } },
    problems: ["na-prod: vault.auth.role is not a known key: use one of method [unknown-key]"],
  },
  {
    what: "the ids of an AppRole, which are no part of the registry",
    patch: { "orgs/0/vault/auth": { method: "approle", roleId: "test-role-id" } },
    problems: [
      "na-prod: vault.auth.roleId is not a known key: use one of method, mount, role [unknown-key]",
    ],
  },
  {
    what: "a login by AWS for no region, and for no server",
    patch: { "orgs/0/vault/auth": { method: "aws", stsRegion: "europe", serverId: "my vault" } },
    problems: [
      'na-prod: vault.auth.stsRegion is "europe": give the name of an AWS region, such as us-east-1 [aws-region]',
      'na-prod: vault.auth.serverId is "my vault": give Vault\'s iam_server_id_header_value, of letters, digits and . : / @ _ - [vault-server-id]',
    ],
  },
  {
    what: "a server for a login that is not signed for one",
    patch: { "orgs/0/vault/auth": { method: "jwt", serverId: "vault.example.com" } },
    problems: [
      "na-prod: vault.auth.serverId is not a known key: use one of method, mount, role [unknown-key]",
    ],
  },
  {
    what: "an account without quotes",
    patch: { "orgs/0/aws/account": 111111111111 },
    problems: ["na-prod: aws.account is 111111111111: give 12 digits, in quotes [aws-account]"],
  },
  {
    what: "an account with eleven digits",
    patch: { "orgs/0/aws/account": "11111111111" },
    problems: ['na-prod: aws.account is "11111111111": give 12 digits, in quotes [aws-account]'],
  },
  {
    what: "an AWS region that does not exist",
    patch: { "orgs/0/aws/region": "us-east-9" },
    problems: [
      'na-prod: aws.region is "us-east-9": AWS has no region of this name; give another one, such as us-east-1 [aws-region]',
    ],
  },
  {
    what: "an invalid AWS region",
    patch: { "orgs/0/aws/region": "Virginia" },
    problems: [
      'na-prod: aws.region is "Virginia": give the name of an AWS region, such as us-east-1 [aws-region]',
    ],
  },
  {
    what: "a deploy role by its name",
    patch: { "orgs/0/aws/deployRole": "deploy" },
    problems: [
      'na-prod: aws.deployRole is "deploy": give the full ARN of an IAM role, without wildcards [deploy-role]',
    ],
  },
  {
    what: "a plan role by its name",
    patch: { "orgs/0/aws/planRole": "plan" },
    problems: [
      'na-prod: aws.planRole is "plan": give the full ARN of an IAM role, without wildcards [plan-role]',
    ],
  },
  {
    what: "a permissions boundary by its name",
    patch: { "orgs/0/aws/permissionsBoundary": "boundary" },
    problems: [
      'na-prod: aws.permissionsBoundary is "boundary": give the full ARN of an IAM policy [permissions-boundary]',
    ],
  },
  {
    what: "an invalid master version and an invalid number of clients",
    patch: { "orgs/0/rotation": { masterVersion: 0, mostClients: 0.5 } },
    problems: [
      "na-prod: rotation.masterVersion is 0: give the version of the Vault entry, a whole number from 1 [master-version]",
      "na-prod: rotation.mostClients is 0.5: give a whole number of OAuth clients from 1 to 100000 [client-count]",
    ],
  },
  {
    what: "no AWS part",
    patch: { "orgs/0/aws": undefined },
    problems: [
      "na-prod: aws is missing: give an object; possible keys are account, region, deployRole, planRole, permissionsBoundary [required]",
    ],
  },
  {
    what: "a token pool that is too large",
    patch: { "orgs/0/provider/tokenPoolSize": 51 },
    problems: [
      "na-prod: provider.tokenPoolSize is 51: give a whole number from 1 to 50 [token-pool-size]",
    ],
  },
  {
    what: "a token pool in quotes",
    patch: { "orgs/0/provider/tokenPoolSize": "2" },
    problems: ['na-prod: provider.tokenPoolSize is "2": give a number, without quotes [type]'],
  },
  {
    what: "a proxy with credentials and without its port",
    patch: { "orgs/0/provider/proxy": "http://me:secret@proxy.example.com" },
    problems: [
      'na-prod: provider.proxy is "http://(hidden)@proxy.example.com": give the URL of the proxy with its port and without credentials, such as http://proxy.example.com:3128 [proxy]',
    ],
  },
  {
    what: "windows of rotations with unknown days, wrong times, or too short for an hourly run",
    patch: {
      "orgs/0/rotation": {
        windows: [
          { days: ["sat"], from: "22:00", to: "04:00" },
          { days: [], from: "2:00", to: "24:00" },
          { from: "23:30", to: "01:00" },
        ],
      },
    },
    problems: [
      'na-prod: rotation.windows[0].days[0] is "sat": use one of sunday, monday, tuesday, wednesday, thursday, friday, saturday [weekday]',
      "na-prod: rotation.windows[1].days is an empty list: name at least one day, or leave days out [weekday]",
      'na-prod: rotation.windows[1].from is "2:00": give hours and minutes in UTC, from "00:00" to "23:59", in quotes [time-of-day]',
      'na-prod: rotation.windows[1].to is "24:00": give hours and minutes in UTC, from "00:00" to "23:59", in quotes [time-of-day]',
      "na-prod: rotation.windows[2] is an object: end at least two hours later, since the reconciler starts rotations once an hour [rotation-window]",
    ],
  },
  {
    what: "a duration without unit",
    patch: { "orgs/0/provider/customRetryTimeout": "90" },
    problems: [
      'na-prod: provider.customRetryTimeout is "90": give a Go duration, such as 90s or 5m [duration]',
    ],
  },
  {
    what: "no place for the org's own credentials",
    patch: { "orgs/0/vault": undefined },
    problems: [
      "na-prod: vault is missing: give the Vault with the org's own credentials, or set credentials for another place [required]",
    ],
  },
  {
    what: "an unknown place for the org's own credentials",
    patch: { "orgs/0/credentials": { source: "keychain" } },
    problems: [
      'na-prod: credentials.source is "keychain": use aws-secrets-manager, or leave credentials out for Vault [credential-source]',
    ],
  },
  {
    what: "a Vault entry and a version, where Secrets Manager is the place",
    patch: {
      "orgs/0/credentials": { source: "aws-secrets-manager" },
      "orgs/0/vault": { address: "https://vault.example.com", planner: "cc/planner" },
      "orgs/0/rotation": { masterVersion: 2 },
    },
    problems: [
      "na-prod: vault is an object: leave out vault or credentials: an organisation has one place for its secrets [credential-source]",
      "na-prod: rotation.masterVersion is 2: leave it out: from Secrets Manager the rotator always reads the newest master [master-version]",
    ],
  },
  {
    what: "operators that are not roles, or not of the partition",
    patch: {
      "orgs/0/credentials": {
        source: "aws-secrets-manager",
        operators: ["arn:aws:iam::111111111111:user/ann"],
      },
      "orgs/1/credentials": { source: "aws-secrets-manager", operators: [] },
    },
    problems: [
      'na-prod: credentials.operators[0] is "arn:aws:iam::111111111111:user/ann": give the full ARN of an IAM role, without wildcards [credential-operator]',
      "eu-prod: credentials.operators is an empty list: leave it out for the state admins of the home, or name at least one role [credential-operator]",
    ],
  },
  {
    what: "state admins of whom none is a role",
    patch: {
      "orgs/0/vault": undefined,
      "homes/0/stateAdmins": ["arn:aws:iam::111111111111:user/ann"],
      "orgs/0/credentials": { source: "aws-secrets-manager" },
    },
    problems: [
      "na-prod: credentials.operators is missing: name the roles of account 111111111111 that write the org's credentials, because none of the home's state admins is one [credential-operator]",
    ],
  },
  {
    what: "operators of another account, or an account without a state admin",
    patch: {
      "orgs/0/vault": undefined,
      "orgs/0/aws/account": "222222222222",
      "orgs/0/aws/deployRole": "arn:aws:iam::222222222222:role/deploy",
      "orgs/0/aws/planRole": "arn:aws:iam::222222222222:role/plan",
      "orgs/0/credentials": { source: "aws-secrets-manager" },
      "orgs/1/vault": undefined,
      "orgs/1/credentials": {
        source: "aws-secrets-manager",
        operators: ["arn:aws:iam::222222222222:role/operator"],
      },
    },
    problems: [
      "na-prod: credentials.operators is missing: name the roles of account 222222222222 that write the org's credentials, because none of the home's state admins is one [credential-operator]",
      'eu-prod: credentials.operators[0] is "arn:aws:iam::222222222222:role/operator": name roles of account 111111111111, because the secrets admit nobody else [credential-operator-account]',
    ],
  },
  {
    what: "a secret from Vault in an org without Vault",
    patch: {
      "orgs/0/vault": undefined,
      "orgs/0/credentials": { source: "aws-secrets-manager" },
      "orgs/0/secrets": [
        {
          name: "studio-api",
          kind: "cxone-api-key",
          root: "cxone",
          value: { source: "vault", entry: "cxone/studio", version: 1 },
        },
      ],
    },
    problems: [
      'na-prod: secrets[0].value.source is "vault": add vault to the organisation\'s entry, or use another source [secret-value]',
    ],
  },
];
