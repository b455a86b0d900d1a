import type { PlanJson, ResourceChange } from "./planned-changes";
import { type Control, differs, falls, turnsOff, type Values, type Watch } from "./watch";
import { EVERYWHERE, SETTINGS } from "./weakened-settings";

/** A control that protects states or secrets, and that a plan or a change of the code would weaken. */
export interface WeakenedControl {
  /** Address of the object, for example `aws_s3_bucket.states`. */
  readonly address: string;
  /** The kind of protection. */
  readonly control: Control;
  /** What would happen, in words. */
  readonly what: string;
}

/** A policy with fewer denials, or none at all. */
const deniesLess = (before: Values, after: Values): string | undefined =>
  denialsIn(after.policy) < denialsIn(before.policy) ? "its policy denies less" : undefined;

/** The objects that are watched, by type. Several watches may concern one type. */
const WATCHES: Readonly<Record<string, readonly Watch[]>> = {
  aws_s3_bucket: [{ control: "deletion protection", deleted: "the bucket is deleted" }],
  aws_s3_bucket_server_side_encryption_configuration: [
    { control: "encryption", deleted: "the bucket's encryption is removed", changed: encryptsLess },
  ],
  aws_s3_bucket_versioning: [
    {
      control: "deletion protection",
      deleted: "versioning is no longer managed",
      changed: (before, after) =>
        JSON.stringify(before).includes('"Enabled"') && !JSON.stringify(after).includes('"Enabled"')
          ? "versioning is suspended"
          : undefined,
    },
  ],
  aws_s3_bucket_public_access_block: [
    {
      control: "policy",
      deleted: "public access is no longer blocked",
      changed: (before, after) =>
        Object.keys(before).some((key) => before[key] === true && (after[key] ?? false) === false)
          ? "public access is blocked less"
          : undefined,
    },
  ],
  aws_s3_bucket_policy: [
    { control: "policy", deleted: "the bucket's policy is removed", changed: deniesLess },
  ],
  aws_dynamodb_table: [
    {
      control: "lock",
      deleted: "the lock table is deleted",
      changed: turnsOff("deletion_protection_enabled", "the table may be deleted"),
    },
  ],
  aws_kms_key: [
    {
      control: "encryption",
      deleted: "the key is scheduled for deletion",
      changed: turnsOff("enable_key_rotation", "the key no longer rotates"),
    },
    {
      control: "deletion protection",
      changed: falls("deletion_window_in_days", 30, "the key is deleted sooner"),
    },
    { control: "policy", changed: deniesLess },
  ],
  aws_secretsmanager_secret: [
    { control: "deletion protection", deleted: "the secret is deleted" },
    {
      control: "deletion protection",
      changed: falls(
        "recovery_window_in_days",
        30,
        "a deleted secret can be restored for less time",
      ),
    },
    { control: "encryption", changed: differs("kms_key_id", "the secret gets another key") },
  ],
  aws_secretsmanager_secret_policy: [
    { control: "policy", deleted: "the secret's policy is removed", changed: deniesLess },
    { control: "policy", changed: turnsOff("block_public_policy", "public policies are accepted") },
  ],
  aws_secretsmanager_secret_rotation: [
    {
      control: "rotation",
      deleted: "the secret no longer rotates",
      changed: (before, after) =>
        daysIn(after) > daysIn(before) ? "the secret rotates more rarely" : undefined,
    },
  ],
  aws_cloudwatch_metric_alarm: [
    {
      control: "alarm",
      deleted: "the alarm is removed",
      changed: (before, after) =>
        ((before.actions_enabled ?? true) === true && after.actions_enabled === false) ||
        lengthOf(after.alarm_actions) < lengthOf(before.alarm_actions)
          ? "the alarm tells fewer people"
          : undefined,
    },
  ],
  aws_iam_role: [
    {
      control: "policy",
      changed: differs("permissions_boundary", "the role gets another boundary, or none"),
    },
  ],
  aws_scheduler_schedule: [
    {
      control: "rotation",
      deleted: "the schedule is removed",
      changed: (before, after) =>
        (before.state ?? "ENABLED") === "ENABLED" && after.state === "DISABLED"
          ? "the schedule is switched off"
          : undefined,
    },
  ],
};

/** Returns the controls that a plan would weaken, ordered by address. */
export const weakenedControls = ({ resource_changes: all = [] }: PlanJson): WeakenedControl[] =>
  all
    .flatMap(({ address, type, mode, change }) =>
      mode === "managed"
        ? watchesOf(type).flatMap((watch) => {
            const what = meaningOf(watch, change);
            return what === undefined ? [] : { address, control: watch.control, what };
          })
        : [],
    )
    .sort((one, other) => (one.address < other.address ? -1 : 1));

const watchesOf = (type: string): readonly Watch[] => [
  ...(WATCHES[type] ?? SETTINGS[type] ?? []),
  ...EVERYWHERE,
];

function meaningOf(
  { deleted, changed, created }: Watch,
  { actions, before, after }: ResourceChange["change"],
): string | undefined {
  const [removes, makes] = [actions.includes("delete"), actions.includes("create")];
  if (removes && !makes) return deleted;
  // A replaced object is weaker for a moment, and its successor may be weaker for good.
  if (removes && makes) return changed?.(valuesIn(before), valuesIn(after)) ?? deleted;
  if (makes) return created?.(valuesIn(after));
  return actions.includes("update") ? changed?.(valuesIn(before), valuesIn(after)) : undefined;
}

const valuesIn = (value: unknown): Values => (value ?? {}) as Values;

function encryptsLess(before: Values, after: Values): string | undefined {
  const isKms = (values: Values) => JSON.stringify(values).includes('"aws:kms"');
  if (isKms(before) && !isKms(after)) return "the bucket no longer encrypts with KMS";
  const keyIn = (values: Values) => /"kms_master_key_id":"([^"]+)"/.exec(JSON.stringify(values));
  const [was, is] = [keyIn(before)?.[1], keyIn(after)?.[1]];
  return was !== undefined && was !== is ? "the bucket gets another key" : undefined;
}

function denialsIn(policy: unknown): number {
  try {
    const { Statement = [] } = JSON.parse(String(policy)) as { Statement?: object | object[] };
    return [Statement]
      .flat()
      .filter((statement) => (statement as { Effect?: string }).Effect === "Deny").length;
  } catch {
    // Known only at apply.
    return Number.MAX_SAFE_INTEGER;
  }
}

/** Days between two rotations; a schedule that is not a rate has none. */
function daysIn({ rotation_rules: rules }: Values): number {
  const text = JSON.stringify(rules ?? []);
  const rate = /rate\((\d+) days?\)/.exec(text)?.[1];
  return Number(rate ?? /"automatically_after_days":(\d+)/.exec(text)?.[1] ?? 0);
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
