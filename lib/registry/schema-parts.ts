import { z } from "zod";
import { ROLE_ARN_PATTERN, UUID_PATTERN } from "./patterns";

/**
 * Message of a check: the id of its rule and the allowed values, in one string, as zod wants it.
 * `checkEntry` separates the two.
 */
export const must = (rule: string, expected: string): string => `${rule}|${expected}`;

/** An object without unknown keys, since a misspelt option must not be silently ignored. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === "unrecognized_keys"
        ? must("unknown-key", `use one of ${known}`)
        : must(
            input === undefined ? "required" : "type",
            `give an object; possible keys are ${known}`,
          ),
  });
}

/** One message for a value that is missing or not allowed. */
export const orMissing = (rule: string, expected: string) => (issue: { input?: unknown }) =>
  must(issue.input === undefined ? "required" : rule, expected);

export const oneOf = <const Values extends readonly [string, ...string[]]>(
  rule: string,
  values: Values,
) => z.enum(values, { error: orMissing(rule, `use one of ${values.join(", ")}`) });

/** Text. Missing text gets `expected` as its message, and a value of another type a general one. */
export const anyText = (expected: string) =>
  z.string({
    error: ({ input }) => (input === undefined ? must("required", expected) : undefined),
  });

export const text = (rule: string, pattern: RegExp, expected: string) =>
  anyText(expected).regex(pattern, { error: must(rule, expected) });

export const textThat = (rule: string, allowed: (value: string) => boolean, expected: string) =>
  anyText(expected).refine(allowed, { error: must(rule, expected) });

export const atLeastOne = <Item extends z.ZodType>(item: Item, rule: string, expected: string) =>
  z
    .array(item, {
      error: ({ input }) => (input === undefined ? must("required", expected) : undefined),
    })
    .min(1, { error: must(rule, expected) });

export const wholeNumber = (rule: string, least: number, most: number, expected: string) => {
  const error = must(rule, expected);
  return z.number().int({ error }).min(least, { error }).max(most, { error });
};

export const UUID = new RegExp(UUID_PATTERN);
/** Lower-case words joined by single hyphens: the form of names. */
export const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const kebabCase = (rule: string, longest: number) =>
  text(rule, KEBAB, "use lower-case words joined by single hyphens, beginning with a letter").max(
    longest,
    {
      error: must(rule, `use at most ${longest} characters, so that derived names fit`),
    },
  );

export const account = z
  .string({ error: orMissing("aws-account", "give 12 digits, in quotes") })
  .regex(/^\d{12}$/, { error: must("aws-account", "give 12 digits, in quotes") });

export const awsRegion = text(
  "aws-region",
  /^[a-z]{2,4}(-[a-z]+)+-\d$/,
  "give the name of an AWS region, such as us-east-1",
);

const WITH_PATH =
  "give the role's ARN with its path, such as role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef; `aws iam get-role` shows it";

export const principalArn = (rule: string) =>
  text(
    rule,
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
    "give the full ARN of an IAM role or user, without wildcards",
  ).refine(hasItsPath, { error: must(rule, WITH_PATH) });

export const roleArn = (rule: string) =>
  text(
    rule,
    new RegExp(ROLE_ARN_PATTERN),
    "give the full ARN of an IAM role, without wildcards",
  ).refine(hasItsPath, { error: must(rule, WITH_PATH) });

/** A consumer of a credential: a name of the registry, or a role. */
export const consumer = text(
  "consumer",
  new RegExp(`${KEBAB.source}|${ROLE_ARN_PATTERN}`),
  "give the name of a consumer of the registry, or the full ARN of an IAM role, without wildcards",
).refine(hasItsPath, { error: must("consumer", WITH_PATH) });

/** Roles of IAM Identity Center have a path, which the ARN of a session leaves out. */
function hasItsPath(arn: string): boolean {
  return !/:role\/AWSReservedSSO_/.test(arn);
}

export const principals = (rule: string) => z.array(principalArn(rule)).optional();

export const httpsUrl = (rule: string) =>
  text(
    rule,
    /^(https:\/\/([\w.-]+|\[[0-9a-fA-F:.]+\])|http:\/\/(localhost|127\.0\.0\.1|\[::1\]))(:\d+)?(\/[\w.~/-]*)?$/,
    "give an https URL without credentials or query (http only on loopback)",
  );

export const vaultPath = (rule: string) =>
  text(
    rule,
    /^(?!data\/)(?!\.{1,2}(\/|$))[A-Za-z0-9_.-]+(\/(?!\.{1,2}(\/|$))[A-Za-z0-9_.-]+)*$/,
    'give the path without a slash at its beginning or end, without "data/", "." and ".." in it',
  );
