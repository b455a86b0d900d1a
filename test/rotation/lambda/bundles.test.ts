import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { run } from "../../support/consumer-project";
import { temporaryFolder } from "../../support/folders";

const ROOT = join(__dirname, "../../..");
const BUILT = join(ROOT, "dist/lambda");
const FILES = ["reconciler.zip", "rotator.zip", "sha256.json"] as const;
const ZIPS = ["rotator", "reconciler"] as const;
const contentsOf = (folder: string) => FILES.map((file) => readFileSync(join(folder, file)));

test("another build, elsewhere and at another time, gives the same bytes", () => {
  const folder = temporaryFolder();
  const { href } = pathToFileURL(join(ROOT, "scripts/lambdas.mjs"));
  const script = `process.env.TZ = "America/Los_Angeles";
    const { buildLambdas } = await import(${JSON.stringify(href)});
    await buildLambdas(${JSON.stringify(ROOT)}, ${JSON.stringify(folder)});`;
  run(process.execPath, ["--input-type=module", "-e", script], folder);
  expect(
    contentsOf(folder).map((content, index) => [FILES[index], content.toString("base64")]),
  ).toEqual(contentsOf(BUILT).map((content, index) => [FILES[index], content.toString("base64")]));
}, 30_000);

test("the sums are those of the zips, as Terraform compares them", () => {
  const sums = JSON.parse(readFileSync(join(BUILT, "sha256.json"), "utf8"));
  for (const name of ZIPS) {
    const zip = readFileSync(join(BUILT, `${name}.zip`));
    expect(sums[`${name}.zip`]).toBe(createHash("sha256").update(zip).digest("base64"));
  }
});

test.each(ZIPS)("the %s is one small file that any user may read, without a date", (name) => {
  const zip = readFileSync(join(BUILT, `${name}.zip`));
  expect(Object.keys(unzipSync(zip))).toEqual(["index.js"]);
  expect(zip.length).toBeLessThan(100_000);
  // The central directory: made on Unix, 1980-01-01 00:00, -rw-r--r--.
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  expect(zip.readUInt8(entry + 5)).toBe(3);
  expect(zip.readUInt32LE(entry + 12)).toBe(((1 << 5) | 1) << 16);
  expect(zip.readUInt32LE(entry + 38) >>> 16).toBe(0o100644);
});

test.each(ZIPS)(
  "the %s has nothing of the constructs, and starts where nothing else is",
  (name) => {
    const { "index.js": code = Buffer.of() } = unzipSync(readFileSync(join(BUILT, `${name}.zip`)));
    expect(Buffer.from(code).toString("utf8")).not.toMatch(/cdktf|constructs|\bzod\b/);
    const folder = temporaryFolder();
    writeFileSync(join(folder, "index.js"), code);
    const script = 'process.stdout.write(Object.keys(require("./index.js")).join())';
    expect(run(process.execPath, ["-e", script], folder)).toMatch(/\bhandler\b/);
  },
);
