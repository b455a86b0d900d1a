import { MARKDOWN, PLAIN } from "../../../lib/cli/runs/markup";
import { reportText } from "../../../lib/cli/runs/report-text";
import type { PlannedChange } from "../../../lib/terraform/changes/planned-changes";
import { ALARM, planOf, runReport, stackRun, troubledRun } from "./run-reports";

/** Positions of some texts, in the order in which they are given. */
const positions = (text: string, ...parts: string[]) => parts.map((part) => text.indexOf(part));

describe("the report in words", () => {
  test("begins with the verdict, and goes from what went wrong to what was done", () => {
    const text = reportText(troubledRun(), PLAIN);
    expect(text.split("\n")[0]).toBe(
      "50 stacks: 39 applied, 7 unchanged, 3 failed, 1 refused in 14.2 s",
    );
    const order = positions(
      text,
      "3 stacks failed:\n",
      "1 stack refused, since the change is no longer the reviewed one:\n",
      "1 weakened control applied:\n",
      "30 stacks applied, the same 2 changes: org-",
      "7 stacks without changes: org-",
      "1 stack with steps that were repeated:\n  org-ie-staging: Error: operation error S3",
    );
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((one, other) => one - other));
  });

  test("shows what is created and destroyed before many imports", () => {
    const imports = Array.from({ length: 25 }, (_, index): PlannedChange => {
      const address = `aaa_object.${index}`;
      return { address, type: "aaa_object", action: "import", attributes: [] };
    });
    const stack = stackRun("na-prod", { plan: planOf("na-prod", [...imports, ALARM]) });
    const text = reportText(runReport([stack]), PLAIN);
    expect(text).toMatch(/26 changes: org-na-prod\n {2}\+ aws_cloudwatch_metric_alarm\./);
    expect(text).toContain("  … and 6 further changes\n");
  });

  test("says who ran it, how it was approved, and what it has changed in all", () => {
    expect(reportText(runReport([stackRun("na-prod")]), PLAIN)).toContain(
      [
        "1 stack: 1 applied in 14.2 s",
        "  Run: deploy 20261129t021500z-3f9c1b2e",
        "  By: ana@runner-7 (arn:aws:sts::111111111111:assumed-role/deploy/ana)",
        "  Commit: 9f2c1ab",
        "  Started: 2026-11-29T02:15:00Z",
        "  Engine: Terraform 1.11.4",
        "  Approval: by hand",
        "  Applied: 1 added, 1 changed, 0 replaced, 0 destroyed",
        "",
      ].join("\n"),
    );
  });

  test("has an error that several stacks have in common once, with their names", () => {
    const text = reportText(troubledRun(), PLAIN);
    expect(text).toContain(
      [
        "  2 for the same reason: org-fi-prod, org-gb-prod",
        "    org-fi-prod: terraform apply failed:",
        "    Error: 429 Too Many Requests: the organisation fi-prod has used up its API quota (c0ffee)",
        "",
      ].join("\n"),
    );
    expect(text).not.toContain("the organisation gb-prod");
  });

  test("names what waits with its changes, what was not started, and what was stopped", () => {
    const deletion = planOf("eu-prod", [{ ...ALARM, action: "delete" }]);
    const text = reportText(
      runReport([
        stackRun("na-prod", { outcome: "stopped", error: "interrupted" }),
        stackRun("eu-prod", { outcome: "waiting", plan: deletion }),
        stackRun("uk-prod", { outcome: "not started", plan: undefined, seconds: 0 }),
      ]),
      PLAIN,
    );
    expect(text).toContain("3 stacks: 1 stopped, 1 not started, 1 waiting in 14.2 s\n");
    expect(text).toContain(
      "1 stack stopped while Terraform was running:\n  org-na-prod\n    interrupted\n",
    );
    expect(text).toContain(
      "1 stack waiting for approval:\n  org-eu-prod: 0 to add, 0 to change, 0 to replace, 1 to destroy\n",
    );
    expect(text).toContain("1 stack not started: org-uk-prod\n");
  });

  test.each([
    ["has not ended", { ended: undefined }, "1 stack: 1 applied; the run has not ended"],
    ["took minutes", { ended: "2026-11-29T02:18:05Z" }, "1 stack: 1 applied in 3 min 5 s"],
    [
      "took almost a minute",
      { ended: "2026-11-29T02:15:59.97Z" },
      "1 stack: 1 applied in 1 min 0 s",
    ],
    ["took hours", { ended: "2026-11-29T04:16:10Z" }, "1 stack: 1 applied in 2 h 1 min"],
  ])("says that a run %s", (_, more, verdict) => {
    expect(reportText(runReport([stackRun("na-prod")], more), PLAIN)).toContain(`${verdict}\n`);
  });

  test("of a run over nothing says so", () => {
    expect(reportText(runReport([]), PLAIN)).toContain("0 stacks: nothing to do in 14.2 s\n");
  });

  test("cuts a long error, and says so", () => {
    const error = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n\n");
    const text = reportText(runReport([stackRun("na-prod", { outcome: "failed", error })]), PLAIN);
    expect(text).toContain("    line 7\n    … and 22 further lines\n");
  });
});

describe("in Markdown", () => {
  const HOSTILE = "<img src=x> @all [x](https://evil.example) `\u202e\u001b[2J";
  const hostile = reportText(
    runReport(
      [
        stackRun("na-prod", {
          stack: `org-${HOSTILE}\n# heading`,
          outcome: "failed",
          error: `Error: ${HOSTILE}\n\`\`\`\n# heading\n<img src=x>`,
        }),
        stackRun("eu-prod", {
          plan: planOf("eu-prod", [
            { ...ALARM, action: "update", attributes: [{ path: `tags.${HOSTILE}`, after: "x" }] },
          ]),
          retries: [HOSTILE],
        }),
      ],
      { author: { user: HOSTILE }, commit: HOSTILE },
    ),
    MARKDOWN,
  );

  test("foreign text is code, and does not end it", () => {
    // What GitHub would render: the text without fenced blocks and code spans.
    const rendered = hostile
      .replace(/^ *(`{3,})text\n[\s\S]*?^ *\1$/gm, "")
      .replace(/`[^`]*`/g, "");
    expect(rendered).not.toMatch(/img|@all|evil|# heading\n/);
    expect(rendered).not.toContain("`");
  });

  test("foreign text controls neither a terminal nor the direction of text", () => {
    expect(hostile).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  test("the verdict is a heading, and the sign of a change is no list of its own", () => {
    const text = reportText(troubledRun(), MARKDOWN);
    expect(text).toMatch(
      /^### 50 stacks: 39 applied, 7 unchanged, 3 failed, 1 refused in 14\.2 s\n/,
    );
    expect(text).toContain(`\n- \`- ${ALARM.address}\`\n`);
    expect(text).not.toMatch(/^- [+-] /m);
  });

  test("a thousand failures fit into the summary of a job, which takes 1 MiB", () => {
    const error = (name: string) => `Error: ${name} ${"x".repeat(2000)}\n`.repeat(50);
    const stacks = Array.from({ length: 1000 }, (_, index) =>
      stackRun(`org-${index}`, { outcome: "failed", error: error(`cause ${index}`) }),
    );
    const text = reportText(runReport(stacks), MARKDOWN);
    expect(Buffer.byteLength(text)).toBeLessThan(512 * 1024);
    expect(text).toContain("… and 950 more");
  });
});
