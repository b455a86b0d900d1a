import type { Grant } from "../../../lib/genesys/authorization-api";
import { lackingIn } from "../../../lib/rotation/hand-over/lacking";

const VIEW = { domain: "routing", entityName: "queue", actions: ["view"] };
const grant = (
  role: string,
  division: string,
  ...policies: NonNullable<Grant["role"]["policies"]>
): Grant => ({
  role: { id: role, name: role.toUpperCase(), policies },
  division: { id: division },
});

test.each<[string, Grant[], Grant[], string[]]>([
  ["the same role", [grant("a", "1")], [grant("a", "1")], []],
  ["the same role in all divisions", [grant("a", "*")], [grant("a", "1")], []],
  ["the same role elsewhere", [grant("a", "2")], [grant("a", "1")], ["role A in division 1"]],
  [
    "the same role, but wanted in all divisions",
    [grant("a", "1")],
    [grant("a", "*", VIEW)],
    ["role A in division all: routing:queue:view"],
  ],
  ["another role with the permission", [grant("b", "*", VIEW)], [grant("a", "1", VIEW)], []],
  [
    "another role with the permission elsewhere",
    [grant("b", "2", VIEW)],
    [grant("a", "1", VIEW)],
    ["role A in division 1: routing:queue:view"],
  ],
  [
    "wildcards",
    [grant("b", "1", { domain: "routing", entityName: "*", actions: ["*"] })],
    [grant("a", "1", VIEW)],
    [],
  ],
  [
    "a wanted wildcard",
    [grant("b", "1", VIEW)],
    [grant("a", "1", { ...VIEW, actions: ["*"] })],
    ["role A in division 1: routing:queue:*"],
  ],
  [
    "two roles together",
    [grant("b", "1", VIEW), grant("c", "1", { ...VIEW, actions: ["edit"] })],
    [grant("a", "1", { ...VIEW, actions: ["view", "edit"] })],
    [],
  ],
  [
    "a permission under a condition",
    [grant("b", "1", { ...VIEW, condition: "x" })],
    [grant("a", "1", VIEW)],
    ["role A in division 1: routing:queue:view"],
  ],
  [
    "the same condition",
    [grant("b", "1", { ...VIEW, condition: "x" })],
    [grant("a", "1", { ...VIEW, condition: "x" })],
    [],
  ],
  [
    "a role whose permissions nobody tells",
    [grant("b", "*", VIEW)],
    [grant("a", "1")],
    ["role A in division 1"],
  ],
  ["nothing at all", [], [], []],
])("%s", (_, held, wanted, lacking) => {
  expect(lackingIn(held, wanted)).toEqual(lacking);
});
