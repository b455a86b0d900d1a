import { sharedLockTableOf } from "../../lib/registry/names";
import { callDynamoDb, startDynamoDb } from "./loopback-dynamodb";
import { type Exchange, logged, serve } from "./loopback-front";
import { type IdentityProps, identityHandler } from "./loopback-identity";
import { memoryS3 } from "./loopback-s3";
import { HOME } from "./sample-org";

/** What a backend block needs to talk to the store instead of AWS. */
export interface LoopbackStore {
  readonly backendSettings: Readonly<Record<string, unknown>>;
  /** What makes Terraform and the AWS SDK talk to it whose backend block has no such settings. */
  readonly environment: Readonly<Record<string, string>>;
  createBucket(name: string): void;
  /** What S3 and DynamoDB were asked, and answered. */
  readonly log: readonly Exchange[];
  /** Text of an object, where it exists. */
  object(key: string): Promise<string | undefined>;
  /** Keys of the objects in a folder. */
  keys(folder: string): Promise<string[]>;
  putObject(key: string, text: string): Promise<void>;
  removeObject(key: string): Promise<void>;
  /** What locks a state has, and what they say about their holder. */
  locksOf(key: string): Promise<Lock[]>;
  stop(): Promise<void>;
}

/** A lock as Terraform wrote it. */
export interface Lock {
  readonly where: "s3" | "dynamodb";
  readonly info: Readonly<Record<"ID" | "Path" | "Operation" | "Who" | "Created", string>>;
}

/** Properties of a {@link LoopbackStore}. */
export interface LoopbackStoreProps extends Partial<IdentityProps> {
  /** @default - the account of {@link HOME} */
  readonly account?: string;
  /** ARN of the caller. @default - a session of the state admin of {@link HOME} */
  readonly caller?: string;
  /** ARNs of the account's roles. @default - the state admin of {@link HOME} */
  readonly roles?: readonly string[];
  /**
   * Whether there is no bucket yet.
   * @default false
   */
  readonly empty?: boolean;
  /**
   * Whether S3 heeds `If-None-Match`; not every S3-compatible store does.
   * @default true
   */
  readonly conditionalWrites?: boolean;
}

/** Credentials of which the store checks nothing. */
export const LOOPBACK_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "TEST",
  AWS_SECRET_ACCESS_KEY: "test-secret-aws",
};

/**
 * The APIs of S3, DynamoDB, STS and IAM on loopback, with the bucket and the shared lock table of
 * {@link HOME}.
 */
export async function startLoopbackStore(props: LoopbackStoreProps = {}): Promise<LoopbackStore> {
  const { conditionalWrites = true, empty = false, account = HOME.account } = props;
  const caller = props.caller ?? `arn:aws:sts::${account}:assumed-role/admin/session`;
  const roles = props.roles ?? HOME.stateAdmins;
  const table = sharedLockTableOf(HOME.name);
  const s3 = memoryS3(empty ? [] : [HOME.bucket], conditionalWrites);
  const dynamodb = await startDynamoDb(table);
  const log: Exchange[] = [];
  const fronts = await Promise.all([
    serve(logged(log, s3.handler)),
    serve(logged(log, dynamodb.handler)),
    serve(identityHandler({ ...props, caller, roles })),
  ]);
  const [s3Url, dynamodbUrl, identityUrl] = fronts.map(({ url }) => url);
  const ask = (method: string, key: string, text = "") =>
    s3.handler({ method, url: `/${HOME.bucket}/${key}`, headers: {}, body: Buffer.from(text) });
  const object = async (key: string) => {
    const answer = await ask("GET", key);
    return answer.status === 200 ? answer.body.toString() : undefined;
  };
  const lockItem = async (key: string) => {
    const Key = { LockID: { S: `${HOME.bucket}/${key}` } };
    const answer = await callDynamoDb(dynamodb.handler, "GetItem", { TableName: table, Key });
    return (answer.Item as { Info: { S: string } } | undefined)?.Info.S;
  };
  return {
    backendSettings: {
      access_key: LOOPBACK_CREDENTIALS.AWS_ACCESS_KEY_ID,
      secret_key: LOOPBACK_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      endpoints: { s3: s3Url, dynamodb: dynamodbUrl, sts: identityUrl },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
    },
    environment: {
      ...LOOPBACK_CREDENTIALS,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL_S3: s3Url ?? "",
      AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl ?? "",
      AWS_ENDPOINT_URL_IAM: identityUrl ?? "",
      AWS_ENDPOINT_URL_STS: identityUrl ?? "",
    },
    createBucket: s3.createBucket,
    log,
    object,
    keys: async (folder) => {
      const answer = await ask("GET", `?list-type=2&prefix=${encodeURIComponent(folder)}`);
      return [...answer.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(
        ([, key = ""]) => key,
      );
    },
    putObject: async (key, text) => {
      await ask("PUT", key, text);
    },
    removeObject: async (key) => {
      await ask("DELETE", key);
    },
    locksOf: async (key) => {
      const locks = { s3: await object(`${key}.tflock`), dynamodb: await lockItem(key) };
      return (["s3", "dynamodb"] as const).flatMap((where) => {
        const info = locks[where];
        return info === undefined ? [] : { where, info: JSON.parse(info) };
      });
    },
    stop: async () => {
      await Promise.all(fronts.map((front) => front.stop()));
      await dynamodb.stop();
    },
  };
}

/** Gives the AWS SDK credentials that the store takes, in each test of a file. */
export function useLoopbackCredentials(): void {
  const saved = { ...process.env };
  beforeEach(() => {
    Object.assign(process.env, { ...LOOPBACK_CREDENTIALS, AWS_MAX_ATTEMPTS: "1" });
  });
  afterEach(() => {
    process.env = { ...saved };
  });
}
