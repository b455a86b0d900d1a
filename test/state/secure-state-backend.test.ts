import { Fn, TerraformStack, Testing } from "cdktf";
import { SecureStateBackend, type SecureStateBackendProps, UserError } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { testApp } from "../support/sample-org";

const PROPS: SecureStateBackendProps = {
  bucket: "state-bucket",
  key: "orgs/na-prod/terraform.tfstate",
  region: "us-east-1",
  accountId: "111111111111",
  kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001",
};

function backend(patch: Partial<SecureStateBackendProps> = {}): Record<string, unknown> {
  const stack = new TerraformStack(testApp(temporaryFolder()), "stack");
  new SecureStateBackend(stack, { ...PROPS, ...patch });
  return JSON.parse(Testing.synth(stack)).terraform.backend.s3;
}

test("writes exactly the arguments of an encrypted, locked and account-bound state", () => {
  expect(backend()).toEqual({
    bucket: "state-bucket",
    key: "orgs/na-prod/terraform.tfstate",
    region: "us-east-1",
    encrypt: true,
    kms_key_id: PROPS.kmsKeyArn,
    use_lockfile: true,
    allowed_account_ids: ["111111111111"],
  });
});

test.each([
  ["s3", undefined, { use_lockfile: true }],
  ["both", "locks", { use_lockfile: true, dynamodb_table: "locks" }],
  ["dynamodb", "locks", { dynamodb_table: "locks" }],
] as const)("lock mode %s", (lock, lockTable, expected) => {
  const { use_lockfile, dynamodb_table } = backend({ lock, lockTable });
  expect(JSON.parse(JSON.stringify({ use_lockfile, dynamodb_table }))).toEqual(expected);
});

test("assumes a role as an object attribute, as Terraform requires since 1.10", () => {
  const role = "arn:aws:iam::111111111111:role/writer";
  expect(backend({ assumeRoleArn: role }).assume_role).toEqual({ role_arn: role });
});

test("S3-compatible storage has endpoints instead of account checks", () => {
  const storage = { s3Endpoint: "https://minio.example.com" };
  expect(backend({ storage })).toMatchObject({
    encrypt: true,
    endpoints: { s3: "https://minio.example.com" },
    use_path_style: true,
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
  });
  expect(backend({ storage })).not.toHaveProperty("allowed_account_ids");
  expect(backend({ storage })).not.toHaveProperty("skip_s3_checksum");
  const plain = { ...storage, skipChecksums: true };
  expect(backend({ storage: plain })).toMatchObject({ skip_s3_checksum: true });
});

test.each([
  ["sse-s3", { encrypt: true }],
  ["none", { encrypt: false }],
] as const)("a store without KMS: storage.encryption %s", (encryption, expected) => {
  const storage = { s3Endpoint: "https://minio.example.com", encryption };
  const { encrypt, kms_key_id } = backend({ storage, kmsKeyArn: undefined });
  expect({ encrypt, kms_key_id }).toEqual({ ...expected, kms_key_id: undefined });
});

test.each<[string, Partial<SecureStateBackendProps>, RegExp]>([
  [
    "Amazon S3 without KMS",
    {
      kmsKeyArn: undefined,
      storage: { s3Endpoint: "https://s3.us-east-1.amazonaws.com", encryption: "none" },
    },
    /storage.encryption is "none", but https:\/\/s3.us-east-1.amazonaws.com is Amazon S3/,
  ],
  ["no key", { kmsKeyArn: undefined }, /kmsKeyArn is missing; write it as arn:aws:kms:/],
  [
    "a key for a store without KMS",
    { storage: { s3Endpoint: "https://minio.example.com", encryption: "sse-s3" } },
    /kmsKeyArn is "arn:aws:kms:.*", but storage.encryption is "sse-s3"; remove one of them/,
  ],
  [
    "an alias",
    { kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:alias/state" },
    /which is not a key's full ARN; write it as arn:aws:kms:/,
  ],
  [
    "a bare key id",
    { kmsKeyArn: "00000000-0000-4000-8000-000000000001" },
    /which is not a key's full ARN; write it as arn:aws:kms:/,
  ],
  [
    "a short multi-region id",
    { kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/mrk-abc123" },
    /which is not a key's full ARN/,
  ],
  ["a table mode without table", { lock: "both" }, /lock is "both", but lockTable is missing/],
  ["a table without a table mode", { lockTable: "locks" }, /lockTable is "locks" but lock is "s3"/],
  ["two slashes", { key: "orgs//terraform.tfstate" }, /must not be empty, .* or contain "\/\/"/],
  ["a trailing slash", { key: "orgs/a/" }, /must not be empty, begin or end/],
  ["a leading slash", { key: "/orgs/a/terraform.tfstate" }, /must not be empty, begin or end/],
  [
    "an expression",
    { bucket: Fn.join("-", ["a", "b"]) },
    /bucket is an expression, but a backend takes only literals/,
  ],
])("refuses %s", (_, patch, message) => {
  expect(() => backend(patch)).toThrow(UserError);
  expect(() => backend(patch)).toThrow(message);
});
