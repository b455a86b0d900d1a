import { S3Backend, type S3BackendConfig, Token } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../errors";
import { HOME_DEFAULTS, ORG_DEFAULTS } from "../registry/defaults";
import type { Home, LockMode, Org, S3CompatibleStorage, StateEncryption } from "../registry/model";
import { componentStateKeyOf, KMS_KEY_ARN } from "../registry/names";
import { nextStep, recordHome } from "../registry/next-step";
import { isOfAws } from "../registry/state-place";

/** Properties of a {@link SecureStateBackend}. */
export interface SecureStateBackendProps {
  /** S3 bucket of the state home. */
  readonly bucket: string;
  /** Object key of the state. */
  readonly key: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** AWS account that owns the bucket. Terraform refuses to run in another account. */
  readonly accountId: string;
  /**
   * Other accounts in which Terraform may run. Their roles use the state directly, without assuming a
   * role of the home's account.
   * @default - none
   */
  readonly otherAccountIds?: readonly string[];
  /**
   * Full ARN of the KMS key that encrypts this state, and no other org's state.
   * @default - none; required unless `storage.encryption` is `sse-s3` or `none`
   */
  readonly kmsKeyArn?: string;
  /** @default "s3" */
  readonly lock?: LockMode;
  /**
   * Name of the DynamoDB lock table. Required by lock modes `dynamodb` and `both`.
   * @default - none
   */
  readonly lockTable?: string;
  /**
   * ARN of the role that Terraform assumes to read and write the state.
   * @default - none; Terraform uses the credentials of the environment
   */
  readonly assumeRoleArn?: string;
  /**
   * S3-compatible storage instead of AWS. It switches off the checks that only AWS can answer.
   * @default - Amazon S3
   */
  readonly storage?: S3CompatibleStorage;
}

/** cdktf 0.21 does not know the lock file, but passes on any option, in snake case. */
interface S3BackendConfigWithLockfile extends S3BackendConfig {
  readonly useLockfile?: boolean;
}

/**
 * The state of one stack: encrypted with its own key, locked, and bound to its account. It uses only
 * arguments of the S3 backend of Terraform 1.11 and OpenTofu 1.11. Versioning and access control
 * belong to the bucket, and the lock timeout belongs to the command line.
 *
 * @throws UserError when a property is an expression (a backend takes only literals), the key ARN is
 *   not a full ARN, or the lock mode and the table contradict each other
 */
export class SecureStateBackend extends S3Backend {
  constructor(scope: Construct, props: SecureStateBackendProps) {
    const problems = validate(props);
    if (problems.length > 0) {
      throw new UserError(`${scope.node.path}: state backend: ${problems.join("; ")}`);
    }
    super(scope, backendConfig(props));
  }

  /** The arguments in Terraform's own names, before any override. */
  get expected(): Readonly<Record<string, unknown>> {
    return this.synthesizeAttributes();
  }

  /**
   * Creates the backend of an organisation's stack.
   *
   * @param component name of a further stack; the state of each component is an object of its own
   */
  static forOrg(scope: Construct, org: Org, component?: string): SecureStateBackend {
    const { home, lock, lockTable, encryption, kmsKeyArn, access } = org.state;
    const { reader, writer } = access.crossAccountRoles;
    if (encryption === "kms" && !kmsKeyArn) {
      throw new UserError(`${org.name}: ${nextStep(org)}`);
    }
    return new SecureStateBackend(scope, {
      ...placeOf(home),
      key: component === undefined ? org.state.key : componentStateKeyOf(org.name, component),
      kmsKeyArn,
      lock,
      lockTable,
      otherAccountIds: [...reader, ...writer].map(accountIdOf),
      storage: home.storage,
    });
  }

  /**
   * Creates the backend of a stack that state admins run: a home, or an org's access to it. The
   * home's own key encrypts it.
   */
  static inHome(scope: Construct, home: Home, key: string): SecureStateBackend {
    if (!home.kmsKeyArn) throw new UserError(`${scope.node.path}: ${recordHome(home)}`);
    return new SecureStateBackend(scope, { ...placeOf(home), key, kmsKeyArn: home.kmsKeyArn });
  }
}

const encryptionOf = ({ storage }: SecureStateBackendProps): StateEncryption =>
  storage?.encryption ?? HOME_DEFAULTS.storage.encryption;

const accountIdOf = (arn: string): string => arn.split(":")[4] ?? "";

const placeOf = ({ bucket, region, account }: Home) => ({ bucket, region, accountId: account });

function validate(props: SecureStateBackendProps): string[] {
  const { lock = ORG_DEFAULTS.state.lock, lockTable, kmsKeyArn } = props;
  const problems = Object.entries(props)
    .filter(([, value]) => Token.isUnresolved(value))
    .map(
      ([name]) => `${name} is an expression, but a backend takes only literals; write the value`,
    );
  if (problems.length > 0) return problems;
  const encryption = encryptionOf(props);
  if (encryption !== "kms" && isOfAws(props.storage?.s3Endpoint ?? "")) {
    problems.push(
      `storage.encryption is "${encryption}", but ${props.storage?.s3Endpoint} is Amazon S3; leave it out, and give kmsKeyArn`,
    );
  } else if (encryption !== "kms" && kmsKeyArn !== undefined) {
    problems.push(
      `kmsKeyArn is "${kmsKeyArn}", but storage.encryption is "${encryption}"; remove one of them`,
    );
  } else if (encryption === "kms" && !KMS_KEY_ARN.test(kmsKeyArn ?? "")) {
    problems.push(
      `kmsKeyArn is ${kmsKeyArn === undefined ? "missing" : `"${kmsKeyArn}", which is not a key's full ARN`}; write it as arn:aws:kms:<region>:<account>:key/<id>, not as an alias or an id`,
    );
  }
  if (/^\/|\/$|\/\//.test(props.key) || props.key === "") {
    problems.push(
      `key is "${props.key}"; it must not be empty, begin or end with "/", or contain "//"`,
    );
  }
  if (lock !== "s3" && !lockTable) {
    problems.push(`lock is "${lock}", but lockTable is missing; name the DynamoDB table`);
  }
  if (lock === "s3" && lockTable) {
    problems.push(
      `lockTable is "${lockTable}" but lock is "s3"; set lock to "both" or "dynamodb", or remove lockTable`,
    );
  }
  return problems;
}

function backendConfig(props: SecureStateBackendProps): S3BackendConfig {
  const { bucket, key, region, kmsKeyArn, lockTable, storage } = props;
  const { lock = ORG_DEFAULTS.state.lock } = props;
  const config: S3BackendConfigWithLockfile = {
    bucket,
    key,
    region,
    // The flag without a key means SSE-S3, and S3 silently ignores a key without the flag.
    encrypt: encryptionOf(props) !== "none",
    ...(kmsKeyArn && { kmsKeyId: kmsKeyArn }),
    ...(lock !== "dynamodb" && { useLockfile: true }),
    ...(lockTable && { dynamodbTable: lockTable }),
    ...(props.assumeRoleArn && { assumeRole: { roleArn: props.assumeRoleArn } }),
    ...(storage
      ? s3Compatible(storage)
      : { allowedAccountIds: [...new Set([props.accountId, ...(props.otherAccountIds ?? [])])] }),
  };
  return config;
}

function s3Compatible(storage: S3CompatibleStorage): Partial<S3BackendConfig> {
  return {
    endpoints: {
      s3: storage.s3Endpoint,
      ...(storage.dynamodbEndpoint && { dynamodb: storage.dynamodbEndpoint }),
    },
    usePathStyle: storage.usePathStyle ?? HOME_DEFAULTS.storage.usePathStyle,
    ...(storage.skipChecksums && { skipS3Checksum: true }),
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
  };
}
