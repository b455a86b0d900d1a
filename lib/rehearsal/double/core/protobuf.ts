// Protocol Buffers, as far as Terraform's plugin protocol needs them:
// https://protobuf.dev/programming-guides/encoding/

/** A field: its number, its type (a scalar, or the name of a message), and how often it occurs. */
export type Field = readonly [id: number, type: string, rule?: "repeated" | "map"];

/** Fields of messages by their names. A map has text as keys. */
export type Messages = Readonly<Record<string, Readonly<Record<string, Field>>>>;

type Content = Readonly<Record<string, unknown>>;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const SCALARS = ["string", "bytes", "bool", "int32", "int64"];

/** Encodes a message. A member that is undefined or null is left out. */
export function encodeMessage(messages: Messages, name: string, content: Content): Buffer {
  const chunks: Buffer[] = [];
  for (const [member, [id, type, rule]] of Object.entries(fieldsOf(messages, name))) {
    const value = content[member];
    if (value === undefined || value === null) continue;
    const items =
      rule === "repeated" ? (value as unknown[]) : rule === "map" ? entriesOf(value) : [value];
    for (const item of items) {
      if (rule === "map") {
        const [key, of] = item as [string, unknown];
        const entry = Buffer.concat([
          ...encodeField(messages, 1, "string", key),
          ...encodeField(messages, 2, type, of),
        ]);
        chunks.push(...encodeField(messages, id, "bytes", entry));
      } else chunks.push(...encodeField(messages, id, type, item));
    }
  }
  return Buffer.concat(chunks);
}

const entriesOf = (value: unknown) => Object.entries(value as object);

function encodeField(messages: Messages, id: number, type: string, value: unknown): Buffer[] {
  if (type === "bool") return [varint(id * 8 + VARINT), varint(value ? 1 : 0)];
  if (type === "int32" || type === "int64")
    return [varint(id * 8 + VARINT), varint(value as number)];
  const bytes =
    type === "string"
      ? Buffer.from(value as string)
      : type === "bytes"
        ? asBuffer(value as Uint8Array)
        : encodeMessage(messages, type, value as Content);
  return [varint(id * 8 + LENGTH), varint(bytes.length), bytes];
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

function varint(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${value} is not a count`);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** Decodes a message. Fields that the message does not have are skipped, as the protocol demands. */
export function decodeMessage(messages: Messages, name: string, bytes: Buffer): Content {
  const fields = new Map(
    Object.entries(fieldsOf(messages, name)).map(([member, field]) => [
      field[0],
      [member, field] as const,
    ]),
  );
  const content: Record<string, unknown> = {};
  const reader = new Reader(bytes);
  while (!reader.atEnd) {
    const tag = reader.varint();
    const value = reader.value(tag % 8);
    const [member, field] = fields.get(Math.floor(tag / 8)) ?? [];
    if (!member || !field) continue;
    const [, type, rule] = field;
    const decoded = decodeField(messages, type, value);
    if (rule === "map") throw new Error(`${name}.${member}: requests have no maps`);
    if (rule) content[member] = [...((content[member] as unknown[]) ?? []), decoded];
    else content[member] = decoded;
  }
  return content;
}

function decodeField(messages: Messages, type: string, value: number | Buffer): unknown {
  const isNumber = type === "bool" || type === "int32" || type === "int64";
  if (isNumber !== (typeof value === "number")) throw new Error(`a value is not of type ${type}`);
  if (typeof value === "number") return type === "bool" ? value !== 0 : value;
  if (type === "string") return value.toString();
  return SCALARS.includes(type) ? value : decodeMessage(messages, type, value);
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error("a message is cut off");
      value |= BigInt(byte & 127) << shift;
      // A negative number has ten bytes.
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  }

  value(wireType: number): number | Buffer {
    if (wireType === VARINT) return this.varint();
    if (wireType === LENGTH) return this.take(this.varint());
    if (wireType === FIXED64) return this.take(8);
    if (wireType === FIXED32) return this.take(4);
    throw new Error(`wire type ${wireType} is not known`);
  }

  private take(length: number): Buffer {
    const end = this.at + length;
    if (length < 0 || end > this.bytes.length) throw new Error("a message is cut off");
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }
}

function fieldsOf(messages: Messages, name: string): Messages[string] {
  const fields = messages[name];
  if (!fields) throw new Error(`there is no message ${name}`);
  return fields;
}
