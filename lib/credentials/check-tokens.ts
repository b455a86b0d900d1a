import type { Construct } from "constructs";
import { UserError } from "../errors";
import { isToken } from "../stack/tokens";

const ID = "00000000-0000-4000-8000-000000000000";

/**
 * Properties of an OAuth client that may be tokens, each with a valid value in place of the token, so
 * that synth checks only literals.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  description: "",
  allowedAddresses: "192.0.2.1",
  consumers: "arn:aws:iam::000000000000:role/known-at-apply-time",
  divisions: ID,
  roles: ID,
  queueId: ID,
  userId: ID,
  value: "known at apply time",
};

/**
 * Returns the properties of an OAuth client for the checks at synth: literals unchanged, and a valid
 * value in place of each token.
 *
 * @throws UserError for a token in a property that needs a literal, such as a name
 */
export function withoutTokens<Props extends object>(scope: Construct, props: Props): Props {
  const problems: string[] = [];
  const replace = (value: unknown, key: string, path: string): unknown => {
    if (isToken(value)) {
      const isList = Array.isArray(value) && key in STAND_INS;
      if (key in STAND_INS && !isList) return STAND_INS[key];
      const fix = isList ? "write a list, whose items may be tokens" : "write the value itself";
      problems.push(`${path} is a token, which is not known before apply; ${fix}`);
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => replace(item, key, `${path}[${index}]`));
    }
    return typeof value === "object" && value !== null ? replaceIn(value, `${path}.`) : value;
  };
  const replaceIn = (value: object, path: string): object =>
    Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, replace(field, key, `${path}${key}`)]),
    );
  const replaced = replaceIn(props, "");
  if (problems.length === 0) return replaced as Props;
  throw new UserError(problems.map((problem) => `${scope.node.path}: ${problem}`).join("\n"));
}
