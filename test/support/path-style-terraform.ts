import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folders";

/**
 * A Terraform whose S3 backend names the bucket in the path. It names it in the host, which no
 * variable of the environment changes, and a host below 127.0.0.1 is none.
 */
export function pathStyle(terraform: string): string {
  const file = join(temporaryFolder(), "terraform");
  const script = `#!/bin/sh
[ "$1" = init ] && [ ! -e backend_override.tf.json ] && grep -q '"s3":' cdk.tf.json && set -- "$@" -backend-config=use_path_style=true
exec '${terraform}' "$@"
`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}
