import type { SessionCredentials } from "../aws/assume-role";
import { connections, loadCloudTrail, loadSecretsManager, loadSsm } from "../aws/sdk";
import { roleNamesOf } from "../registry/names";
import type { OrgReport } from "../registry/report";
import type { LiveSecret } from "./live-secret";
import { readSecrets } from "./read-secrets";
import { type FoundReaders, findReaders } from "./readers";

/** How to read an inventory. */
export interface InventoryProps {
  /**
   * Credentials for the account of the org.
   * @default - the operator's own
   */
  readonly credentials?: SessionCredentials | undefined;
  /**
   * Days of CloudTrail's events to look for readers in.
   * @default - nobody looks
   */
  readonly readerDays?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What AWS knows of an org's secrets. */
export interface OrgSecrets {
  readonly secrets: ReadonlyMap<string, LiveSecret>;
  /** Whether CloudTrail has more reads than were looked at. */
  readonly incompleteReaders: boolean;
}

/** They read each value to prove that it works. */
const ROTATION_ROLES = ["rotator", "reconciler"] as const;

const NOBODY: FoundReaders = { bySecret: new Map(), incomplete: false };

/**
 * Reads what AWS knows of an org's secrets: their state, and who read them. It reads no value.
 * @throws UserError when AWS refuses
 */
export async function readInventory(org: OrgReport, props: InventoryProps): Promise<OrgSecrets> {
  const { region } = org.aws;
  const config = { region, credentials: props.credentials, requestHandler: connections() };
  const { SecretsManagerClient } = loadSecretsManager();
  const { SSMClient } = loadSsm();
  const { CloudTrailClient } = loadCloudTrail();
  const clients = {
    secrets: new SecretsManagerClient(config),
    parameters: new SSMClient(config),
    trail: new CloudTrailClient(config),
  };
  try {
    const secrets = await readSecrets(clients, org);
    const { readerDays, now } = props;
    const looks = readerDays !== undefined;
    const found = looks ? await findReaders(clients.trail, readerDays, now) : NOBODY;
    const ours = ROTATION_ROLES.map((role) => `role/${roleNamesOf(org.name)[role]}`);
    const withReaders = [...secrets].map(([name, secret]) => {
      const all = looks ? (found.bySecret.get(name) ?? []) : undefined;
      const readers = all?.filter(({ principal }) => !ours.some((own) => principal.endsWith(own)));
      return [name, { ...secret, readers }] as const;
    });
    return { secrets: new Map(withReaders), incompleteReaders: found.incomplete };
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}
