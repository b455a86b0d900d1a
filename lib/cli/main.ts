#!/usr/bin/env node
import { constants } from "node:os";
import { cleanUpNow } from "../terraform/cleanup";
import { runProgram } from "./program";

const stop = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;

// The first signal stops cleanly, the second one at once.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stoppedBy) {
      cleanUpNow();
      process.exit(128 + constants.signals[signal]);
    }
    stoppedBy = signal;
    process.stderr.write("\nstopping; once more to stop at once\n");
    stop.abort();
  });
}

// A reader that went away, as `genesys-orgs list | head`, is no failure.
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
  // Not as soon as nothing is open any more: a server that never answers must not keep it.
  .finally(() => stdout.write("", () => stderr.write("", () => process.exit())));
