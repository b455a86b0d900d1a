import { type ConsumerEntry, consumerPolicy, type OrgEntry, OrgRegistry } from "../../lib";
import { entry, HOME } from "../support/sample-org";

const ROLE = "arn:aws:iam::111111111111:role/crm";
const CRM: ConsumerEntry = { name: "crm", role: ROLE };

const client = (name: string, ...consumers: string[]) => ({
  name,
  permissions: [{ domain: "routing", entity: "queue", actions: ["view"] }],
  consumers,
});

const registryOf = (orgs: OrgEntry[], consumers = [CRM]) =>
  OrgRegistry.of({ homes: [HOME], orgs, consumers });

const secretOf = (name: string, region = "us-east-1") =>
  `arn:aws:secretsmanager:${region}:111111111111:secret:/genesys/production/${name}-??????`;

test("a consumer's policy has exactly the secrets that name it or its role, in all orgs", () => {
  const registry = registryOf([
    entry("na", 1, {
      oauthClients: [client("sync", "crm"), client("export", ROLE), client("other")],
    }),
    entry("eu", 2, {
      aws: { account: "111111111111", region: "eu-west-1" },
      oauthClients: [client("sync", "crm")],
    }),
  ]);
  const decrypt = (Sid: string, region: string, secrets: string[]) => ({
    Sid,
    Effect: "Allow",
    Action: ["kms:Decrypt"],
    Resource: [`arn:aws:kms:${region}:111111111111:key/*`],
    Condition: {
      StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
      StringLike: { "kms:EncryptionContext:SecretARN": secrets },
    },
  });
  const na = [secretOf("na/sync"), secretOf("na/export")];
  const eu = [secretOf("eu/sync", "eu-west-1")];
  expect(consumerPolicy(registry, "crm")).toEqual([
    {
      Sid: "ReadCredentials",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: [...na, ...eu],
    },
    decrypt("DecryptCredentials", "us-east-1", na),
    decrypt("DecryptCredentials2", "eu-west-1", eu),
  ]);
});

test("a consumer that no secret names may read nothing", () => {
  expect(consumerPolicy(registryOf([entry("na", 1)]), "crm")).toEqual([]);
});

test("a retired org's secrets are no longer read", () => {
  const oauthClients = [client("sync", "crm")];
  const registry = registryOf([entry("na", 1, { oauthClients, retired: true })]);
  expect(consumerPolicy(registry, "crm")).toEqual([]);
});

test("an unknown consumer is an error that names the known ones", () => {
  expect(() => consumerPolicy(registryOf([entry("na", 1)]), "crn")).toThrow(
    "The registry has no consumer crn. Use one of crm",
  );
});
