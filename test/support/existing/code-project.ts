import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { buildPackage } from "../built-command";
import { run, runTsc, writeFiles } from "../consumer-project";
import { temporaryFolder } from "../folders";
import { markedBlock } from "../pages";
import { ROOT } from "../synthesized-app";

/** A stack with the code of one organisation, and nothing else. */
const MAIN = `import { App, TerraformStack } from "cdktf";
import { GenesyscloudProvider } from "cdktf-genesys-orgs/genesyscloud/provider";
import { addObjects } from "./existing/na-prod";

const app = new App({ outdir: "cdktf.out", skipValidation: true });
const stack = new TerraformStack(app, "org");
new GenesyscloudProvider(stack, "genesyscloud", {});
addObjects(stack);
app.synth();
`;

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    module: "Node16",
    moduleResolution: "Node16",
    rootDir: ".",
    outDir: "build",
    strict: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
  },
  include: ["main.ts"],
};

/** Writes a project with the code of an organisation, which is linked with this package. */
const codeProject = (files: Readonly<Record<string, string>>): string =>
  linkedProject({ "main.ts": MAIN, ...inFolder("existing/na-prod", files) });

/** A whole app whose organisation `na-prod` has the objects of the folder `existing`. */
const APP = `import { OrgRegistry, OrgStack, synthesizeOrgs } from "cdktf-genesys-orgs";
import { addExistingObjects } from "./existing";

synthesizeOrgs(() => OrgRegistry.load("orgs"), (app) => {
  for (const org of app.orgs) addExistingObjects(new OrgStack(app, org));
});
`;

/**
 * Writes and compiles the project of `na-prod`, in which commands can run.
 *
 * @param files the folder `existing`
 */
export function orgProject(files: Readonly<Record<string, string>>): string {
  const project = linkedProject({
    "orgs/na-prod.yaml": markedBlock("README.md", "smallest-org"),
    "orgs/homes.yaml": markedBlock("docs/registry.md", "homes.yaml"),
    "orgs/state-homes.json": markedBlock("docs/registry.md", "record"),
    "cdktf.json": JSON.stringify({ language: "typescript", app: "node build/main.js" }),
    "main.ts": APP,
    ...files,
  });
  runTsc(project);
  return project;
}

function linkedProject(files: Readonly<Record<string, string>>): string {
  buildPackage();
  const project = temporaryFolder();
  mkdirSync(join(project, "node_modules"));
  symlinkSync(ROOT, join(project, "node_modules", "cdktf-genesys-orgs"));
  for (const name of ["cdktf", "constructs"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
  }
  writeFiles(project, { "tsconfig.json": JSON.stringify(TSCONFIG), ...files });
  return project;
}

/** Compiles the project as a user would, with type check, and returns the stack as Terraform JSON. */
export function synthesizeCode(files: Readonly<Record<string, string>>): Record<string, unknown> {
  const project = codeProject(files);
  runTsc(project);
  run(process.execPath, ["build/main.js"], project);
  return JSON.parse(readFileSync(join(project, "cdktf.out/stacks/org/cdk.tf.json"), "utf8"));
}

const inFolder = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
