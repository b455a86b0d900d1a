import { stateEncrypted } from "../../../lib/policies/rules/state-encrypted";
import { backend, findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

describe("GO-STATE-ENCRYPTED", () => {
  test.each([
    {},
    { use_lockfile: undefined },
    { dynamodb_table: undefined },
    { key: "orgs/na-prod/network/terraform.tfstate" },
  ])("accepts the backend with %p", (body) => {
    expect(findingsOf(stateEncrypted, orgStack(backend(body)))).toEqual([]);
  });

  test.each([
    [{ encrypt: undefined }, "encrypt is not true"],
    [{ encrypt: false }, "encrypt is not true"],
    [{ kms_key_id: undefined }, "kms_key_id is missing"],
    [{ kms_key_id: "alias/state" }, 'kms_key_id "alias/state" is not the full ARN of a key'],
    [
      { kms_key_id: "arn:aws:kms:us-east-1:111122223333:alias/state" },
      'kms_key_id "arn:aws:kms:us-east-1:111122223333:alias/state" is not the full ARN of a key',
    ],
    [
      { kms_key_id: "6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" },
      'kms_key_id "6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" is not the full ARN of a key',
    ],
    [
      { kms_key_id: "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000" },
      "kms_key_id is arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000, but the record has arn:aws:kms:us-east-1:111122223333:key/6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d for na-prod",
    ],
    [
      { acl: "private" },
      'acl is "private"; a bucket without ACLs refuses the state, and an ACL protects nothing',
    ],
    [{ key: "na-prod/terraform.tfstate" }, 'key "na-prod/terraform.tfstate" is not under orgs/'],
  ])("refuses the backend with %p", (body, message) => {
    expect(messagesOf(stateEncrypted, orgStack(backend(body)))).toEqual([message]);
  });

  test("accepts a multi-region key", () => {
    const kmsKeyArn = `arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-${"0a".repeat(16)}`;
    const org = { name: "na-prod", environment: "production", kmsKeyArn } as const;
    const stack = orgStack(backend({ kms_key_id: kmsKeyArn }));
    expect(findingsOf(stateEncrypted, stack, { org })).toEqual([]);
  });

  test.each([
    [{ backend: { local: {} } }, "local"],
    [{ backend: undefined }, "local"],
    [{ backend: { remote: {} } }, "remote"],
    [{ backend: undefined, cloud: { organization: "example" } }, "cloud"],
  ])("refuses %j in an org's stack", (terraform, type) => {
    const stack = { ...orgStack({ terraform: { backend: undefined } }, { terraform }) };
    expect(messagesOf(stateEncrypted, stack)).toEqual([
      `the backend is "${type}" and not "s3", so the state is not in its state home`,
    ]);
  });

  describe("where the home does without KMS, as its entry says", () => {
    const org = (encryption: "sse-s3" | "none") =>
      ({ name: "na-prod", environment: "development", encryption }) as const;
    const findings = (encryption: "sse-s3" | "none", body: object) =>
      findingsOf(stateEncrypted, orgStack(backend({ kms_key_id: undefined, ...body })), {
        org: org(encryption),
      }).map(({ severity, message }) => `${severity}: ${message}`);

    test.each([
      ["sse-s3", { encrypt: true }, "the store encrypts it with the key that all its states share"],
      ["none", { encrypt: false }, "Terraform does not ask the store to encrypt it"],
    ] as const)("%s is a warning", (encryption, body, how) => {
      expect(findings(encryption, body)).toEqual([
        `warning: the state of na-prod has no KMS key of its own: ${how}`,
      ]);
    });

    test.each([
      ["sse-s3", { encrypt: false }, "encrypt is not true"],
      [
        "none",
        { kms_key_id: "alias/state" },
        "kms_key_id is alias/state, but the home of na-prod has encryption none",
      ],
    ] as const)("%s and the backend with %p is an error", (encryption, body, message) => {
      expect(findings(encryption, body)).toContain(`error: ${message}`);
    });
  });

  test("lets a stack outside of the orgs keep its state elsewhere, but not unencrypted", () => {
    const local = orgStack({ terraform: { backend: undefined } });
    expect(findingsOf(stateEncrypted, local, {})).toEqual([]);
    expect(findingsOf(stateEncrypted, orgStack(backend({ key: "access/na-prod" })), {})).toEqual(
      [],
    );
    expect(messagesOf(stateEncrypted, orgStack(backend({ encrypt: false })), {})).toHaveLength(1);
  });
});
