import { matchesFilter } from "./match-filter";

// The examples of "Using filter patterns to match terms in JSON log events" (CloudWatch Logs), without those
// with regular expressions and with names in brackets, which this project does not use.
const TRAIL = {
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  SomeObject: null,
  "cluster.name": "c",
};
const USERS = {
  user: { id: 1, email: "John.Stiles@example.com" },
  users: [
    { id: 2, email: "John.Doe@example.com" },
    { id: 3, email: "Jane.Doe@example.com" },
  ],
  actions: ["GET", "PUT", "DELETE"],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
};

test.each([
  ['{ $.eventType = "UpdateTrail" }', TRAIL, true],
  ["{ $.sourceIPAddress != 123.123.* }", TRAIL, true],
  ['{ $.arrayKey[0] = "value" }', TRAIL, true],
  ["{ $.SomeObject IS NULL }", TRAIL, true],
  ["{ $.SomeOtherObject NOT EXISTS }", TRAIL, true],
  ['{ $.eventType = "*" && $.sourceIPAddress != 123.123.*}', TRAIL, true],
  ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', USERS, true],
  // "Alert on any": && comes before ||.
  [
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
    USERS,
    true,
  ],
  [
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }',
    USERS,
    false,
  ],
  ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', USERS, false],
] as const)("%s", (pattern, event, matches) => expect(matchesFilter(pattern, event)).toBe(matches));

test.each([
  ['{ $.eventType = "Trail" }', "the whole value is compared"],
  ["{ $.sourceIPAddress != 111.111.* }", "a value that matches does not differ"],
  ["{ $.eventType NOT EXISTS }", "the field exists"],
  ["{ $.SomeObject NOT EXISTS }", "null exists"],
  ["{ $.eventType IS NULL }", "a text is not null"],
])("%s does not match: %s", (pattern) => expect(matchesFilter(pattern, TRAIL)).toBe(false));

test("what is unknown is an error, not a guess", () => {
  expect(() => matchesFilter("{ $.eventType = %Trail% ", TRAIL)).toThrow("expected }");
});
