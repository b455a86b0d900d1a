#!/usr/bin/env node
import { runProgram } from "./program";
import { askOnTerminal } from "./terminal/ask";
import type { Io } from "./terminal/io";
import { listenToSignals } from "./terminal/signals";

const { stdin, stdout, stderr, env } = process;
const stop = listenToSignals(stderr);

// A reader that has gone, as in `genesys-orgs list | head`, is not a failure.
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const io: Io = {
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  signal: stop.signal,
  now: Date.now,
  ...(stdin.isTTY && stderr.isTTY && { ask: askOnTerminal(stdin, stderr, stop.signal) }),
};
runProgram(process.argv.slice(2), io)
  .then((code) => {
    process.exitCode = stop.exitCode() ?? code;
  })
  .catch((error: unknown) => {
    stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  })
  // Does not wait for open connections: a server that never answers must not keep the process alive.
  .finally(() => stdout.write("", () => stderr.write("", () => process.exit())));
