import { createHash } from "node:crypto";
import type { DynamoDBClient, GetItemCommandOutput } from "@aws-sdk/client-dynamodb";
import type { PutObjectRequest, S3Client } from "@aws-sdk/client-s3";
import { AwsCallError } from "../../aws/call";
import { askAws, connections, loadDynamoDb, loadS3, TIME_LIMITS } from "../../aws/sdk";
import { onOneLine } from "../terminal/printable";
import { S3Clients, type S3Server } from "./s3-clients";

/** The place of a state and the lock on it: the `s3` block of a synthesized backend. */
export interface S3Backend extends S3Server {
  readonly bucket: string;
  readonly key: string;
  readonly encrypt?: boolean;
  readonly kms_key_id?: string;
  readonly use_lockfile?: boolean;
  readonly dynamodb_table?: string;
  readonly skip_s3_checksum?: boolean;
}

/** A lock's information about its holder, as Terraform wrote it. */
export interface LockInfo {
  /** Empty if the lock has no id of the form that Terraform gives. */
  readonly id: string;
  /** For example `OperationTypeApply`. */
  readonly operation: string;
  /** `<user>@<host>`. */
  readonly who: string;
  /** Milliseconds since 1970; NaN if the lock does not say. */
  readonly created: number;
  /** `<bucket>/<key>`. */
  readonly path: string;
}

/** A lock on a state. */
export interface HeldLock extends LockInfo {
  /** `file` is the lock of a state in a local file. */
  readonly kind: "s3" | "dynamodb" | "file";
}

/** An object in a list. */
export interface StoredObject {
  readonly key: string;
  /** Milliseconds since 1970, by the clock of the store. */
  readonly written: number;
}

/** An S3 object, such as a state. */
export interface StateObject {
  readonly text: string;
  /** MD5 in hexadecimal digits, which a lock table keeps as the state's digest. */
  readonly md5: string;
  readonly bytes: number;
  readonly versionId?: string;
}

/**
 * A state with its locks and its digest, and the objects next to it, read with the operator's AWS
 * credentials and without Terraform. Writes a digest, and objects where there are none; nothing else.
 */
export class StateStore {
  protected readonly s3: S3Client;
  readonly #own?: S3Clients;
  #dynamodb?: DynamoDBClient;

  /**
   * @param limits time limits for an answer
   * @param clients that outlive this store. @default - own ones
   */
  constructor(
    readonly backend: S3Backend,
    private readonly limits: typeof TIME_LIMITS = TIME_LIMITS,
    clients?: S3Clients,
  ) {
    if (!clients) this.#own = new S3Clients(limits);
    this.s3 = (clients ?? (this.#own as S3Clients)).of(backend);
  }

  /** `s3://<bucket>/<key>`. */
  get url(): string {
    return `s3://${this.backend.bucket}/${this.backend.key}`;
  }

  /** Returns the locks that Terraform respects: those of the kinds that the backend names. */
  async locks(): Promise<HeldLock[]> {
    const held = [
      this.backend.use_lockfile ? await this.lockFile() : undefined,
      await this.lockItem(),
    ];
    return held.filter((lock) => lock !== undefined);
  }

  /** Returns the lock file next to the state, whether or not the backend uses one. */
  async lockFile(): Promise<HeldLock | undefined> {
    const file = await this.readObject(`${this.backend.key}.tflock`);
    return file && lockIn("s3", file.text);
  }

  /**
   * As {@link lockFile}; also undefined if the file may not be read and the backend uses none: the
   * roles of an org that locks only with a table have no permission to read it.
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

  /** Returns the lock in the backend's table. */
  async lockItem(): Promise<HeldLock | undefined> {
    const item = await this.item("");
    // Terraform respects the item, whatever it contains.
    return item && lockIn("dynamodb", item.Info?.S ?? "");
  }

  /** Returns the state's digest in the backend's table. */
  async digest(): Promise<string | undefined> {
    return (await this.item("-md5"))?.Digest?.S;
  }

  /**
   * Writes the digest, or removes it if `digest` is undefined; but only if it was not changed since
   * it was read.
   *
   * @param seen the digest that was read
   * @returns whether it was written
   */
  async replaceDigest(seen: string | undefined, digest: string | undefined): Promise<boolean> {
    const { bucket, key, dynamodb_table: TableName } = this.backend;
    if (TableName === undefined) return false;
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

  /** Returns the state; undefined if there is none. */
  state(): Promise<StateObject | undefined> {
    return this.readObject(this.backend.key);
  }

  /**
   * Writes a state where there is none, byte for byte. Terraform itself would start a new lineage in
   * an empty place, with `state push` as well as with `init -migrate-state`.
   *
   * @throws AwsCallError `PreconditionFailed` if there is a state by now
   */
  create(state: Uint8Array): Promise<void> {
    return this.createObject(this.backend.key, state);
  }

  /**
   * Writes an object where there is none, encrypted as the state is.
   *
   * @param isConditional false for a store without conditional writes: it then overwrites
   * @throws AwsCallError `PreconditionFailed` if there is one by now, and `NotImplemented` if the
   *   store refuses the condition
   */
  async createObject(Key: string, Body: Uint8Array | string, isConditional = true): Promise<void> {
    const { PutObjectCommand } = loadS3();
    const { bucket: Bucket } = this.backend;
    await askAws(
      `writing s3://${Bucket}/${Key}`,
      this.s3.send(
        new PutObjectCommand({
          Bucket,
          Key,
          Body,
          ContentType: "application/json",
          ...this.checksum,
          ...(isConditional && { IfNoneMatch: "*" }),
          ...this.encryption,
        }),
      ),
    );
  }

  /** Returns an object; undefined if there is none. */
  async readObject(Key: string): Promise<StateObject | undefined> {
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

  /** Lists objects in the order of their keys: those that begin with `Prefix`, after a key. */
  async listObjects(Prefix: string, StartAfter: string): Promise<StoredObject[]> {
    const { paginateListObjectsV2 } = loadS3();
    const { bucket: Bucket } = this.backend;
    const pages = paginateListObjectsV2({ client: this.s3 }, { Bucket, Prefix, StartAfter });
    const list = async () => {
      const objects: StoredObject[] = [];
      for await (const { Contents = [] } of pages) {
        for (const { Key: key = "", LastModified } of Contents) {
          objects.push({ key, written: LastModified?.getTime() ?? Number.NaN });
        }
      }
      return objects;
    };
    return askAws(`listing s3://${Bucket}/${Prefix}`, list());
  }

  /** The encryption that Terraform asks for. Not every S3-compatible store has each. */
  protected get encryption(): Pick<PutObjectRequest, "ServerSideEncryption" | "SSEKMSKeyId"> {
    const { encrypt, kms_key_id: SSEKMSKeyId } = this.backend;
    if (SSEKMSKeyId) return { ServerSideEncryption: "aws:kms", SSEKMSKeyId };
    return encrypt ? { ServerSideEncryption: "AES256" } : {};
  }

  /** The checksum that Terraform sends with an object. Not every S3-compatible store accepts it. */
  protected get checksum(): { readonly ChecksumAlgorithm?: "SHA256" } {
    return this.backend.skip_s3_checksum ? {} : { ChecksumAlgorithm: "SHA256" };
  }

  close(): void {
    this.#own?.close();
    this.#dynamodb?.destroy();
  }

  protected get dynamodb(): DynamoDBClient {
    if (this.#dynamodb) return this.#dynamodb;
    const { region, endpoints } = this.backend;
    const { DynamoDBClient } = loadDynamoDb();
    const endpoint = endpoints?.dynamodb;
    const requestHandler = connections(this.limits);
    this.#dynamodb = new DynamoDBClient({ region, endpoint, requestHandler });
    return this.#dynamodb;
  }

  private async item(suffix: string): Promise<GetItemCommandOutput["Item"]> {
    const { bucket, key, dynamodb_table: TableName } = this.backend;
    if (TableName === undefined) return undefined;
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

/** Opens the store of a state, and closes it after `use`. */
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

/** Reads a lock from its text. */
export function lockIn(kind: HeldLock["kind"], text: string): HeldLock {
  let info: Readonly<Record<string, unknown>> = {};
  try {
    // A lock may be any text, for example `null`.
    info = Object(JSON.parse(text));
  } catch {
    // An unreadable lock is still a lock.
  }
  // Anyone who may lock can write it.
  const field = (name: string) =>
    typeof info[name] === "string" ? onOneLine(info[name] as string) : "";
  const id = field("ID");
  return {
    kind,
    // The id becomes part of commands that operators copy. Ids of Terraform are UUIDs.
    id: /^\w[\w-]{0,63}$/.test(id) ? id : "",
    operation: field("Operation"),
    who: field("Who"),
    created: Date.parse(field("Created")),
    path: field("Path"),
  };
}
