import type { PolicyRule } from "../rule";
import { asObject, asText, isExpression } from "../synthesized-stack";

/** No stack reads the state of another organisation. */
export const crossOrg: PolicyRule = {
  id: "GO-CROSS-ORG",
  severity: "error",
  title: "No stack reads another organisation's state",
  reason:
    "A remote state hands over the whole state of the other org, and ties the blast radius of both together.",
  fix: "Pass the value through the registry, or look it up with a data source of its provider.",
  *check(stack) {
    const own = asText(stack.backend?.body.key) ?? "";
    const ownBucket = stack.backend?.body.bucket;
    for (const source of stack.data("terraform_remote_state")) {
      if (source.body.backend !== "s3") continue;
      const { key, bucket } = asObject(source.body.config);
      const other = asText(key) ?? "";
      if (isExpression(key)) {
        yield { at: source, message: "reads a remote state whose key is an expression" };
      } else if (orgOf(other) && (orgOf(other) !== orgOf(own) || bucket !== ownBucket)) {
        yield {
          at: source,
          message: `reads the state ${bucket}/${other} of org "${orgOf(other)}"; its own is ${ownBucket}/${own}`,
        };
      }
    }
  },
};

/** The org whose state a key is; one org may have several, for its components. */
function orgOf(key: string): string | undefined {
  return /^orgs\/([^/]+)\//.exec(key)?.[1];
}
