import { printable, problemAbout, type RegistryProblem } from "../registry-error";
import type { CheckedOrg } from "./checked";
import { type Claim, collision, keyOf, sameByName } from "./claims";

/** The place of an org's state. */
interface StateKey extends Claim {
  /** All that the org's roles can reach. */
  readonly folder: string;
}

/** Keys that collide, and those that do not, but are outside of what the org's roles can reach. */
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
      const expected = `the org's roles reach ${folder}/ and nothing else: choose a key in it`;
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

/** Equal keys, keys that differ by case alone, and keys in another org's folder. */
function stateKeyCollisions(keys: readonly StateKey[]): StateKeyCollision[] {
  const folderOf = (claim: Claim) =>
    keyOf(claim).slice(0, keyOf(claim).lastIndexOf("/")).toLowerCase();
  const byFolder = new Map<string, StateKey>();
  const equal = keys.flatMap((second): StateKeyCollision[] => {
    const first = byFolder.get(folderOf(second));
    if (!first) byFolder.set(folderOf(second), second);
    if (!first || sameByName(first, second)) return [];
    if (keyOf(first) === keyOf(second)) {
      const expected = "give each org a key of its own, or they overwrite each other's state";
      return [{ rule: "state-key-shared", first, second, expected }];
    }
    const expected = `it differs from ${printable(first.value, [])} by case alone: choose another folder`;
    return [{ rule: "state-key-case", first, second, expected }];
  });
  const nested = [...byFolder.values()].flatMap((second) => {
    const parts = folderOf(second).split("/");
    const above = parts.flatMap((_, depth) => byFolder.get(parts.slice(0, depth).join("/")) ?? []);
    return above.map((first): StateKeyCollision => {
      const expected = `it lies in the folder of ${printable(first.value, [])}, whose roles could read it: choose another folder`;
      return { rule: "state-key-inside", first, second, expected };
    });
  });
  return [...equal, ...nested];
}
