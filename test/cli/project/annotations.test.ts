import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportAnnotations } from "../../../lib/cli/project/annotations";
import { temporaryFolder } from "../../support/folders";

interface Left {
  readonly path: string;
  readonly level: "info" | "warn" | "error";
  readonly message: string;
}

/** Reports a synthesis whose only stack has these annotations. */
function report(left: readonly Left[], isTTY = false, env: NodeJS.ProcessEnv = {}): string {
  const output = temporaryFolder();
  const annotations = left.map(({ path, level, message }) => ({
    constructPath: path,
    level: `@cdktf/${level}`,
    message,
    stacktrace: ["at Object.<anonymous>"],
  }));
  const manifest = { version: "0.21.0", stacks: { "org-na-prod": { annotations } } };
  writeFileSync(join(output, "manifest.json"), JSON.stringify(manifest));
  return reported(output, isTTY, env);
}

function reported(output: string, isTTY = false, env: NodeJS.ProcessEnv = {}): string {
  let written = "";
  const stream = {
    isTTY,
    write: (text: string) => {
      written += text;
    },
  };
  const { signal } = new AbortController();
  const io = { stdout: stream, stderr: stream, env, cwd: output, signal, now: Date.now };
  reportAnnotations(io, output);
  return written;
}

const warning: Left = { path: "org-na-prod/crm", level: "warn", message: "secret in\n  state" };

test("a warning is one line with the construct that gave it", () => {
  expect(report([warning])).toBe("warning: org-na-prod/crm: secret in state\n");
});

test("the same warning is printed once", () => {
  expect(report([warning, warning])).toBe(report([warning]));
});

test("a mere information is not printed", () => {
  expect(report([{ ...warning, level: "info" }])).toBe("");
});

test("errors fail the command, all of them at once", () => {
  const error: Left = { path: "org-na-prod/a", level: "error", message: "wrong" };
  expect(() => report([error, { ...error, path: "org-na-prod/b" }])).toThrow(
    "org-na-prod/a: wrong\norg-na-prod/b: wrong",
  );
});

test("only a terminal has colours, and none with NO_COLOR", () => {
  const colour = "\u001b[33m";
  expect(report([warning], true)).toContain(colour);
  expect(report([warning], true, { NO_COLOR: "1" })).not.toContain(colour);
});

test("a synthesis without a manifest has nothing to report", () => {
  expect(reported(temporaryFolder())).toBe("");
});
