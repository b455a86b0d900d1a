import { join } from "node:path";
import { build } from "esbuild";

const INDEX = join(__dirname, "../../lib/runtime/index.ts");

test("the runtime is under 10 KB without the SDK, and loads nothing but Node's own modules", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [INDEX],
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
  expect(bytes).toBeLessThan(10_240);
  expect(
    Object.keys(metafile?.inputs ?? {}).filter((path) => path.includes("node_modules")),
  ).toEqual([]);
  const imports = Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) => imports);
  expect(
    imports.filter(({ path }) => !path.startsWith("node:")).map(({ path, kind }) => [path, kind]),
  ).toEqual([["@aws-sdk/client-secrets-manager", "dynamic-import"]]);
});
