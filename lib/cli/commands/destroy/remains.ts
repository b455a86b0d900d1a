import { counted } from "../../../counted";
import { stateFolderOf } from "../../../registry/names";
import type { OrgReport } from "../../../registry/report";
import { entriesOf } from "../../project/credential-entries";
import type { DestroyedObject, Destruction } from "./destruction";

/** Default of AWS, in days. */
const KEY_WINDOW = 30;

/** Returns, in words, what is still there after a destroy of all stacks of an org. */
export function remainsOf(org: OrgReport, destructions: readonly Destruction[]): string[] {
  const { name, bucket, stateKey, access, brokeredClients = [], vault } = org;
  const { place, paths } = entriesOf(org);
  const objects = destructions.flatMap((each) => each.objects);
  const folder = `s3://${bucket}/${stateFolderOf(name)}/`;
  const lockTable = org.lockTable === undefined ? "" : `, its lock table ${org.lockTable}`;
  const states = [stateKey, ...org.components.map((component) => component.stateKey)];
  return [
    `${states.map((key) => `s3://${bucket}/${key}`).join(", ")}: without objects, with all earlier versions`,
    `${access.stack}: the key of the state${lockTable} and its roles`,
    `${folder}runs/: the records of its runs`,
    ...objects.flatMap(restorable),
    ...objects
      .filter(({ values }) => values.skip_destroy === true)
      .map(({ address }) => `${address}: has skip_destroy`),
    ...destructions.flatMap(({ forgotten }) =>
      forgotten.map(({ address }) => `${address}: only leaves the state`),
    ),
    ...(org.oauthClients.length > 0
      ? [`${org.secretPrefix}…: notes of the rotation in Parameter Store, without secrets`]
      : []),
    ...(brokeredClients.length > 0 && vault?.broker
      ? [
          `${vault.broker.mount} in Vault: the engine and its master, with OAuth clients whose tokens have not ended (docs/vault.md, "The secrets engine")`,
        ]
      : []),
    `${place.name}, ${place.where}: ${paths.deployer}, ${paths.planner}, ${paths.master}, and their OAuth clients`,
  ];
}

/** What AWS deletes only after a while. */
function restorable({ address, type, values }: DestroyedObject): string[] {
  if (type === "aws_secretsmanager_secret") {
    const days = Number(values.recovery_window_in_days ?? KEY_WINDOW);
    return days > 0 ? [`secret ${values.name ?? address}: ${restoredFor(days)}`] : [];
  }
  if (type !== "aws_kms_key") return [];
  const days = Number(values.deletion_window_in_days ?? KEY_WINDOW);
  return [`key ${values.arn ?? address}: ${restoredFor(days)}`];
}

const restoredFor = (days: number): string => `can be restored for ${counted(days, "day")}`;
