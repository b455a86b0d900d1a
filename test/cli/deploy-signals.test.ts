import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildCommands, startCommand } from "../support/built-command";
import { serveWithout } from "../support/denying-front";
import { temporaryFolder } from "../support/folders";
import { killWithChildren } from "../support/killed-command";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../support/loopback-store";
import { describeWithTerraform } from "../support/terraform";
import { run } from "./run";
import { orgNames, orgsWith, readJson, storedProject } from "./stored-orgs";

/** Runs for each signal. CONTRIBUTING.md says how to run more. */
const RUNS = Number(process.env.DEPLOY_SIGNALS ?? 1);
const ORGS = 6;

jest.setTimeout(120_000 + RUNS * 60_000);

/** Numbers between 0 and 1 that are the same in every run of the tests. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describeWithTerraform("a deploy of many organisations that is stopped at a random moment", () => {
  let store: LoopbackStore;
  let project: string;
  const random = randomNumbers(Number(process.env.DEPLOY_SEED ?? 7));
  /** Milliseconds of a whole run. */
  let whole = 0;

  useLoopbackCredentials();
  beforeAll(() => buildCommands(), 120_000);
  beforeEach(async () => {
    store = await startLoopbackStore();
    const slow = { provisioner: [{ "local-exec": { command: "sleep 0.5" } }] };
    project = storedProject(store, orgsWith(ORGS, { first: slow, second: slow }));
  });
  afterEach(() => store.stop());

  const start = () =>
    startCommand(project, ["deploy", "--yes", "--parallel", "4"], store.environment);
  const lockedOrgs = async () => {
    const locks = await Promise.all(
      orgNames(ORGS).map((name) => store.locksOf(`orgs/${name}/terraform.tfstate`)),
    );
    return orgNames(ORGS).filter((_, index) => (locks[index] ?? []).length > 0);
  };
  const clear = async () => {
    for (const name of orgNames(ORGS)) {
      await store.removeObject(`orgs/${name}/terraform.tfstate`);
      await store.removeObject(`orgs/${name}/terraform.tfstate.tflock`);
    }
  };
  async function measure(): Promise<void> {
    if (whole > 0) return;
    const begun = Date.now();
    expect((await start().ended).code).toBe(0);
    whole = Date.now() - begun;
    await clear();
  }
  const outcomes = () => {
    const file = join(project, "cdktf.out/deploy/report.json");
    if (!existsSync(file)) return [];
    return (readJson(file).stacks as { readonly outcome: string }[]).map(({ outcome }) => outcome);
  };

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    `${RUNS} times by %s: no lock is left, and --resume does the rest`,
    async (signal, code) => {
      await measure();
      for (let index = 0; index < RUNS; index += 1) {
        const { child, ended, output } = start();
        await pause(random() * whole);
        child.kill(signal);
        // As CI does after SIGINT: no second Ctrl-C.
        const second =
          signal === "SIGINT" ? setTimeout(() => child.kill("SIGTERM"), 300) : undefined;
        const result = await ended;
        clearTimeout(second);
        // A signal before the command listens ends it as any process: nothing has begun.
        const hasBegun = result.code !== -1 || output() !== "";
        if (hasBegun) expect([code, 0]).toContain(result.code);
        expect(await lockedOrgs()).toEqual([]);
        if (hasBegun && outcomes().length > 0 && result.code !== 0) {
          const resumed = await run(project, ["deploy", "--yes", "--resume"], store.environment);
          expect([0, 1]).toContain(resumed.code);
          if (resumed.code === 1) expect(resumed.stderr).toContain("has finished all its stacks");
        }
        await clear();
      }
    },
  );

  test(`${RUNS} times by SIGKILL of everything: \`locks\` lists what stays locked, and only that`, async () => {
    await measure();
    for (let index = 0; index < RUNS; index += 1) {
      const { child, ended } = start();
      await pause(random() * whole);
      if (child.exitCode === null) killWithChildren(child.pid ?? 0);
      await ended;
      const locked = await lockedOrgs();
      const { stdout } = await run(project, ["locks", "--json"], store.environment);
      const listed = JSON.parse(stdout).locks.map(({ org }: { org: string }) => org);
      expect(listed).toEqual(locked);
      await clear();
    }
  });

  test("SIGKILL of the command alone: its Terraform goes on, and gives the locks back", async () => {
    const { child, ended, output } = start();
    for (let waited = 0; (await lockedOrgs()).length === 0; waited += 20) {
      if (waited > 30_000) throw new Error(output());
      await pause(20);
    }
    child.kill("SIGKILL");
    await ended;
    for (let waited = 0; (await lockedOrgs()).length > 0; waited += 50) {
      if (waited > 30_000) throw new Error("still locked");
      await pause(50);
    }
  });
});

const hasScript = existsSync("/usr/bin/script");
const describeOnTerminal = hasScript ? describeWithTerraform : describe.skip;

describeOnTerminal("a deploy on a terminal (needs script of util-linux)", () => {
  beforeAll(() => buildCommands(), 120_000);

  test("asks, and Ctrl-C reaches Terraform once: it ends cleanly, a second one only warns", async () => {
    const store = await startLoopbackStore();
    const marks = temporaryFolder();
    try {
      const command = `touch ${marks}/begun; sleep 30`;
      const slow = { provisioner: [{ "local-exec": { command } }] };
      // Terraform cannot end before the second Ctrl-C: it waits for the store to take its state.
      let takesState = false;
      const { endpoints } = store.backendSettings as { endpoints: { s3: string } };
      const s3 = await serveWithout(endpoints.s3, async ({ method, path }) => {
        while (method === "PUT" && path.endsWith("terraform.tfstate") && !takesState)
          await pause(20);
        return false;
      });
      const project = storedProject(store, orgsWith(1, { slow }), { s3 });
      const main = join(__dirname, "../../dist/lib/cli/main.js");
      const terminal = spawn(
        "/usr/bin/script",
        ["-qfec", `stty cols 100 rows 30; exec ${process.execPath} ${main} deploy`, "/dev/null"],
        { cwd: project, env: { ...process.env, ...store.environment, TERM: "xterm" } },
      );
      let said = "";
      for (const stream of [terminal.stdout, terminal.stderr]) {
        stream.on("data", (text) => {
          said += text;
        });
      }
      const ended = new Promise<number>((done) =>
        terminal.once("close", (code) => done(code ?? -1)),
      );
      const seen = async (what: () => boolean) => {
        for (let waited = 0; !what(); waited += 50) {
          if (waited > 30_000) throw new Error(said);
          await pause(50);
        }
      };
      await seen(() => said.includes('Only "yes" is accepted'));
      terminal.stdin.write("yes\n");
      await seen(() => existsSync(join(marks, "begun")));
      terminal.stdin.write("\u0003");
      await seen(() => said.includes("stopping when Terraform has ended for org-org-1"));
      terminal.stdin.write("\u0003");
      await seen(() => said.includes("Press Ctrl-C once more"));
      takesState = true;
      expect(await ended).toBe(130);
      expect(await store.locksOf("orgs/org-1/terraform.tfstate")).toEqual([]);
      expect(await store.object("orgs/org-1/terraform.tfstate")).toContain("tainted");
      expect(readJson(join(project, "cdktf.out/deploy/report.json")).stacks).toMatchObject([
        { org: "org-1", outcome: "stopped" },
      ]);
    } finally {
      await store.stop();
    }
  });
});
