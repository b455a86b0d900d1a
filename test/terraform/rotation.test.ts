import { readFileSync } from "node:fs";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { OAuthClientWithOffloadedSecret, type OrgStack } from "../../lib";
import type { Workspace, World } from "../../lib/rehearsal";
import { inWorkspace, synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

const addClients = (stack: OrgStack) => {
  new AuthDivision(stack, "division", { name: "Service" });
  for (const name of ["crm-sync", "exporter"]) {
    new OAuthClientWithOffloadedSecret(stack, name, { org: stack.org, name, permissions });
  }
};

const sample = (masterVersion = 1) =>
  synthesize(registryOf(entry("na-prod", 1, { rotation: { masterVersion } })), addClients);

const secretIn = ({ vault }: World, name: string) =>
  vault.find((each) => each.name.endsWith(`/${name}`))?.data.client_secret;

interface Scene {
  readonly workspace: Workspace;
  readonly world: World;
  /** Values that secrets were given. */
  readonly written: unknown[];
  /** Vault entries that were read. */
  readonly opened: unknown[];
}

/** The org's stack, initialized in a workspace. */
async function inStack(use: (scene: Scene) => Promise<void>, { world, folderOf } = sample()) {
  const written: unknown[] = [];
  const opened: unknown[] = [];
  await inWorkspace(
    world,
    async (workspace) => {
      workspace.useStack(folderOf("na-prod"));
      expect((await workspace.run("init")).code).toBe(0);
      await use({ workspace, world, written, opened });
    },
    {
      onCall: ({ method, type, config }) => {
        if (method === "OpenEphemeralResource") opened.push(config?.name ?? config?.secret_id);
        if (method === "ApplyResourceChange" && type === "aws_secretsmanager_secret_version") {
          written.push(config?.secret_string_wo);
        }
      },
    },
  );
}

describeWithTerraform("an org's rotation", () => {
  test("carries the master's entry to its secret as it is, and keeps it nowhere", () =>
    inStack(async ({ workspace, world, written }) => {
      expect((await workspace.run("apply", "-auto-approve")).code).toBe(0);
      expect(written.map((value) => JSON.parse(String(value)))).toEqual([
        world.vault.find(({ name }) => name.endsWith("/master"))?.data,
      ]);
      const state = readFileSync(workspace.stateFile, "utf8");
      expect(state).not.toContain(secretIn(world, "master"));
    }));

  test("is planned by the planner without the master, and not applied", () =>
    inStack(async ({ workspace, written, opened }) => {
      const planner = "-var=genesys_credential=planner";
      expect((await workspace.run("plan", planner)).code).toBe(0);
      const applied = await workspace.run("apply", "-auto-approve", planner);
      expect(applied.code).toBe(1);
      expect(applied.stderr.replaceAll(/\s+/g, " ")).toContain(
        "The planner's credential can plan, and not apply.",
      );
      expect(written).toEqual([]);
      expect(new Set(opened)).toEqual(new Set(["genesys/production/na-prod/planner"]));
    }));

  test("with its credentials in Secrets Manager, it is planned by the planner, and not applied; nothing keeps them", () => {
    const own = { vault: undefined, credentials: { source: "aws-secrets-manager" } } as const;
    const synthesis = synthesize(registryOf(entry("na-prod", 1, own)), addClients);
    return inStack(async ({ workspace, world, written, opened }) => {
      const planner = "-var=genesys_credential=planner";
      expect((await workspace.run("plan", planner)).code).toBe(0);
      expect(new Set(opened)).toEqual(new Set(["/genesys/production/na-prod/_planner"]));
      const refused = await workspace.run("apply", "-auto-approve", planner);
      expect(refused.code).toBe(1);
      expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain(
        "The planner's credential can plan, and not apply.",
      );
      opened.length = 0;
      expect((await workspace.run("apply", "-auto-approve")).code).toBe(0);
      // Not the master, which its functions read.
      expect(new Set(opened)).toEqual(new Set(["/genesys/production/na-prod/_deployer"]));
      expect(written).toEqual([]);
      const state = readFileSync(workspace.stateFile, "utf8");
      for (const { data } of world.secrets ?? []) expect(state).not.toContain(data.client_secret);
    }, synthesis);
  });

  test("a stack with live clients cannot be destroyed, and loses nothing", async () => {
    const synthesis = sample();
    const message = 'na-prod: 1 OAuth client is alive: run "genesys-orgs retire na-prod"';
    const functionErrors: Record<string, string> = {};
    const world = { ...synthesis.world, functionErrors };
    await inStack(
      async ({ workspace }) => {
        expect((await workspace.run("apply", "-auto-approve")).code).toBe(0);
        const before = await workspace.run("state", "list");
        functionErrors["genesys-na-prod-reconciler"] = message;
        const refused = await workspace.run("destroy", "-auto-approve");
        expect(refused.code).toBe(1);
        expect(refused.stderr.replaceAll(/[\s│]+/g, " ")).toContain("genesys-orgs retire na-prod");
        expect((await workspace.run("state", "list")).stdout).toBe(before.stdout);
        delete functionErrors["genesys-na-prod-reconciler"];
        expect((await workspace.run("destroy", "-auto-approve")).code).toBe(0);
      },
      { ...synthesis, world },
    );
  });
});
