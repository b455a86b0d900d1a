import { z } from "zod";
import { ENVIRONMENT_LABELS } from "../../registry/names";
import { CONTROLS } from "../../terraform/changes/watch";
import { OUTCOMES } from "./outcomes";
import { SIGNS } from "./plan-text";
import { APPROVAL_NAMES } from "./report-facts";
import type { RunReport } from "./run-report";

/** The keys of a record as the choices of a field. */
const choices = <Key extends string>(keys: readonly Key[]) => z.enum(keys as [Key, ...Key[]]);
const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) =>
  Object.keys(record) as Key[];

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), "is not a time");
const texts = z.array(z.string());
const seconds = z.number().min(0);

const attribute = z.object({
  path: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});

const change = z.object({
  address: z.string(),
  type: z.string(),
  action: choices(keysOf(SIGNS)),
  attributes: z.array(attribute),
  movedFrom: z.string().optional(),
  reason: z.string().optional(),
});

const weakened = z.object({
  address: z.string(),
  control: z.enum(CONTROLS),
  what: z.string(),
});

const plan = z.object({
  org: z.string(),
  stack: z.string(),
  changes: z.array(change),
  outputs: texts,
  weakened: z.array(weakened),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

const stack = z.object({
  org: z.string(),
  environment: choices(keysOf(ENVIRONMENT_LABELS)),
  stack: z.string(),
  outcome: choices(OUTCOMES),
  plan: plan.optional(),
  differences: texts.optional(),
  error: z.string().optional(),
  retries: texts.optional(),
  work: z.array(z.object({ from: seconds, to: seconds })).optional(),
  seconds,
});

/** Rules of a report. Fields that a later version adds are left out when it is read. */
export const runReportSchema = z.object({
  version: z.literal(1),
  run: z.string().regex(/^[a-z0-9-]{1,64}$/),
  command: z.enum(["deploy", "destroy"]),
  author: z.object({
    user: z.string(),
    arn: z.string().optional(),
    job: z.string().optional(),
  }),
  commit: z.string().optional(),
  started: time,
  ended: time.optional(),
  terraform: z.string(),
  approval: choices(APPROVAL_NAMES),
  stacks: z.array(stack),
}) satisfies z.ZodType<RunReport>;

/** JSON Schema of `report.json`. The build publishes it with the comments of the types. */
export const runReportJsonSchema = (): Record<string, unknown> => ({
  // As input, so that a report with a field of a later version is valid as well.
  ...z.toJSONSchema(runReportSchema, { io: "input" }),
  title: "Report of a run over Genesys Cloud organisations",
});
