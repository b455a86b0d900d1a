import { readZip, writeZip, type ZipEntry } from "./zip";

/** Field of the results of checks in a plan: `check_results` of Terraform's planfile.proto. */
const CHECK_RESULTS = 19;

/** Files of a plan that have states. */
const STATES = new Set(["tfstate", "tfstate-prev"]);

/**
 * Returns a plan's file without the results of its checks, to be shown and not to be applied. `terraform
 * show -json` crashes for a plan with the result of a condition of an ephemeral resource ("unsupported
 * resource mode"), which each organisation's guard has: jsonchecks knows managed and data resources only.
 */
export const planWithoutChecks = (plan: Buffer): Buffer =>
  writeZip(
    readZip(plan).map(({ name, data }): ZipEntry => {
      if (name === "tfplan") return { name, data: withoutField(data, CHECK_RESULTS) };
      if (!STATES.has(name)) return { name, data };
      const state = { ...JSON.parse(data.toString("utf8")), check_results: null };
      return { name, data: Buffer.from(JSON.stringify(state)) };
    }),
  );

/** Returns a protobuf message without one of its fields. */
function withoutField(message: Buffer, field: number): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < message.length; ) {
    const begin = at;
    const tag = varintAt(message, at);
    at = tag.end;
    const wire = tag.value % 8;
    if (wire === 0) at = varintAt(message, at).end;
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const length = varintAt(message, at);
      at = length.end + length.value;
    }
    if (Math.floor(tag.value / 8) !== field) kept.push(message.subarray(begin, at));
  }
  return Buffer.concat(kept);
}

function varintAt(message: Buffer, from: number): { readonly value: number; readonly end: number } {
  let [value, factor, at] = [0, 1, from];
  for (;;) {
    const byte = message[at] ?? 0;
    at += 1;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end: at };
    factor *= 128;
  }
}
