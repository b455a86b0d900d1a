// Loaded before a command (`node --require`): kills it at its Nth external call, where N is
// KILL_AT, and writes the names of all calls into the file KILL_LOG. A call counts twice, before it
// begins and when it has ended: child processes, requests, and what is changed in the project.
const { appendFileSync } = require("node:fs");
const fs = require("node:fs");
const childProcess = require("node:child_process");
const http = require("node:http");
const { basename } = require("node:path");

const { KILL_AT, KILL_LOG } = process.env;
const append = appendFileSync;
let calls = 0;

function point(name) {
  append(KILL_LOG, `${name}\n`);
  if (++calls === Number(KILL_AT)) process.kill(process.pid, "SIGKILL");
}

const { spawn } = childProcess;
childProcess.spawn = (command, args, options) => {
  const words = options.shell ? command : [basename(command), ...args.filter(isWord)].join(" ");
  const name = `${words} in ${basename(options.cwd)}`.replace(/genesys-orgs-\S+/, "the project");
  point(`before ${name}`);
  const child = spawn(command, args, options);
  child.prependOnceListener("exit", () => point(`after ${name}`));
  return child;
};
const isWord = (arg) => !arg.startsWith("-");

const { request } = http;
http.request = (options, ...rest) => {
  const name = `${options.method} ${options.path}`;
  point(`before ${name}`);
  const sent = request(options, ...rest);
  sent.prependOnceListener("response", () => point(`after ${name}`));
  return sent;
};

for (const change of ["writeFileSync", "renameSync", "chmodSync", "copyFileSync", "rmSync"]) {
  const make = fs[change];
  fs[change] = (path, ...rest) => {
    if (!String(path).startsWith(process.cwd())) return make(path, ...rest);
    const name = `${change} ${basename(String(path)).replace(/-\w{8}$/, "-…")}`;
    point(`before ${name}`);
    const made = make(path, ...rest);
    point(`after ${name}`);
    return made;
  };
}
