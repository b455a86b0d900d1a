import type { PolicyRule } from "../rule";
import { asList, asObject, asText, type Json } from "../synthesized-stack";

/** Arguments with a policy, by the types of their resources. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_iam_policy: "policy",
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_kms_key: "policy",
  aws_kms_key_policy: "policy",
  aws_s3_bucket_policy: "policy",
  aws_secretsmanager_secret: "policy",
  aws_secretsmanager_secret_policy: "policy",
  aws_sns_topic: "policy",
  aws_sns_topic_policy: "policy",
  aws_sqs_queue: "policy",
  aws_sqs_queue_policy: "policy",
};

/** Keys whose value says who calls. Operators that begin with these words compare it. */
const CALLER =
  /^(aws:(Principal(Arn|Account|OrgID|OrgPaths|Tag\/.+)|Source(Arn|Account|OrgID|OrgPaths|Vpc|Vpce|Ip)|userid)|kms:CallerAccount|sts:ExternalId|[\w.-]+:(sub|aud))$/i;
const COMPARES =
  /^(For(Any|All)Values:)?(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like)|IpAddress)$/;

/** No policy allows something to everybody, or everything to somebody. */
export const policyOpen: PolicyRule = {
  id: "GO-POLICY-OPEN",
  severity: "error",
  title: "No policy is open to everybody, and none allows everything",
  reason:
    'An allow for the principal "*" without a condition about the caller is an allow for every AWS account.',
  fix: "Name the principals, or add a condition on aws:PrincipalArn, aws:PrincipalAccount or aws:SourceAccount.",
  *check(stack) {
    for (const [type, argument] of Object.entries(POLICIES)) {
      for (const at of stack.resources(type)) {
        for (const [index, statement] of statementsOf(at.body[argument]).entries()) {
          const name = asText(statement.Sid) ?? `number ${index + 1}`;
          const isOpen = isForEverybody(statement);
          if (isOpen) yield { at, message: `statement ${name} of ${argument} allows everybody` };
          if (!isOpen && isForEverything(statement)) {
            yield { at, message: `statement ${name} of ${argument} allows every action` };
          }
        }
      }
    }
    for (const at of stack.resources("aws_lambda_permission")) {
      const { principal, source_account, source_arn, principal_org_id } = at.body;
      if (principal !== "*" || source_account || source_arn || principal_org_id) continue;
      yield { at, message: 'principal "*" allows everybody to call the function' };
    }
  },
};

/** The allows of a policy. One that is an expression as a whole is known to Terraform only. */
function statementsOf(policy: unknown): Json[] {
  try {
    return asList(asObject(JSON.parse(asText(policy) ?? "")).Statement)
      .map(asObject)
      .filter(({ Effect }) => Effect === "Allow");
  } catch {
    return [];
  }
}

function isForEverybody({ Principal, NotPrincipal, Condition }: Json): boolean {
  const named = [Principal, ...Object.values(asObject(Principal))].flatMap(asList);
  if (NotPrincipal === undefined && !named.includes("*")) return false;
  return !Object.entries(asObject(Condition)).some(
    ([operator, keys]) =>
      COMPARES.test(operator) &&
      Object.entries(asObject(keys)).some(
        ([key, values]) => CALLER.test(key) && !asList(values).some((value) => value === "*"),
      ),
  );
}

/** Also in a policy that Terraform completes, all actions on all resources. */
const isForEverything = ({ Action, Resource, Principal, Condition }: Json): boolean =>
  Principal === undefined &&
  Condition === undefined &&
  asList(Action).some((action) => action === "*" || action === "*:*") &&
  asList(Resource).includes("*");
