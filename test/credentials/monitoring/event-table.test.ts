import { matchesPattern } from "../../support/aws-events/match-pattern";
import { PATTERNS, QUESTIONS, ROWS } from "./event-table";

type Json = Record<string, unknown>;

const report: string[] = [];

// `npm run events` shows the table, and `npm test` the counts.
afterAll(() => process.stdout.write(`${report.join("\n")}\n`));

describe.each(Object.entries(PATTERNS))("the pattern %s", (name, pattern) => {
  const questions = QUESTIONS.filter((question) => question.pattern === name);
  const answers = questions.map((question) => ({
    ...question,
    answer: matchesPattern(pattern, question.event),
  }));
  const surprises = answers.filter(({ answer, matches }) => answer !== matches);
  const near = answers.filter(({ matches }) => !matches).length;
  report.push(
    `${name}: ${questions.length - near} events match, ${near} nearly do, ${surprises.length} surprising`,
    ...(process.env.npm_lifecycle_event === "events" ? answers : surprises).map(
      ({ what, answer }) => `  ${answer ? "matches " : "does not"}  ${what}`,
    ),
  );

  test("answers each event of its table as expected", () => expect(surprises).toEqual([]));

  test("has an event that matches, and one that nearly does", () => {
    expect([questions.length - near, near]).toEqual([expect.anything(), expect.anything()]);
    expect(Math.min(questions.length - near, near)).toBeGreaterThan(0);
  });

  // The variants of a pattern share all else with it.
  if (name.includes(",")) return;

  test.each(partsOf(pattern))("needs %s", (_path, weaker) => {
    const changedAnswers = questions.filter(
      ({ event, matches }) => matchesPattern(weaker, event) !== matches,
    );
    expect(changedAnswers).not.toEqual([]);
  });
});

test("each event that nearly matches differs in one field from one that does", () => {
  const paths = ROWS.flatMap(({ nearly = [] }) => nearly.map(([, path]) => path));
  expect(paths.length).toBe(QUESTIONS.filter(({ matches }) => !matches).length);
});

/** A pattern without each of its conditions, and without each of a condition's values. */
function partsOf(pattern: Json, path = ""): [path: string, weaker: Json][] {
  return Object.entries(pattern).flatMap(([field, condition]): [string, Json][] => {
    const at = path ? `${path}.${field}` : field;
    const { [field]: _, ...others } = pattern;
    const instead = (value: unknown): Json => ({ ...pattern, [field]: value });
    if (!Array.isArray(condition)) {
      return partsOf(condition as Json, at).map(([where, weaker]) => [where, instead(weaker)]);
    }
    const fewer = condition.map((_value, index): [string, Json] => [
      `${at}[${index}]`,
      condition.length > 1 ? instead(condition.toSpliced(index, 1)) : others,
    ]);
    const names = condition.flatMap((value, index) =>
      listedIn(value).map((list, _index, all): [string, Json] => [
        `${at}[${index}] ${list}`,
        instead(condition.with(index, { "anything-but": all.filter((each) => each !== list) })),
      ]),
    );
    return [...fewer, ...(names.length > 1 ? names : [])];
  });
}

/** The values of an anything-but with a list. */
function listedIn(value: unknown): string[] {
  const listed = (value as Json | undefined)?.["anything-but"];
  return Array.isArray(listed) ? listed : [];
}
