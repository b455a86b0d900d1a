import { createHash } from "node:crypto";
import type { HomeRecord, OrgEntry, StateHomeEntry, StateRecord } from "./model";
import { partitionOf } from "./names";
import { recordedHomeKeyOf, recordedKeyOf } from "./recorded-keys";

/**
 * Environment variable that `genesys-orgs rehearse` sets: keys that are not recorded yet are made up,
 * so that an organisation can be rehearsed before anything of it is there. Its value is the one
 * folder that stacks with such keys may be written to, so that none is ever deployed.
 */
export const PLACEHOLDERS_VARIABLE = "GENESYS_ORGS_PLACEHOLDER_KEYS";

/** Whether what is synthesized is for a rehearsal's eyes alone. */
export const isForRehearsal = ({ CDKTF_OUTDIR: folder, ...env }: NodeJS.ProcessEnv): boolean =>
  folder !== undefined && env[PLACEHOLDERS_VARIABLE] === folder;

/** The record, and in it a made-up key for each home and org that has none. */
export function withPlaceholders(
  record: StateRecord | undefined,
  homes: readonly StateHomeEntry[],
  orgs: readonly OrgEntry[],
): StateRecord {
  const complete = homes.map((home): [string, HomeRecord] => {
    const { name, account, region, bucket, storage } = home;
    const there = orgs.filter(({ state }) => state.home === name);
    return [
      name,
      {
        account,
        region,
        bucket,
        // A store that is S3-compatible has none of its own.
        ...(!storage && { kmsKeyArn: recordedHomeKeyOf(record, name) ?? placeholder(home, "") }),
        orgs: Object.fromEntries(
          there.map((org) => {
            const kmsKeyArn = recordedKeyOf(record, name, org.name) ?? placeholder(home, org.name);
            return [org.name, { kmsKeyArn }];
          }),
        ),
      },
    ];
  });
  return { version: 1, homes: Object.fromEntries(complete) };
}

/** Whether a key is made up. */
export const isPlaceholder = (arn: string | undefined): boolean =>
  arn?.includes(`:key/${ZEROS}`) ?? false;

// KMS's own are random.
const ZEROS = "00000000-0000-0000-0000-";

function placeholder({ name, account, region }: StateHomeEntry, org: string): string {
  const id = createHash("sha256").update(`${name}/${org}`).digest("hex").slice(0, 12);
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${ZEROS}${id}`;
}
