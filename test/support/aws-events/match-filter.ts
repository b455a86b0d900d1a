// The part of CloudWatch's filter patterns for JSON that this project uses, held to the examples of AWS's
// documentation in match-filter.test.ts.

type Test = (event: unknown) => boolean;

const TOKEN =
  /\s*(\|\||&&|[(){}]|!=|=|\$[\w.[\]]+|"(?:[^"\\]|\\.)*"|NOT EXISTS|IS NULL|[^\s(){}=!&|"]+)/y;

/** Whether a log event matches a filter pattern. */
export function matchesFilter(pattern: string, event: unknown): boolean {
  const tokens = tokensOf(pattern);
  const take = (wanted?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new Error(`${pattern}: expected ${wanted ?? "more"}, got ${token ?? "the end"}`);
    }
    return token;
  };
  // && binds more strongly than ||.
  const joined =
    (operator: string, part: () => Test, join: (tests: Test[]) => Test) => (): Test => {
      const tests = [part()];
      while (tokens[0] === operator) {
        take(operator);
        tests.push(part());
      }
      return join(tests);
    };
  const every = joined("&&", term, (tests) => (of) => tests.every((test) => test(of)));
  const some = joined("||", every, (tests) => (of) => tests.some((test) => test(of)));
  function term(): Test {
    if (tokens[0] !== "(") return comparison(take(), take(), take);
    take("(");
    const test = some();
    take(")");
    return test;
  }
  take("{");
  const test = some();
  take("}");
  return test(event);
}

function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(pattern) ?? [];
    if (token === undefined) throw new Error(`${pattern}: nothing is known at ${at}`);
    tokens.push(token);
  }
  return tokens;
}

function comparison(field: string, operator: string, take: () => string): Test {
  const valueIn = (event: unknown) =>
    (field.match(/[^.$[\]]+/g) ?? []).reduce<unknown>(
      (at, name) => (at as Record<string, unknown> | null | undefined)?.[name],
      event,
    );
  if (operator === "NOT EXISTS") return (event) => valueIn(event) === undefined;
  if (operator === "IS NULL") return (event) => valueIn(event) === null;
  const operand = take();
  const text = operand.startsWith('"') ? operand.slice(1, -1) : operand;
  const wanted = new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replace(/[\\^$.|?+(){}[\]]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  );
  return (event) => {
    const value = valueIn(event);
    // A field that is missing equals nothing, and differs from nothing.
    if (value === undefined || value === null) return false;
    return wanted.test(String(value)) === (operator === "=");
  };
}
