import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Backend } from "../../lib/cli/project/state-store";
import { orgReport } from "../rehearsal/reports";
import { isAlive } from "../support/processes";
import { fakeProject } from "../support/project";
import { type Runner, type Runners, until } from "../support/runners";

/** Key of the state that the runners of one org share. */
export const KEY = "orgs/org-1/terraform.tfstate";

/** A project with the orgs `org-1`, `org-2` …, and backends as runners have them. */
export function projectWith(...backends: object[]): string {
  const orgs = backends.map((_, index) => orgReport(`org-${index + 1}`));
  const blocks = new Map(orgs.map(({ name }, index) => [name, backends[index]]));
  return fakeProject({
    orgs,
    stackOf: ({ name }) => ({ terraform: { backend: { s3: blocks.get(name) } } }),
  });
}

/** Key of the state of a component of the org that {@link projectWithComponent} makes. */
export const COMPONENT_KEY = "orgs/org-1/network/terraform.tfstate";

/** A project with one org, which has a component `network`. */
export function projectWithComponent({ backend }: Runner): string {
  const stack = "org-org-1.network";
  const components = [{ name: "network", stack, stateKey: COMPONENT_KEY }];
  const json = (s3: object) => ({ terraform: { backend: { s3 } } });
  return fakeProject({
    orgs: [orgReport("org-1", {}, { components })],
    stackOf: () => json(backend),
    stacks: { [stack]: json({ ...backend, key: COMPONENT_KEY }) },
  });
}

/** Writes the lock of a component, as a killed apply leaves it. */
export async function lockComponent(runner: Runner, ID: string, Who = "me@host"): Promise<void> {
  const Created = new Date().toISOString();
  const lock = { ID, Operation: "OperationTypeApply", Who, Created, Path: COMPONENT_KEY };
  await overwrite(runner, `${COMPONENT_KEY}.tflock`, JSON.stringify(lock));
}

/** Kills a run in the middle of its apply, and returns the id of the lock that it held. */
export async function kill(runners: Runners, runner: Runner): Promise<string> {
  const held = await runner.hold();
  const [lock] = (await runners.store.locksOf(KEY)).slice(-1);
  await held.kill();
  await until("the work of the run to end", () => !isAlive(held.work));
  return lock?.info.ID ?? "";
}

/** Clock of somebody who looks after a while. */
export const inMinutes = (minutes: number) => () => Date.now() + minutes * 60_000;

/** A runner's backend, with other addresses. */
export const withEndpoints = (
  { backend }: Runner,
  endpoints: Partial<Record<"s3" | "dynamodb", string>>,
): object => ({ ...backend, endpoints: { ...endpointsOf(backend), ...endpoints } });

export const endpointsOf = (backend: object) =>
  (backend as { endpoints: Record<"s3" | "dynamodb", string> }).endpoints;

/** Writes an object in the store of a runner, without Terraform. */
export async function overwrite({ backend }: Runner, Key: string, Body: string): Promise<void> {
  const { region, bucket: Bucket } = backend as S3Backend;
  const s3 = new S3Client({
    region,
    endpoint: endpointsOf(backend).s3,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const ContentLength = Buffer.byteLength(Body);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength }));
  s3.destroy();
}

/** Writes an item into a lock table, without Terraform. */
export async function putItem(
  { backend }: Runner,
  TableName: string,
  Item: Record<string, { S: string }>,
): Promise<void> {
  const { region } = backend as S3Backend;
  const dynamodb = new DynamoDBClient({ region, endpoint: endpointsOf(backend).dynamodb });
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  dynamodb.destroy();
}
