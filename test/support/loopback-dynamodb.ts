import type { Server } from "node:http";
import { TerraformStack, Testing } from "cdktf";
import { LockTable } from "../../lib/state/lock-table";
import { temporaryFolder } from "./folders";
import { forwardTo, type Handler, portOf, stopServer } from "./loopback-front";
import { testApp } from "./sample-org";

const dynalite = require("dynalite") as (options: object) => Server;

/** A DynamoDB API with one lock table. */
export interface LoopbackDynamoDb {
  readonly handler: Handler;
  stop(): Promise<void>;
}

export async function startDynamoDb(table: string): Promise<LoopbackDynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((started) => server.listen(0, "127.0.0.1", started));
  const handler = forwardTo(portOf(server));
  await createTable(handler, table);
  return { handler, stop: () => stopServer(server) };
}

/** Calls an operation of DynamoDB. */
export async function callDynamoDb(
  handler: Handler,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const { status, body } = await handler({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20200101T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=TEST, SignedHeaders=host, Signature=TEST",
    },
    body: Buffer.from(JSON.stringify(input)),
  });
  if (status !== 200) throw new Error(`${operation}: ${status} ${body}`);
  return JSON.parse(body.toString());
}

/** Makes the table as the product does. */
async function createTable(handler: Handler, name: string): Promise<void> {
  const { hash_key, attribute, billing_mode } = synthesizedTable(name);
  await callDynamoDb(handler, "CreateTable", {
    TableName: name,
    KeySchema: [{ AttributeName: hash_key, KeyType: "HASH" }],
    AttributeDefinitions: attribute.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    BillingMode: billing_mode,
  });
  let status: string | undefined;
  while (status !== "ACTIVE") {
    const { Table } = await callDynamoDb(handler, "DescribeTable", { TableName: name });
    status = (Table as { TableStatus: string }).TableStatus;
  }
}

interface TableBlock {
  readonly hash_key: string;
  readonly attribute: readonly { readonly name: string; readonly type: string }[];
  readonly billing_mode: string;
}

function synthesizedTable(name: string): TableBlock {
  const stack = new TerraformStack(testApp(temporaryFolder()), "locks");
  new LockTable(stack, "locks", { name, kmsKeyArn: "arn" });
  const { resource } = JSON.parse(Testing.synth(stack));
  const [table] = Object.values<TableBlock>(resource.aws_dynamodb_table);
  if (!table) throw new Error("there is no table");
  return table;
}
