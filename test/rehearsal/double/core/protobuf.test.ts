import { decodeMessage, encodeMessage } from "../../../../lib/rehearsal/double/core/protobuf";

const MESSAGES = {
  Leaf: { count: [1, "int32"], name: [2, "string"], data: [3, "bytes"], on: [16, "bool"] },
  Tree: { leaf: [1, "Leaf"], leaves: [2, "Leaf", "repeated"], named: [3, "Leaf", "map"] },
  Nothing: {},
} as const;

const hex = (name: keyof typeof MESSAGES, content: object) =>
  encodeMessage(MESSAGES, name, { ...content }).toString("hex");
const decode = (name: keyof typeof MESSAGES, text: string) =>
  decodeMessage(MESSAGES, name, Buffer.from(text, "hex"));

// The first ones are the examples of https://protobuf.dev/programming-guides/encoding/
test.each([
  ["a number", "Leaf", { count: 150 }, "089601"],
  ["a text", "Leaf", { name: "testing" }, "120774657374696e67"],
  ["a text beyond ASCII", "Leaf", { name: "é" }, "1202c3a9"],
  ["bytes", "Leaf", { data: Buffer.from([0, 255]) }, "1a0200ff"],
  ["a boolean with a number of two bytes", "Leaf", { on: true }, "800101"],
  ["a large number", "Leaf", { count: 2 ** 40 }, "08808080808020"],
  ["a message in a message", "Tree", { leaf: { count: 150 } }, "0a03089601"],
  ["messages in a row", "Tree", { leaves: [{ count: 1 }, {}] }, "1202080112 00".replace(" ", "")],
] as const)("%s is written and read as the specification says", (_, name, content, bytes) => {
  expect(hex(name, content)).toBe(bytes);
  expect(decode(name, bytes)).toEqual(content);
});

test("a map is written as a message for each of its entries", () => {
  expect(hex("Tree", { named: { a: { count: 1 } } })).toBe("1a070a016112020801");
});

test("what is undefined or null is left out", () => {
  expect(hex("Leaf", { count: undefined, name: null })).toBe("");
});

test("a field that the message does not have is skipped, of whatever kind it is", () => {
  const unknown = ["f80101", `f901${"00".repeat(8)}`, "fa0102ffff", `fd01${"00".repeat(4)}`];
  for (const field of unknown) expect(decode("Leaf", `${field}0801`)).toEqual({ count: 1 });
  expect(decode("Nothing", "0801")).toEqual({});
});

test("a negative number is read", () => {
  expect(decode("Leaf", "08ffffffffffffffffff01")).toEqual({ count: -1 });
});

test.each(["08", "0896", "1205", "120574", "0b", "0a01"])("%s is not a message", (bytes) => {
  expect(() => decode("Leaf", bytes)).toThrow();
});

test("only a whole number that is not negative is written", () => {
  for (const count of [-1, 1.5, Number.NaN, 2 ** 53]) {
    expect(() => hex("Leaf", { count })).toThrow("is not a count");
  }
});
