import { createHash } from "node:crypto";
import { HOME_DEFAULTS } from "./defaults";
import type { HomeRecord, OrgEntry, StateHomeEntry, StateRecord } from "./model";
import { partitionOf } from "./names";
import { recordedHomeKeyOf, recordedKeyOf } from "./recorded-keys";

/**
 * Environment variable that `genesys-orgs rehearse` sets, so that keys that are not recorded yet are
 * made up and an organisation can be rehearsed before it has any resources. Its value is the only
 * folder that stacks with such keys may be written to, so that none is ever deployed.
 */
export const PLACEHOLDERS_VARIABLE = "GENESYS_ORGS_PLACEHOLDER_KEYS";

/** Whether the synthesis is only for a rehearsal. */
export const isForRehearsal = ({ CDKTF_OUTDIR: folder, ...env }: NodeJS.ProcessEnv): boolean =>
  folder !== undefined && env[PLACEHOLDERS_VARIABLE] === folder;

/** Returns the record, with a made-up key for each home and org without one. */
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
        // An S3-compatible store has no key of its own.
        ...(!storage && { kmsKeyArn: recordedHomeKeyOf(record, name) ?? placeholder(home, "") }),
        orgs: Object.fromEntries(
          (hasKeys(home) ? there : []).map((org) => {
            const kmsKeyArn = recordedKeyOf(record, name, org.name) ?? placeholder(home, org.name);
            return [org.name, { kmsKeyArn }];
          }),
        ),
      },
    ];
  });
  return { version: 1, homes: Object.fromEntries(complete) };
}

const hasKeys = ({ storage }: StateHomeEntry): boolean =>
  (storage?.encryption ?? HOME_DEFAULTS.storage.encryption) === "kms";

/** Whether a key is made up. */
export const isPlaceholder = (arn: string | undefined): boolean =>
  arn?.includes(`:key/${ZEROS}`) ?? false;

// The ids of KMS are random.
const ZEROS = "00000000-0000-0000-0000-";

function placeholder({ name, account, region }: StateHomeEntry, org: string): string {
  const id = createHash("sha256").update(`${name}/${org}`).digest("hex").slice(0, 12);
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${ZEROS}${id}`;
}
