import { DefaultTokenResolver, Fn, StringConcat, Token, Tokenization } from "cdktf";
import type { Construct } from "constructs";

/** Returns whether Terraform knows a value only at apply time, so that synth cannot check it. */
export const isToken = (value: unknown): boolean => Token.isUnresolved(value);

/** Returns the values that differ: two tokens of one attribute are one value. */
export function distinctValues(scope: Construct, values: readonly string[]): string[] {
  const resolver = new DefaultTokenResolver(new StringConcat());
  const byText = new Map<string, string>();
  for (const value of values) {
    const text = Tokenization.resolve(value, { scope, resolver, preparing: false });
    if (!byText.has(text)) byText.set(text, value);
  }
  return [...byText.values()];
}

/** A check that Terraform makes before it creates or changes a resource. */
export interface Precondition {
  readonly condition: string;
  readonly errorMessage: string;
}

/**
 * Returns checks for the tokens among some values. Terraform refuses a value that does not match, and
 * also null. Synth checks the literals.
 *
 * @param pattern regular expression in Terraform's syntax (RE2)
 * @param message returns the message for the value at an index; Terraform requires a full stop at its end
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
