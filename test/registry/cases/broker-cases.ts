import type { BadRegistry } from "../patched";

/** Brokered OAuth clients and their engine, each wrong by itself. */
export const BROKER_CASES: readonly BadRegistry[] = [
  {
    what: "a lease in words",
    patch: { "orgs/0/oauthClients/0/broker": { ttlSeconds: "1h" } },
    problems: [
      'na-prod: oauthClients[0].broker.ttlSeconds is "1h": give a number, without quotes [type]',
    ],
  },
  {
    what: "a lease as long as deleted clients linger",
    patch: { "orgs/0/oauthClients/0/broker": { maxTtlSeconds: 30 * 86_400 } },
    problems: [
      "na-prod: oauthClients[0].broker.maxTtlSeconds is 2592000: give whole seconds from 60 to 2505600 (29 days) [lease]",
    ],
  },
  {
    what: "a lease that is longer than with all its renewals",
    patch: { "orgs/0/oauthClients/1/broker": { ttlSeconds: 7200, maxTtlSeconds: 3600 } },
    problems: [
      "na-prod: oauthClients[1].broker.ttlSeconds is 7200: give at most maxTtlSeconds, which is 3600 [lease-order]",
    ],
  },
  {
    what: "a lease that is longer than the default for all renewals",
    patch: { "orgs/0/oauthClients/1/broker": { ttlSeconds: 100_000 } },
    problems: [
      "na-prod: oauthClients[1].broker.ttlSeconds is 100000: give at most maxTtlSeconds, which is 86400 [lease-order]",
    ],
  },
  {
    what: "a first lease that is longer than the next",
    patch: {
      "orgs/0/oauthClients/1/broker": { creds: true, ttlSeconds: 600, firstTtlSeconds: 900 },
    },
    problems: [
      "na-prod: oauthClients[1].broker.firstTtlSeconds is 900: give at most ttlSeconds, which is 600 [lease-order]",
    ],
  },
  {
    what: "settings of leased clients where there are only tokens",
    patch: { "orgs/0/oauthClients/1/broker": { mostLeases: 5, deleteAtOnce: true } },
    problems: [
      "na-prod: oauthClients[1].broker.mostLeases is 5: leave it out, or set creds to true: it is about leased clients, and not about tokens [broker-creds]",
      "na-prod: oauthClients[1].broker.deleteAtOnce is true: leave it out, or set creds to true: it is about leased clients, and not about tokens [broker-creds]",
    ],
  },
  {
    what: "a brokered client that replaces one",
    patch: {
      "orgs/0/oauthClients/1/broker": {},
      "orgs/0/oauthClients/1/replaces": "55555555-5555-4555-8555-55555555555a",
    },
    problems: [
      'na-prod: oauthClients[1].replaces is "55555555-5555-4555-8555-55555555555a": leave out replaces or broker: only a client whose secret rotates can take over from one made by hand [broker-replaces]',
    ],
  },
  {
    what: "a brokered client with the name of a rotated one",
    patch: {
      "orgs/0/oauthClients/1": {
        name: "crm-sync",
        permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
        broker: {},
      },
    },
    problems: [
      'na-prod: oauthClients[1].name is "crm-sync": choose another name, because oauthClients[0] has this one [oauth-client-duplicate]',
    ],
  },
  {
    what: "a problem of a rotated client after a brokered one",
    patch: {
      "orgs/0/oauthClients/0/broker": {},
      "orgs/0/oauthClients/1/name": "exporter-abcdef",
    },
    problems: [
      'na-prod: oauthClients[1].name is "exporter-abcdef": choose another last word; Secrets Manager confuses a hyphen and six characters at the end of a name with its own suffix [secret-suffix]',
    ],
  },
  {
    what: "a brokered client without Vault",
    patch: {
      "orgs/0/vault": undefined,
      "orgs/0/credentials": { source: "aws-secrets-manager" },
      "orgs/0/oauthClients/1/broker": {},
    },
    problems: [
      "na-prod: oauthClients[1].broker is an object: add vault to the organisation's entry, or leave broker out: brokered clients need a Vault [broker-vault]",
    ],
  },
  {
    what: "an engine below the entries",
    patch: {
      "orgs/0/oauthClients/1/broker": {},
      "orgs/0/vault/broker": { mount: "secret/genesyscloud" },
    },
    problems: [
      'na-prod: vault.broker.mount is "secret/genesyscloud": choose a mount that is neither vault.mount (secret) nor above or below it: Vault has one engine at each [broker-mount]',
    ],
  },
  {
    what: "an engine where Vault keeps roles of tokens",
    patch: {
      "orgs/0/oauthClients/1/broker": {},
      "orgs/0/vault/broker": { mount: "auth/token" },
    },
    problems: [
      'na-prod: vault.broker.mount is "auth/token": choose a mount that does not begin with auth, cubbyhole, identity or sys: Vault itself has these paths, and the deployer\'s policy would allow some of them [broker-mount]',
    ],
  },
  {
    what: "an engine's master that is the rotator's",
    patch: {
      "orgs/0/oauthClients/1/broker": {},
      "orgs/0/vault/broker": { entry: "genesys/production/na-prod/master" },
    },
    problems: [
      'na-prod: vault.broker.entry is "genesys/production/na-prod/master": give master and broker.entry an entry each, so that a plan cannot apply and an apply cannot create OAuth clients [vault-entries-differ]',
    ],
  },
  {
    what: "one engine for two organisations",
    patch: {
      "orgs/0/oauthClients/1/broker": {},
      "orgs/0/vault/broker": { mount: "genesyscloud" },
      "orgs/1/oauthClients/1/broker": {},
      "orgs/1/vault/broker": { mount: "genesyscloud" },
    },
    problems: [
      'na-prod, eu-prod: vault.broker.mount is "genesyscloud" in both: give each org an engine of its own, because an engine serves one organisation [broker-mount-shared]',
    ],
  },
  {
    what: "one entry for the masters of two engines",
    patch: {
      "orgs/0/oauthClients/1/broker": {},
      "orgs/0/vault/broker": { entry: "genesys/broker" },
      "orgs/1/oauthClients/1/broker": {},
      "orgs/1/vault/broker": { entry: "genesys/broker" },
    },
    problems: [
      'na-prod, eu-prod: vault.broker.entry is "genesys/broker" in both: give each org its own Vault entries [vault-entry-shared]',
    ],
  },
  {
    what: "a client whose consumers would have the policy of another organisation's deployer",
    patch: {
      "orgs/0/name": "eu",
      "orgs/0/oauthClients/1/name": "deployer",
      "orgs/0/oauthClients/1/broker": {},
      "orgs/1/name": "eu-consumer",
      record: undefined,
    },
    problems: [
      'eu, eu-consumer: Vault policy is "genesys-eu-consumer-deployer" in both: give the org or the OAuth client another name, or the consumers of one org get what the other may do [vault-policy-shared]',
    ],
  },
  {
    what: "two clients whose consumers would have one policy",
    patch: {
      "orgs/0/name": "eu",
      "orgs/0/oauthClients/1/name": "consumer-exporter",
      "orgs/0/oauthClients/1/broker": {},
      "orgs/1/name": "eu-consumer",
      "orgs/1/oauthClients/1/broker": {},
      record: undefined,
    },
    problems: [
      'eu, eu-consumer: Vault policy is "genesys-eu-consumer-consumer-exporter" in both: give the org or the OAuth client another name, or the consumers of one org get what the other may do [vault-policy-shared]',
    ],
  },
];
