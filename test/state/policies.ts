import { type Row, type Scene, sceneOf } from "../support/policies/rows";
import { type World, world } from "../support/policies/world";
import { entry } from "../support/sample-org";
import {
  rowsOfAdmins,
  rowsOfOrg,
  rowsOfOtherAccounts,
  rowsOfRetired,
  rowsOfTrust,
  rowsOfUnnamed,
  rowsOfWorkflows,
  rowsOfWriter,
} from "./policy-rows";
import { rowsOfPartnersRecords, rowsOfRecords } from "./record-rows";

/** A registry, and what is said about its policies. */
export interface Case {
  readonly name: string;
  readonly world: World;
  readonly rows: readonly Row[];
}

/** A home with everything, and one with as little as there can be. */
export const cases = (): Case[] => [
  caseOf("a home with GitHub, partners and lock tables", world(), (scene) => [
    ...["file", "shared", "neighbour", "table"]
      .map(scene.org)
      .flatMap((org) => [
        ...rowsOfOrg(scene, org),
        ...rowsOfRecords(scene, org),
        ...rowsOfWorkflows(scene, org),
      ]),
    ...rowsOfWriter(scene),
    ...rowsOfAdmins(scene, scene.org("shared"), scene.org("table")),
    ...rowsOfOtherAccounts(scene),
    ...rowsOfPartnersRecords(scene),
    ...rowsOfTrust(scene),
    ...rowsOfRetired(scene),
  ]),
  caseOf(
    "a home of one account, for nobody but its state admins",
    world({ trustedAccounts: [], github: undefined }, [entry("file", 1), entry("two", 2)]),
    (scene) => {
      const { who, does, mayNot } = scene;
      const [file, two] = [scene.org("file"), scene.org("two")];
      return [
        ...[file, two].flatMap((org) => [
          ...rowsOfOrg(scene, org),
          ...rowsOfRecords(scene, org),
          ...rowsOfUnnamed(scene, org),
        ]),
        ...rowsOfAdmins(scene, file, two),
        mayNot("a role of another account lists", who.partner, does.list("orgs/file/")),
        mayNot("a role of another account reads a state", who.partner, does.readState(file)),
        mayNot("a role of another account removes a lock", who.partner, does.unlock(file)),
        mayNot(
          "the writer overwrites its lock",
          who.role("writer", "file"),
          does.lock(file, does.ownKey(file)),
        ),
      ];
    },
  ),
];

const caseOf = (name: string, of: World, rows: (scene: Scene) => Row[]): Case => ({
  name,
  world: of,
  rows: rows(sceneOf(of)),
});
