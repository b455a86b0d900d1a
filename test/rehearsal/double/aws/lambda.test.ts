import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ObjectValue, UNKNOWN } from "../../../../lib/rehearsal/double/core/value";
import { removeFolder, temporaryFolder } from "../../../../lib/terraform/cleanup";
import { arnOf, computed, plan } from "./configured";

const folder = temporaryFolder("lambda-test-");
afterAll(() => removeFolder(folder));

test.each<[string, ObjectValue, ObjectValue]>([
  [
    "aws_lambda_alias",
    { function_name: "f", name: "dry-run", function_version: "$LATEST" },
    { id: arnOf("lambda", "function:f:dry-run"), arn: arnOf("lambda", "function:f:dry-run") },
  ],
  [
    "aws_lambda_alias",
    { function_name: arnOf("lambda", "function:f"), name: "live", function_version: "1" },
    { arn: arnOf("lambda", "function:f:live") },
  ],
  [
    "aws_lambda_function",
    { function_name: "f" },
    {
      id: "f",
      arn: arnOf("lambda", "function:f"),
      qualified_arn: arnOf("lambda", "function:f:$LATEST"),
      version: "$LATEST",
    },
  ],
  ["aws_lambda_function_event_invoke_config", { function_name: "f" }, { id: "f" }],
  [
    "aws_lambda_function_event_invoke_config",
    { function_name: "f", qualifier: "live" },
    { id: "f:live" },
  ],
  ["aws_lambda_permission", { function_name: "f", statement_id: "s" }, { id: "s" }],
])("%s of %j has %j", (type, planned, expected) => {
  expect(computed(type, planned)).toMatchObject(expected);
});

test("the id of a statement is made from its prefix", () => {
  expect(computed("aws_lambda_permission", { statement_id_prefix: "s-" })?.id).toMatch(
    /^s-\w{26}$/,
  );
});

test("a function that is published has the next version", () => {
  const version = (prior: ObjectValue | null) =>
    computed("aws_lambda_function", { function_name: "f", publish: true }, { prior })?.version;
  expect(version(null)).toBe("1");
  expect(version({ version: "1" })).toBe("2");
  expect(version({ version: "$LATEST" })).toBe("1");
});

describe("the code of a function", () => {
  const made = (filename: string, code_sha256: typeof UNKNOWN | string = UNKNOWN) =>
    computed("aws_lambda_function", { function_name: "f", filename, code_sha256 }, { folder });

  test("is read from Terraform's folder", () => {
    writeFileSync(join(folder, "f.zip"), "code");
    expect(made("f.zip")).toMatchObject({
      code_sha256: createHash("sha256").update("code").digest("base64"),
      source_code_size: 4,
    });
  });

  test("must exist", () => {
    expect(() => made("gone.zip")).toThrow(/^reading ZIP file \(gone\.zip\): ENOENT/);
  });

  test("is not read again while it does not change", () => {
    expect(made("gone.zip", "known")).not.toHaveProperty("code_sha256");
  });
});

test("invocations of one function with one input are different objects", () => {
  const planned = { function_name: "f", qualifier: "$LATEST", input: "{}" };
  const id = (seed: string) => computed("aws_lambda_invocation", planned, { seed })?.id;
  expect(id("one")).toMatch(/^f,\$LATEST,[0-9a-f]{32}$/);
  expect(id("one")).not.toBe(id("two"));
});

const zip: ObjectValue = {
  package_type: "Zip",
  handler: "index.handler",
  runtime: "nodejs24.x",
  memory_size: 128,
  source_code_hash: "a",
  code_sha256: "a",
  version: "1",
  publish: false,
  tags: null,
};
const variables = (names: Record<string, string>) => ({
  ...zip,
  environment: [{ variables: names }],
});

test.each<[string, string, ObjectValue, string]>([
  [
    "a function of a zip without a handler",
    "aws_lambda_function",
    { ...zip, handler: null },
    "handler and runtime must be set",
  ],
  [
    "a variable that Lambda sets itself",
    "aws_lambda_function",
    variables({ AWS_REGION: "x" }),
    '"AWS_REGION"',
  ],
  ["a variable that no shell could set", "aws_lambda_function", variables({ "A-B": "x" }), '"A-B"'],
  [
    "a list as input of a managed invocation",
    "aws_lambda_invocation",
    { lifecycle_scope: "CRUD", input: "[]" },
    "requires input to be a JSON object",
  ],
])("%s is refused", (_what, type, planned, problem) => {
  expect(() => plan(type, { ...planned })).toThrow(problem);
});

test.each<[string, string, ObjectValue]>([
  ["a function of an image without a handler", "aws_lambda_function", { package_type: "Image" }],
  ["a handler that is not known yet", "aws_lambda_function", { ...zip, handler: UNKNOWN }],
  ["a variable that is not reserved", "aws_lambda_function", variables({ ORG: "na-prod" })],
  [
    "a list as input of a single invocation",
    "aws_lambda_invocation",
    { lifecycle_scope: "CREATE_ONLY", input: "[]" },
  ],
])("%s is not", (_what, type, planned) => {
  expect(() => plan(type, { ...planned })).not.toThrow();
});

describe("a changed function", () => {
  const unknownAfter = (patch: ObjectValue, prior: ObjectValue = zip) => {
    const planned = { ...prior, ...patch };
    plan("aws_lambda_function", planned, prior);
    return Object.keys(planned)
      .filter((name) => planned[name] === UNKNOWN)
      .sort();
  };
  const ofCode = ["code_sha256", "last_modified", "source_code_size"];
  const ofVersion = ["qualified_arn", "qualified_invoke_arn", "version"];

  test("has an unknown digest when its code changes", () => {
    expect(unknownAfter({ source_code_hash: "b" })).toEqual(ofCode);
    expect(unknownAfter({ memory_size: 256 })).toEqual([]);
  });

  test("has an unknown version when it is published", () => {
    const published = { ...zip, publish: true };
    expect(unknownAfter({ memory_size: 256 }, published)).toEqual(ofVersion);
    expect(unknownAfter({ source_code_hash: "b" }, published)).toEqual(
      [...ofCode, ...ofVersion].sort(),
    );
    expect(unknownAfter({ tags: { a: "b" } }, published)).toEqual([]);
    expect(unknownAfter({}, published)).toEqual([]);
  });
});

describe("an invocation whose input changes", () => {
  const changed = (lifecycle_scope: string) => {
    const prior = { lifecycle_scope, input: "{}", result: "null" };
    const planned: ObjectValue = { ...prior, input: '{"a":1}' };
    return { replaced: plan("aws_lambda_invocation", planned, prior), planned };
  };

  test("is replaced if it is invoked once", () => {
    expect(changed("CREATE_ONLY").replaced).toEqual(["input"]);
  });

  test("is invoked again, with a new result, if it is managed", () => {
    const { replaced, planned } = changed("CRUD");
    expect(replaced).toEqual([]);
    expect(planned.result).toBe(UNKNOWN);
  });
});
