import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CiJobs,
  ManagedSecret,
  type OrgEntry,
  OrgStack,
  OrgsApp,
  type RegistryReport,
  VaultAccessStack,
  type VaultAuth,
  VaultOrgAccess,
} from "../../lib";
import { rehearse, worldOf } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";
import { inWorkspace, synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { homeRegistry } from "../support/state-stacks";
import { describeWithTerraform } from "../support/terraform";

const ROLE = "arn:aws:iam::111111111111:role/ci";
const LOGINS: readonly [string, VaultAuth, CiJobs][] = [
  ["github", { method: "jwt", mount: "github" }, { identity: "github", repositoryId: "1" }],
  ["gitlab", { method: "jwt" }, { identity: "gitlab", projectId: "22" }],
  [
    "azure",
    { method: "jwt" },
    {
      identity: "azure-devops",
      subjects: { planner: "sc://a/b/plan", deployer: "sc://a/b/apply" },
    },
  ],
  ["approle", { method: "approle" }, { identity: "approle" }],
  [
    "kubernetes",
    { method: "kubernetes" },
    { identity: "kubernetes", namespaces: ["ci"], audience: "vault" },
  ],
  ["aws", { method: "aws" }, { identity: "aws", principals: { planner: [ROLE], rotate: [ROLE] } }],
];

/** The stacks of an org for each login, and those of its access to Vault. */
function everyLogin() {
  const registry = homeRegistry(
    LOGINS.map(([name, auth], number) =>
      entry(name, number, {
        vault: { address: "https://vault.example.com", mount: `kv-${name}`, auth },
      }),
    ),
  );
  const outdir = temporaryFolder();
  const app = new OrgsApp({ registry, outdir });
  for (const [name, , ci] of LOGINS) {
    const org = registry.get(name);
    new VaultOrgAccess(new VaultAccessStack(app, org), "access", { org, ci, ownMount: true });
    new OrgStack(app, org);
  }
  app.synth();
  const report: RegistryReport = JSON.parse(
    readFileSync(join(outdir, "genesys-orgs.json"), "utf8"),
  );
  const stacks = report.orgs.flatMap(({ name, stack, vaultAccess }) =>
    [stack, vaultAccess?.stack ?? ""].map((id) => ({
      org: name,
      stack: id,
      folder: join(outdir, "stacks", id),
    })),
  );
  return { report, stacks };
}

describeWithTerraform("access to Vault", () => {
  test("works for every login, with no secret in Terraform", async () => {
    const { report, stacks } = everyLogin();
    const results = await rehearse({ stacks, world: worldOf(report), trace: true });
    expect(
      results.map(({ stack, error, secondPlanEmpty, findings }) => ({
        stack,
        error,
        secondPlanEmpty,
        findings,
      })),
    ).toEqual(
      stacks.map(({ stack }) => ({ stack, error: undefined, secondPlanEmpty: true, findings: [] })),
    );
  });

  const tickets: OrgEntry["secrets"] = [
    {
      name: "tickets",
      kind: "third-party-api-key",
      value: { source: "vault", entry: "zendesk/prod", field: "value", version: 1 },
    },
  ];
  const withTickets = () =>
    synthesize(registryOf(entry("na-prod", 1, { secrets: tickets })), (stack) => {
      for (const secret of stack.org.secrets) new ManagedSecret(stack, secret.name, { secret });
    });

  test.each([
    ["deployer", 0, "zendesk/prod"],
    ["planner", 1, "genesys/production/na-prod/planner"],
  ])(
    "the %s reads the value of another secret, or may not apply",
    async (credential, code, entry) => {
      const { world, folderOf } = withTickets();
      const opened = new Set<unknown>();
      const written: unknown[] = [];
      await inWorkspace(
        world,
        async (workspace) => {
          workspace.useStack(folderOf("na-prod"));
          expect(await workspace.run("init")).toMatchObject({ code: 0 });
          const variable = `-var=genesys_credential=${credential}`;
          expect(await workspace.run("plan", variable)).toMatchObject({ code: 0 });
          expect(opened).toContain(entry);
          expect(opened.has("zendesk/prod")).toBe(credential === "deployer");
          expect((await workspace.run("apply", "-auto-approve", variable)).code).toBe(code);
        },
        {
          onCall: ({ method, type, config }) => {
            if (method === "OpenEphemeralResource") opened.add(config?.name);
            if (method === "ApplyResourceChange" && type === "aws_secretsmanager_secret_version") {
              written.push(config?.secret_string_wo);
            }
          },
        },
      );
      expect(written).not.toContain("not read in a plan");
    },
  );
});
