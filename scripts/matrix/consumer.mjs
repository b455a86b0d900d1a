// A project that installs the packed library, and has the sample deployment of this repository as its app.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../build.mjs";
import { run } from "./engines.mjs";

/** Folder of the library in a project. */
export const LIBRARY = "node_modules/cdktf-genesys-orgs";

/** Writes the project, and installs what it needs. `dist/` must be fresh. */
export function writeConsumer(folder, dependencies, env) {
  const packed = mkdtempSync(join(tmpdir(), "genesys-orgs-packed-"));
  try {
    const pack = run("npm", ["pack", "--json", "--pack-destination", packed], root);
    const [{ filename }] = JSON.parse(pack);
    const manifest = {
      private: true,
      dependencies: { ...dependencies, "cdktf-genesys-orgs": `file:${join(packed, filename)}` },
      // An alias has the version of what it stands for, which the providers' peers do not admit.
      overrides: dependencies.cdktf.startsWith("npm:") ? { cdktf: "$cdktf" } : {},
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], folder, env);
  } finally {
    rmSync(packed, { recursive: true, force: true });
  }
  writeFileSync(
    join(folder, "cdktf.json"),
    JSON.stringify({ language: "typescript", app: "node main.js" }),
  );
  for (const part of ["main.js", "orgs", "stacks"]) {
    cpSync(join(root, "dist", part), join(folder, part), { recursive: true });
  }
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/^(main|(orgs|stacks)\/.*)\.js$/.test(name)) continue;
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(
      join(folder, name),
      text.replace(OWN, (_, of = "") => `"cdktf-genesys-orgs${of}"`),
    );
  }
}

// The sample deployment imports the library, and the bindings, by their paths.
const OWN = /"\.\.?(?:\/lib(?:\/registry)?|(\/genesyscloud\/[\w-]+))"/g;
