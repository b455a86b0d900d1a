import { S3Backend, type S3BackendConfig, Token } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../errors";
import { ORG_DEFAULTS } from "../registry/defaults";
import type { Home, LockMode, Org } from "../registry/model";
import { KMS_KEY_ARN } from "../registry/names";
import { nextStep, recordHome } from "../registry/next-step";

/** Properties of a {@link SecureStateBackend}. */
export interface SecureStateBackendProps {
  /** S3 bucket of the state home. */
  readonly bucket: string;
  /** Object key of the state. */
  readonly key: string;
  /** AWS region of the bucket. */
  readonly region: string;
  /** AWS account that owns the bucket: Terraform refuses to run under another one. */
  readonly accountId: string;
  /**
   * Other accounts under which Terraform may run, whose roles use the state without assuming one of
   * the home's account.
   * @default - none
   */
  readonly otherAccountIds?: readonly string[];
  /** Full ARN of the KMS key that encrypts this state and no other org's. */
  readonly kmsKeyArn: string;
  /** @default "s3" */
  readonly lock?: LockMode;
  /**
   * Name of the DynamoDB lock table. Required by lock modes `dynamodb` and `both`.
   * @default - none
   */
  readonly lockTable?: string;
  /**
   * ARN of the role under which Terraform reads and writes the state.
   * @default - none: the credentials of the environment are used as they are
   */
  readonly assumeRoleArn?: string;
  /**
   * S3-compatible storage instead of AWS; switches off the checks that only AWS can answer.
   * @default - Amazon S3
   */
  readonly storage?: Home["storage"];
}

/** cdktf 0.21 does not know the lock file; its config is passed on as it is, in snake case. */
interface S3BackendConfigWithLockfile extends S3BackendConfig {
  readonly useLockfile?: boolean;
}

/**
 * The state of one stack: encrypted with a key of its own, locked, and bound to its account. Only
 * arguments that the S3 backend of Terraform 1.11 and OpenTofu 1.11 has: versioning and access
 * control belong to the bucket, the lock timeout to the command line.
 *
 * @throws UserError when a property is an expression (Terraform takes only literals in a backend),
 *   the key ARN is not a full one, or the lock mode and the table do not go together
 */
export class SecureStateBackend extends S3Backend {
  constructor(scope: Construct, props: SecureStateBackendProps) {
    const problems = validate(props);
    if (problems.length > 0) {
      throw new UserError(`${scope.node.path}: state backend: ${problems.join("; ")}`);
    }
    super(scope, backendConfig(props));
  }

  /** The backend of an organisation's stack. */
  static forOrg(scope: Construct, org: Org): SecureStateBackend {
    const { home, key, lock, lockTable, kmsKeyArn, access } = org.state;
    const { reader, writer } = access.crossAccountRoles;
    if (!kmsKeyArn) throw new UserError(`${org.name}: ${nextStep(org)}`);
    return new SecureStateBackend(scope, {
      ...placeOf(home),
      key,
      kmsKeyArn,
      lock,
      lockTable,
      otherAccountIds: [...reader, ...writer].map(accountIdOf),
      storage: home.storage,
    });
  }

  /**
   * The backend of a stack that state admins run: a home, or an org's access to it. Encrypted with
   * the home's own key.
   */
  static inHome(scope: Construct, home: Home, key: string): SecureStateBackend {
    if (!home.kmsKeyArn) throw new UserError(`${scope.node.path}: ${recordHome(home)}`);
    return new SecureStateBackend(scope, { ...placeOf(home), key, kmsKeyArn: home.kmsKeyArn });
  }
}

const accountIdOf = (arn: string): string => arn.split(":")[4] ?? "";

const placeOf = ({ bucket, region, account }: Home) => ({ bucket, region, accountId: account });

function validate(props: SecureStateBackendProps): string[] {
  const { lock = ORG_DEFAULTS.state.lock, lockTable, kmsKeyArn } = props;
  const problems = Object.entries(props)
    .filter(([, value]) => Token.isUnresolved(value))
    .map(([name]) => `${name} is an expression; a backend takes only literals, so write the value`);
  if (problems.length > 0) return problems;
  if (!KMS_KEY_ARN.test(kmsKeyArn)) {
    problems.push(
      `kmsKeyArn is "${kmsKeyArn}"; give the key's full ARN (arn:aws:kms:<region>:<account>:key/<id>), not an alias or an id`,
    );
  }
  if (/^\/|\/$|\/\//.test(props.key) || props.key === "") {
    problems.push(
      `key is "${props.key}"; it must not be empty, begin or end with "/", or hold "//"`,
    );
  }
  if (lock !== "s3" && !lockTable) {
    problems.push(`lock is "${lock}" without lockTable; name the DynamoDB table`);
  }
  if (lock === "s3" && lockTable) {
    problems.push(
      `lockTable is "${lockTable}" but lock is "s3"; choose "both" or "dynamodb", or leave the table out`,
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
    // Both or nothing: the flag alone means SSE-S3, the key alone is ignored in silence.
    encrypt: true,
    kmsKeyId: kmsKeyArn,
    ...(lock !== "dynamodb" && { useLockfile: true }),
    ...(lockTable && { dynamodbTable: lockTable }),
    ...(props.assumeRoleArn && { assumeRole: { roleArn: props.assumeRoleArn } }),
    ...(storage
      ? s3Compatible(storage)
      : { allowedAccountIds: [...new Set([props.accountId, ...(props.otherAccountIds ?? [])])] }),
  };
  return config;
}

function s3Compatible(storage: NonNullable<Home["storage"]>): Partial<S3BackendConfig> {
  return {
    endpoints: {
      s3: storage.s3Endpoint,
      ...(storage.dynamodbEndpoint && { dynamodb: storage.dynamodbEndpoint }),
    },
    usePathStyle: storage.usePathStyle,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
  };
}
