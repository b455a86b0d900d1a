// Loaded before a command (`node -r`): notes every call that leaves the process, in the file
// KILL_NOTES, and kills the process with SIGKILL at the call number KILL_AT: before it, or, for a
// process that is started, with KILL_WHEN=after as soon as that one runs.
const fs = require("node:fs");
const { KILL_AT, KILL_NOTES, KILL_WHEN } = process.env;
const notes = fs.openSync(KILL_NOTES, "a");
let count = 0;

function watch(module, name, describe) {
  const real = module[name];
  module[name] = (...args) => {
    count += 1;
    const isIt = count === Number(KILL_AT);
    if (isIt && KILL_WHEN !== "after") process.kill(process.pid, "SIGKILL");
    const result = real.apply(module, args);
    fs.writeSync(notes, `${JSON.stringify({ call: describe(...args), pid: result?.pid })}\n`);
    if (isIt) process.kill(process.pid, "SIGKILL");
    return result;
  };
}

const { basename } = require("node:path");
watch(require("node:child_process"), "spawn", (command, args = []) =>
  ["run", basename(command), ...args.slice(0, 2)].join(" "),
);
watch(require("node:http"), "request", ({ method, path, headers = {} }) =>
  ["ask", headers["x-amz-target"] ?? method, path].join(" "),
);
for (const name of [
  "mkdirSync",
  "mkdtempSync",
  "openSync",
  "writeFileSync",
  "fsyncSync",
  "renameSync",
  "rmSync",
]) {
  watch(fs, name, (file) =>
    ["file", name, typeof file === "string" ? basename(file) : ""].join(" "),
  );
}
