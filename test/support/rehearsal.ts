import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OrgRegistry, OrgStack, OrgsApp, type RegistryReport } from "../../lib";
import {
  findTerraform,
  loadSchemas,
  Workspace,
  type WorkspaceProps,
  type World,
  worldOf,
} from "../../lib/rehearsal";
import { temporaryFolder } from "./folders";

/** The synthesized stacks of a registry, and the world of its orgs. */
export interface Synthesis {
  readonly report: RegistryReport;
  readonly world: World;
  /** Folder of an org's stack. */
  readonly folderOf: (org: string) => string;
}

/** Synthesizes every org of a registry; `add` adds to each stack. */
export function synthesize(
  registry: OrgRegistry,
  add: (stack: OrgStack) => void = () => {},
): Synthesis {
  const outdir = temporaryFolder();
  const app = new OrgsApp({ registry, outdir });
  for (const org of app.orgs) add(new OrgStack(app, org));
  app.synth();
  const report = JSON.parse(readFileSync(join(outdir, "genesys-orgs.json"), "utf8"));
  return {
    report,
    world: worldOf(report),
    folderOf: (org) => join(outdir, "stacks", `org-${org}`),
  };
}

/** Opens a workspace in a world, and closes it after `use`. */
export async function inWorkspace<Result>(
  world: World,
  use: (workspace: Workspace) => Promise<Result>,
  props: Partial<WorkspaceProps> = {},
): Promise<Result> {
  const terraform = await findTerraform();
  if (!terraform) throw new Error("Terraform was not found");
  const workspace = await Workspace.open({ terraform, world, schemas: loadSchemas(), ...props });
  try {
    return await use(workspace);
  } finally {
    workspace.close();
  }
}
