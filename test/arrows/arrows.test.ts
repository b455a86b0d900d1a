import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { temporaryFolder } from "../support/folders";

const ROOT = resolve(__dirname, "../..");
const DEPCRUISE = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

/** Broken rules, with the import that breaks each. */
function violations(config: "rooms" | "runtime", folder = ROOT): string[] {
  const file = join(ROOT, "test/arrows", `${config}.cjs`);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [DEPCRUISE, "lib", "--config", file, "--output-type", "json"],
    { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (stdout === "") throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as {
    summary: {
      totalCruised: number;
      violations: { from: string; to: string; rule: { name: string } }[];
    };
  };
  expect(summary.totalCruised).toBeGreaterThan(2);
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`);
}

/** A project with these files in place of ours. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  cpSync(join(ROOT, "tsconfig.json"), join(folder, "tsconfig.json"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

test("rooms import only what lies below them, and nothing in a circle", () => {
  expect(violations("rooms")).toEqual([]);
});

test("constructs load no AWS SDK; Lambdas, commands and rehearsal load no cdktf", () => {
  expect(violations("runtime")).toEqual([]);
});

test("an import against the grain, of an unknown room or in a circle is found", () => {
  const folder = projectOf({
    "lib/registry/model.ts": 'export * from "../state/home";\n',
    "lib/state/home.ts": 'import type { X } from "./other";\nexport type Y = X;\n',
    "lib/state/other.ts": 'import type { Y } from "./home";\nexport type X = Y | 1;\n',
    "lib/index.ts": 'export * from "./attic/old";\n',
    "lib/attic/old.ts": "export const old = 1;\n",
  });
  const found = violations("rooms", folder).join("\n");
  expect(found).toContain(
    "registry imports only what lies below it: lib/registry/model.ts -> lib/state/home.ts",
  );
  expect(found).toContain("no circles: lib/state/home.ts -> lib/state/other.ts");
  expect(found).toContain("every room is in the map: lib/index.ts -> lib/attic/old.ts");
});

test("an SDK behind constructs and cdktf behind a Lambda are found, however far away", () => {
  const module_ = (name: string) => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: "index.js" }),
    [`node_modules/${name}/index.js`]: "module.exports = {};\n",
  });
  const folder = projectOf({
    ...module_("@aws-sdk/client-s3"),
    ...module_("cdktf"),
    "lib/state/home.ts": 'export * from "../aws/call";\n',
    "lib/aws/call.ts": 'export * from "@aws-sdk/client-s3";\n',
    "lib/rotation/lambda/rotator.ts": 'export * from "../names";\n',
    "lib/rotation/names.ts": 'export * from "cdktf";\n',
  });
  const found = violations("runtime", folder).join("\n");
  expect(found).toMatch(/constructs never load the AWS SDK: lib\/state\/home\.ts -> .*client-s3/);
  expect(found).toMatch(
    /Lambda and runtime code never load cdktf: lib\/rotation\/lambda\/rotator\.ts -> .*cdktf/,
  );
});
