import { createHash } from "node:crypto";
import type { TerraformType } from "./schema";
import type { Value } from "./value";

/** Returns hexadecimal digits that depend on the parts only, so they are the same in every run. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Returns a version 4 UUID that depends on the parts only. */
export function uuid(...parts: readonly string[]): string {
  const hex = digest(...parts);
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** Returns a value of the type, for a computed attribute about which nothing else is known. */
export function fakeValue(type: TerraformType | undefined, ...parts: readonly string[]): Value {
  if (type === undefined || type === "dynamic") return null;
  if (type === "string") return `double-${digest(...parts).slice(0, 12)}`;
  if (type === "number") return 0;
  if (type === "bool") return false;
  switch (type[0]) {
    case "list":
    case "set":
      return [];
    case "map":
      return {};
    case "tuple":
      return type[1].map((item, index) => fakeValue(item, ...parts, String(index)));
    case "object":
      return Object.fromEntries(
        Object.entries(type[1]).map(([name, item]) => [name, fakeValue(item, ...parts, name)]),
      );
  }
}
