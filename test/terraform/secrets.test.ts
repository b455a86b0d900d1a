import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { User } from "../../genesyscloud/user";
import {
  OAuthClientWithOffloadedSecret,
  type OrgRegistry,
  type OrgStack,
  Policies,
  TerraformManagedOAuthClient,
} from "../../lib";
import { canariesOf, rehearse, SecretScanner } from "../../lib/rehearsal";
import { synthesize } from "../support/rehearsal";
import { entry, registryOf } from "../support/sample-org";
import { describeWithTerraform } from "../support/terraform";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const registry = (): OrgRegistry => registryOf(entry("na-prod", 1), entry("eu-prod", 2));

/** Rehearses both orgs, with Terraform's trace log written and scanned as well. */
async function rehearsed(add: (stack: OrgStack) => void, signalFolder?: (folder: string) => void) {
  const { report, world, folderOf } = synthesize(registry(), add);
  const stacks = report.orgs.map(({ name, stack, stateKey, lock }) => ({
    org: name,
    stack,
    stateKey,
    lock,
    folder: folderOf(name),
  }));
  for (const { folder } of stacks) signalFolder?.(folder);
  return { world, results: await rehearse({ stacks, world, trace: true }) };
}

describeWithTerraform("no secret in Terraform", () => {
  test("neither in state, plans, backups nor trace logs of a rotated client's stack", async () => {
    const { results } = await rehearsed((stack) => {
      new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
        org: stack.org,
        name: "crm-sync",
        permissions,
      });
    });
    expect(results.map(({ org, error, findings }) => ({ org, error, findings }))).toEqual([
      { org: "na-prod", error: undefined, findings: [] },
      { org: "eu-prod", error: undefined, findings: [] },
    ]);
    expect(results.every(({ secondPlanEmpty }) => secondPlanEmpty)).toBe(true);
  });

  test("the scan finds the one that exposeSecretToState puts into state", async () => {
    const { results } = await rehearsed((stack) => {
      new TerraformManagedOAuthClient(stack, "crm-sync", {
        org: stack.org,
        name: "crm-sync",
        grant: "CLIENT-CREDENTIALS",
        permissions,
        exposeSecretToState: true,
      });
    });
    for (const { error, findings, secretBytes } of results) {
      expect(secretBytes).toBeGreaterThan(0);
      expect(findings.map(({ file }) => file)).toContain("rehearsed.tfstate");
      expect(error).toBeDefined();
    }
  });

  test("the scan finds a sensitive variable in the plan file, and no ephemeral one", async () => {
    const variable = (kind: string) => (stack: OrgStack) => {
      new TerraformVariable(stack, "api_password", { type: "string" }).addOverride(kind, true);
    };
    const { results: kept } = await rehearsed(variable("sensitive"));
    for (const { org, error, findings } of kept) {
      expect(findings).toContainEqual(
        expect.objectContaining({ org, credential: "variable api_password", form: "plain" }),
      );
      expect(error).toContain(`of the secret ${org}/variable api_password`);
    }
    const { results } = await rehearsed(variable("ephemeral"));
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
  });

  describe("a variable with a waiver that has an end", () => {
    const until = "2099-12-31";
    const reason = "the provider has no write-only password, SEC-1204";
    const withPassword = (also: (stack: OrgStack) => void) => (stack: OrgStack) => {
      const variable = new TerraformVariable(stack, "password", {
        type: "string",
        sensitive: true,
      });
      const user = { email: "wfm@example.com", name: "WFM", password: variable.stringValue };
      new User(stack, "user", user);
      Policies.waive(variable, "GO-SECRET-IN-STATE", reason, { until });
      also(stack);
    };

    test("may be in the state and in plans, and the result says so", async () => {
      const { results } = await rehearsed(withPassword(() => {}));
      for (const result of results) {
        expect(result).toMatchObject({ error: undefined, secretBytes: 0, findings: [] });
        expect(result.exceptions).toEqual([
          {
            rule: "GO-SECRET-IN-STATE",
            waivedAt: `org-${result.org}/password`,
            addresses: ["var.password"],
            reason,
            until,
          },
        ]);
      }
    });

    test("is still found elsewhere, and so is another one", async () => {
      const { results } = await rehearsed(
        withPassword((stack) => {
          new TerraformVariable(stack, "other", { type: "string", sensitive: true });
          const value = "${nonsensitive(var.password)}";
          new TerraformOutput(stack, "shown", { value });
        }),
      );
      for (const { findings } of results) {
        const [own, others] = [true, false].map((is) =>
          findings.filter(({ credential }) => (credential === "variable password") === is),
        );
        expect(own?.every(({ file }) => file.endsWith(".log"))).toBe(true);
        expect(own).not.toEqual([]);
        expect(others?.map(({ credential }) => credential)).toContain("variable other");
      }
    });
  });

  test("another org's secret is found in an org's files too", async () => {
    const { world } = synthesize(registry());
    const [foreign] = canariesOf(world).filter(({ org }) => org === "eu-prod");
    if (!foreign) throw new Error("the world has no secret of eu-prod");
    const scanner = new SecretScanner(canariesOf(world));
    expect(
      scanner.scan(
        `{"outputs":"${Buffer.from(foreign.value).toString("base64")}"}`,
        "na-prod/terraform.tfstate",
      ),
    ).toMatchObject([{ org: "eu-prod", file: "na-prod/terraform.tfstate", form: "base64" }]);
  });

  test("and fails that org's rehearsal", async () => {
    const { world } = synthesize(registry());
    const [foreign] = canariesOf(world).filter(({ org }) => org === "eu-prod");
    const { results } = await rehearsed(
      () => undefined,
      (folder) => {
        if (!folder.endsWith("org-na-prod")) return;
        writeFileSync(
          join(folder, "cdk.tf.json"),
          JSON.stringify({ resource: { terraform_data: { leak: { input: foreign?.value } } } }),
        );
      },
    );
    expect(results.map(({ org, error }) => [org, error !== undefined])).toEqual([
      ["na-prod", true],
      ["eu-prod", false],
    ]);
    expect(new Set(results[0]?.findings.map(({ org }) => org))).toEqual(new Set(["eu-prod"]));
  });
});
