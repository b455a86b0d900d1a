import { grantsLackingIn, sameGrants } from "../../lib/rotation/grants";

const role = (roleId: string, divisionId: string) => ({ roleId, divisionId });

test("a role is held in its division, or in all of them", () => {
  const wanted = [role("a", "home"), role("b", "home"), role("b", "*")];
  expect(grantsLackingIn([role("a", "*"), role("b", "home")], wanted)).toEqual([role("b", "*")]);
  expect(grantsLackingIn([role("a", "elsewhere"), role("b", "*")], wanted)).toEqual([
    role("a", "home"),
  ]);
});

test("grants are the same in any order, and only in the same divisions", () => {
  const [one, other] = [role("a", "home"), role("b", "*")];
  expect(sameGrants([one, other], [other, one])).toBe(true);
  expect(sameGrants([one], [role("a", "*")])).toBe(false);
  expect(sameGrants(undefined, [])).toBe(true);
});
