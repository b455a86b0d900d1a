import { REQUIRED_PROVIDERS, TERRAFORM_RELEASE } from "../../versions";
import type { PolicyRule } from "../rule";
import { asObject, asText } from "../synthesized-stack";

/** Terraform and providers are new enough to keep secrets out of the state. */
export const version: PolicyRule = {
  id: "GO-VERSION",
  severity: "error",
  title: `Terraform is at least ${TERRAFORM_RELEASE}, and providers are new enough`,
  reason:
    "Older versions of Terraform have no write-only arguments and no S3 lock files. Older provider versions store or blank secrets.",
  fix: `Set terraform.required_version to ">= ${TERRAFORM_RELEASE}" or higher, and a version in every required_providers entry, not below those of OrgStack.`,
  *check(stack, { org }) {
    const { required_version, required_providers } = stack.settings;
    const constraint = asText(required_version);
    if (!constraint) {
      yield { at: stack.root, message: "required_version is missing" };
    } else if (!reaches(constraint, TERRAFORM_RELEASE)) {
      yield {
        at: stack.root,
        message: `required_version "${constraint}" allows versions before ${TERRAFORM_RELEASE}`,
      };
    }
    for (const [name, provider] of Object.entries(asObject(required_providers))) {
      if (name === "//") continue;
      const range = asText(provider) ?? asText(asObject(provider).version);
      if (!range?.trim()) {
        yield { at: stack.root, message: `required provider ${name} has no version constraint` };
      } else if (org) {
        const source = asText(asObject(provider).source) ?? `hashicorp/${name}`;
        for (const message of providerProblems(name, source, range)) {
          yield { at: stack.root, message };
        }
      }
    }
  },
};

/** The providers that OrgStack configures must be the ones that it means, and not older. */
function* providerProblems(name: string, source: string, range: string): Generator<string> {
  const required = (REQUIRED_PROVIDERS as Readonly<Record<string, Required | undefined>>)[name];
  if (!required) return;
  if (!`/${source.toLowerCase()}`.endsWith(`/${required.source}`)) {
    yield `provider ${name} is ${source}, and not ${required.source}`;
  }
  const [, floor = ""] = /^>= ([\d.]+)/.exec(required.version) ?? [];
  if (!reaches(range, floor)) {
    yield `required provider ${name} "${range}" allows versions before ${floor}`;
  }
}

interface Required {
  readonly source: string;
  readonly version: string;
}

/** Whether one of the constraints excludes every version before the floor. */
function reaches(constraint: string, floor: string): boolean {
  return constraint.split(",").some((part) => {
    const match = /^\s*(?:>=|>|=|~>)?\s*v?(\d+(?:\.\d+)*)/.exec(part);
    return match !== null && compare(match[1] ?? "", floor) >= 0;
  });
}

/** Compares two versions; missing parts are 0. */
function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
