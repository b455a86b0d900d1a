import { decode, ExtData, ExtensionCodec, encode } from "@msgpack/msgpack";
import { isList, isObject, mapValues, UNKNOWN, type Value } from "./value";

/** A value as the protocol carries it. Terraform sends msgpack and reads both. */
export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

class Unknown {}
const unknown = new Unknown();

// Extension 0 is an unknown value, 12 an unknown value about which something is known (refinement):
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md
const codec = new ExtensionCodec();
codec.register({
  type: 0,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});

/** Writes a value for the wire. */
export function toWire(value: Value): DynamicValue {
  return { msgpack: encode(outgoing(value), { extensionCodec: codec }) };
}

/** Reads a value from the wire. An empty message is null. */
export function fromWire(dynamic: DynamicValue | null | undefined): Value {
  if (dynamic?.msgpack?.length) {
    return incoming(decode(dynamic.msgpack, { extensionCodec: codec }));
  }
  if (dynamic?.json?.length) return JSON.parse(Buffer.from(dynamic.json).toString()) as Value;
  return null;
}

function outgoing(value: Value | undefined): unknown {
  if (value === UNKNOWN) return unknown;
  if (value === undefined) return null;
  if (isList(value)) return value.map(outgoing);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, outgoing(item)]));
  }
  return value;
}

function incoming(value: unknown): Value {
  if (value instanceof ExtData) return UNKNOWN;
  const known = value as Value;
  if (isList(known)) return known.map(incoming);
  if (isObject(known)) return mapValues(known, incoming);
  return known;
}
