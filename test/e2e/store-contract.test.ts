import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { type Moto, startMoto } from "../support/moto";
import { holdStoreAgainstContract } from "../support/store-contract";

const [BUCKET, TABLE] = ["state-bucket", "locks"];

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
  const access = {
    endpoint: moto.url,
    region: "us-east-1",
    credentials: { accessKeyId: "TEST", secretAccessKey: "test-secret-key" },
  };
  await new S3Client({ ...access, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: BUCKET }),
  );
  await new DynamoDBClient(access).send(
    new CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
});
afterAll(() => moto?.stop());

// One server for all cases: each has names of its own.
holdStoreAgainstContract(async () => {
  const { url } = moto;
  const urls = { s3: url, dynamodb: url, sts: url };
  return { bucket: BUCKET, table: TABLE, urls, stop: async () => {} };
}, true);
