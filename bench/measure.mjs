import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const recorder = fileURLToPath(new URL("record-usage.cjs", import.meta.url));

/**
 * Runs Node.js once and measures the whole process, from start to exit: wall seconds; CPU seconds of
 * this process and of the Node.js processes that it starts (not of Terraform); peak memory of the
 * largest of them.
 *
 * @param command `args`, `cwd`, `env`, and `fresh`, the folders to remove before the clock starts
 */
export async function measure({ args, cwd, env = {}, fresh = [] }, temporary) {
  for (const folder of fresh) rmSync(folder, { recursive: true, force: true });
  const usageFile = join(temporary, "usage.jsonl");
  rmSync(usageFile, { force: true });
  const start = performance.now();
  const { code, output } = await run(args, cwd, {
    ...environment(),
    ...env,
    NODE_OPTIONS: `--require ${JSON.stringify(recorder)}`,
    BENCH_USAGE_FILE: usageFile,
  });
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`node ${args.join(" ")} failed (${code}):\n${output.trim()}`);
  const usage = existsSync(usageFile)
    ? readFileSync(usageFile, "utf8").trim().split("\n").map(JSON.parse)
    : [];
  return {
    seconds,
    cpuSeconds: usage.reduce((sum, process) => sum + process.cpuSeconds, 0),
    megabytes: Math.max(0, ...usage.map(({ megabytes }) => megabytes)),
    output,
  };
}

/** Measures two commands in turn, so that other load on the machine affects both. */
export async function alternate(first, second, runs, temporary) {
  const results = [[], []];
  for (let run = 0; run < runs; run++) {
    results[0].push(await measure(first, temporary));
    results[1].push(await measure(second, temporary));
  }
  return results.map(summary);
}

function summary(runs) {
  const values = (key) => runs.map((run) => run[key]);
  return {
    seconds: median(values("seconds")),
    cpuSeconds: median(values("cpuSeconds")),
    megabytes: Math.max(...values("megabytes")),
    runs: values("seconds"),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The caller's environment, offline, and without variables that would change the synthesis. */
function environment() {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  for (const name of Object.keys(env)) {
    if (/^(GENESYS_ORGS_|CDKTF_|NODE_OPTIONS$|CI$)/.test(name)) delete env[name];
  }
  // For a configuration file that does not exist, Terraform prints a warning on every call.
  if (!existsSync(env.TF_CLI_CONFIG_FILE ?? "")) delete env.TF_CLI_CONFIG_FILE;
  return env;
}

function run(args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = [];
    child.stdout.on("data", (data) => output.push(data));
    child.stderr.on("data", (data) => output.push(data));
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ code: code ?? signal, output: Buffer.concat(output).toString() }),
    );
  });
}
