import { AwsCallError } from "../../../aws/call";
import { NOT_LOGGED_IN } from "../../../aws/sdk";
import { lockTableOf } from "../../../registry/names";
import type { Identity } from "../../project/caller-identity";
import { failed, notChecked, type Outcome } from "./checklist";
import type { DoctorContext } from "./context";

export const NO_CREDENTIALS = notChecked(NOT_LOGGED_IN);

/** Returns the cause and the fix of an AWS error; undefined if AWS's own words must suffice. */
export function explainAws(
  context: DoctorContext,
  error: Error,
  identity: Identity | undefined,
): Outcome | undefined {
  if (!(error instanceof AwsCallError)) return undefined;
  const { org, home, backend } = context;
  const { code, message } = error;
  if (code === "CredentialsProviderError") return NO_CREDENTIALS;
  if (/^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/.test(code)) {
    return failed("the AWS credentials have expired", "log in again");
  }
  if (/^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException)$/.test(code)) {
    return failed("AWS does not know these credentials", "log in again, or set AWS_PROFILE");
  }
  if (/^(RequestTimeTooSkewed|RequestExpired|SignatureDoesNotMatch)$/.test(code)) {
    return failed(message, "synchronize the clock of this machine, then log in again");
  }
  if (code === "NoSuchBucket") {
    return failed(
      `the bucket ${home.bucket} does not exist`,
      home.status === "external"
        ? `create it in the store, or correct the bucket of home ${home.name}`
        : `run \`cdktf deploy ${home.stack}\`, or correct the bucket of home ${home.name}`,
    );
  }
  if (code === "PermanentRedirect" || code === "AuthorizationHeaderMalformed") {
    return failed(
      `the bucket ${home.bucket} is not in ${home.region}`,
      `correct the region of home ${home.name}`,
    );
  }
  if (code === "ResourceNotFoundException") {
    const table = backend?.dynamodb_table;
    const own = table === lockTableOf(org.name, home.name, org.lock, true);
    return failed(
      `the lock table ${table} does not exist`,
      `run \`cdktf deploy ${own ? org.access.stack : home.stack}\``,
    );
  }
  if (/^KMS\.|\bkms:\w+|KMS key/i.test(`${code} ${message}`))
    return explainKms(context, error, identity);
  if (/^(AccessDenied|AccessDeniedException|Forbidden|403)$/.test(code)) {
    return failed(
      `AWS refuses ${identity?.arn ?? "these credentials"}: ${message}`,
      `use the credentials of a role of ${org.name}, for example genesys-${org.name}-state-writer; if its roles were changed, run \`cdktf deploy ${org.access.stack}\``,
    );
  }
  return undefined;
}

function explainKms(
  { org, home, backend }: DoctorContext,
  { code, message }: AwsCallError,
  identity: Identity | undefined,
): Outcome {
  const key = backend?.kms_key_id ?? "";
  if (/Disabled|InvalidState|NotFound/.test(code)) {
    return failed(
      `the key ${key} is disabled, scheduled for deletion, or does not exist: ${message}`,
      "enable the key, or cancel its deletion: without it the state and all its versions are lost",
    );
  }
  const who = identity?.arn ?? "these credentials";
  const foreign = identity !== undefined && identity.account !== home.account;
  return failed(
    `KMS does not let ${who} use the key ${key}${foreign ? ` of account ${home.account} (a role of another account needs permission from the key's policy and from its own)` : ""}: ${message}`,
    foreign
      ? `add the role to state.crossAccountRoles of ${org.name}, run \`cdktf deploy ${org.access.stack}\`, and let the role use the key in its own account`
      : `use the credentials of genesys-${org.name}-state-writer, which the key's policy names; if the policy was changed by hand, run \`cdktf deploy ${org.access.stack}\``,
  );
}
