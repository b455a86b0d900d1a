import { AwsCallError } from "../../../aws/call";
import { NOT_LOGGED_IN } from "../../../aws/sdk";
import { lockTableOf } from "../../../registry/names";
import { failed, notChecked, type Outcome } from "./checklist";
import type { DoctorContext, Identity } from "./context";

export const NO_CREDENTIALS = notChecked(NOT_LOGGED_IN);

/** The cause and the fix of what AWS answered; undefined where its own words have to do. */
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
    return failed(message, "synchronize this machine's clock, then log in again");
  }
  if (code === "NoSuchBucket") {
    return failed(
      `there is no bucket ${home.bucket}`,
      home.status === "external"
        ? `make it in the store, or correct the bucket of home ${home.name}`
        : `\`cdktf deploy ${home.stack}\`, or correct the bucket of home ${home.name}`,
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
      `there is no lock table ${table}`,
      `\`cdktf deploy ${own ? org.access.stack : home.stack}\``,
    );
  }
  if (/^KMS\.|\bkms:\w+|KMS key/i.test(`${code} ${message}`))
    return explainKms(context, error, identity);
  if (/^(AccessDenied|AccessDeniedException|Forbidden|403)$/.test(code)) {
    return failed(
      `AWS refuses ${identity?.arn ?? "these credentials"}: ${message}`,
      `work as a role of ${org.name} (genesys-${org.name}-state-writer); after a change of roles \`cdktf deploy ${org.access.stack}\``,
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
      `the key ${key} is disabled, about to be deleted, or not there: ${message}`,
      "enable it, or cancel its deletion: without it the state and all its versions are lost",
    );
  }
  const who = identity?.arn ?? "these credentials";
  const foreign = identity !== undefined && identity.account !== home.account;
  return failed(
    `KMS refuses ${who} the key ${key}${foreign ? `, which is of account ${home.account}: a role of another account needs the key's policy and its own` : ""}: ${message}`,
    foreign
      ? `name the role in state.crossAccountRoles of ${org.name}, \`cdktf deploy ${org.access.stack}\`, and allow it the key in its own account`
      : `work as genesys-${org.name}-state-writer, which the key's policy names; \`cdktf deploy ${org.access.stack}\` if that was changed by hand`,
  );
}
