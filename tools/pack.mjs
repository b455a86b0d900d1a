// Packs the library. The same commit gives the same bytes, whatever the folder, the user's umask,
// locale and time zone; another version of Node.js or npm may compress them in another way.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { output } from "./processes.mjs";

/**
 * Builds the package in a checkout, and packs it. Returns the path of the tarball.
 * @param {string} checkout folder of the project, with its node_modules
 * @param {string} folder where the tarball goes
 */
export function pack(checkout, folder) {
  // npm would do it before it packs, but runs no scripts here (.npmrc).
  output("npm", ["run", "--silent", "build"], { cwd: checkout });
  const [{ files }] = JSON.parse(output("npm", ["pack", "--dry-run", "--json"], { cwd: checkout }));
  const { bin } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const commands = new Set(Object.values(bin));
  // npm keeps the modes of the files, and they depend on the umask. So it packs a copy.
  const copy = mkdtempSync(join(tmpdir(), "genesys-orgs-pack-"));
  try {
    for (const { path } of files) {
      const to = join(copy, path);
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(join(checkout, path), to);
      chmodSync(to, commands.has(path) ? 0o755 : 0o644);
    }
    mkdirSync(folder, { recursive: true });
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const [{ filename }] = JSON.parse(output("npm", args, { cwd: copy }));
    return join(folder, filename);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
