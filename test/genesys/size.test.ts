import { join } from "node:path";
import { build } from "esbuild";

test("the Platform API client is under 10 KB: it is a part of every Lambda", async () => {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "../../lib/genesys/platform-api.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    write: false,
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  expect(bytes).toBeLessThan(10_240);
});
