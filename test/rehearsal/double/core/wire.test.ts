import { ExtData, encode } from "@msgpack/msgpack";
import { UNKNOWN, type Value } from "../../../../lib/rehearsal/double/core/value";
import { fromWire, toWire } from "../../../../lib/rehearsal/double/core/wire";

test.each<[string, Value]>([
  ["nothing", null],
  ["a text", "text"],
  ["a number", 300.5],
  ["an unknown value", UNKNOWN],
  ["an object", { a: [1, true, null], b: { c: UNKNOWN } }],
])("%s arrives as it was sent", (_what, value) => {
  expect(fromWire(toWire(value))).toEqual(value);
});

test("a value about which Terraform knows something is still unknown", () => {
  // cty writes it as extension 12.
  const msgpack = encode(new ExtData(12, new Uint8Array([0x81, 0x01, 0xc2])));
  expect(fromWire({ msgpack })).toBe(UNKNOWN);
});

test("JSON is read as well, and an empty message is null", () => {
  expect(fromWire({ json: Buffer.from('{"a":1}') })).toEqual({ a: 1 });
  expect(fromWire({})).toBeNull();
  expect(fromWire(undefined)).toBeNull();
});
