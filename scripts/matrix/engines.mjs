// Gets the engines and the versions of Node.js that the matrix runs on.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const CACHE = process.env.GENESYS_ORGS_ENGINES || join(homedir(), ".cache/genesys-orgs-engines");

const PRODUCTS = {
  terraform: {
    command: "terraform",
    module: "github.com/hashicorp/terraform",
    main: ".",
    // Its backends are modules of their own, which the module proxy has not.
    source: (version, folder) => {
      const repository =
        process.env.TERRAFORM_SOURCE || "https://github.com/hashicorp/terraform.git";
      const options = ["-c", "advice.detachedHead=false", "clone", "--quiet", "--depth", "1"];
      run("git", [...options, "--branch", `v${version}`, asUrl(repository), folder]);
    },
  },
  opentofu: {
    command: "tofu",
    module: "github.com/opentofu/opentofu",
    main: "./cmd/tofu",
    source: (version, folder) => {
      const module = `github.com/opentofu/opentofu@v${version}`;
      const { Dir } = JSON.parse(run("go", ["mod", "download", "-json", module], tmpdir()));
      cpSync(Dir, folder, { recursive: true });
      // The module cache is read-only.
      run("chmod", ["-R", "u+w", folder]);
    },
  },
};

// A clone of a local path ignores --depth.
const asUrl = (repository) => (existsSync(repository) ? `file://${repository}` : repository);

/** Returns the path of an engine, for example of `opentofu` 1.11.0. */
export function engineOf(product, version, say) {
  const { command, module, main, source } = PRODUCTS[product];
  if (versionOf(command) === version) return command;
  const file = join(CACHE, `${product}-${version}`);
  if (existsSync(file)) return file;
  say("is built from its source, for some ten minutes");
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-engine-"));
  try {
    source(version, folder);
    const flags = ["-trimpath", "-buildvcs=false", "-ldflags", `-s -w -X ${module}/version.dev=no`];
    run("go", ["build", ...flags, "-o", `${file}.part`, main], folder);
    renameSync(`${file}.part`, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (versionOf(file) !== version) throw new Error(`${file} is not ${product} ${version}`);
  return file;
}

function versionOf(command) {
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const options = { encoding: "utf8", env: { ...env, CHECKPOINT_DISABLE: "1" } };
  return /^(?:Terraform|OpenTofu) v(\S+)/m.exec(
    spawnSync(command, ["version"], options).stdout,
  )?.[1];
}

/** Returns the path of a Node.js, by its major version. */
export function nodeOf(major, say) {
  if (process.versions.node.split(".")[0] === major) return process.execPath;
  const folder = join(CACHE, "node", major);
  const name = `node-${process.platform}-${process.arch}`;
  const file = join(folder, "node_modules", name, "bin/node");
  if (!existsSync(file)) {
    say(`${name}@${major} is installed`);
    mkdirSync(folder, { recursive: true });
    run("npm", ["install", "--ignore-scripts", "--prefix", folder, `${name}@${major}`], folder);
  }
  return file;
}

/** Runs a command, and fails with the end of what it said. */
export function run(command, args, cwd, env = process.env) {
  const options = { cwd, env, encoding: "utf8", maxBuffer: 1024 ** 3 };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error?.code === "ENOENT") throw new Error(`${command} is not on PATH`);
  if (status !== 0) {
    const said = `${stderr}${stdout}`.trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command} ${args.join(" ")} failed: ${said}`);
  }
  return stdout;
}
