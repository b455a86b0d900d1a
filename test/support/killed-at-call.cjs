// Loaded before a command (`node --require`): notes in the file KILL_NOTES every call that leaves
// the process, and the id of every process that it starts, and kills the command with SIGKILL at
// the call number KILL_AT. With KILL_WHEN=before it has not begun, with `started` it has (a process
// runs, a request is on its way), with `after` it has ended (the process, or there is an answer).
// Changes of files count below the folder KILL_FILES; without one, all.
const childProcess = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const { basename } = require("node:path");

const { KILL_AT, KILL_FILES, KILL_NOTES, KILL_WHEN } = process.env;
const { writeSync } = fs;
const notes = fs.openSync(KILL_NOTES, "a");
const note = (what) => writeSync(notes, `${JSON.stringify(what)}\n`);
let calls = 0;

/** @param describe what a call does; undefined where it does not count */
function watch(module, name, describe, whenEnded = (_, ended) => ended()) {
  const real = module[name];
  module[name] = (...args) => {
    const call = describe(...args);
    if (call === undefined) return real.apply(module, args);
    const isIt = ++calls === Number(KILL_AT);
    const reach = (moment) => {
      if (isIt && moment === KILL_WHEN) process.kill(process.pid, "SIGKILL");
    };
    note({ call });
    reach("before");
    const result = real.apply(module, args);
    if (result?.pid !== undefined) note({ pid: result.pid });
    reach("started");
    whenEnded(result, () => reach("after"));
    return result;
  };
}

watch(
  childProcess,
  "spawn",
  (command, args = [], { cwd = ".", shell = false } = {}) => {
    const words = args.filter((arg) => !arg.startsWith("-")).map((arg) => basename(arg));
    const line = shell ? command : [basename(command), ...words].join(" ");
    return `run ${line} in ${basename(cwd).replace(/^genesys-orgs-.*/, "a temporary folder")}`;
  },
  (child, ended) => child.prependOnceListener("exit", ended),
);
watch(
  http,
  "request",
  ({ method, path, headers = {} }) => `ask ${headers["x-amz-target"] ?? method} ${path}`,
  (request, ended) => request.prependOnceListener("response", ended),
);

watch(
  globalThis,
  "fetch",
  (url, { method = "GET" } = {}) => `ask ${method} ${new URL(url).pathname}`,
  (answer, ended) => answer.then(ended, ended),
);

const describeFile = (name) => (file, flags) => {
  if (KILL_FILES && !String(file).startsWith(KILL_FILES)) return undefined;
  // Reading changes nothing.
  if (name === "openSync" && (flags === undefined || flags === "r")) return undefined;
  return `file ${name} ${typeof file === "string" ? basename(file) : ""}`.trim();
};
for (const name of [
  "chmodSync",
  "copyFileSync",
  "fsyncSync",
  "mkdirSync",
  "mkdtempSync",
  "openSync",
  "renameSync",
  "rmSync",
  "symlinkSync",
  "writeFileSync",
]) {
  watch(fs, name, describeFile(name));
}
