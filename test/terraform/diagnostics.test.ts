import {
  errorsIn,
  failureText,
  onlyVerifiesChecks,
  plannedChanges,
} from "../../lib/terraform/diagnostics";

test("errors are taken out of their frame, without warnings", () => {
  const output = [
    "aws_x.y: Creating...",
    "\u001b[33m╷\u001b[0m",
    "│ Warning: deprecated",
    "│ ",
    "│ Use another one.",
    "╵",
    "╷",
    "│ Error: first",
    "│ ",
    "│   on cdk.tf.json line 3:",
    "│   why",
    "╵",
    "╷",
    "│ Error: second",
    "╵",
    "",
  ].join("\n");
  expect(errorsIn(output)).toBe("Error: first\n\n  on cdk.tf.json line 3:\n  why\n\nError: second");
});

test("errors are found without a frame too", () => {
  expect(errorsIn("\nError: only\n\nwhy\n\nWarning: not this\n\nnor this\n")).toBe(
    "Error: only\n\nwhy",
  );
});

test("a configuration in one line is not repeated as a whole", () => {
  const quoted = `   1: {"resource":${"x".repeat(1000)}}`;
  const said = `403: ${"w".repeat(300)}`;
  const error = `Error: wrong\n\n  on cdk.tf.json line 1:\n${quoted}\n\n${said}`;
  const lines = errorsIn(error).split("\n");
  expect(lines).toEqual([
    ...["Error: wrong", "", "  on cdk.tf.json line 1:"],
    `${quoted.slice(0, 166)}…`,
    ...["", said],
  ]);
});

test("output without an error has none", () => {
  expect(errorsIn("Apply complete! Resources: 1 added")).toBe("");
});

test.each([
  ["its errors", { stdout: "Error: b", stderr: "Error: a\n\nwhy\n" }, "Error: a\n\nwhy"],
  ["its errors on stdout", { stdout: "plan\nError: b\n", stderr: "noise" }, "Error: b"],
  ["what it wrote", { stdout: "plan", stderr: " killed\n" }, "killed"],
  ["its exit code", { stdout: "plan", stderr: "\n" }, "exit code 1"],
])("a failure is told by %s", (_what, output, text) => {
  expect(failureText({ code: 1, ...output })).toBe(text);
});

test("a plan that only verifies checks again is told from one that changes something", () => {
  const check = [
    "  # data.aws_vpc.v will be read during apply",
    "  # (config will be reloaded to verify a check block)",
    " <= data {}",
  ].join("\n");
  expect(onlyVerifiesChecks(check)).toBe(true);
  expect(onlyVerifiesChecks(`${check}\n  # aws_kms_key.key will be updated in-place`)).toBe(false);
  expect(onlyVerifiesChecks(`${check}\nChanges to Outputs:\n  + a = 1`)).toBe(false);
  expect(onlyVerifiesChecks("  # data.aws_vpc.v will be read during apply\n")).toBe(false);
  expect(onlyVerifiesChecks("No changes.")).toBe(false);
});

test("planned changes are the addresses with what happens to them", () => {
  const output = [
    "Terraform will perform the following actions:",
    "",
    "  # aws_kms_key.key will be updated in-place",
    "  # aws_kms_alias.a must be replaced",
    "  ~ resource {}",
    "Plan: 1 to add",
  ].join("\n");
  expect(plannedChanges(output)).toEqual([
    "aws_kms_key.key will be updated in-place",
    "aws_kms_alias.a must be replaced",
  ]);
});
