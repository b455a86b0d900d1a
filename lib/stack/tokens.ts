import { Fn, Token } from "cdktf";

/** Whether Terraform fills a value in at apply time, so that it cannot be checked before. */
export const isToken = (value: unknown): boolean => Token.isUnresolved(value);

/** A check that Terraform makes before it creates or changes a resource. */
export interface Precondition {
  readonly condition: string;
  readonly errorMessage: string;
}

/**
 * Checks for the tokens among some values: Terraform refuses a value that does not match, null among
 * them. Literals are checked at synth.
 *
 * @param pattern regular expression that Terraform (RE2) understands
 * @param message of the value at an index; ends with a full stop, as Terraform wants it
 */
export const preconditionsOn = (
  values: readonly string[],
  pattern: string,
  message: (index: number) => string,
): Precondition[] =>
  values.flatMap((value, index) =>
    isToken(value)
      ? [
          {
            condition: Token.asString(Fn.can(Fn.regex(pattern, value))),
            errorMessage: message(index),
          },
        ]
      : [],
  );
