import { UserError } from "../../errors";
import type { Counts } from "./plan-summary";

/** Whether the counts of a stack's changes are approved. */
export type Condition = (counts: Counts) => boolean;

const NAMES: readonly (keyof Counts)[] = [
  "add",
  "change",
  "replace",
  "destroy",
  "other",
  "weakened",
];

const OPERATORS = new Map<string, (left: number, right: number) => boolean>([
  ["==", (left, right) => left === right],
  ["!=", (left, right) => left !== right],
  ["<=", (left, right) => left <= right],
  [">=", (left, right) => left >= right],
  ["<", (left, right) => left < right],
  [">", (left, right) => left > right],
]);

const TOKEN = /\s*(?:(&&|\|\||[()])|(==|!=|<=|>=|<|>)|([a-z]+)|(\d+))/y;

/**
 * Reads a condition on the counts of a stack's changes, for example
 * `destroy == 0 && (replace == 0 || weakened == 0)`. `&&` binds more than `||`.
 *
 * @throws UserError that names the place of the mistake, and what is allowed
 */
export function conditionOf(text: string): Condition {
  const tokens = tokensIn(text);
  let at = 0;
  const fail = (): never => {
    const place = tokens[at] === undefined ? "at the end" : `at \`${tokens[at]}\``;
    throw new UserError(
      `the condition \`${text}\` is not valid ${place}: compare ${NAMES.join(", ")} with a whole number (== != < <= > >=), and combine with &&, || and parentheses`,
    );
  };
  const next = <Value>(read: (token: string) => Value | undefined): Value => {
    const value = read(tokens[at] ?? "");
    if (value === undefined) return fail();
    at += 1;
    return value;
  };
  const has = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  function either(): Condition {
    const parts = [both()];
    while (has("||")) parts.push(both());
    return (counts) => parts.some((part) => part(counts));
  }
  function both(): Condition {
    const parts = [one()];
    while (has("&&")) parts.push(one());
    return (counts) => parts.every((part) => part(counts));
  }
  function one(): Condition {
    if (has("(")) {
      const inner = either();
      if (!has(")")) fail();
      return inner;
    }
    const name = next((token) => NAMES.find((known) => known === token));
    const compare = next((token) => OPERATORS.get(token));
    const number = next((token) => (/^\d+$/.test(token) ? Number(token) : undefined));
    return (counts) => compare(counts[name], number);
  }
  const condition = either();
  return at === tokens.length ? condition : fail();
}

function tokensIn(text: string): string[] {
  const tokens: string[] = [];
  const scanner = new RegExp(TOKEN);
  while (scanner.lastIndex < text.trimEnd().length) {
    const from = scanner.lastIndex;
    const match = scanner.exec(text);
    if (!match) return [...tokens, text.slice(from).trim()];
    tokens.push(match[0].trim());
  }
  return tokens;
}
