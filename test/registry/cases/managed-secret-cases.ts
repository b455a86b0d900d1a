import type { BadRegistry } from "../patched";

const zendesk = { name: "zendesk", kind: "third-party-api-key" };
const KEYS =
  "name, root, kind, description, classification, consumers, value, rotates, rotatedElsewhere, kmsKeyArn, replicas";
const withSecret = (patch: object) => ({ "orgs/0/secrets": [{ ...zendesk, ...patch }] });

/** Credentials that are not OAuth clients. */
export const MANAGED_SECRET_CASES: readonly BadRegistry[] = [
  {
    what: "a kind of credential that is an OAuth client's",
    patch: withSecret({ kind: "genesys-admin" }),
    problems: [
      'na-prod: secrets[0].kind is "genesys-admin": use one of cxone-api-key, third-party-api-key, webhook-secret, certificate [secret-kind]',
    ],
  },
  {
    what: "a value in place of where it comes from",
    patch: withSecret({ value: "my-api-key" }),
    problems: [
      "na-prod: secrets[0].value is (hidden): give an object whose source is outside or vault [secret-value]",
    ],
  },
  {
    what: "a value of an unknown source",
    patch: withSecret({ value: { source: "here" } }),
    problems: [
      'na-prod: secrets[0].value.source is "here": give an object whose source is outside or vault [secret-value]',
    ],
  },
  {
    what: "a value of Vault without its version",
    patch: withSecret({ value: { source: "vault", entry: "zendesk" } }),
    problems: ["na-prod: secrets[0].value.version is missing: give a number [required]"],
  },
  {
    what: "a value that is another organisation's own credential",
    patch: withSecret({
      value: { source: "vault", entry: "genesys/production/eu-prod/deployer", version: 1 },
    }),
    problems: [
      'na-prod: secrets[0].value.entry is "genesys/production/eu-prod/deployer": name another entry, because this one is vault.deployer of eu-prod [vault-entry-copied]',
    ],
  },
  {
    what: "a value that is the organisation's own master",
    patch: withSecret({
      value: { source: "vault", entry: "genesys/production/na-prod/master", version: 1 },
    }),
    problems: [
      'na-prod: secrets[0].value.entry is "genesys/production/na-prod/master": name another entry, because this one is vault.master of the organisation [vault-entry-copied]',
    ],
  },
  {
    what: "a secret in the place of an entry",
    patch: { "orgs/0/secrets": ["my-api-key"] },
    problems: [`na-prod: secrets[0] is (hidden): give an object; possible keys are ${KEYS} [type]`],
  },
  {
    what: "a secret with the name of an OAuth client",
    patch: withSecret({ name: "crm-sync", root: "zendesk" }),
    problems: [
      'na-prod: secrets[0].name is "crm-sync": choose another name, because oauthClients[0] has this one [secret-duplicate]',
    ],
  },
  {
    what: "a secret whose name ends as AWS's suffix does",
    patch: withSecret({ name: "zendesk-tokens" }),
    problems: [
      'na-prod: secrets[0].name is "zendesk-tokens": choose another last word; Secrets Manager confuses a hyphen and six characters at the end of a name with its own suffix [secret-suffix]',
    ],
  },
  {
    what: "a consumer of a secret that the registry does not have",
    patch: withSecret({ consumers: ["helpdesk"] }),
    problems: [
      'na-prod: secrets[0].consumers[0] is "helpdesk": add it to consumers of the registry, or give the ARN of an IAM role [consumer-unknown]',
    ],
  },
  {
    what: "a key of a third party that is to rotate by itself",
    patch: withSecret({ rotates: true }),
    problems: [
      "na-prod: secrets[0].rotates is true: leave it out; only a webhook's secret can be made here [secret-rotates]",
    ],
  },
  {
    what: "a webhook's secret below another root that is to rotate by itself",
    patch: withSecret({ kind: "webhook-secret", rotates: true, root: "zendesk" }),
    problems: [
      "na-prod: secrets[0].rotates is true: leave it out, or the root, because the rotator may write below /genesys only [secret-rotates]",
    ],
  },
  {
    what: "a webhook's secret from Vault that is to rotate by itself",
    patch: withSecret({
      kind: "webhook-secret",
      rotates: true,
      value: { source: "vault", entry: "hook", version: 1 },
    }),
    problems: [
      "na-prod: secrets[0].rotates is true: leave it out, or the value, because the rotator makes the value itself [secret-rotates]",
    ],
  },
  {
    what: "a credential that two replace",
    patch: withSecret({ kind: "webhook-secret", rotates: true, rotatedElsewhere: "Istio" }),
    problems: [
      "na-prod: secrets[0].rotates is true: leave it out, because Istio replaces the credential [secret-rotates]",
    ],
  },
  {
    what: "a reader of a credential that is kept elsewhere",
    patch: withSecret({
      rotatedElsewhere: "Istio",
      consumers: ["arn:aws:iam::111111111111:role/helpdesk"],
    }),
    problems: [
      "na-prod: secrets[0].consumers is a list: leave it out, or give the secret a value, because nobody can read it here [secret-consumers]",
    ],
  },
  {
    what: "a copy of a secret in its own region",
    patch: withSecret({ replicas: [{ region: "us-east-1" }] }),
    problems: [
      'na-prod: secrets[0].replicas[0].region is "us-east-1": name each region once, and not aws.region, which has the secret itself [secret-replica]',
    ],
  },
  {
    what: "a copy of a critical credential without a key",
    patch: withSecret({ kind: "cxone-api-key", replicas: [{ region: "eu-west-1" }] }),
    problems: [
      "na-prod: secrets[0].replicas[0].kmsKeyArn is missing: name a KMS key of eu-west-1, because a credential whose sensitivity is critical must not use AWS's own [secret-replica-key]",
    ],
  },
  {
    what: "more days than the class of a secret allows",
    patch: withSecret({ classification: { rotationDays: 200 } }),
    problems: [
      "na-prod: secrets[0].classification.rotationDays is 200: give at most 180 days for a credential whose sensitivity is medium [rotation-days-class]",
    ],
  },
];
