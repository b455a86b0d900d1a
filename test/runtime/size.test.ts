import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(__dirname, "../..");

/** Bundles a module as a consumer does: its size, its files, and what it loads besides. */
async function bundle(file: string) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [file],
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@aws-sdk/client-secrets-manager"],
    metafile: true,
    write: false,
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  const imports = Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) => imports);
  const loaded = imports
    .filter(({ path }) => !path.startsWith("node:"))
    .map(({ path, kind }) => [path, kind]);
  return { bytes, files: Object.keys(metafile?.inputs ?? {}), loaded };
}

// 10.5 KB since a credential's tokens may also come from a lease: an interface, closing, and nothing of Vault.
test("the runtime is under 11 KB without the SDK, and loads nothing but Node's own modules", async () => {
  const { bytes, files, loaded } = await bundle("lib/runtime/index.ts");
  expect(bytes).toBeLessThan(11 * 1024);
  expect(files.filter((path) => /node_modules|vault/.test(path))).toEqual([]);
  expect(loaded).toEqual([["@aws-sdk/client-secrets-manager", "dynamic-import"]]);
});

test("the lease from Vault is under 18 KB, and loads neither packages nor the code that reads secrets", async () => {
  const { bytes, files, loaded } = await bundle("lib/runtime/vault/index.ts");
  expect(bytes).toBeLessThan(18 * 1024);
  const rooms = /^lib\/(runtime\/vault|vault\/client|http)\/|^lib\/(errors|runtime\/pauses)\.ts$/;
  expect(files.filter((path) => !rooms.test(path))).toEqual([]);
  expect(loaded).toEqual([]);
});
