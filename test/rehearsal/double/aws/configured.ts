import { tmpdir } from "node:os";
import { awsBehaviour } from "../../../../lib/rehearsal/double/aws";
import type { NewObject } from "../../../../lib/rehearsal/double/core/behaviour";
import type { ObjectValue } from "../../../../lib/rehearsal/double/core/value";

/** An AWS provider of the account 111111111111 in eu-west-1. */
export const configured = (patch: ObjectValue = {}, folder = tmpdir()) =>
  awsBehaviour(folder).configure({
    region: "eu-west-1",
    allowed_account_ids: ["111111111111"],
    ...patch,
  });

/** The values that it computes for an object. */
export const computed = (
  type: string,
  planned: ObjectValue,
  { folder, ...object }: Partial<NewObject> & { folder?: string } = {},
) =>
  configured({}, folder).computed?.({
    type,
    planned,
    config: planned,
    prior: null,
    seed: "seed",
    ...object,
  });

/** Completes the planned values, and returns the attributes whose change replaces the object. */
export const plan = (type: string, planned: ObjectValue, prior: ObjectValue | null = null) =>
  configured().plan?.(type, planned, prior);

/** ARN of something in its account and region. */
export const arnOf = (service: string, resource: string) =>
  `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
