import type { Org } from "../../lib";
import { behindNoOtherWall } from "../support/policies/operations";
import type { Row, Scene } from "../support/policies/rows";

/** The records of an org's runs: written once, by its writer. */
export function rowsOfRecords({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  const { name } = org;
  const [reader, writer, unlocker] = [
    who.role("reader", name),
    who.role("writer", name),
    who.role("unlocker", name),
  ];
  const widened = who.widened("writer", name);
  const overwrite = does.writeRecord(org, does.ownKey(org));
  const folder = `orgs/${name}/runs`;
  const create = { ...does.ownKey(org), ifNoneMatch: true };
  return [
    may(`${name}'s writer writes a record`, writer, does.writeRecord(org)),
    may(`${name}'s writer reads a record`, writer, does.readRecord(org)),
    may(`${name}'s unlocker reads a record`, unlocker, does.readRecord(org)),
    mayNot(`${name}'s writer overwrites a record`, writer, overwrite),
    mayNot(
      `${name}'s writer, behind no other wall, overwrites a record`,
      writer,
      behindNoOtherWall(overwrite),
    ),
    mayNot(`${name}'s writer, widened, overwrites a record`, widened, overwrite),
    mayNot(
      `${name}'s writer writes a record under keys of S3`,
      writer,
      does.writeRecord(org, { encryption: "AES256", ifNoneMatch: true }),
    ),
    mayNot(`${name}'s writer deletes a record`, writer, does.deleteRecord(org)),
    mayNot(`${name}'s writer, widened, deletes a record`, widened, does.deleteRecord(org)),
    mayNot(
      `${name}'s writer writes something else next to its records`,
      writer,
      does.write(`${folder}/x.txt`, create),
    ),
    mayNot(
      `${name}'s writer writes what would be the lock of a record`,
      writer,
      does.write(`${folder}/x.json.tflock`, create),
    ),
    mayNot(
      `${name}'s writer writes another org's record`,
      writer,
      does.write("orgs/x/runs/x.json", create),
    ),
    mayNot(`${name}'s reader reads a record`, reader, does.readRecord(org)),
    mayNot(`${name}'s reader writes a record`, reader, does.writeRecord(org)),
    mayNot(`${name}'s unlocker writes a record`, unlocker, does.writeRecord(org)),
    may(`a state admin reads ${name}'s record`, who.stateAdmin, does.readRecord(org)),
    may(`a state admin overwrites ${name}'s record`, who.stateAdmin, overwrite),
    mayNot(`an administrator deletes ${name}'s record`, who.administrator, does.deleteRecord(org)),
  ];
}

/** The same for roles of another account. */
export function rowsOfPartnersRecords({ who, does, org, may, mayNot }: Scene): Row[] {
  const [file, shared] = [org("file"), org("shared")];
  return [
    may("a partner's writer writes a record", who.partner, does.writeRecord(file)),
    may("a partner's writer reads a record", who.partner, does.readRecord(file)),
    mayNot(
      "a partner's writer overwrites a record",
      who.partner,
      does.writeRecord(file, does.ownKey(file)),
    ),
    mayNot("a partner's writer deletes a record", who.partner, does.deleteRecord(file)),
    mayNot("a partner's writer writes another org's record", who.partner, does.writeRecord(shared)),
    mayNot("a partner's reader writes a record", who.partnerReader, does.writeRecord(file)),
  ];
}
