#!/usr/bin/env node
import { constants } from "node:os";
import { cleanUpNow } from "../terraform/cleanup";
import { runProgram } from "./program";

const stop = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;

// The first signal stops the command cleanly, the second one at once.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stoppedBy) {
      cleanUpNow();
      process.exit(128 + constants.signals[signal]);
    }
    stoppedBy = signal;
    process.stderr.write("\nstopping; press Ctrl-C again to stop at once\n");
    stop.abort();
  });
}

// A reader that has gone, as in `genesys-orgs list | head`, is not a failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const { stdout, stderr, env } = process;
const io = { stdout, stderr, env, cwd: process.cwd(), signal: stop.signal, now: Date.now };
runProgram(process.argv.slice(2), io)
  .then((code) => {
    process.exitCode = stoppedBy ? 128 + constants.signals[stoppedBy] : code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  })
  // Does not wait for open connections: a server that never answers must not keep the process alive.
  .finally(() => stdout.write("", () => stderr.write("", () => process.exit())));
