import type { Difference } from "../../../lib/existing/compare/difference";
import { siftDifferences } from "../../../lib/existing/compare/ignored";
import type { IgnoredDifferenceEntry } from "../../../lib/registry/model";

const difference = (argument?: string, name = "Support", type = "queues"): Difference => ({
  kind: "different",
  type,
  path: name.split("/"),
  ...(argument === undefined ? {} : { argument }),
});
const rule = (patch: Partial<IgnoredDifferenceEntry>, org = "na") => ({
  org,
  entry: { type: "queues", reason: "because of a test", ...patch },
});

/** What is left of some differences, by argument or name. */
const left = (patch: Partial<IgnoredDifferenceEntry>, ...all: Difference[]): string[] =>
  siftDifferences(all, [rule(patch)]).differences.map(
    ({ argument, path }) => argument ?? path.join("/"),
  );

test("a rule without an attribute leaves out the objects of a type as well", () => {
  expect(
    left({}, difference(), difference("description"), difference("name", "x", "users")),
  ).toEqual(["name"]);
});

test("a rule with an attribute leaves out all that is below it, and nothing else", () => {
  const all = ["members", "members[a@x]", "members[a@x].ring_num", "members_x", "x.members"];
  expect(
    left({ attribute: "members" }, difference(), ...all.map((one) => difference(one))),
  ).toEqual(["Support", "members_x", "x.members"]);
  const media = ["media_settings_call.mode", "media_settings_chat.mode", "mode"];
  expect(
    left({ attribute: "media_settings_*.mode" }, ...media.map((one) => difference(one))),
  ).toEqual(["mode"]);
});

test("a rule with a name leaves out the objects that have it", () => {
  const all = ["Test 1", "Test/Deep", "A Test 1"].map((name) => difference(undefined, name));
  expect(left({ name: "Test*" }, ...all)).toEqual(["A Test 1"]);
  expect(left({ name: "Test / Deep" }, ...all)).toEqual(["Test 1", "A Test 1"]);
  expect(left({ name: "(Test.1" }, ...all)).toHaveLength(3);
});

test("a difference counts once, and a rule that matches nothing is named", () => {
  const rules = [
    rule({ attribute: "description" }),
    rule({ attribute: "description" }, "eu"),
    rule({ attribute: "peer_id" }),
  ];
  const sifted = siftDifferences([difference("description"), difference("name")], rules);
  expect(sifted.ignored).toEqual([{ ...rules[0], count: 1 }]);
  expect(sifted.unused).toEqual([rules[2]]);
  expect(sifted.differences).toHaveLength(1);
});
