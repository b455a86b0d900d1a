// `npm run bench:deploy`: the engine of `genesys-orgs deploy` against its ideal, and against Terragrunt.
// README.md explains what is measured.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadSchemas } from "../lib/rehearsal";
import { ProviderDouble } from "../lib/rehearsal/double/core/provider-double";
import { serve } from "../lib/rehearsal/double/core/server";
import { temporaryFolder } from "../lib/terraform/cleanup";
import { backendIn, orgNames } from "../test/cli/stored-orgs";
import { orgReport } from "../test/rehearsal/reports";
import { startLoopbackStore } from "../test/support/loopback-store";
import { fakeProject } from "../test/support/project";

const { values } = parseArgs({
  options: {
    orgs: { type: "string", default: "50" },
    parallel: { type: "string", default: "10" },
    seconds: { type: "string", default: "2" },
    terragrunt: { type: "string" },
    help: { type: "boolean" },
  },
});
const HELP = `Measures the engine of \`genesys-orgs deploy\` with provider doubles and a store on loopback.

  npm run bench:deploy                             50 organisations, an apply of 2 s each
  npm run bench:deploy -- --terragrunt <path>      also against Terragrunt, without the 2 s

Exit codes: 0 measured, 1 a failure.`;

const SOURCE = "mypurecloud/genesyscloud";
const MAIN = join(__dirname, "../dist/lib/cli/main.js");

interface Measured {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs a command, and measures its time and that of its children. */
function measure(
  cwd: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Measured> {
  const time = join(temporaryFolder("genesys-orgs-bench-"), "time");
  const child: ChildProcess = spawn("/usr/bin/time", ["-f", "%e %U %S", "-o", time, ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += text));
  return new Promise((done, fail) => {
    child.once("close", (code) => {
      if (code !== 0) return fail(new Error(`${command.join(" ")}: ${code}\n${said.slice(-3000)}`));
      const [wall = 0, user = 0, system = 0] = readFileSync(time, "utf8")
        .trim()
        .split(" ")
        .map(Number);
      done({ wall, cpu: user + system });
    });
  });
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const [count, parallel] = [Number(values.orgs), values.parallel];
  const store = await startLoopbackStore();
  let applyTime = 0;
  const address = `registry.terraform.io/${SOURCE}`;
  const double = new ProviderDouble({
    name: "genesyscloud",
    schema: loadSchemas().providers.get(address) ?? {},
    behaviour: { rules: {}, configure: () => ({ scope: SOURCE }) },
    seed: "bench",
  });
  const doubles = await serve(new Map([[address, double]]), (method) =>
    method === "ApplyResourceChange" ? applyTime : 0,
  );
  const env = {
    ...store.environment,
    TF_REATTACH_PROVIDERS: doubles.reattach,
    CHECKPOINT_DISABLE: "1",
  };
  const stackOf = (name: string, key: string) => ({
    terraform: {
      backend: { s3: backendIn(store, key) },
      required_providers: { genesyscloud: { source: SOURCE } },
    },
    provider: { genesyscloud: [{}] },
    resource: { genesyscloud_routing_queue: { support: { name } } },
  });
  const project = fakeProject({
    orgs: orgNames(count).map((name) => orgReport(name)),
    stackOf: ({ name, stateKey }) => stackOf(name, stateKey),
  });
  const clear = async () => {
    for (const name of orgNames(count)) {
      await store.removeObject(`orgs/${name}/terraform.tfstate`);
      await store.removeObject(`tg/${name}/terraform.tfstate`);
    }
  };
  const node = process.execPath;
  const plan = () => measure(project, [node, MAIN, "plan", "--parallel", parallel], env);
  const deploy = () =>
    measure(project, [node, MAIN, "deploy", "--yes", "--parallel", parallel], env);
  const say = (text: string) => process.stdout.write(`${text}\n`);

  // The folders are warm after this.
  await plan();
  applyTime = Number(values.seconds) * 1000;
  const ideal = (applyTime / 1000) * Math.ceil(count / Number(parallel));
  const whole = await deploy();
  const phase = applyPhase(join(project, "cdktf.out/deploy/report.json"));
  say(
    `${count} organisations, ${parallel} at the same time, an apply of ${values.seconds} s each:`,
  );
  say(`  apply phase ${phase.toFixed(1)} s, ideal ${ideal} s: ${(phase / ideal).toFixed(2)}`);
  say(`  whole run ${whole.wall.toFixed(1)} s, CPU ${whole.cpu.toFixed(1)} s`);
  applyTime = 0;

  if (values.terragrunt) {
    const folder = temporaryFolder("genesys-orgs-bench-");
    for (const name of orgNames(count)) {
      const unit = join(folder, name);
      mkdirSync(unit);
      writeFileSync(join(unit, "terragrunt.hcl"), "");
      writeFileSync(
        join(unit, "main.tf.json"),
        JSON.stringify(stackOf(name, `tg/${name}/terraform.tfstate`)),
      );
    }
    const tg = { ...env, TG_NON_INTERACTIVE: "true", TG_NO_COLOR: "true" };
    const run = (...args: string[]) =>
      measure(
        folder,
        [values.terragrunt ?? "", "run", "--all", "--parallelism", parallel, "--", ...args],
        tg,
      );
    await run("plan", "-out=plan.tfplan");
    const rounds: { ours: Measured; theirs: Measured }[] = [];
    for (let round = 0; round < 3; round += 1) {
      await clear();
      const planned = await run("plan", "-out=plan.tfplan");
      const applied = await run("apply", "plan.tfplan");
      const theirs = { wall: planned.wall + applied.wall, cpu: planned.cpu + applied.cpu };
      const ours = await deploy();
      rounds.push({ ours, theirs });
      say(
        `  round ${round + 1}: ours ${ours.wall.toFixed(1)} s, CPU ${ours.cpu.toFixed(1)} s; Terragrunt ${theirs.wall.toFixed(1)} s, CPU ${theirs.cpu.toFixed(1)} s; ratio ${(ours.wall / theirs.wall).toFixed(2)}, CPU ${(ours.cpu / theirs.cpu).toFixed(2)}`,
      );
    }
    rmSync(folder, { recursive: true });
  }
  doubles.stop();
  await store.stop();
  rmSync(project, { recursive: true, force: true });
}

/** Seconds from the begin of the first apply to the end of the last. */
function applyPhase(file: string): number {
  const { stacks } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly stacks: readonly { readonly work?: readonly { from: number; to: number }[] }[];
  };
  const applies = stacks.flatMap(({ work = [] }) => work.at(-1) ?? []);
  return Math.max(...applies.map(({ to }) => to)) - Math.min(...applies.map(({ from }) => from));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
