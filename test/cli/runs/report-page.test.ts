import { createHash } from "node:crypto";
import { reportPage } from "../../../lib/cli/runs/report-page";
import { ALARM, fiftyStacks, planOf, runReport, stackRun, troubledRun } from "./run-reports";

/** Rows of a page: the text between their tags. */
const rowsOf = (page: string): string[] =>
  [...page.matchAll(/<tr data-kind=.*?<\/tr>/gs)].map(([row]) => row);

const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

test("problems come first and open, then the weakened controls, then the other stacks as they ran", () => {
  const rows = rowsOf(reportPage(troubledRun()));
  expect(rows).toHaveLength(50);
  expect(rows.slice(0, 5).map((row) => textOf(row).split(" ").slice(0, 2).join(" "))).toEqual([
    "failed dk-staging",
    "failed fi-prod",
    "failed gb-prod",
    "refused mx-prod",
    "applied pt-staging",
  ]);
  expect(rows.map((row) => row.includes('<details class="urgent" open>')).lastIndexOf(true)).toBe(
    3,
  );
});

test("many problems are closed, so that they can be surveyed", () => {
  const failed = { outcome: "failed", error: "Error: no" } as const;
  const page = reportPage(
    runReport(Array.from({ length: 6 }, (_, n) => stackRun(`org-${n}`, failed))),
  );
  expect(page).not.toContain(" open>");
  expect(page.match(/<details class="urgent">/g)).toHaveLength(6);
});

test("the header has who ran what and when, and a tile for each outcome that there is", () => {
  const page = reportPage(troubledRun());
  const [header = ""] = /<header>.*<\/header>/s.exec(page) ?? [];
  expect(textOf(header)).toMatch(
    /^50 stacks: 39 applied, 7 unchanged, 3 failed, 1 refused in 14\.2 s Run deploy 20261129t021500z-3f9c1b2e By runner@fv-az1 Job https:\/\/github.com\S+ Commit 9f2c1ab Started 2026-11-29T02:15:00Z Engine Terraform 1.11.4 Approval reviewed before Applied .* 3 failed 1 refused 39 applied 7 unchanged/,
  );
});

test("a row has the error, the differences, the weakened controls, the changes and the retries", () => {
  const page = reportPage(
    runReport([
      stackRun("na-prod", {
        outcome: "refused",
        error: "org-na-prod: terraform plan failed:\nError: first\nsecond",
        differences: ["one more object"],
        plan: planOf("na-prod", [{ ...ALARM, action: "delete", movedFrom: "a.b" }], {
          outputs: ["queue"],
          weakened: [{ address: ALARM.address, control: "alarm", what: "the alarm is removed" }],
        }),
        retries: ["Error: 503 SlowDown"],
      }),
    ]),
  );
  for (const part of [
    "<summary>Error: first</summary>",
    "<pre>org-na-prod: terraform plan failed:\nError: first\nsecond</pre>",
    "<h3>Differences from the review</h3><ul><li>one more object</li></ul>",
    `<h3>Weakened controls</h3><ul><li><code>${ALARM.address}</code> the alarm is removed (alarm)`,
    `<h3>Planned changes</h3><ul><li>- <code>${ALARM.address}</code> from <code>a.b</code></li>`,
    "<h3>Outputs</h3><ul><li><code>queue</code>",
    "<h3>Steps that were repeated after</h3><ul><li>Error: 503 SlowDown",
  ]) {
    expect(page).toContain(part);
  }
});

describe("foreign text", () => {
  const MARKUP = "</script><script>document.title='owned'</script>\"'><img src=x onerror=alert(1)>";
  const TURNED = "\u202egnp.exe\u2066";
  const hostile = `${MARKUP}${TURNED}\u001b[2J`;
  const page = reportPage(
    runReport(
      [
        stackRun(hostile, {
          stack: hostile,
          outcome: "failed",
          error: `Error: ${hostile}\n${hostile}`,
          differences: [hostile],
          retries: [hostile],
          plan: planOf(
            hostile,
            [
              {
                address: hostile,
                type: hostile,
                action: "update",
                attributes: [{ path: hostile }],
                movedFrom: hostile,
              },
            ],
            {
              outputs: [hostile],
              weakened: [{ address: hostile, control: "alarm", what: hostile }],
            },
          ),
        }),
      ],
      {
        author: { user: hostile, arn: hostile, job: `javascript:${hostile}` },
        commit: hostile,
        terraform: hostile,
      },
    ),
  );

  test("is no markup, wherever it is", () => {
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|href=/);
    expect(page.split("&lt;img src=x").length).toBeGreaterThan(15);
    expect(page).not.toContain("\"'>");
  });

  test("cannot change the direction of text", () => {
    expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  test("is a link only if it is an address of the web", () => {
    const linked = (job: string) =>
      /<a href="([^"]*)"/.exec(reportPage(runReport([], { author: { user: "me", job } })))?.[1];
    expect(linked("https://ci.example/jobs/1?a=1&b=2")).toBe(
      "https://ci.example/jobs/1?a=1&amp;b=2",
    );
    expect(linked("javascript:alert(1)")).toBeUndefined();
    expect(linked('https://ci.example/" onclick="alert(1)')).toBeUndefined();
  });
});

test("the browser runs the script and the style of the page, and nothing else", () => {
  const page = reportPage(troubledRun());
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hashOf = (tag: string) => {
    const [, text = ""] = new RegExp(`<${tag}>(.*)</${tag}>`, "s").exec(page) ?? [];
    return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  };
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `style-src ${hashOf("style")}`,
    `script-src ${hashOf("script")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).not.toMatch(/src=|url\(|@import|style=| on\w+=/);
});

test("the bar of a stack shows when it was worked on; without times there is none", () => {
  const [late = "", unknown = "", never = ""] = rowsOf(
    reportPage(
      runReport([
        stackRun("na-prod", {
          work: [
            { from: 0, to: 1.42 },
            { from: 7.1, to: 14.2 },
          ],
        }),
        stackRun("eu-prod", { work: undefined }),
        stackRun("uk-prod", { outcome: "unchanged", work: [{ from: 0, to: 0 }] }),
      ]),
    ),
  );
  expect(late).toContain('aria-label="from 0.0 s to 1.4 s, from 7.1 s to 14.2 s"');
  expect(late).toContain('<rect x="0" width="10" height="6"/><rect x="50" width="50" height="6"/>');
  expect(unknown).not.toContain("<svg");
  expect(never).toContain('<rect x="0" width="1" height="6"/>');
});

describe("the size of the page", () => {
  const thousand = (stacks: ReturnType<typeof fiftyStacks>) =>
    Array.from({ length: 20 }, () => stacks).flat();
  const sizeOf = (stacks: ReturnType<typeof fiftyStacks>) =>
    Buffer.byteLength(reportPage(runReport(stacks)));

  test("of 1,000 stacks with a few changes is below 1.2 MB", () => {
    expect(sizeOf(thousand(fiftyStacks()))).toBeLessThan(1_200_000);
  });

  test("of 1,000 failures with long errors and many changes is below 15 MB", () => {
    const many = Array.from({ length: 300 }, (_, n) => ({
      ...ALARM,
      address: `${ALARM.address}_${n}`,
    }));
    const failed = stackRun("na-prod", {
      outcome: "failed",
      error: "x".repeat(1_000_000),
      plan: planOf("na-prod", many),
    });
    const page = reportPage(runReport([failed]));
    expect(page).toContain("and 260 further changes in report.json");
    expect(page).toContain("(report.json has the whole error)");
    expect(sizeOf(Array(1000).fill(failed))).toBeLessThan(15_000_000);
  });
});
