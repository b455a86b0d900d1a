import type { UserError } from "../../errors";
import type { StackResult } from "./for-each-org";
import type { FailedPlan } from "./plan-text";

/** Returns the stacks that failed. */
export const failuresOf = (results: readonly StackResult<unknown>[]): FailedPlan[] =>
  results.flatMap(({ stack: { org, stack }, error }) =>
    error ? { org: org.name, stack, error: wordsOf(error, stack) } : [],
  );

/** The words of an error where the stack is named already. */
export const wordsOf = ({ message }: UserError, stack: string): string =>
  message.replace(`${stack}: `, "");
