import { createHash } from "node:crypto";
import type { DynamoDBClient, GetItemCommandOutput } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { AwsCallError } from "../../aws/call";
import { askAws, loadDynamoDb, loadS3, TIME_LIMITS } from "../../aws/sdk";

/** Where a state lies and how it is locked: the `s3` block of a synthesized backend. */
export interface S3Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly kms_key_id?: string;
  readonly use_lockfile?: boolean;
  readonly dynamodb_table?: string;
  readonly use_path_style?: boolean;
  readonly endpoints?: { readonly s3?: string; readonly dynamodb?: string };
}

/** A lock that somebody holds, as Terraform wrote it. */
export interface HeldLock {
  /** `file`: the lock of a state that is a local file. */
  readonly kind: "s3" | "dynamodb" | "file";
  /** Empty where it has none that Terraform would have made. */
  readonly id: string;
  /** For example `OperationTypeApply`. */
  readonly operation: string;
  /** `<user>@<host>`. */
  readonly who: string;
  /** Milliseconds since 1970; NaN where the lock does not say. */
  readonly created: number;
  /** `<bucket>/<key>`. */
  readonly path: string;
}

/** An object with a state in it. */
export interface StateObject {
  readonly text: string;
  /** MD5 in hexadecimal digits: what a lock table keeps as the state's digest. */
  readonly md5: string;
  readonly bytes: number;
  readonly versionId?: string;
}

/**
 * Reads a state, and what is about it, with the caller's AWS credentials; without Terraform. It
 * writes nothing but a digest.
 */
export class StateStore {
  protected readonly s3: S3Client;
  protected readonly dynamodb: DynamoDBClient | undefined;

  /** @param requestHandler how long an answer may take */
  constructor(
    readonly backend: S3Backend,
    requestHandler: typeof TIME_LIMITS = TIME_LIMITS,
  ) {
    const { region, endpoints, use_path_style, dynamodb_table } = backend;
    const { S3Client } = loadS3();
    this.s3 = new S3Client({
      region,
      endpoint: endpoints?.s3,
      forcePathStyle: use_path_style,
      requestHandler,
      // Not every S3-compatible store knows the SDK's own checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    if (dynamodb_table === undefined) return;
    const { DynamoDBClient } = loadDynamoDb();
    this.dynamodb = new DynamoDBClient({ region, endpoint: endpoints?.dynamodb, requestHandler });
  }

  /** `s3://<bucket>/<key>`. */
  get url(): string {
    return `s3://${this.backend.bucket}/${this.backend.key}`;
  }

  /** Every lock that is held: Terraform heeds those of the kinds that the backend names. */
  async locks(): Promise<HeldLock[]> {
    const held = [
      this.backend.use_lockfile ? await this.lockFile() : undefined,
      await this.lockItem(),
    ];
    return held.filter((lock) => lock !== undefined);
  }

  /** The lock file beside the state, whether or not the backend uses one. */
  async lockFile(): Promise<HeldLock | undefined> {
    const file = await this.object(`${this.backend.key}.tflock`);
    return file && lockIn("s3", file.text);
  }

  /**
   * As {@link lockFile}; undefined also where that may not be read, and the backend uses none: roles
   * of an org that locks with a table alone have no right to look.
   */
  async lockFileIfAllowed(): Promise<HeldLock | undefined> {
    try {
      return await this.lockFile();
    } catch (error) {
      const isDenied = error instanceof AwsCallError && error.code === "AccessDenied";
      if (isDenied && !this.backend.use_lockfile) return undefined;
      throw error;
    }
  }

  /** The lock in the backend's table. */
  async lockItem(): Promise<HeldLock | undefined> {
    const item = await this.item("");
    // Terraform heeds the item, whatever is in it.
    return item && lockIn("dynamodb", item.Info?.S ?? "");
  }

  /** What the backend's table says the MD5 of the state is. */
  async digest(): Promise<string | undefined> {
    return (await this.item("-md5"))?.Digest?.S;
  }

  /**
   * Writes the digest, or removes it where `digest` is undefined, unless it was changed since it
   * was seen.
   *
   * @param seen what the table said it was
   * @returns whether it was as seen, and so was written
   */
  async replaceDigest(seen: string | undefined, digest: string | undefined): Promise<boolean> {
    const { bucket, key, dynamodb_table: TableName } = this.backend;
    if (!this.dynamodb || TableName === undefined) return false;
    const { DeleteItemCommand, PutItemCommand } = loadDynamoDb();
    const LockID = { S: `${bucket}/${key}-md5` };
    const condition =
      seen === undefined
        ? { ConditionExpression: "attribute_not_exists(Digest)" }
        : {
            ConditionExpression: "Digest = :seen",
            ExpressionAttributeValues: { ":seen": { S: seen } },
          };
    const call =
      digest === undefined
        ? this.dynamodb.send(new DeleteItemCommand({ TableName, Key: { LockID }, ...condition }))
        : this.dynamodb.send(
            new PutItemCommand({
              TableName,
              Item: { LockID, Digest: { S: digest } },
              ...condition,
            }),
          );
    try {
      await askAws<unknown>(`writing ${LockID.S} in the table ${TableName}`, call);
      return true;
    } catch (error) {
      const { code } = error as Partial<AwsCallError>;
      if (code === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }

  /** The state; undefined where there is none. */
  state(): Promise<StateObject | undefined> {
    return this.object(this.backend.key);
  }

  /**
   * Writes a state where there is none, byte for byte: Terraform itself begins another lineage in a
   * place that is empty, with `state push` as with `init -migrate-state`.
   *
   * @throws AwsCallError `PreconditionFailed` where there is a state by now
   */
  async create(state: Uint8Array): Promise<void> {
    const { PutObjectCommand } = loadS3();
    const { bucket: Bucket, key: Key, kms_key_id: SSEKMSKeyId } = this.backend;
    const encryption = SSEKMSKeyId && { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId };
    await askAws(
      `writing ${this.url}`,
      this.s3.send(
        new PutObjectCommand({
          Bucket,
          Key,
          Body: state,
          ContentType: "application/json",
          ChecksumAlgorithm: "SHA256",
          IfNoneMatch: "*",
          ...encryption,
        }),
      ),
    );
  }

  close(): void {
    this.s3.destroy();
    this.dynamodb?.destroy();
  }

  private async object(Key: string): Promise<StateObject | undefined> {
    const { GetObjectCommand } = loadS3();
    const { bucket: Bucket } = this.backend;
    const read = async () => {
      const { Body, VersionId } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return { bytes, VersionId };
    };
    try {
      const { bytes, VersionId } = await askAws(`reading s3://${Bucket}/${Key}`, read());
      const md5 = createHash("md5").update(bytes).digest("hex");
      const text = Buffer.from(bytes).toString("utf8");
      return { text, md5, bytes: bytes.length, versionId: VersionId };
    } catch (error) {
      if (error instanceof AwsCallError && error.code === "NoSuchKey") return undefined;
      throw error;
    }
  }

  private async item(suffix: string): Promise<GetItemCommandOutput["Item"]> {
    const { bucket, key, dynamodb_table: TableName } = this.backend;
    if (!this.dynamodb || TableName === undefined) return undefined;
    const { GetItemCommand } = loadDynamoDb();
    const LockID = `${bucket}/${key}${suffix}`;
    const { Item } = await askAws(
      `reading ${LockID} in the table ${TableName}`,
      this.dynamodb.send(
        new GetItemCommand({ TableName, Key: { LockID: { S: LockID } }, ConsistentRead: true }),
      ),
    );
    return Item;
  }
}

/** Opens the store of a state for as long as it is used. */
export async function withStateStore<Result>(
  backend: S3Backend,
  use: (store: StateStore) => Promise<Result>,
): Promise<Result> {
  const store = new StateStore(backend);
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

/** A lock by what Terraform wrote into it. */
export function lockIn(kind: HeldLock["kind"], text: string): HeldLock {
  let info: Readonly<Record<string, unknown>> = {};
  try {
    // A lock may be any text: `null`, for one.
    info = Object(JSON.parse(text));
  } catch {
    // A lock that cannot be read is one nevertheless.
  }
  // Whoever may lock wrote it: it must not steer the terminal that it is shown on, nor turn words
  // around.
  const field = (name: string) =>
    typeof info[name] === "string"
      ? (info[name] as string).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?")
      : "";
  const id = field("ID");
  return {
    kind,
    // It becomes part of commands that are shown to be copied: Terraform's are UUIDs.
    id: /^\w[\w-]{0,63}$/.test(id) ? id : "",
    operation: field("Operation"),
    who: field("Who"),
    created: Date.parse(field("Created")),
    path: field("Path"),
  };
}
