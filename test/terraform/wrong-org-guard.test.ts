import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AuthDivision } from "../../genesyscloud/auth-division";
import type { OrgEntry, OrgStack } from "../../lib";
import type { VaultEntry, Workspace, World } from "../../lib/rehearsal";
import { inWorkspace, type Synthesis, synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const addDivision = (stack: OrgStack) => new AuthDivision(stack, "division", { name: "Service" });

const naming = (org: string): Pick<OrgEntry, "vault"> => ({
  vault: {
    address: "https://vault.example.com",
    deployer: `genesys/production/${org}/deployer`,
    planner: `genesys/production/${org}/planner`,
  },
});

const right = () => synthesize(registryOf(entry("na-prod", 1), entry("eu-prod", 2)), addDivision);

/** The same registry, in which each org names the other's Vault entries. */
const swapped = () =>
  synthesize(
    registryOf(entry("na-prod", 1, naming("eu-prod")), entry("eu-prod", 2, naming("na-prod"))),
    addDivision,
  );

const COMMANDS = [
  ["plan", "-out=tfplan"],
  ["apply", "-auto-approve"],
  ["apply", "-refresh-only", "-auto-approve"],
  ["plan", "-destroy"],
  ["destroy", "-auto-approve"],
] as const;

/** Applies na-prod as it should be, and keeps a plan of it. */
async function deploy(workspace: Workspace, { folderOf }: Synthesis): Promise<void> {
  workspace.useStack(folderOf("na-prod"));
  for (const args of [
    ["init"],
    ["apply", "-auto-approve"],
    ["plan", "-destroy", "-out=saved"],
  ] as const) {
    const { code, stdout, stderr } = await workspace.run(...args);
    if (code !== 0) throw new Error(stdout + stderr);
  }
}

type Data = VaultEntry["data"];
const COMPARED = "The secret's org_id is not that of na-prod";
const PROBED = "The credential in Secrets Manager belongs to another Genesys Cloud organisation";

describeWithTerraform("the wrong-org guard", () => {
  test("two Vault paths swapped in the registry stop every command", async () => {
    const world = right().world;
    await inWorkspace(world, async (workspace) => {
      await deploy(workspace, right());
      workspace.useStack(swapped().folderOf("na-prod"));
      await expectStopped(workspace, COMMANDS, "The Vault entry's org_id is not that of na-prod");
      // A plan file of the failed plan cannot be applied either.
      expect((await workspace.run("apply", "tfplan")).code).toBe(1);
    });
  });

  test("swapping the registry changes nothing in the world", () => {
    expect(swapped().world.vault.map(({ name, data }) => [name, data.org_id])).toEqual(
      right().world.vault.map(({ name, data }) => [name, data.org_id]),
    );
  });

  // The Vault entry may change after a plan was saved, and its org_id may be wrong as well.
  test("an entry that holds another org's credential stops every command, and a saved plan", () =>
    afterChange(
      (_, world) => dataOf(world, "eu-prod"),
      async (workspace) => {
        await expectStopped(workspace, COMMANDS, "The Vault entry's org_id is not that of na-prod");
        await expectStopped(
          workspace,
          [["apply", "saved"]],
          "The Vault entry's org_id is not that of na-prod",
        );
      },
    ));

  test("so does one that also claims to be this org's; but a saved plan remembers the probe's answer", () =>
    afterChange(
      ({ data }, world) => ({ ...dataOf(world, "eu-prod"), org_id: data.org_id as string }),
      async (workspace) => {
        await expectStopped(workspace, COMMANDS, "belongs to another Genesys Cloud organisation");
        const { stderr } = await workspace.run("plan");
        expect(stderr.trimEnd().replaceAll(/\n/g, " ")).toMatch(
          / organisation, not to na-prod \([0-9a-f-]{36}\)\. Put a credential of na-prod into the entry\.$/,
        );
        // Terraform does not read a data source again when it applies a saved plan: the limit of
        // this half of the guard, and the reason for the other half.
        expect((await workspace.run("apply", "saved")).code).toBe(0);
      },
    ));

  test.each([
    ["another org's credential", (own: Data, other: Data) => ({ ...own, ...other }), COMPARED],
    [
      "one that claims to be this org's",
      (own: Data, { org_id: _, ...other }: Data) => ({ ...own, ...other }),
      PROBED,
    ],
    ["no org_id", ({ org_id: _, ...own }: Data) => own, COMPARED],
  ])(
    "a secret of Secrets Manager with %s stops every command, and nothing keeps it",
    async (_, change, message) => {
      const without = { vault: undefined, credentials: { source: "aws-secrets-manager" } } as const;
      const synthesis = synthesize(
        registryOf(entry("na-prod", 1, without), entry("eu-prod", 2, without)),
        addDivision,
      );
      const { world } = synthesis;
      await inWorkspace(world, async (before) => {
        await deploy(before, synthesis);
        const { secrets = [] } = world;
        const other = secrets.find(({ name }) => name.includes("/eu-prod/_deployer"))?.data ?? {};
        const changed = secrets.map((secret) =>
          secret.name.includes("/na-prod/")
            ? { ...secret, data: change(secret.data, other) }
            : secret,
        );
        const state = readFileSync(join(before.folder, "rehearsed.tfstate"), "utf8");
        for (const { data } of secrets) expect(state).not.toContain(data.client_secret);
        await inWorkspace({ ...world, secrets: changed }, async (workspace) => {
          workspace.useStack(synthesis.folderOf("na-prod"));
          copyFileSync(
            join(before.folder, "rehearsed.tfstate"),
            join(workspace.folder, "rehearsed.tfstate"),
          );
          await workspace.run("init");
          await expectStopped(workspace, COMMANDS, message);
        });
      });
    },
  );
});

/** Deploys na-prod, then opens its state and saved plan in a world whose Vault has changed. */
async function afterChange(
  change: (entry: VaultEntry, world: World) => VaultEntry["data"],
  use: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  const { world, ...synthesis } = right();
  await inWorkspace(world, async (before) => {
    await deploy(before, { world, ...synthesis });
    const vault = world.vault.map((held) =>
      held.name.startsWith("genesys/production/na-prod/")
        ? { ...held, data: change(held, world) }
        : held,
    );
    await inWorkspace({ ...world, vault }, async (workspace) => {
      workspace.useStack(synthesis.folderOf("na-prod"));
      for (const file of ["rehearsed.tfstate", "saved"]) {
        copyFileSync(join(before.folder, file), join(workspace.folder, file));
      }
      await workspace.run("init");
      await use(workspace);
    });
  });
}

async function expectStopped(
  workspace: Workspace,
  commands: readonly (readonly string[])[],
  message: string,
): Promise<void> {
  for (const args of commands) {
    const { code, stdout, stderr } = await workspace.run(...args);
    expect([args.join(" "), code]).toEqual([args.join(" "), 1]);
    // Terraform wraps its messages.
    expect((stdout + stderr).replaceAll(/\n[│ ]*/g, " ")).toContain(message);
  }
  expect(workspace.resources()).toEqual(["genesyscloud_auth_division"]);
}

function dataOf(world: World, org: string): VaultEntry["data"] {
  const held = world.vault.find(({ name }) => name === `genesys/production/${org}/deployer`);
  if (!held) throw new Error(`the world has no entry of ${org}`);
  return held.data;
}
