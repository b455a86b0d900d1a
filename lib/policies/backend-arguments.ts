import type { Json } from "./synthesized-stack";

/** Arguments that only say how Terraform talks to S3, or where it finds credentials. */
const HARMLESS: ReadonlySet<string> = new Set([
  "custom_ca_bundle",
  "ec2_metadata_service_endpoint",
  "ec2_metadata_service_endpoint_mode",
  "http_proxy",
  "https_proxy",
  "max_retries",
  "no_proxy",
  "profile",
  "retry_mode",
  "shared_config_files",
  "shared_credentials_file",
  "shared_credentials_files",
  "use_dualstack_endpoint",
  "use_fips_endpoint",
]);

/** Arguments of the lock. */
const LOCK: ReadonlySet<string> = new Set(["dynamodb_table", "use_lockfile"]);

/** Arguments that `GO-STATE-ENCRYPTED` checks by themselves, also without a registry. */
const ENCRYPTION: ReadonlySet<string> = new Set(["acl", "encrypt", "kms_key_id"]);

/**
 * Returns a message for each argument of an S3 backend that is not as the registry says.
 *
 * @param part arguments of the lock, or all others
 */
export function* differences(
  actual: Json,
  expected: Json | undefined,
  part: "lock" | "place",
): Generator<string> {
  if (expected === undefined) return;
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const name of [...names].sort()) {
    const isOfPart = LOCK.has(name) === (part === "lock");
    if (name === "//" || !isOfPart || HARMLESS.has(name) || ENCRYPTION.has(name)) continue;
    const [is, should] = [actual[name] ?? undefined, expected[name]].map((value) =>
      value === undefined ? undefined : JSON.stringify(value),
    );
    if (is === should) continue;
    // An argument that the registry does not know may be a credential.
    if (should === undefined) yield `${name} is set, but does not follow from the registry`;
    else yield `${name} is ${is ?? "missing"}, but follows from the registry as ${should}`;
  }
}
