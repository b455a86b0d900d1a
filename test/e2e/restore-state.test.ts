import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { findTerraform } from "../../lib/rehearsal";
import { type ChildResult, runChild } from "../../lib/terraform/child";
import { rehearsalEnvironment } from "../../lib/terraform/environment";
import { projectWith } from "../cli/locked-orgs";
import { run } from "../cli/run";
import { temporaryFolder } from "../support/folders";
import { type Moto, startMoto } from "../support/moto";
import { synthesize } from "../support/rehearsal";
import { orgsWith } from "../support/runners";
import { describeWithTerraform } from "../support/terraform";

// The runbook in docs/state.md, "Stale locks, broken digests, truncated states", on a bucket with
// versions, which the stores on loopback have not.
describeWithTerraform("a state that was cut off", () => {
  const registry = orgsWith("both");
  const [org] = registry.orgs;
  if (!org) throw new Error("one org was asked for");
  const { key: Key, lockTable: TableName, kmsKeyArn: SSEKMSKeyId } = org.state;
  const { bucket: Bucket, region } = org.state.home;
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test-secret-aws" };
  const saved = { ...process.env };
  let moto: Moto;
  let s3: S3Client;
  let terraform: (...args: string[]) => Promise<ChildResult>;
  let backend: object;
  let write: (content: string) => void;

  beforeAll(async () => {
    moto = await startMoto();
    Object.assign(process.env, credentials);
    s3 = new S3Client({ region, endpoint: moto.url, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const dynamodb = new DynamoDBClient({ region, endpoint: moto.url });
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    dynamodb.destroy();
  });
  afterAll(async () => {
    process.env = saved;
    s3?.destroy();
    await moto?.stop();
  });

  beforeEach(async () => {
    const found = await findTerraform();
    const stack = readFileSync(
      join(synthesize(registry).folderOf(org.name), "cdk.tf.json"),
      "utf8",
    );
    backend = {
      ...JSON.parse(stack).terraform.backend.s3,
      // The account that moto answers for.
      allowed_account_ids: ["123456789012"],
      use_path_style: true,
      endpoints: { s3: moto.url, dynamodb: moto.url, sts: moto.url },
    };
    const folder = join(temporaryFolder(), "stack");
    mkdirSync(folder);
    write = (content) =>
      writeFileSync(
        join(folder, "main.tf.json"),
        JSON.stringify({
          terraform: { backend: { s3: backend } },
          resource: { terraform_data: { queue: { input: content } } },
        }),
      );
    terraform = (...args) =>
      runChild({
        command: found?.path ?? "",
        args,
        cwd: folder,
        env: rehearsalEnvironment(process.env, credentials),
      });
  });

  const good = async (result: Promise<ChildResult>) => {
    const { code, stdout, stderr } = await result;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("Error")]);
    return stdout;
  };
  const digest = (...args: string[]) =>
    run(projectWith(backend), ["state", "digest", org.name, ...args]);

  test("is restored from a version, and a plan changes nothing", async () => {
    write("first");
    await good(terraform("init", "-no-color"));
    await good(terraform("apply", "-auto-approve", "-no-color"));
    write("second");
    await good(terraform("apply", "-auto-approve", "-no-color"));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const whole = (await Body?.transformToString()) ?? "";

    // What a run sees after half a write.
    const cut = whole.slice(0, whole.length / 2);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: cut }));
    const refused = await terraform("plan", "-no-color");
    expect(refused.code).toBe(1);
    const shown = await digest("--fix", "--yes");
    expect(shown.code).toBe(1);
    expect(shown.stderr).toMatch(
      /^org-1: the object is not a valid state \(\d+ bytes\): restore an earlier version/,
    );

    // As the runbook has it: the versions, newest first; the first one that is a whole state.
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const ofState = Versions.filter((version) => version.Key === Key);
    expect(ofState.map(({ Size }) => Size)).toEqual([cut.length, whole.length, expect.any(Number)]);
    const { VersionId } = ofState[1] ?? {};
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key,
        CopySource: `${Bucket}/${Key}?versionId=${VersionId}`,
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId,
      }),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId });

    // The last whole version is the one that the digest was of.
    expect(await digest()).toMatchObject({ code: 0, stderr: "" });
    await good(terraform("plan", "-refresh-only", "-detailed-exitcode", "-no-color"));
    await good(terraform("plan", "-detailed-exitcode", "-no-color"));

    // An older one has another digest.
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key,
        CopySource: `${Bucket}/${Key}?versionId=${ofState[2]?.VersionId}`,
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId,
      }),
    );
    const stale = await terraform("plan", "-no-color");
    expect(stale.stderr).toContain("state data in S3 does not have the expected content");
    expect(await digest()).toMatchObject({ code: 1 });
    expect(await digest("--fix", "--yes")).toMatchObject({ code: 0, stderr: "" });
    expect(await digest()).toMatchObject({ code: 0, stderr: "" });
    write("first");
    await good(terraform("plan", "-detailed-exitcode", "-no-color"));
  });
});
