import { createHash } from "node:crypto";

/** A key with its value, as it may be in a file of a repository. */
export interface KeyAndValue {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

const all = (...entries: readonly (readonly [name: string, key: string, value: string])[]) =>
  entries.map(([name, key, value]): KeyAndValue => ({ name, key, value }));

// Values are made up here, so that scanners of this repository's own text stay quiet.
const hash = (text: string, encoding: "hex" | "base64" | "base64url", algorithm = "sha256") =>
  createHash(algorithm).update(text).digest(encoding);
const random = (text: string, length = 43) =>
  (hash(text, "base64url") + hash(`${text}2`, "base64url")).replace(/[-_]/g, "x").slice(0, length);
const clientSecret = hash("a client secret", "base64url");
const clientId = "6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const pem = (kind: string) =>
  [`-----BEGIN ${kind}-----`, random(kind, 64), `-----END ${kind}-----`].join("\n");

/** 20 shapes of secrets. */
export const SECRET_SHAPES = all(
  ["a client secret of Genesys Cloud", "clientSecret", clientSecret],
  ["a client secret in a provider's variable", "GENESYSCLOUD_OAUTHCLIENT_SECRET", clientSecret],
  ["a client secret under another name", "note", hash("another client secret", "base64url")],
  ["a client secret of another length", "client_secret", random("a longer one", 48)],
  ["a token of Vault", "comment", ["hvs", random("vault", 24)].join(".")],
  [
    "a token of HCP Terraform",
    "comment",
    [random("hcp", 14), "atlasv1", random("a", 67)].join("."),
  ],
  ["an access key id of AWS", "comment", ["AKIA", "Z7QW3RT5YU2IO9PA"].join("")],
  ["a secret access key of AWS", "aws_secret_access_key", random("aws", 40)],
  ["a token of GitHub", "comment", ["ghp", random("github", 36)].join("_")],
  ["a token of GitLab", "comment", ["glpat", random("gitlab", 20)].join("-")],
  ["a token of npm", "comment", ["npm", random("npm", 36)].join("_")],
  [
    "a token of Slack",
    "comment",
    ["xoxb", "123456789012", "1234567890123", random("s", 24)].join("-"),
  ],
  [
    "a webhook of Slack",
    "comment",
    ["https://hooks.slack.com", "services", "T01ABCDEFGH", "B01ABCDEFGH", random("w", 24)].join(
      "/",
    ),
  ],
  ["a private key", "comment", pem("PRIVATE KEY")],
  [
    "a JSON web token",
    "comment",
    ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJjcm0ifQ", random("jwt")].join("."),
  ],
  [
    "an authorization header",
    "comment",
    `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
  ],
  ["a URL with a password", "comment", `https://crm:${random("url", 12)}@api.example.com/crm`],
  ["a secret of Azure", "comment", ["abc8", "Q~", random("azure", 34)].join("")],
  ["a key of Google", "comment", ["AIza", random("google", 35)].join("")],
  ["a connection string", "comment", `Server=db;User Id=crm;Password=${random("db", 12)};`],
);

/** Texts in place of a secret. */
export const PLACEHOLDERS = ["<your-client-secret>", "REPLACE_ME", "$CLIENT_SECRET"];

/** 20 shapes that look like secrets, and must pass. */
export const HARMLESS_SHAPES = all(
  ["an OAuth client's id", "client_id", clientId],
  ["an organisation's id", "organizationId", "4f7c1f0a-3b0e-4d51-9a55-0c9b8e2d6a01"],
  [
    "the ARN of a secret",
    "secret_arn",
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:/genesys/production/na/crm-AbCdEf",
  ],
  [
    "the ARN of a key",
    "kms_key_id",
    "arn:aws:kms:us-east-1:111111111111:key/18fa59ec-2be7-4646-a803-d7e6f8091a01",
  ],
  ["the name of a secret", "secret", "/genesys/production/na-prod/crm-sync"],
  ["a commit", "commit", hash("commit", "hex", "sha1")],
  ["a digest", "digest", hash("digest", "hex")],
  ["an entry of a lock file", "integrity", `sha512-${hash("lock", "base64", "sha512")}`],
  ["a checksum of Go", "sum", `h1:${hash("go", "base64")}`],
  ["the hash of a function's code", "source_code_hash", hash("code", "base64")],
  ["a hash without padding", "sha256", hash("unpadded", "base64url")],
  ["a fingerprint", "host", `SHA256:${hash("host", "base64").replace("=", "")}`],
  ["a reference of Terraform", "client_secret", "${var.client_secret}"],
  [
    "a value that is read at run time",
    "oauthclient_secret",
    "${ephemeral.vault_kv_secret_v2.genesys.data.client_secret}",
  ],
  ["a placeholder", "client_secret", PLACEHOLDERS[0] as string],
  ["another placeholder", "clientSecret", PLACEHOLDERS[1] as string],
  ["a variable of a shell", "client_secret", PLACEHOLDERS[2] as string],
  [
    "an image",
    "logo",
    `data:image/png;base64,${Buffer.alloc(300, random("image")).toString("base64")}`,
  ],
  [
    "a public key",
    "comment",
    `${pem("PUBLIC KEY")}\nssh-ed25519 ${random("ssh", 68)} crm@example.com`,
  ],
  ["a long name", "header", "x-amz-server-side-encryption-aws-kms-key-id"],
);

/** Notations of files, each with its ending. */
export const NOTATIONS: Readonly<Record<string, (entry: KeyAndValue) => string>> = {
  ts: ({ key, value }) =>
    `// A file of the app.\nexport const settings = { ${key}: ${JSON.stringify(value)} };\n`,
  yaml: ({ key, value }) => `name: crm\n${key}: ${JSON.stringify(value)}\nregion: us-east-1\n`,
  json: ({ key, value }) => `${JSON.stringify({ name: "crm", [key]: value }, null, 2)}\n`,
};

/** Returns the Terraform JSON of a stack with the value. */
export const stackWith = ({ key, value }: KeyAndValue): string =>
  JSON.stringify({ resource: { aws_example: { crm: { [key]: value } } } }, null, 2);
