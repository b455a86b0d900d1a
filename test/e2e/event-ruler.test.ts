import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { PATTERNS, QUESTIONS } from "../credentials/monitoring/event-table";
import { OPERATORS } from "../support/aws-events/operator-table";

/** The folder with the jars of AWS's Event Ruler, which is what EventBridge matches with. */
const JARS = process.env.EVENT_RULER;

if (!JARS) {
  test.skip("AWS's Event Ruler is missing: run `mvn dependency:copy-dependencies -f test/e2e/event-ruler/pom.xml -DoutputDirectory=<folder>`, and set EVENT_RULER to the folder", () => {});
} else {
  test("AWS's Event Ruler answers the table of operators as our matcher does", () => {
    const answers = ask(OPERATORS.map(([pattern, event]) => [pattern, event]));
    expect(OPERATORS.map(([pattern, event], index) => [pattern, event, answers[index]])).toEqual(
      OPERATORS,
    );
  });

  test("AWS's Event Ruler answers the table of events as expected", () => {
    const answers = ask(QUESTIONS.map(({ pattern, event }) => [PATTERNS[pattern], event]));
    const matching = answers.filter(Boolean).length;
    process.stdout.write(
      `Event Ruler: ${Object.keys(PATTERNS).length} patterns, ${matching} events match, ${answers.length - matching} nearly do\n`,
    );
    expect(QUESTIONS.map((question, index) => ({ ...question, matches: answers[index] }))).toEqual(
      QUESTIONS,
    );
  });
}

function ask(pairs: readonly (readonly unknown[])[]): boolean[] {
  const { stdout, stderr } = spawnSync(
    "java",
    ["-cp", join(JARS as string, "*"), join(__dirname, "event-ruler/MatchEvents.java")],
    { input: JSON.stringify(pairs), encoding: "utf8" },
  );
  const answers = stdout.split("\n").slice(0, -1);
  if (answers.length !== pairs.length) throw new Error(`Event Ruler: ${stderr}`);
  return answers.map((answer) => answer === "true");
}
