import { TERRAFORM_RELEASE } from "../../versions";
import type { PolicyRule } from "../rule";
import { asObject, asText } from "../synthesized-stack";

const [FLOOR_MAJOR = 0, FLOOR_MINOR = 0] = TERRAFORM_RELEASE.split(".").map(Number);

/** Terraform and providers are new enough to keep secrets out of the state. */
export const version: PolicyRule = {
  id: "GO-VERSION",
  severity: "error",
  title: `Terraform is at least ${TERRAFORM_RELEASE}, and every provider has a version range`,
  reason:
    "Older versions of Terraform have no write-only arguments and no S3 lock files. Other provider versions store or blank secrets.",
  fix: `Set terraform.required_version to ">= ${TERRAFORM_RELEASE}" or higher, and a version in every required_providers entry.`,
  *check(stack) {
    const { required_version, required_providers } = stack.settings;
    const constraint = asText(required_version);
    if (!constraint) {
      yield { at: stack.root, message: "required_version is missing" };
    } else if (!reachesFloor(constraint)) {
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
      }
    }
  },
};

/** Whether one of the constraints excludes every version before the floor. */
function reachesFloor(constraint: string): boolean {
  return constraint.split(",").some((part) => {
    const match = /^\s*(>=|>|=|~>)?\s*v?(\d+)(?:\.(\d+))?/.exec(part);
    if (!match) return false;
    const [major, minor] = [Number(match[2]), Number(match[3] ?? 0)];
    return major > FLOOR_MAJOR || (major === FLOOR_MAJOR && minor >= FLOOR_MINOR);
  });
}
