import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  otherNames,
  replaceProviders,
} from "../../../../../lib/cli/commands/state/migrate/replace-providers";
import { orgReport } from "../../../../rehearsal/reports";
import { temporaryFolder } from "../../../../support/folders";
import { useLoopbackCredentials } from "../../../../support/loopback-store";
import { fakeProject } from "../../../../support/project";
import { Runners } from "../../../../support/runners";
import { HOME } from "../../../../support/sample-org";
import { describeWithTerraform } from "../../../../support/terraform";
import { run } from "../../../run";

useLoopbackCredentials();

const NAME = "registry.terraform.io/mypurecloud/genesyscloud";
const stack = { required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud" } } };
const names = { state: "old", stack: "org-1", inStack: [NAME], isOpenTofu: false };

test.each([
  "registry.terraform.io/-/genesyscloud",
  "registry.terraform.io/hashicorp/genesyscloud",
  "registry.opentofu.org/mypurecloud/genesyscloud",
  "genesys.com/mypurecloud/genesyscloud",
])("%s has another name in the stack", (source) => {
  expect([...otherNames({ ...names, inState: [source] })]).toEqual([[source, NAME]]);
});

test.each([
  ["the stack's own", NAME, false],
  ["built in", "terraform.io/builtin/terraform", false],
  ["one that init can install", "registry.terraform.io/hashicorp/random", false],
  ["OpenTofu's, with OpenTofu", "registry.opentofu.org/mypurecloud/genesyscloud", true],
])("%s keeps its name", (_what, source, isOpenTofu) => {
  expect(otherNames({ ...names, inState: [source], isOpenTofu }).size).toBe(0);
});

test("every form of the name is replaced, and nothing else in the text", () => {
  const old = new Map([["registry.terraform.io/-/genesyscloud", NAME]]);
  const text = (provider: string) =>
    `{"provider": "${provider}", "attributes": {"id": 12345678901234567890, "x": "provider.genesyscloud"}}`;
  for (const [before, after] of [
    ["provider.genesyscloud", `provider[\\"${NAME}\\"]`],
    ["module.m.provider.genesyscloud.eu", `module.m.provider[\\"${NAME}\\"].eu`],
    ['provider[\\"registry.terraform.io/-/genesyscloud\\"].eu', `provider[\\"${NAME}\\"].eu`],
    ["provider.other", "provider.other"],
  ] as const) {
    expect(replaceProviders(text(before), old)).toBe(text(after));
  }
});

describeWithTerraform("state migrate", () => {
  test("names the providers that the stack does not have, and replaces them if it is told to", async () => {
    const runners = await Runners.start();
    try {
      const [runner] = await runners.ofOneOrg("s3");
      const key = "orgs/org-1/terraform.tfstate";
      const project = fakeProject({
        orgs: [orgReport("org-1", {}, { bucket: HOME.bucket, stateKey: key })],
        stackOf: () => ({ terraform: { ...stack, backend: { s3: runner.backend } } }),
      });
      const file = join(temporaryFolder(), "old.tfstate");
      const queue = {
        mode: "managed",
        type: "genesyscloud_routing_queue",
        name: "q",
        provider: "provider.genesyscloud",
        instances: [{ schema_version: 0, attributes: { id: "1" } }],
      };
      writeFileSync(
        file,
        JSON.stringify({
          version: 4,
          terraform_version: "0.12.31",
          serial: 3,
          lineage: "11111111-2222-4333-8444-555555555555",
          outputs: {},
          resources: [queue],
        }),
      );
      const before = readFileSync(file, "utf8");
      const migrate = (...options: string[]) =>
        run(project, ["state", "migrate", "org-1", "--from", file, ...options]);

      const refused = await migrate("--yes");
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        `${file} names providers that org-org-1 does not have: registry.terraform.io/-/genesyscloud (in the stack ${NAME}). Terraform's next init could not install them: with --replace-providers, the moved state names those of the stack`,
      );

      const moved = await migrate("--replace-providers", "--yes");
      expect({ code: moved.code, errors: moved.code === 0 ? "" : moved.stderr }).toEqual({
        code: 0,
        errors: "",
      });
      expect(moved.stdout).toContain(
        `note: the provider registry.terraform.io/-/genesyscloud becomes ${NAME}\n`,
      );
      const there = JSON.parse((await runners.store.object(key)) ?? "{}");
      expect(there.resources).toMatchObject([{ ...queue, provider: `provider["${NAME}"]` }]);
      expect(readFileSync(file, "utf8")).toBe(before);
      expect((await migrate("--replace-providers")).stdout).toContain("already in the home");
    } finally {
      await runners.stop();
    }
  }, 60_000);
});
