import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildCommands } from "./support/built-command";
import { run } from "./support/consumer-project";
import { ROOT } from "./support/synthesized-app";

interface LockedPackage {
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Readonly<Record<string, LockedPackage>>;
};

/** Where Node.js finds a package that the package at a path requires. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const path = `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === "") return undefined;
    folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "");
  }
}

function required({ peerDependencies, peerDependenciesMeta, ...rest }: LockedPackage): string[] {
  const peers = Object.keys(peerDependencies ?? {});
  return [
    ...Object.keys(rest.dependencies ?? {}),
    ...Object.keys(rest.optionalDependencies ?? {}),
    ...peers.filter((name) => !peerDependenciesMeta?.[name]?.optional),
  ];
}

/** Everything that `npm install cdktf-genesys-orgs` installs, by its path. */
function importersTree(): ReadonlyMap<string, LockedPackage> {
  const found = new Map<string, LockedPackage>();
  const queue = [""];
  for (const from of queue) {
    for (const name of required(packages[from] ?? {})) {
      const path = resolve(from, name);
      const locked = path === undefined ? undefined : packages[path];
      if (path === undefined || !locked || found.has(path)) continue;
      found.set(path, locked);
      queue.push(path);
    }
  }
  return found;
}

// Name of a package, and the reason why it may run code when it is installed.
const MAY_HAVE_AN_INSTALL_SCRIPT: Readonly<Record<string, string>> = {};

test("no package that an importer installs runs code when it is installed", () => {
  const tree = importersTree();
  expect([...tree.keys()]).toEqual(
    expect.arrayContaining(["cdktf", "zod", "@smithy/core"].map((name) => `node_modules/${name}`)),
  );
  const withScript = [...tree].filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(withScript.map(([path]) => path.split("node_modules/").at(-1))).toEqual(
    Object.keys(MAY_HAVE_AN_INSTALL_SCRIPT),
  );
});

test("whoever imports the constructs loads none of the command's packages", () => {
  buildCommands();
  const loaded = `
    require(${JSON.stringify(join(ROOT, "dist/lib/index.js"))});
    const names = Object.keys(require.cache).map(
      (file) => /^.*?\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]);
    console.log(JSON.stringify([...new Set(names)].filter(Boolean).sort()));`;
  const names: string[] = JSON.parse(run(process.execPath, ["-e", loaded], ROOT));
  const { dependencies = {} } = packages[""] ?? {};
  expect(names.filter((name) => name in dependencies)).toEqual(["yaml", "zod"]);
}, 60_000);
