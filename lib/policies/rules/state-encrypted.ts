import { KMS_KEY_ARN } from "../../registry/names";
import { differences } from "../backend-arguments";
import type { Place } from "../place";
import type { PolicyContext, PolicyRule, Problem } from "../rule";
import { asText, type Block } from "../synthesized-stack";

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

function* problemsOf({ body }: Block, { org, backend }: PolicyContext): Generator<string> {
  const { encrypt, kms_key_id, acl } = body;
  const key = asText(body.key) ?? "";
  if (encrypt !== true && encrypt !== "true") yield "encrypt is not true";
  const keyArn = asText(kms_key_id);
  if (!keyArn) yield "kms_key_id is missing";
  else if (!KMS_KEY_ARN.test(keyArn)) yield `kms_key_id "${keyArn}" is not the full ARN of a key`;
  else if (org?.kmsKeyArn && keyArn !== org.kmsKeyArn) {
    yield `kms_key_id is ${keyArn}, but the record has ${org.kmsKeyArn} for ${org.name}`;
  }
  if (acl !== undefined && acl !== null) {
    yield `acl is "${acl}"; a bucket without ACLs refuses the state, and an ACL protects nothing`;
  }
  if (backend) yield* differences(body, backend, "place");
  else if (org && !key.startsWith("orgs/")) yield `key "${key}" is not under orgs/`;
}
