// Writes what a release consists of, in dist-release/: the tarball, its bill of materials, and sums.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pack } from "./pack.mjs";
import { main, output, root, ToolError } from "./processes.mjs";
import { sbom } from "./sbom.mjs";

const FOLDER = join(root, "dist-release");

/**
 * Returns the reasons why a checkout is not a release. A tarball of it would claim to be what it is not.
 * @param checkout.changes what `git status --porcelain` prints
 * @param checkout.changesets names of the files in .changeset
 * @param checkout.workflow of GitHub's: the repository and the tag; undefined elsewhere
 */
export function obstacles({ manifest, changelog, changes, changesets, workflow }) {
  const { version } = manifest;
  const url = manifest.repository?.url ?? "";
  const found = [];
  if (changes.trim())
    found.push(`the checkout has changes that are not committed:\n${changes.trimEnd()}`);
  if (/\/OWNER\//.test(url))
    found.push(`package.json: repository.url is ${url}: put the project's own address there`);
  const waiting = changesets.filter((name) => name.endsWith(".md") && name !== "README.md");
  if (waiting.length > 0)
    found.push(`.changeset has ${waiting.join(", ")}: run "npm run release:version" first`);
  if (!new RegExp(`^## ${version.replaceAll(".", "\\.")}$`, "m").test(changelog))
    found.push(`CHANGELOG.md has no heading "## ${version}": it says what is in this version`);
  if (workflow && workflow.tag !== `v${version}`)
    found.push(`the tag is ${workflow.tag}, but package.json has version ${version}`);
  if (workflow && !url.endsWith(`/${workflow.repository}.git`))
    found.push(
      `package.json: repository.url is ${url}, but this is ${workflow.repository}: npm refuses provenance from elsewhere`,
    );
  return found;
}

main(import.meta.url, () => {
  const { GITHUB_REPOSITORY: repository, GITHUB_REF_NAME: tag } = process.env;
  const changesets = join(root, ".changeset");
  const found = obstacles({
    manifest: JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
    changelog: readFileSync(join(root, "CHANGELOG.md"), "utf8"),
    changes: output("git", ["status", "--porcelain"]),
    changesets: existsSync(changesets) ? readdirSync(changesets) : [],
    workflow: repository ? { repository, tag } : undefined,
  });
  if (found.length > 0) throw new ToolError(`this is not a release:\n- ${found.join("\n- ")}`);
  rmSync(FOLDER, { recursive: true, force: true });
  const tarball = pack(root, FOLDER);
  const bill = tarball.replace(/\.tgz$/, ".cdx.json");
  writeFileSync(bill, sbom());
  const sums = [tarball, bill].map((file) => {
    const sum = createHash("sha256").update(readFileSync(file)).digest("hex");
    return `${sum}  ${basename(file)}\n`;
  });
  writeFileSync(join(FOLDER, "SHA256SUMS"), sums.join(""));
  process.stdout.write(sums.join(""));
});
