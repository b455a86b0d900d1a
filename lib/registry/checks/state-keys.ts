import { printable, problemAbout, type RegistryProblem } from "../registry-error";
import type { CheckedOrg } from "./checked";
import { type Claim, collision, keyOf, sameByName } from "./claims";

/** The key of an org's state. */
interface StateKey extends Claim {
  /** The only folder that the org's roles can reach. */
  readonly folder: string;
}

/** Reports keys that collide, and of the others those outside of their org's folder. */
export function stateKeyProblems(orgs: readonly CheckedOrg[]): RegistryProblem[] {
  const keys = orgs.map(stateKeyOf);
  const collisions = stateKeyCollisions(keys);
  const outside = keys.filter(
    (claim) =>
      !claim.value.startsWith(`${claim.folder}/`) &&
      !collisions.some(({ first, second }) => first === claim || second === claim),
  );
  return [
    ...collisions.map(({ rule, first, second, expected }) =>
      collision(rule, first, second, expected),
    ),
    ...outside.map(({ subject, value, folder }) => {
      const expected = `choose a key in ${folder}/, the only folder that the org's roles can reach`;
      return problemAbout(subject, ["state", "key"], value, "state-key-folder", expected);
    }),
  ];
}

const stateKeyOf = ({ subject, entry, org }: CheckedOrg): StateKey => ({
  subject,
  path: "state.key",
  value: org.state.key,
  key: org.state.lockId,
  derivedFrom: entry.state.key === undefined ? org.name : undefined,
  folder: org.state.folder,
});

interface StateKeyCollision {
  readonly rule: string;
  readonly first: StateKey;
  readonly second: StateKey;
  readonly expected: string;
}

/** Finds equal keys, keys that differ only by case, and keys in another org's folder. */
function stateKeyCollisions(keys: readonly StateKey[]): StateKeyCollision[] {
  const folderOf = (claim: Claim) =>
    keyOf(claim).slice(0, keyOf(claim).lastIndexOf("/")).toLowerCase();
  const byFolder = new Map<string, StateKey>();
  const equal = keys.flatMap((second): StateKeyCollision[] => {
    const first = byFolder.get(folderOf(second));
    if (!first) byFolder.set(folderOf(second), second);
    if (!first || sameByName(first, second)) return [];
    if (keyOf(first) === keyOf(second)) {
      const expected = "give each org its own key, or they overwrite each other's state";
      return [{ rule: "state-key-shared", first, second, expected }];
    }
    const expected = `choose another folder; it differs from ${printable(first.value, [])} only by case`;
    return [{ rule: "state-key-case", first, second, expected }];
  });
  const nested = [...byFolder.values()].flatMap((second) => {
    const parts = folderOf(second).split("/");
    const above = parts.flatMap((_, depth) => byFolder.get(parts.slice(0, depth).join("/")) ?? []);
    return above.map((first): StateKeyCollision => {
      const expected = `choose another folder; it is in the folder of ${printable(first.value, [])}, and the roles of that org could read it`;
      return { rule: "state-key-inside", first, second, expected };
    });
  });
  return [...equal, ...nested];
}
