// Shows that the package is reproducible: packs this checkout, and a clone of its commit in another
// folder with another umask, locale and time zone, and compares the bytes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./pack.mjs";
import { main, output, root, ToolError } from "./processes.mjs";

const ELSEWHERE = { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };

/** Copies node_modules by links where the file system allows it: a build writes no file of it. */
function copyModules(clone) {
  const modules = join(root, "node_modules");
  if (spawnSync("cp", ["-al", modules, clone]).status === 0) return;
  cpSync(modules, join(clone, "node_modules"), { recursive: true, verbatimSymlinks: true });
}

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Returns what differs, as lines of diff: files, their order, their modes and their contents. */
function differences(...tarballs) {
  const folders = tarballs.map((tarball) => {
    const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-difference-"));
    output("tar", ["-xzf", tarball, "-C", folder]);
    return { folder, listing: output("tar", ["-tvzf", tarball]).split("\n") };
  });
  const [here, there] = folders;
  const lines = here.listing.flatMap((line, index) =>
    line === there.listing[index] ? [] : [`- ${line}`, `+ ${there.listing[index]}`],
  );
  const contents = spawnSync("diff", ["-rq", here.folder, there.folder], { encoding: "utf8" });
  for (const { folder } of folders) rmSync(folder, { recursive: true, force: true });
  return [...lines, contents.stdout];
}

main(import.meta.url, () => {
  if (output("git", ["status", "--porcelain"]).trim())
    throw new ToolError("the checkout has changes that are not committed: the clone would differ");
  const work = mkdtempSync(join(tmpdir(), "genesys-orgs-reproduce-"));
  try {
    const here = pack(root, join(work, "here"));
    const umask = process.umask(0o077);
    Object.assign(process.env, ELSEWHERE);
    const clone = join(work, "a clone elsewhere");
    output("git", ["clone", "--quiet", root, clone]);
    copyModules(clone);
    const there = pack(clone, join(work, "there"));
    process.umask(umask);
    const sums = [here, there].map(sha256);
    process.stdout.write(`${sums[0]}  this checkout\n${sums[1]}  a clone elsewhere\n`);
    if (sums[0] === sums[1]) return;
    throw new ToolError(`the packages differ:\n${differences(here, there).join("\n")}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
