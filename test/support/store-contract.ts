import { Readable } from "node:stream";
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { aimAt, holdBehaviours } from "./fakes/hold-behaviours";
import type { Behaviour } from "./fakes/secrets-manager-contract/behaviour";
import { seen } from "./fakes/secrets-manager-contract/contract-secret";

/** S3 with a bucket, DynamoDB with a lock table, and STS. */
export interface ContractStore {
  readonly bucket: string;
  readonly table: string;
  readonly urls: Readonly<Record<"s3" | "dynamodb" | "sts", string>>;
  stop(): Promise<void>;
}

/** One folder of the bucket, and one item of the table. */
class ContractState {
  constructor(
    private readonly clients: Clients,
    private readonly store: ContractStore,
    private readonly folder: string,
  ) {}

  private of = (name: string) => ({ Bucket: this.store.bucket, Key: `${this.folder}/${name}` });

  write = (name: string, Body: string | Readable, more: object = {}) =>
    done(this.clients.s3.send(new PutObjectCommand({ ...this.of(name), Body, ...more })));

  read = (name: string) =>
    seen(
      this.clients.s3
        .send(new GetObjectCommand(this.of(name)))
        .then(({ Body }) => Body?.transformToString()),
    );

  /** Reads a range of bytes: the range that was sent, and its text. */
  readPart = (name: string, Range: string) =>
    seen(
      this.clients.s3
        .send(new GetObjectCommand({ ...this.of(name), Range }))
        .then(async ({ ContentRange, Body }) => [ContentRange, await Body?.transformToString()]),
    );

  ask = (name: string) => done(this.clients.s3.send(new HeadObjectCommand(this.of(name))));

  /** The headers of an object that tell what it is. */
  async described(name: string) {
    const { ContentLength, ContentType, ETag, SSEKMSKeyId, ServerSideEncryption } =
      await this.clients.s3.send(new HeadObjectCommand(this.of(name)));
    return [ContentLength, ContentType, ETag, ServerSideEncryption, SSEKMSKeyId];
  }

  inBucket = (Bucket: string) =>
    seen(this.clients.s3.send(new GetObjectCommand({ ...this.of("s"), Bucket })));

  remove = (name: string) => done(this.clients.s3.send(new DeleteObjectCommand(this.of(name))));

  /** Names in the folder, page by page. */
  async pages(MaxKeys?: number, after?: string): Promise<(string | undefined)[][]> {
    const { bucket: Bucket } = this.store;
    const Prefix = `${this.folder}/`;
    const StartAfter = after && `${Prefix}${after}`;
    const pages = paginateListObjectsV2(
      { client: this.clients.s3 },
      { Bucket, Prefix, MaxKeys, StartAfter },
    );
    const names: (string | undefined)[][] = [];
    for await (const { Contents = [] } of pages)
      names.push(Contents.map(({ Key }) => Key?.slice(Prefix.length)));
    return names;
  }

  /** Begins an upload, and sends its parts, the last one first. */
  async upload(name: string, bodies: readonly string[], more: object = {}) {
    const of = this.of(name);
    const { s3 } = this.clients;
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...of, ...more }));
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of [...bodies.entries()].reverse()) {
      const part = { ...of, UploadId, PartNumber: index + 1 };
      const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body }));
      Parts.unshift({ PartNumber: part.PartNumber, ETag });
    }
    const end = { ...of, UploadId, MultipartUpload: { Parts } };
    return {
      end: (more: object = {}) =>
        done(s3.send(new CompleteMultipartUploadCommand({ ...end, ...more }))),
      abort: () => done(s3.send(new AbortMultipartUploadCommand({ ...of, UploadId }))),
    };
  }

  private item = (id: string) => ({ LockID: { S: `${this.store.bucket}/${this.folder}/${id}` } });

  putItem = (id: string, Info: string) =>
    done(
      this.clients.dynamodb.send(
        new PutItemCommand({
          TableName: this.store.table,
          Item: { ...this.item(id), Info: { S: Info } },
          ConditionExpression: "attribute_not_exists(LockID)",
        }),
      ),
    );

  /** An item as facts about composite keys would have it. */
  putItemWithoutId = () =>
    done(
      this.clients.dynamodb.send(
        new PutItemCommand({ TableName: this.store.table, Item: { LockId: { S: "id" } } }),
      ),
    );

  readItem = (id: string) =>
    seen(
      this.clients.dynamodb
        .send(
          new GetItemCommand({
            TableName: this.store.table,
            Key: this.item(id),
            ConsistentRead: true,
          }),
        )
        .then(({ Item }) => Item?.Info?.S),
    );

  removeItem = (id: string) =>
    done(
      this.clients.dynamodb.send(
        new DeleteItemCommand({ TableName: this.store.table, Key: this.item(id) }),
      ),
    );

  identity = () => this.clients.sts.send(new GetCallerIdentityCommand());
}

const done = (call: Promise<unknown>) => seen(call.then(() => "done"));

const PRECONDITION = "PreconditionFailed";
const NO_UPLOAD = "NoSuchUpload";
const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000";
const ENCRYPTED = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KEY_ARN };
/** S3 takes smaller parts only as the last one. */
const PART = "part ".repeat(1024 * 1024 + 1);
const STRANGE = "a b/c+d%20e=é'(1)*!&x";

// The behaviour of S3, DynamoDB and STS on which states, locks and the commands rely.
const BEHAVIOURS: readonly Behaviour<ContractState>[] = [
  {
    title: "a lock file is written once, until it is removed",
    observe: async (state) => [
      await state.write("s.tflock", "one", { IfNoneMatch: "*" }),
      await state.write("s.tflock", "two", { IfNoneMatch: "*" }),
      await state.read("s.tflock"),
      await state.remove("s.tflock"),
      await state.write("s.tflock", "three", { IfNoneMatch: "*" }),
    ],
    aws: ["done", PRECONDITION, "one", "done", "done"],
  },
  {
    title: "an object that does not exist is an error to read and to ask for, and none to remove",
    observe: async (state) => [
      await state.read("s"),
      await state.ask("s"),
      await state.remove("s"),
    ],
    aws: ["NoSuchKey", "NotFound", "done"],
  },
  {
    title: "a state is overwritten, and the last one is read",
    observe: async (state) => [
      await state.write("s", "one"),
      await state.write("s", "two"),
      await state.read("s"),
    ],
    aws: ["done", "done", "two"],
  },
  {
    title: "the objects of a folder are listed",
    observe: async (state) => {
      await state.write("s", "one");
      await state.write("s.tflock", "lock");
      return [await state.pages(), await state.pages(1)];
    },
    aws: [[["s", "s.tflock"]], [["s"], ["s.tflock"]]],
  },
  {
    title: "the objects of a folder are listed from a name on, which need not exist",
    observe: async (state) => {
      for (const name of ["a", "b", "c", "d"]) await state.write(name, "one");
      return [await state.pages(2, "a"), await state.pages(undefined, "bb")];
    },
    aws: [[["b", "c"], ["d"]], [["c", "d"]]],
  },
  {
    title: "a range of an object is read, up to its end, and not behind it",
    observe: async (state) => {
      await state.write("s", "state");
      return [
        await state.readPart("s", "bytes=1-2"),
        await state.readPart("s", "bytes=3-99"),
        await state.readPart("s", "bytes=5-9"),
      ];
    },
    aws: [["bytes 1-2/5", "ta"], ["bytes 3-4/5", "te"], "InvalidRange"],
  },
  {
    title: "an object keeps its type, and names the key that encrypts it",
    observe: async (state) => {
      await state.write("s", "state", { ContentType: "application/json", ...ENCRYPTED });
      return (await state.described("s")).filter((_, index) => index !== 2);
    },
    aws: [5, "application/json", "aws:kms", KEY_ARN],
  },
  {
    title: "the ETag of an object is its MD5",
    observe: async (state) => {
      await state.write("s", "state");
      return (await state.described("s"))[2];
    },
    aws: '"9ed39e2ea931586b6a985a6942ef573e"',
  },
  {
    title: "a name with signs is the same name to write, to read and to list",
    observe: async (state) => {
      await state.write(STRANGE, "state");
      return [await state.read(STRANGE), await state.pages()];
    },
    aws: ["state", [[STRANGE]]],
  },
  {
    title: "an object that is sent as a stream is what was sent",
    observe: async (state) => {
      const text = "state ".repeat(30_000);
      const ContentLength = text.length;
      await state.write("s", Readable.from([text]), { ContentLength });
      return (await state.read("s")) === text;
    },
    aws: true,
  },
  {
    title: "a bucket that does not exist is an error",
    observe: (state) => state.inBucket("no-such-bucket"),
    aws: "NoSuchBucket",
  },
  {
    title: "an upload in parts is the object when it has ended, and not before",
    observe: async (state) => {
      await state.write("s", "before");
      const upload = await state.upload("s", [PART, "after"], ENCRYPTED);
      return [
        await state.read("s"),
        await upload.end(),
        (await state.read("s")) === `${PART}after`,
        (await state.described("s"))[4],
      ];
    },
    aws: ["before", "done", true, KEY_ARN],
  },
  {
    title: "an upload that may only create does not overwrite",
    observe: async (state) => {
      const upload = await state.upload("s", ["after"]);
      await state.write("s", "before");
      return [await upload.end({ IfNoneMatch: "*" }), await state.read("s")];
    },
    aws: [PRECONDITION, "before"],
  },
  {
    title: "an upload that is aborted leaves nothing, and cannot be ended",
    observe: async (state) => {
      const upload = await state.upload("s", ["after"]);
      return [
        await upload.abort(),
        await state.read("s"),
        await upload.end(),
        await upload.abort(),
      ];
    },
    aws: ["done", "NoSuchKey", NO_UPLOAD, NO_UPLOAD],
    moto: {
      differs: "an end is an error that names none",
      sees: ["done", "NoSuchKey", "Error", NO_UPLOAD],
    },
  },
  {
    title: "a lock's item is put once, until it is removed",
    observe: async (state) => [
      await state.putItem("s", "one"),
      await state.putItem("s", "two"),
      await state.readItem("s"),
      await state.removeItem("s"),
      await state.readItem("s"),
      await state.removeItem("s"),
    ],
    aws: ["done", "ConditionalCheckFailedException", "one", "done", undefined, "done"],
  },
  {
    title: "an item without LockID is refused",
    observe: (state) => state.putItemWithoutId(),
    aws: "ValidationException",
  },
  {
    title: "the caller's ARN names the account",
    observe: async (state) => {
      const { Account, Arn, UserId } = await state.identity();
      return [Account?.length, Arn?.split(":")[4] === Account, UserId !== undefined];
    },
    aws: [12, true, true],
  },
];

interface Clients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly sts: STSClient;
}

/** @param moto whether moto's differences are expected */
export function holdStoreAgainstContract(start: () => Promise<ContractStore>, moto: boolean): void {
  let store: ContractStore;
  let clients: Clients;
  let count = 0;
  beforeEach(async () => {
    store = await start();
    clients = {
      s3: new S3Client({ ...aimAt(store.urls.s3), forcePathStyle: true }),
      dynamodb: new DynamoDBClient(aimAt(store.urls.dynamodb)),
      sts: new STSClient(aimAt(store.urls.sts)),
    };
  });
  afterEach(async () => {
    for (const client of Object.values(clients ?? {})) client.destroy();
    await store?.stop();
  });
  holdBehaviours(
    BEHAVIOURS,
    () => new ContractState(clients, store, `orgs/contract-${++count}`),
    moto,
  );
}
