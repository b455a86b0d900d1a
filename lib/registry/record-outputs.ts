import { UserError } from "../errors";
import { checkEntry } from "./checks/check-entry";
import { checkRecord, type HomePlace, placeOf } from "./checks/record";
import { stateRecordSchema } from "./entry-schemas";
import type { HomeRecord, StateRecord } from "./model";
import { fieldsAt } from "./raw-value";
import { recordedHomeKeyOf, recordedKeyOf } from "./recorded-keys";
import { problemLine } from "./registry-error";
import type { HomeReport } from "./report";

/** ARNs of keys, by the outputs of a home's stacks; undefined where there is none yet. */
export interface HomeOutputs {
  /** The home's own key. */
  readonly home: unknown;
  /** Each org's own key, by the org's name. */
  readonly orgs: ReadonlyMap<string, unknown>;
}

/** A key that is new in the record, or that replaces another. */
export interface RecordChange {
  /** Place in the record, for example `homes.production.orgs.na-prod.kmsKeyArn`. */
  readonly path: string;
  readonly before?: string;
  readonly after: string;
}

/**
 * Returns the record with the keys that the stacks of one home have as outputs. All other keys stay.
 * Homes and orgs are sorted by their names.
 *
 * @param before the record as its file has it; undefined where there is none
 * @param replace whether a key may replace another
 * @throws UserError with all mistakes that the record would have
 */
export function recordOutputs(
  before: unknown,
  home: HomeReport,
  outputs: HomeOutputs,
  replace = false,
): { record: StateRecord; changes: RecordChange[] } {
  const { account, region, bucket, name } = home;
  const recorded = fieldsAt(before, "homes", name, "orgs");
  const now = [...outputs.orgs]
    .filter(([, arn]) => arn !== undefined)
    .map(([org, kmsKeyArn]) => [org, { kmsKeyArn }] as const);
  const kmsKeyArn = outputs.home ?? recordedHomeKeyOf(before, name);
  const homes: Record<string, unknown> = {
    ...Object.fromEntries(fieldsAt(before, "homes")),
    [name]: {
      account,
      region,
      bucket,
      ...(kmsKeyArn !== undefined && { kmsKeyArn }),
      orgs: sorted([...recorded, ...now]),
    },
  };
  const record = { version: 1, homes: sorted(Object.entries(homes)) };
  refuse(record, home);
  const changes = changesOf(before, record as StateRecord, name);
  const replaced = changes.filter((change) => change.before !== undefined);
  if (!replace && replaced.length > 0) refuseReplacing(replaced);
  return { record: record as StateRecord, changes };
}

/** The record as its file has it. */
export const recordText = (record: StateRecord): string => `${JSON.stringify(record, null, 2)}\n`;

function refuse(record: unknown, home: HomeReport): void {
  // The other homes are known only by the record.
  const places = fieldsAt(record, "homes").map(([name, recorded]): [string, HomePlace] => [
    name,
    name === home.name ? home : placeOf(recorded),
  ]);
  const problems = [
    ...checkEntry(stateRecordSchema, record, "record"),
    ...checkRecord(record, new Map(places)),
  ];
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  ${problemLine(problem)}`);
  throw new UserError(
    `The outputs of home ${home.name}'s stacks cannot be recorded:\n${lines.join("\n")}`,
  );
}

function refuseReplacing(changes: readonly RecordChange[]): never {
  const lines = changes.map(
    ({ path, before, after }) => `  ${path} is ${before} and would become ${after}`,
  );
  throw new UserError(
    `The record has other keys than the outputs of the stacks:\n${lines.join("\n")}\nA state can be read only with the key that it was written with. If a key was really replaced, use --replace, and write the states again.`,
  );
}

function changesOf(before: unknown, { homes }: StateRecord, home: string): RecordChange[] {
  const path = `homes.${home}`;
  const { kmsKeyArn, orgs } = homes[home] as HomeRecord;
  const change = (at: string, old: string | undefined, after: string | undefined) =>
    after === undefined || after === old ? [] : [{ path: `${path}.${at}`, before: old, after }];
  return [
    ...change("kmsKeyArn", recordedHomeKeyOf(before, home), kmsKeyArn),
    ...Object.entries(orgs).flatMap(([org, access]) =>
      change(`orgs.${org}.kmsKeyArn`, recordedKeyOf(before, home, org), access.kmsKeyArn),
    ),
  ];
}

/** @throws UserError where the record is not the one that the app read */
export function assertSameRecord(
  record: unknown,
  file: string,
  home: HomeReport,
  orgs: readonly { readonly name: string; readonly kmsKeyArn?: string }[],
): void {
  const differs =
    recordedHomeKeyOf(record, home.name) !== home.kmsKeyArn ||
    orgs.some(({ name, kmsKeyArn }) => recordedKeyOf(record, home.name, name) !== kmsKeyArn);
  if (!differs) return;
  throw new UserError(
    `${file} is not the record that the app's registry uses, since the keys of home ${home.name} differ. Name the right file with --record`,
  );
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  // Of two entries with one name, the later one counts.
  return Object.fromEntries([...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1)));
}
