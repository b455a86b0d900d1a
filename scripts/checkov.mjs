// Checks synthesized stacks with Checkov: npm run checkov -- [folder]. A check that fails needs a
// waiver in code (Policies.waive), and a waiver needs a check that fails.
//
// Checkov has to be installed: pip install checkov, or CHECKOV=<path of its command>.
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const folder = resolve(process.argv[2] ?? "cdktf.out");
const copies = mkdtempSync(join(tmpdir(), "genesys-orgs-checkov-"));
try {
  if (!existsSync(join(folder, "stacks"))) {
    throw new Error(`${folder} has no stacks: run npm start first`);
  }
  const stacks = readStacks(join(folder, "stacks"));
  const { checkov_version: version } = await checkov(copies, stacks);
  report(version, stacks);
} catch (error) {
  const missing = error.code === "ENOENT" && error.syscall?.startsWith("spawn");
  const how = "Checkov is not on PATH: pip install checkov, or name its command in CHECKOV";
  console.error(`error: ${missing ? how : error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(copies, { recursive: true, force: true });
}

function readStacks(from) {
  const stacks = new Map();
  for (const name of readdirSync(from).sort()) {
    const json = JSON.parse(readFileSync(join(from, name, "cdk.tf.json"), "utf8"));
    if (hasNoRules(json)) continue;
    stacks.set(name, { waivers: waiversIn(json), passed: 0, waived: 0, failed: [] });
    // Checkov 3.3 cannot parse a stack that has it: "this method receives only dicts".
    delete json.terraform.required_version;
    mkdirSync(join(copies, name));
    writeFileSync(join(copies, name, "cdk.tf.json"), JSON.stringify(json, null, 2));
  }
  return stacks;
}

/** Whether a stack has only resources of Vault, for which Checkov has no rules. */
function hasNoRules({ resource = {} }) {
  return Object.keys(resource).every((type) => type.startsWith("vault_"));
}

/** Waivers of Checkov's rules, by the block's name, which is unique in its stack. */
function waiversIn({ resource = {}, data = {} }) {
  const waivers = new Map();
  for (const blocks of [...Object.values(resource), ...Object.values(data)]) {
    for (const [name, { "//": comment }] of Object.entries(blocks)) {
      for (const [rule, reason] of Object.entries(comment?.waivers ?? {})) {
        if (!rule.startsWith("CKV")) continue;
        // A synthesis fails when it has ended.
        const until = comment.waivedUntil?.[rule];
        const shown = until === undefined ? reason : `${reason} (until ${until})`;
        waivers.set(`${name} ${rule}`, { reason: shown, used: false });
      }
    }
  }
  return waivers;
}

async function checkov(directory, stacks) {
  const command = process.env.CHECKOV || "checkov";
  const args = ["--directory", directory, "--framework", "terraform_json"];
  const options = ["--skip-download", "--soft-fail", "--compact", "--output", "json"];
  const { stdout } = await promisify(execFile)(command, [...args, ...options], {
    maxBuffer: 2 ** 30,
    env: { ...process.env, LOG_LEVEL: "ERROR" },
  });
  const { results, summary } = JSON.parse(stdout);
  if (!results) throw new Error("Checkov checked nothing");
  const unread = new Set(stacks.keys());
  const stackOf = ({ file_path: path }) => {
    const name = path.split("/")[1];
    unread.delete(name);
    return stacks.get(name);
  };
  for (const check of results.passed_checks) stackOf(check).passed++;
  for (const check of results.failed_checks) judge(stackOf(check), check);
  // It says nothing on stdout of a file that it cannot parse, and succeeds.
  if (unread.size > 0) throw new Error(`Checkov checked nothing in ${[...unread].join(", ")}`);
  return summary;
}

function judge(stack, { check_id: rule, check_name: title, resource }) {
  const name = resource.split(".").at(-1);
  const waiver = stack.waivers.get(`${name} ${rule}`);
  if (!waiver) stack.failed.push(`${resource}: ${rule} ${title}`);
  else {
    waiver.used = true;
    stack.waived++;
  }
}

function report(version, stacks) {
  const sum = (of) => [...stacks.values()].reduce((total, stack) => total + of(stack), 0);
  const problems = [...stacks].flatMap(([name, { failed, waivers }]) => [
    ...failed.map((line) => `${name}: ${line}`),
    ...[...waivers]
      .filter(([, { used }]) => !used)
      .map(
        ([key]) => `${name}: the waiver of ${key.split(" ").reverse().join(" on ")} is not needed`,
      ),
  ]);
  for (const problem of problems) console.error(problem);
  const reasons = [...stacks.values()].flatMap(({ waivers }) =>
    [...waivers].map(([key, { reason }]) => `${key.split(" ")[1]}: ${reason}`),
  );
  for (const reason of [...new Set(reasons)].sort()) console.log(`waived ${reason}`);
  const counts = [
    `${sum(({ passed }) => passed)} passed`,
    `${sum(({ waived }) => waived)} waived`,
    `${sum(({ failed }) => failed.length)} failed`,
  ];
  console.log(`Checkov ${version}, ${stacks.size} stacks: ${counts.join(", ")}`);
  if (problems.length > 0) process.exitCode = 1;
}
