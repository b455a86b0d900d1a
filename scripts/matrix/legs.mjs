// The legs of the matrix: which versions, and what runs on each.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root } from "../build.mjs";
import { LIBRARY, writeConsumer } from "./consumer.mjs";
import { engineOf, nodeOf, run } from "./engines.mjs";

const NODES = ["20", "22", "24"];

const ENGINES = [
  ["terraform", "1.11.4"],
  ["terraform", "1.15.0"],
  ["opentofu", "1.11.0"],
  ["opentofu", "1.12.6"],
];

// What a consumer installs. npm applies overrides only at the root of a project.
const CDKTF = {
  cdktf: "0.21",
  constructs: "10.6",
  "@cdktf/provider-aws": "21",
  "@cdktf/provider-vault": "15",
};
const CDKTN = { ...CDKTF, cdktf: "npm:cdktn@0.24" };
const FRAMEWORKS = [
  { name: "cdktf-0.21", node: "20", dependencies: { ...CDKTF, constructs: "10" } },
  { name: "cdktn-0.24", node: "24", dependencies: CDKTN },
  {
    name: "cdktn-0.24-aws-25",
    node: "24",
    // This provider requires `cdktn` by its own name.
    dependencies: {
      ...CDKTN,
      cdktn: "0.24",
      "@cdktf/provider-aws": "npm:@cdktn/provider-aws@25",
    },
  },
];

/** Tests that depend on the version of Node.js: HTTP, processes, streams, crypto, and the built package. */
const NODE_SUITES = [
  "test/cli/commands/rehearse.test.ts",
  "test/genesys",
  "test/http",
  "test/package.test.ts",
  "test/rehearsal",
  "test/rotation/lambda",
  "test/support",
  "test/vault",
];

/** Tests that run the engine by itself: the plugin protocol, states, locks, and what commands read of it. */
const ENGINE_SUITES = [
  "test/cli/commands/state/digest.test.ts",
  "test/cli/commands/unlock.test.ts",
  "test/terraform/backend.test.ts",
  "test/terraform/double.test.ts",
  "test/terraform/large-state.test.ts",
  "test/terraform/locks.test.ts",
];

/** What `--quick` runs of them. */
const QUICK_SUITES = [
  "test/http",
  "test/rehearsal",
  "test/support",
  "test/terraform/locks.test.ts",
];

const REHEARSAL = "rehearsal of all sample orgs";

/** All legs. A leg's `run` adds versions and checks to its result. */
export const LEGS = [
  ...NODES.map((major) => ({
    name: `node-${major}`,
    checks: [REHEARSAL, ...NODE_SUITES],
    run: (result, say, quick) => {
      const env = withNode(nodeOf(major, say));
      rehearse(root, env, result, say);
      jest(quick ? QUICK_SUITES : NODE_SUITES, env, result, say);
    },
  })),
  ...ENGINES.map(([product, version]) => ({
    name: `${product}-${version}`,
    checks: [REHEARSAL, ...ENGINE_SUITES],
    run: (result, say, quick) => {
      const engine = engineOf(product, version, say);
      const env = { ...withNode(process.execPath), TERRAFORM_BINARY_NAME: engine };
      rehearse(root, env, result, say);
      jest(quick ? QUICK_SUITES : ENGINE_SUITES, env, result, say);
    },
  })),
  ...FRAMEWORKS.map(({ name, node, dependencies }) => ({
    name,
    checks: [`${REHEARSAL} with the packed library, installed in an empty project`],
    run: (result, say) => {
      const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-matrix-"));
      try {
        const env = withNode(nodeOf(node, say));
        say("the packed library is installed");
        writeConsumer(folder, dependencies, env);
        rehearse(folder, env, result, say);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  })),
];

/** The environment in which `node` is the given one. */
function withNode(node) {
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const PATH = [dirname(node), env.PATH].join(delimiter);
  return { ...env, PATH, CHECKPOINT_DISABLE: "1", CI: "true" };
}

/** Rehearses all orgs of a project with its own library. */
function rehearse(folder, env, result, say) {
  say(REHEARSAL);
  const command = folder === root ? "dist/lib/cli/main.js" : `${LIBRARY}/dist/lib/cli/main.js`;
  const said = run("node", [command, "rehearse", "--require-terraform", "--json"], folder, env);
  const { terraform, stacks } = JSON.parse(said);
  const installed = (name) => {
    const file = join(folder, "node_modules", name, "package.json");
    const { name: own, version } = JSON.parse(readFileSync(file, "utf8"));
    return `${own} ${version}`;
  };
  result.versions = {
    node: run("node", ["--version"], folder, env).trim().slice(1),
    engine: `${terraform.product} ${terraform.version}`,
    framework: `${installed("cdktf")}, ${installed("constructs")}`,
    aws: installed("@cdktf/provider-aws"),
  };
  record(result, REHEARSAL, true, `${stacks.length} stacks`);
}

function jest(suites, env, result, say) {
  const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-jest-"));
  const output = join(folder, "result.json");
  try {
    for (const suite of suites) {
      say(suite);
      const jest = join(root, "node_modules/jest/bin/jest.js");
      const args = [jest, "--silent", "--json", "--outputFile", output, suite];
      // It fails when a test fails, and its file tells which.
      spawnSync("node", args, { cwd: root, env, stdio: "ignore" });
      const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
        readFileSync(output, "utf8"),
      );
      rmSync(output);
      const passed = numFailedTests + numRuntimeErrorTestSuites === 0 && numPassedTests > 0;
      const failed = testResults.flatMap(({ assertionResults, message, name }) => {
        const tests = assertionResults.filter(({ status }) => status === "failed");
        return tests.length > 0 || !message
          ? tests.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)
          : [`${name}: ${message}`];
      });
      for (const each of failed) say(`FAILED ${each}`);
      record(
        result,
        suite,
        passed,
        `${numPassedTests} of ${numPassedTests + numFailedTests} tests`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const record = (result, check, passed, text) => result.checks.push({ check, passed, result: text });
