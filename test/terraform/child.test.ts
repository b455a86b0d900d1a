import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runChild } from "../../lib/terraform/child";
import { temporaryFolder } from "../support/folders";
import { isAlive } from "../support/processes";

const shell = (command: string, signal?: AbortSignal, grace?: number) =>
  runChild({ command, shell: true, cwd: temporaryFolder(), env: process.env, signal, grace });

test("a child's code and output are collected", async () => {
  expect(await shell("echo out; echo err >&2; exit 3")).toEqual({
    code: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("a command that does not exist is an error", async () => {
  const run = runChild({ command: "/no/such/command", cwd: "/", env: {} });
  await expect(run).rejects.toThrow("ENOENT");
});

test("an abort asks the child to end, and waits for it", async () => {
  const stop = new AbortController();
  const run = shell("trap 'echo asked; exit 0' INT; while :; do sleep 0.05; done", stop.signal);
  await pause(300);
  stop.abort();
  expect(await run).toMatchObject({ code: 0, stdout: "asked\n" });
});

test("a child that does not end when asked is killed, and what it started too", async () => {
  const stop = new AbortController();
  const pids = join(temporaryFolder(), "pids");
  const run = shell(`trap '' INT; sleep 60 & echo $$ $! > ${pids}; wait`, stop.signal, 200);
  while (!existsSync(pids) || readFileSync(pids, "utf8") === "") await pause(20);
  stop.abort();
  expect((await run).code).toBe(-1);
  await pause(100);
  const started = readFileSync(pids, "utf8").trim().split(" ").map(Number);
  expect(started.filter(isAlive)).toEqual([]);
});

test("what a child leaves running does not outlive it", async () => {
  const { stdout } = await shell("sleep 60 & echo $!");
  await pause(100);
  expect(isAlive(Number(stdout))).toBe(false);
});

test("a child of an aborted signal ends at once", async () => {
  const start = Date.now();
  await shell("sleep 60", AbortSignal.abort(), 100);
  expect(Date.now() - start).toBeLessThan(5_000);
});

test("a child that outlives this process writes into files, and is read in the same way", async () => {
  const script = 'console.log(fs.fstatSync(1).isFile()); console.error("err"); process.exit(3)';
  const props = { cwd: "/", env: {}, outlives: "a child" };
  const child = runChild({ command: process.execPath, args: ["-e", script], ...props });
  expect(await child).toEqual({ code: 3, stdout: "true\n", stderr: "err\n" });
  const missing = runChild({ command: "/no/such/command", ...props });
  await expect(missing).rejects.toThrow("ENOENT");
});

test("no file stays open, whether a child ends, does not exist, or cannot be started", async () => {
  // Where there is no /proc, nothing is counted.
  const open = () => (existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0);
  const props = { cwd: "/", env: {}, outlives: "a child" };
  const start = async () => {
    await runChild({ command: process.execPath, args: ["-e", ""], ...props });
    await expect(runChild({ command: "/no/such/command", ...props })).rejects.toThrow("ENOENT");
    const args = ["x".repeat(8_000_000)];
    await expect(runChild({ command: process.execPath, args, ...props })).rejects.toThrow("E2BIG");
  };
  await start();
  const before = open();
  await start();
  expect(open()).toBe(before);
});
