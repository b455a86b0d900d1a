import type { Construct } from "constructs";
import { UserError } from "../errors";
import { isToken } from "../stack/tokens";

/** Stand-ins for tokens: right values, so that only literals are checked. */
const STAND_INS: Readonly<Record<string, string>> = {
  consumers: "arn:aws:iam::000000000000:role/known-at-apply-time",
  divisions: "00000000-0000-4000-8000-000000000000",
  roles: "00000000-0000-4000-8000-000000000000",
};

/** Properties that are text, and that Terraform can fill in. */
const TEXTS = ["description"];

/**
 * The properties of an OAuth client as they can be checked at synth: literals as they are, and a
 * right value in place of each token where Terraform can fill one in.
 *
 * @throws UserError for a token where the value itself is needed, such as in a name
 */
export function withoutTokens<Props extends object>(scope: Construct, props: Props): Props {
  const problems: string[] = [];
  const checked = Object.entries(props).map(([key, value]) => {
    const standIn = STAND_INS[key];
    if (standIn !== undefined && Array.isArray(value) && !isToken(value)) {
      return [key, value.map((item) => (isToken(item) ? standIn : item))];
    }
    if (TEXTS.includes(key) && isToken(value)) return [key, undefined];
    if (hasToken(value)) {
      const fix =
        standIn === undefined ? "write the value itself" : "give a list, whose items may be tokens";
      problems.push(`${key} is known to Terraform at apply time only: ${fix}`);
    }
    return [key, value];
  });
  if (problems.length === 0) return Object.fromEntries(checked) as Props;
  throw new UserError(problems.map((problem) => `${scope.node.path}: ${problem}`).join("\n"));
}

function hasToken(value: unknown): boolean {
  if (isToken(value)) return true;
  return Array.isArray(value) || (typeof value === "object" && value !== null)
    ? Object.values(value).some(hasToken)
    : false;
}
