import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import type { z } from "zod";
import { runReportJsonSchema, runReportSchema } from "../../../lib/cli/runs/report-schema";
import type { RunReport } from "../../../lib/cli/runs/run-report";
import { ROOT } from "../../support/synthesized-app";
import { ALARM, planOf, runReport, stackRun, troubledRun } from "./run-reports";

/** The schema as it is published: the build writes it. */
const schema = JSON.parse(readFileSync(join(ROOT, "dist/run-report.schema.json"), "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

/** A report that has each field that a report may have. */
type Full<Value> = Value extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]-?: Full<Value[Key]> }
    : Exclude<Value, undefined>;

const FULL: Full<RunReport> = {
  version: 1,
  run: "20261129t021500z-3f9c1b2e",
  command: "destroy",
  author: {
    user: "ana@host",
    arn: "arn:aws:iam::111111111111:user/ana",
    job: "https://ci.example/1",
  },
  commit: "9f2c1ab-dirty",
  started: "2026-11-29T02:15:00.000Z",
  ended: "2026-11-29T02:15:14Z",
  terraform: "OpenTofu 1.11.0",
  approval: "by condition",
  stacks: [
    {
      org: "na-prod",
      environment: "sandbox",
      stack: "org-na-prod",
      outcome: "not started",
      plan: {
        org: "na-prod",
        stack: "org-na-prod",
        changes: [
          {
            ...ALARM,
            movedFrom: "a.b",
            reason: "delete_because_no_resource_config",
            attributes: [{ path: "tags.owner", before: "sensitive", after: "unknown" }],
          },
        ],
        outputs: ["queue"],
        weakened: [
          { address: ALARM.address, control: "deletion protection", what: "it is deleted" },
        ],
        digest: "0".repeat(64),
      },
      differences: ["one more object"],
      error: "Error: no",
      retries: ["Error: 503"],
      work: [{ from: 0, to: 1.5 }],
      seconds: 1.5,
    },
  ],
};

/** The rules allow everything that a type has: the compiler checks it. */
type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;
const asRules = (report: RunReport): Frozen<z.output<typeof runReportSchema>> => report;

test.each([
  ["with every field", FULL],
  ["with trouble", troubledRun()],
  ["without any stack", runReport([])],
  ["that has not ended", runReport([stackRun("na-prod")], { ended: undefined })],
])("a report %s is valid, and is read as it is", (_, report) => {
  const json = JSON.parse(JSON.stringify(asRules(report)));
  expect({ valid: validate(json), errors: validate.errors }).toEqual({ valid: true, errors: null });
  expect(runReportSchema.parse(json)).toEqual(json);
});

test("a field that a later version adds is valid, and is left out when it is read", () => {
  const later = { ...runReport([stackRun("na-prod")]), costs: 7 };
  expect(validate(JSON.parse(JSON.stringify(later)))).toBe(true);
  expect(runReportSchema.parse(later)).not.toHaveProperty("costs");
});

test.each([
  ["of another version", { version: 2 }],
  ["without stacks", { stacks: undefined }],
  ["with an unknown outcome", { stacks: [{ ...stackRun("na-prod"), outcome: "fine" }] }],
  ["with a time in words", { started: "yesterday" }],
  ["with a run that is a path", { run: "../../run" }],
  ["with negative seconds", { stacks: [stackRun("na-prod", { seconds: -1 })] }],
  [
    "with a digest of another kind",
    { stacks: [stackRun("na-prod", { plan: planOf("na-prod", [], { digest: "x" }) })] },
  ],
])("a report %s is not valid", (_, more) => {
  const json = JSON.parse(JSON.stringify({ ...runReport([]), ...more }));
  expect(validate(json)).toBe(false);
  expect(runReportSchema.safeParse(json).success).toBe(false);
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

test("the published schema has the rules of the code", () => {
  const rules = JSON.stringify(schema, (key, value) => {
    // The build adds the comments.
    return key === "description" ? undefined : value;
  });
  expect(JSON.parse(rules)).toEqual(runReportJsonSchema());
});

test("each field has a description, from the comments of the types", () => {
  const without: string[] = [];
  const walk = ({ properties = {}, items }: Schema, path: string): void => {
    if (items) walk(items, path);
    for (const [name, property] of Object.entries(properties)) {
      const at = `${path}${name}`;
      if (!/^\S.*\.$/.test(property.description ?? "")) without.push(at);
      walk(property, `${at}.`);
    }
  };
  walk(schema, "");
  expect(without).toEqual([]);
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Report of a run over Genesys Cloud organisations",
  });
});
