import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { holdBehaviours } from "./fakes/hold-behaviours";
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

  write = (name: string, Body: string, more: object = {}) =>
    done(this.clients.s3.send(new PutObjectCommand({ ...this.of(name), Body, ...more })));

  read = (name: string) =>
    seen(
      this.clients.s3
        .send(new GetObjectCommand(this.of(name)))
        .then(({ Body }) => Body?.transformToString()),
    );

  ask = (name: string) => done(this.clients.s3.send(new HeadObjectCommand(this.of(name))));

  remove = (name: string) => done(this.clients.s3.send(new DeleteObjectCommand(this.of(name))));

  async names(): Promise<(string | undefined)[]> {
    const { bucket: Bucket } = this.store;
    const Prefix = `${this.folder}/`;
    const list = new ListObjectsV2Command({ Bucket, Prefix });
    const { Contents = [] } = await this.clients.s3.send(list);
    return Contents.map(({ Key }) => Key?.slice(Prefix.length));
  }

  /** Begins an upload, and sends its only part. */
  async upload(name: string, Body: string) {
    const of = this.of(name);
    const { s3 } = this.clients;
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(of));
    const part = { ...of, UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    return {
      end: () =>
        done(s3.send(new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload }))),
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
      return state.names();
    },
    aws: ["s", "s.tflock"],
  },
  {
    title: "an upload in parts is the object when it has ended, and not before",
    observe: async (state) => {
      await state.write("s", "before");
      const upload = await state.upload("s", "after");
      return [await state.read("s"), await upload.end(), await state.read("s")];
    },
    aws: ["before", "done", "after"],
  },
  {
    title: "an upload that is aborted leaves nothing, and cannot be ended",
    observe: async (state) => {
      const upload = await state.upload("s", "after");
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
    const of = (endpoint: string) => ({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
      maxAttempts: 1,
    });
    clients = {
      s3: new S3Client({ ...of(store.urls.s3), forcePathStyle: true }),
      dynamodb: new DynamoDBClient(of(store.urls.dynamodb)),
      sts: new STSClient(of(store.urls.sts)),
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
