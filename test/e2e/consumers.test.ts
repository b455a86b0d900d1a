import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  pack,
  run,
  writeFiles,
  writeLibraryExample,
  writeSmallestApp,
} from "../support/consumer-project";
import { markedBlock, pageText } from "../support/pages";
import { ROOT } from "../support/synthesized-app";

// Projects as people have them. Each really installs the packed library, as docs/library.md says, and rehearses.

const LIBRARY_PAGE = pageText("docs/library.md");
const CDKTF_TEMPLATE = join(ROOT, "node_modules/cdktf-cli/bundle/templates/typescript");
// Prints nothing but errors, and what is in npm's cache is not asked for again.
const NPM = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
const PNPM = "pnpm@10";

const home = mkdtempSync(join(tmpdir(), "genesys-orgs-consumers-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Arguments of the npm commands in a section of docs/library.md, with the packed library. */
function documentedInstalls(heading: string): string[][] {
  const section = LIBRARY_PAGE.slice(LIBRARY_PAGE.indexOf(`\n## ${heading}\n`)).slice(1);
  const [text = ""] = section.split("\n## ");
  return [...text.matchAll(/^npm (install .*)$/gm)].map(([, args = ""]) =>
    args.split(" ").map((arg) => (arg === "cdktf-genesys-orgs" ? pack() : arg)),
  );
}

const npm = (project: string, ...args: readonly string[]) => run("npm", [...args, ...NPM], project);

let base: string | undefined;

/** The packages of docs/library.md, installed once. Projects begin with hard links to their files. */
function installed(): string {
  if (base !== undefined) return base;
  const folder = join(home, "base");
  writeFiles(folder, { "package.json": '{ "private": true }' });
  for (const args of documentedInstalls("Install")) npm(folder, ...args);
  base = folder;
  return folder;
}

interface Shape {
  /** Folder of the project. */
  readonly project: string;
  /** Runs what installs packages, and counts its seconds. */
  readonly install: (work: () => void) => void;
  /** Rehearses the project with its own command, and prints the seconds of both. */
  readonly rehearse: (...command: readonly string[]) => void;
}

function shapeOf(name: string): Shape {
  const project = join(home, name.replace(/\W+/g, "-"));
  mkdirSync(project);
  let seconds = 0;
  const timed = <Result>(work: () => Result): [Result, number] => {
    const start = performance.now();
    return [work(), (performance.now() - start) / 1000];
  };
  return {
    project,
    install: (work) => {
      seconds += timed(work)[1];
    },
    rehearse: (...[program = "npx", ...args]) => {
      const command = [...args, "genesys-orgs", "rehearse", "--require-terraform", "--json"];
      const [output, took] = timed(() => run(program, command, project));
      const { ok, stacks } = JSON.parse(output);
      process.stderr.write(
        `${name}: ${stacks.length} stacks; install ${seconds.toFixed(1)} s, rehearsal ${took.toFixed(1)} s\n`,
      );
      expect(ok).toBe(true);
      expect(stacks.map(({ stack }: { stack: string }) => stack)).toContain("org-na-prod");
    },
  };
}

/** Installs into a project that begins with the shared packages. */
function npmFromBase(project: string, ...args: readonly string[]): void {
  run("cp", ["-al", join(installed(), "node_modules"), project], home);
  npm(project, "install", ...args);
}

/** Writes a project with the packed command, which then depends on the packed library. */
function init(project: string, ...options: readonly string[]): void {
  run("npx", ["genesys-orgs", "init", project, ...options], installed());
  const file = join(project, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.dependencies["cdktf-genesys-orgs"] = `file:${pack()}`;
  writeFiles(project, { "package.json": JSON.stringify(manifest) });
}

/** The manifest of a project without `init`. */
const manifestOf = (project: string, rest: object) => {
  const { dependencies } = JSON.parse(readFileSync(join(installed(), "package.json"), "utf8"));
  writeFiles(project, { "package.json": JSON.stringify({ private: true, dependencies, ...rest }) });
};

const orgStack = (project: string) =>
  readFileSync(join(project, "cdktf.out/stacks/org-na-prod/cdk.tf.json"), "utf8").replace(
    /"version": "0\.\d+\.\d+"/,
    "",
  );

test("cdktf init, then the install and the app of docs/library.md", () => {
  const { project, install, rehearse } = shapeOf("cdktf init");
  // The files and commands of `cdktf init --template=typescript`, whose own run needs node-pty.
  cpSync(CDKTF_TEMPLATE, project, { recursive: true });
  for (const file of ["package.json", "cdktf.json"]) {
    const text = readFileSync(join(project, file), "utf8");
    const filled = text.replace(/{{ ?\$base ?}}|{{projectId}}/g, "demo");
    writeFiles(project, { [file]: filled.replace(/{{\w+}}/g, "") });
  }
  install(() => {
    npm(project, "install", "cdktf@0.21.0", "constructs@10");
    const development = ["@types/node", "typescript", "jest", "@types/jest", "ts-jest", "ts-node"];
    npm(project, "install", "-D", ...development);
    for (const args of documentedInstalls("Install")) npm(project, ...args);
  });
  writeLibraryExample(project);
  rehearse();
  expect(run("npx", ["genesys-orgs", "--version"], project).trim()).toBe(
    JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version,
  );
  expect(run("npx", ["jest"], project)).toBe("");
});

test("CDK Terrain by the documented alias, which synthesizes the same but for its own version", () => {
  const { project, install, rehearse } = shapeOf("cdktn alias");
  const [, alias = ""] = /"cdktf": "(npm:cdktn@[^"]+)"/.exec(LIBRARY_PAGE) ?? [];
  const manifest = {
    private: true,
    dependencies: { cdktf: alias },
    overrides: { cdktf: "$cdktf" },
  };
  writeFiles(project, {
    "package.json": JSON.stringify(manifest),
    "cdktf.json": JSON.stringify({ app: "npx ts-node main.ts" }),
  });
  cpSync(join(CDKTF_TEMPLATE, "tsconfig.json"), join(project, "tsconfig.json"));
  install(() => {
    const [development = []] = documentedInstalls("Install");
    npm(project, ...development);
    for (const args of documentedInstalls("CDK Terrain")) npm(project, ...args);
  });
  const { name } = JSON.parse(
    readFileSync(join(project, "node_modules/cdktf/package.json"), "utf8"),
  );
  expect(name).toBe("cdktn");
  writeLibraryExample(project);
  rehearse();
  const [withCdktf, withCdktn] = [installed(), project].map((folder) => {
    writeLibraryExample(folder);
    cpSync(join(CDKTF_TEMPLATE, "tsconfig.json"), join(folder, "tsconfig.json"));
    run("npx", ["ts-node", "main.ts"], folder);
    return orgStack(folder);
  });
  expect(withCdktn).toBe(withCdktf);
});

test("ES modules, resolved as nodenext", () => {
  const { project, install, rehearse } = shapeOf("ESM nodenext");
  manifestOf(project, { type: "module", devDependencies: { typescript: "5.9" } });
  writeSmallestApp(project);
  writeFiles(project, {
    "cdktf.json": JSON.stringify({ app: "npx tsc && node main.js" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { module: "nodenext", target: "es2022", strict: true, skipLibCheck: true },
      include: ["main.ts"],
    }),
  });
  install(() => npmFromBase(project));
  rehearse();
});

test("pnpm without hoisting, which gives a package only what it declares", () => {
  const { project, install, rehearse } = shapeOf("pnpm strict");
  init(project);
  writeFiles(project, {
    "pnpm-workspace.yaml": "hoist: false\nshamefullyHoist: false\nstrictPeerDependencies: true\n",
  });
  install(() => {
    const store = ["--store-dir", join(home, "pnpm-store"), "--prefer-offline", "--ignore-scripts"];
    run("npx", ["--yes", PNPM, "install", ...store], project);
  });
  rehearse("npx", "--yes", PNPM, "exec");
});

test("jest with the snapshots of docs/library.md", () => {
  const { project, install, rehearse } = shapeOf("jest snapshots");
  init(project);
  writeFiles(project, {
    "orgs/state-homes.json": markedBlock("docs/registry.md", "record"),
    "test/stacks.test.ts": markedBlock("docs/library.md", "snapshot-test"),
    "jest.config.js": 'module.exports = { preset: "ts-jest", testMatch: ["**/test/*.test.ts"] };\n',
  });
  install(() => npmFromBase(project, "--save-dev", "jest", "ts-jest", "@types/jest"));
  // In CI, jest writes no snapshot by itself.
  run("npx", ["jest", "--ci=false"], project);
  const snapshot = join(project, "test/__snapshots__/stacks.test.ts.snap");
  expect(readFileSync(snapshot, "utf8")).toContain('"genesyscloud_routing_queue": {');
  run("npx", ["jest", "--ci"], project);
  rehearse();
});

test("plain JavaScript, without a compiler", () => {
  const { project, install, rehearse } = shapeOf("plain JavaScript");
  manifestOf(project, {});
  writeSmallestApp(project);
  const app = readFileSync(join(project, "main.ts"), "utf8");
  rmSync(join(project, "main.ts"));
  writeFiles(project, {
    "main.js": app.replace(/^import (.*) from (".*");$/gm, "const $1 = require($2);"),
    "cdktf.json": JSON.stringify({ app: "node main.js" }),
  });
  install(() => npmFromBase(project));
  rehearse();
});

test("YAML alone, without code", () => {
  const { project, install, rehearse } = shapeOf("YAML alone");
  init(project, "--yaml");
  install(() => npmFromBase(project));
  rehearse();
});
