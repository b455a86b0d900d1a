import { exitCodeOf } from "../../../lib/cli/runs/outcomes";
import type { Outcome } from "../../../lib/cli/runs/run-report";
import { pageText } from "../../support/pages";
import { stackRun } from "./run-reports";

const codeOf = (...outcomes: Outcome[]) =>
  exitCodeOf({ stacks: outcomes.map((outcome) => stackRun("na-prod", { outcome })) });

test.each<[string, number, Outcome[]]>([
  ["no stack at all", 0, []],
  ["only done ones", 0, ["applied", "unchanged"]],
  ["one that waits", 2, ["applied", "waiting"]],
  ["a refused one, which is worse than one that waits", 3, ["waiting", "refused", "applied"]],
  ["a failed one, which is the worst", 1, ["waiting", "refused", "failed", "applied"]],
  ["a stopped one", 1, ["refused", "stopped"]],
  ["one that was not started without a reason", 1, ["applied", "not started"]],
  ["one that was not started since another waits", 2, ["applied", "not started", "waiting"]],
])("the exit code of a run with %s is %d", (_, code, outcomes) => {
  expect(codeOf(...outcomes)).toBe(code);
});

test("the documented table has each outcome with its exit code", () => {
  const [, section = ""] =
    /## Exit codes of a deploy\n(.*?)\n## /s.exec(pageText("docs/deploying.md")) ?? [];
  const documented = [...section.matchAll(/^\| (\d) \| ([^|]+) \|/gm)].flatMap(([, code, names]) =>
    (names ?? "")
      .split(",")
      .map((name) => [name.trim().replaceAll("`", ""), Number(code)] as const),
  );
  const all: Readonly<Record<Outcome, true>> = {
    applied: true,
    unchanged: true,
    failed: true,
    refused: true,
    waiting: true,
    stopped: true,
    "not started": true,
  };
  const expected = Object.keys(all).map(
    (outcome) => [outcome, codeOf(outcome as Outcome)] as const,
  );
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(expected));
});
