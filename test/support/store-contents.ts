import { createHash } from "node:crypto";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { aimAt } from "./fakes/hold-behaviours";
import type { LoopbackStore } from "./loopback-store";

async function withClients<Result>(
  { backendSettings }: Pick<LoopbackStore, "backendSettings">,
  use: (s3: S3Client, dynamodb: DynamoDBClient) => Promise<Result>,
): Promise<Result> {
  // As the commands do.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const endpoints = backendSettings.endpoints as { s3: string; dynamodb: string };
  const s3 = new S3Client({ ...aimAt(endpoints.s3), forcePathStyle: true });
  const dynamodb = new DynamoDBClient(aimAt(endpoints.dynamodb));
  try {
    return await use(s3, dynamodb);
  } finally {
    s3.destroy();
    dynamodb.destroy();
  }
}

/** Every object, with when it was written, and every item of a store. */
export function contentsOf(store: LoopbackStore): Promise<Readonly<Record<string, string>>> {
  return withClients(store, async (s3, dynamodb) => {
    const contents: Record<string, string> = {};
    const { Buckets = [] } = await s3.send(new ListBucketsCommand());
    for (const { Name: Bucket } of Buckets) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      for (const { Key, LastModified } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const written = LastModified?.toISOString();
        contents[`s3://${Bucket}/${Key}`] = `${written} ${await Body?.transformToString()}`;
      }
    }
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand());
    for (const TableName of TableNames) {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
      for (const item of Items) contents[`${TableName}: ${item.LockID?.S}`] = JSON.stringify(item);
    }
    return contents;
  });
}

/** Makes a place as a hand-written configuration has one: a bucket and a lock table. */
export function createPlace(store: LoopbackStore, bucket: string, table: string): Promise<void> {
  return withClients(store, async (s3, dynamodb) => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await dynamodb.send(
      new CreateTableCommand({
        TableName: table,
        KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
  });
}

/** Empties the place of a state: as if there had never been one. */
export function clearPlace(store: LoopbackStore, bucket: string, key: string, table: string) {
  return withClients(store, async (s3, dynamodb) => {
    for (const Key of [key, `${key}.tflock`]) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    }
    for (const id of [`${bucket}/${key}`, `${bucket}/${key}-md5`]) {
      const Key = { LockID: { S: id } };
      await dynamodb.send(new DeleteItemCommand({ TableName: table, Key }));
    }
  });
}

/** Sets the digest in a lock table to the MD5 of the state. */
export async function correctDigest(
  store: LoopbackStore,
  bucket: string,
  key: string,
  table: string,
) {
  const md5 = createHash("md5")
    .update((await store.object(key)) ?? "")
    .digest("hex");
  const Item = { LockID: { S: `${bucket}/${key}-md5` }, Digest: { S: md5 } };
  await withClients(store, (_, dynamodb) =>
    dynamodb.send(new PutItemCommand({ TableName: table, Item })),
  );
}
