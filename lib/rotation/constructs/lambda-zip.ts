import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RotationFunctionName } from "../rotation-names";

/** A function's code, as it was built with this package. */
export interface LambdaZip {
  readonly path: string;
  /** As `aws_lambda_function` compares it: SHA-256, base64. */
  readonly sha256: string;
}

// From dist/lib/rotation/constructs, and from lib/rotation/constructs where tests run.
const folders = ["../../../lambda", "../../../dist/lambda"].map((folder) =>
  join(__dirname, folder),
);

/** @throws Error when the package was not built */
export function lambdaZip(part: RotationFunctionName): LambdaZip {
  const folder = folders.find((candidate) => existsSync(join(candidate, "sha256.json")));
  if (!folder) throw new Error(`there is no ${part}.zip in ${folders.join(" or ")}: npm run build`);
  sums ??= JSON.parse(readFileSync(join(folder, "sha256.json"), "utf8")) as Record<string, string>;
  const sha256 = sums[`${part}.zip`];
  if (!sha256) throw new Error(`${join(folder, "sha256.json")} has no ${part}.zip: npm run build`);
  return { path: join(folder, `${part}.zip`), sha256 };
}

/** Part of the path of the zip in a synthesized stack. */
export const assetHash = (sha256: string): string => sha256.replace(/\W/g, "").slice(0, 32);

let sums: Record<string, string> | undefined;
