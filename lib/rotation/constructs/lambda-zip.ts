import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RotationFunctionName } from "../rotation-names";

/** A function's code, as built with this package. */
export interface LambdaZip {
  readonly path: string;
  /** SHA-256 in base64, the format of `aws_lambda_function`. */
  readonly sha256: string;
}

// As seen from dist/lib/rotation/constructs, and from lib/rotation/constructs in tests.
const folders = ["../../../lambda", "../../../dist/lambda"].map((folder) =>
  join(__dirname, folder),
);

/**
 * Returns a function's code.
 * @throws Error when the package was not built
 */
export function lambdaZip(part: RotationFunctionName): LambdaZip {
  const folder = folders.find((candidate) => existsSync(join(candidate, "sha256.json")));
  if (!folder)
    throw new Error(`${part}.zip was not found in ${folders.join(" or ")}: run "npm run build"`);
  sums ??= JSON.parse(readFileSync(join(folder, "sha256.json"), "utf8")) as Record<string, string>;
  const sha256 = sums[`${part}.zip`];
  if (!sha256)
    throw new Error(`${join(folder, "sha256.json")} has no ${part}.zip: run "npm run build"`);
  return { path: join(folder, `${part}.zip`), sha256 };
}

/** Returns the part of the zip's path that changes with its content, in a synthesized stack. */
export const assetHash = (sha256: string): string => sha256.replace(/\W/g, "").slice(0, 32);

let sums: Record<string, string> | undefined;
