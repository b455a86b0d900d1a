import { conditionOf } from "../../../lib/cli/runs/approval";

const counts = { add: 2, change: 1, replace: 0, destroy: 0, other: 0, weakened: 1 };

test.each([
  ["destroy == 0 && replace == 0 && weakened == 0", false],
  ["destroy == 0 && replace == 0", true],
  ["add<=2", true],
  ["add < 2", false],
  ["change != 1", false],
  ["weakened > 0", true],
  ["destroy > 0 || add >= 2 && change == 1", true],
  ["(destroy > 0 || add >= 2) && change == 2", false],
  ["((add == 2))", true],
])("%s: %p", (text, approves) => {
  expect(conditionOf(text)(counts)).toBe(approves);
});

test.each([
  ["", "at the end"],
  ["destroy", "at the end"],
  ["destroy = 0", "at `= 0`"],
  ["destroy == 0 &&", "at the end"],
  ["destroy == 0 change == 0", "at `change`"],
  ["drop == 0", "at `drop`"],
  ["constructor == 0", "at `constructor`"],
  ["add constructor 0", "at `constructor`"],
  ["add == -1", "at `-1`"],
  ["add == 1.5", "at `.5`"],
  ["(add == 0", "at the end"],
  ["add == 0)", "at `)`"],
  ["!add", "at `!add`"],
  ["0 == add", "at `0`"],
])("%p is refused %s", (text, place) => {
  expect(() => conditionOf(text)).toThrow(
    `\`${text}\` is not valid ${place}: compare add, change,`,
  );
});
