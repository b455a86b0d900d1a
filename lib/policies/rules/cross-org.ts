import type { PolicyRule } from "../rule";
import { asObject, asText, isExpression, type Json } from "../synthesized-stack";

/** No stack reads the state of another organisation. */
export const crossOrg: PolicyRule = {
  id: "GO-CROSS-ORG",
  severity: "error",
  title: "No stack reads another organisation's state",
  reason:
    "A remote state reveals the whole state of the other org, and a mistake in one org affects both.",
  fix: "Pass the value through the registry, or look it up with a data source of its provider.",
  *check(stack) {
    const own = placeOf(asObject(stack.backend?.body));
    for (const source of stack.data("terraform_remote_state")) {
      if (source.body.backend !== "s3" && !isExpression(source.body.backend)) continue;
      const config = asObject(source.body.config);
      const values = [source.body.backend, source.body.config, config.key, config.bucket];
      if (values.some(isExpression)) {
        yield { at: source, message: "reads a remote state whose place is an expression" };
        continue;
      }
      const other = placeOf(config);
      if (!isForeign(other, own)) continue;
      const whose = orgOf(other.key) ? `of org "${orgOf(other.key)}"` : "of another stack";
      yield {
        at: source,
        message: `reads the state ${other.bucket}/${other.key} ${whose}; its own is ${own.bucket}/${own.key}`,
      };
    }
    for (const type of ["aws_s3_object", "aws_s3_bucket_object"]) {
      for (const source of stack.data(type)) {
        if (own.bucket === "" || asText(source.body.bucket) !== own.bucket) continue;
        yield {
          at: source,
          message: `reads an object of ${own.bucket}, the bucket with the states`,
        };
      }
    }
  },
};

interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** The place of a state. Terraform ignores a slash at the beginning of its key. */
function placeOf({ bucket, key, workspace_key_prefix: prefix }: Json): Place {
  const path = [asText(prefix), asText(key)].filter((part) => part !== undefined).join("/");
  return { bucket: asText(bucket) ?? "", key: path.replace(/^\/+/, "") };
}

/** Whether a state is another org's: in the home all but the own folder, elsewhere any org's folder. */
function isForeign(other: Place, own: Place): boolean {
  if (other.bucket !== own.bucket) return orgOf(other.key) !== undefined;
  return orgOf(other.key) === undefined || orgOf(other.key) !== orgOf(own.key);
}

/** The org of a state's key. One org may have several keys, for its components. */
function orgOf(key: string): string | undefined {
  return /^orgs\/([^/]+)\//.exec(key)?.[1];
}
