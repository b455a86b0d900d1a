import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

test.each(ZIPS)("the %s is small, without dates, and any user may read it", (name) => {
  const zip = readFileSync(join(BUILT, `${name}.zip`));
  expect(Object.keys(unzipSync(zip))).toEqual(["index.js", "THIRD-PARTY-NOTICES"]);
  expect(zip.length).toBeLessThan(110_000);
  // The central directory: made on Unix, 1980-01-01 00:00, -rw-r--r--.
  const header = Buffer.from([0x50, 0x4b, 1, 2]);
  let entries = 0;
  for (let at = zip.indexOf(header); at >= 0; at = zip.indexOf(header, at + 1)) {
    entries += 1;
    expect(zip.readUInt8(at + 5)).toBe(3);
    expect(zip.readUInt32LE(at + 12)).toBe(((1 << 5) | 1) << 16);
    expect(zip.readUInt32LE(at + 38) >>> 16).toBe(0o100644);
  }
  expect(entries).toBe(2);
});

test.each(ZIPS)("the %s has the licence of each package whose code is in it", (name) => {
  const files = unzipSync(readFileSync(join(BUILT, `${name}.zip`)));
  const notices = Buffer.from(files["THIRD-PARTY-NOTICES"] ?? []).toString("utf8");
  const titles = notices.match(/^@?[\w/.-]+ \d[\w.-]* \([\w.-]+\)$/gm) ?? [];
  expect(titles.map((title) => title.split(" ")[0])).toEqual(
    expect.arrayContaining([
      "@aws-sdk/client-secrets-manager",
      "@aws-sdk/client-ssm",
      "@smithy/node-http-handler",
    ]),
  );
  // Only packages whose code is in the bundle: the other sources of credentials are not.
  expect(notices).not.toMatch(/cdktf|credential-provider-sso/);
  for (const part of notices.split(/^-{80}$/m).slice(1)) {
    expect(part).toMatch(/Apache License\s+Version 2\.0|Permission is hereby granted/);
  }
});

test("a bundle with a package whose licence is not to be found is refused by name", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules/unlicensed"), { recursive: true });
  writeFileSync(
    join(folder, "node_modules/unlicensed/package.json"),
    '{ "name": "unlicensed", "version": "1.2.3" }',
  );
  const { href } = pathToFileURL(join(ROOT, "scripts/notices.mjs"));
  const inputs = { "node_modules/unlicensed/index.js": { bytesInOutput: 1 } };
  const script = `const { noticesOf } = await import(${JSON.stringify(href)});
    try { noticesOf(${JSON.stringify(folder)}, ${JSON.stringify(inputs)}); }
    catch (error) { process.stdout.write(error.message); }`;
  expect(run(process.execPath, ["--input-type=module", "-e", script], folder)).toBe(
    `unlicensed@1.2.3 is bundled, but ${folder}/node_modules/unlicensed has no licence file: find its text`,
  );
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
