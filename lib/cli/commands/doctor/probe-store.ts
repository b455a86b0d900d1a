import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { HeadObjectOutput } from "@aws-sdk/client-s3";
import { AwsCallError } from "../../../aws/call";
import { askAws, loadDynamoDb, loadS3 } from "../../../aws/sdk";
import { type S3Backend, StateStore } from "../../project/state-store";

/** A lock as Terraform writes it, so that a run of Terraform can read it. */
export interface ProbeLock {
  readonly ID: string;
  readonly Operation: typeof PROBE;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

/** The operation in the lock of a probe. */
export const PROBE = "doctor";

/** Called for every answer, with its `Date` and the time of the request. */
export type OnAnswer = (date: string | undefined, sent: number) => void;

/** A state whose lock can be taken and released without Terraform. */
export class ProbeStore extends StateStore {
  constructor(backend: S3Backend, now: () => number, onAnswer: OnAnswer) {
    super(backend);
    this.s3.middlewareStack.add(
      (next) => async (args) => {
        const sent = now();
        const answer = await next(args);
        const { headers } = answer.response as { readonly headers?: Record<string, string> };
        onAnswer(headers?.date, sent);
        return answer;
      },
      // Before the SDK reads the answer, so that errors count as well.
      { step: "deserialize", priority: "low" },
    );
  }

  /** Lists the objects in the folder of the state. */
  async list(folder: string): Promise<void> {
    const { ListObjectsV2Command } = loadS3();
    const { bucket: Bucket } = this.backend;
    await askAws(
      `listing s3://${Bucket}/${folder}/`,
      this.s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${folder}/` })),
    );
  }

  /** Returns how the state is encrypted, as far as the store reports it. */
  async stateEncryption(): Promise<Pick<HeadObjectOutput, "ServerSideEncryption" | "SSEKMSKeyId">> {
    const { HeadObjectCommand } = loadS3();
    const { bucket: Bucket, key: Key } = this.backend;
    const head = this.s3.send(new HeadObjectCommand({ Bucket, Key }));
    return askAws(`reading the encryption of ${this.url}`, head);
  }

  /**
   * Writes the lock file, if there is none.
   *
   * @returns whether there was none
   */
  async takeLockFile(lock: ProbeLock): Promise<boolean> {
    const { PutObjectCommand } = loadS3();
    const put = new PutObjectCommand({
      ...this.lockFilePlace,
      Body: JSON.stringify(lock),
      ContentType: "application/json",
      // As Terraform does: a store that refuses them cannot be locked.
      ...this.checksum,
      ...this.encryption,
      IfNoneMatch: "*",
    });
    return unlessTaken(askAws(`writing ${this.url}.tflock`, this.s3.send(put)));
  }

  /** Removes the lock file, if it has this id. */
  private async releaseLockFile(id: string): Promise<void> {
    if ((await this.lockFile())?.id !== id) return;
    const { DeleteObjectCommand } = loadS3();
    // Nobody overwrites a lock file, so it is still this one.
    await askAws(
      `removing ${this.url}.tflock`,
      this.s3.send(new DeleteObjectCommand(this.lockFilePlace)),
    );
  }

  /**
   * Puts the lock into the table, if there is none.
   *
   * @returns whether there was none
   */
  async takeLockItem(lock: ProbeLock): Promise<boolean> {
    const { PutItemCommand } = loadDynamoDb();
    const put = new PutItemCommand({
      TableName: this.backend.dynamodb_table,
      Item: { ...this.lockItemKey, Info: { S: JSON.stringify(lock) } },
      ConditionExpression: "attribute_not_exists(LockID)",
    });
    return unlessTaken(askAws(this.onItem("locking"), this.table.send(put)));
  }

  /** Removes the lock from the table, if it has this id. */
  private async releaseLockItem(id: string): Promise<void> {
    if ((await this.lockItem())?.id !== id) return;
    const { DeleteItemCommand } = loadDynamoDb();
    const remove = new DeleteItemCommand({
      TableName: this.backend.dynamodb_table,
      Key: this.lockItemKey,
      ConditionExpression: "contains(Info, :id)",
      ExpressionAttributeValues: { ":id": { S: `"ID":"${id}"` } },
    });
    await unlessTaken(askAws(this.onItem("unlocking"), this.table.send(remove)));
  }

  /** Releases a lock of either kind; ignores kinds that the backend does not use. */
  async release(id: string): Promise<void> {
    // Tries both, as Terraform does.
    const ended = await Promise.allSettled([
      this.backend.use_lockfile ? this.releaseLockFile(id) : undefined,
      this.backend.dynamodb_table === undefined ? undefined : this.releaseLockItem(id),
    ]);
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }

  private get lockFilePlace() {
    return { Bucket: this.backend.bucket, Key: `${this.backend.key}.tflock` };
  }

  private get lockItemKey() {
    return { LockID: { S: `${this.backend.bucket}/${this.backend.key}` } };
  }

  private get table(): DynamoDBClient {
    if (this.backend.dynamodb_table !== undefined) return this.dynamodb;
    throw new Error(`${this.url} has no lock table`);
  }

  private readonly onItem = (doing: string) =>
    `${doing} ${this.lockItemKey.LockID.S} in the table ${this.backend.dynamodb_table}`;
}

// S3 answers 409 when two write at the same time. The SDK has no name for these errors.
const TAKEN = [
  "PreconditionFailed",
  "ConditionalRequestConflict",
  "ConditionalCheckFailedException",
];

async function unlessTaken(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof AwsCallError && TAKEN.includes(error.code)) return false;
    throw error;
  }
}
