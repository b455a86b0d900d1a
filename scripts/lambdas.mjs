// Bundles and zips the Lambda functions. The same sources and dependencies give the same bytes: the
// SHA-256 of a zip is a literal in the Terraform that deploys it.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { noticesOf } from "./notices.mjs";

const FUNCTIONS = ["rotator", "reconciler"];

// Of all the places where the SDK looks for credentials a function has one: its environment. The
// others are loaded when they are needed, so never.
const OTHER_CREDENTIALS = [
  ...["http", "ini", "login", "process", "sso", "web-identity"].map(
    (source) => `@aws-sdk/credential-provider-${source}`,
  ),
  "@smithy/credential-provider-imds",
];

/**
 * Writes `<function>.zip` for each function, and `sha256.json` with their sums, as Terraform
 * compares them.
 * @param {string} root folder of the package
 * @param {string} folder where they go
 */
export async function buildLambdas(root, folder) {
  mkdirSync(folder, { recursive: true });
  const sums = {};
  for (const name of FUNCTIONS) {
    const zip = zipped(await bundle(root, name));
    writeFileSync(join(folder, `${name}.zip`), zip);
    sums[`${name}.zip`] = createHash("sha256").update(zip).digest("base64");
  }
  writeFileSync(join(folder, "sha256.json"), `${JSON.stringify(sums, null, 2)}\n`);
}

/** Returns the files of a function's zip. */
async function bundle(root, name) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join("lib/rotation/lambda", `${name}.ts`)],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    // A package's ES modules: what is not used of them is left out.
    mainFields: ["module", "main"],
    external: OTHER_CREDENTIALS,
    // `import()` of Node's own modules becomes `require`: one loader less to start.
    supported: { "dynamic-import": false },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    write: false,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  return {
    "index.js": outputFiles[0].contents,
    "THIRD-PARTY-NOTICES": Buffer.from(noticesOf(root, inputs)),
  };
}

const zipped = (files) =>
  zipSync(files, {
    level: 9,
    // A zip has local time: so the same in every time zone.
    mtime: new Date(1980, 0, 1),
    // -rw-r--r-- on Unix: Lambda runs it as another user.
    os: 3,
    attrs: 0o100644 << 16,
  });
