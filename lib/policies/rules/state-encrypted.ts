import { KMS_KEY_ARN } from "../../registry/names";
import { differences } from "../backend-arguments";
import type { Place } from "../place";
import type { PolicyContext, PolicyOrg, PolicyRule, Problem } from "../rule";
import { asText, type Block, type Json } from "../synthesized-stack";

/** The state is in its home and encrypted with the org's own key. */
export const stateEncrypted: PolicyRule = {
  id: "GO-STATE-ENCRYPTED",
  severity: "error",
  title: "The state is in its home, encrypted with the org's own key",
  reason:
    "A state in another place overwrites another stack's, or starts empty. Without a key, encrypt means SSE-S3 even if the bucket has another default. Without encrypt, a key is silently ignored. An alias means another key in another account.",
  fix: "Use SecureStateBackend, and do not override its arguments.",
  *check(stack, context) {
    const { backend } = stack;
    if (backend?.type === "s3") {
      for (const message of problemsOf(backend, context)) yield { at: backend, message };
      if (context.org) yield* withoutOwnKey(backend, context.org);
    } else if (context.org) {
      yield notS3(
        backend ?? stack.root,
        stack.settings.cloud ? "cloud" : (backend?.type ?? "local"),
      );
    }
  },
};

function notS3(at: Place, type: string): Problem {
  return {
    at,
    message: `the backend is "${type}" and not "s3", so the state is not in its state home`,
  };
}

/** Warns of a home that does without KMS, as its entry says. */
function* withoutOwnKey(at: Place, { name, encryption = "kms" }: PolicyOrg): Generator<Problem> {
  if (encryption === "kms") return;
  const how =
    encryption === "none"
      ? "Terraform does not ask the store to encrypt it"
      : "the store encrypts it with the key that all its states share";
  yield {
    at,
    severity: "warning",
    message: `the state of ${name} has no KMS key of its own: ${how}`,
    fix: "Where the store has a KMS, remove storage.encryption from the home, and record a key for each of its orgs.",
  };
}

function* problemsOf({ body }: Block, context: PolicyContext): Generator<string> {
  const { org, backend } = context;
  const { acl } = body;
  const key = asText(body.key) ?? "";
  yield* encryptionProblems(body, org);
  if (acl !== undefined && acl !== null) {
    yield `acl is "${acl}"; a bucket without ACLs refuses the state, and an ACL protects nothing`;
  }
  if (backend) yield* differences(body, backend, "place");
  else if (org && !key.startsWith("orgs/")) yield `key "${key}" is not under orgs/`;
}

function* encryptionProblems({ encrypt, kms_key_id }: Json, org?: PolicyOrg): Generator<string> {
  const { encryption = "kms", kmsKeyArn, name } = org ?? {};
  const keyArn = asText(kms_key_id);
  if (encryption !== "none" && encrypt !== true && encrypt !== "true") yield "encrypt is not true";
  if (encryption !== "kms") {
    if (keyArn)
      yield `kms_key_id is ${keyArn}, but the home of ${name} has encryption ${encryption}`;
  } else if (!keyArn) yield "kms_key_id is missing";
  else if (!KMS_KEY_ARN.test(keyArn)) yield `kms_key_id "${keyArn}" is not the full ARN of a key`;
  else if (kmsKeyArn && keyArn !== kmsKeyArn) {
    yield `kms_key_id is ${keyArn}, but the record has ${kmsKeyArn} for ${name}`;
  }
}
