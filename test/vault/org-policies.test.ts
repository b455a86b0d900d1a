import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OrgEntry, orgVaultPolicies } from "../../lib";
import { sampleOrg } from "../support/sample-org";
import { ROOT } from "../support/synthesized-app";

const NAMES = ["planner", "deployer", "rotate", "operators"] as const;

const policiesOf = (patch: Partial<OrgEntry> = {}) => orgVaultPolicies(sampleOrg("na-prod", patch));

/** The rules of a policy as `path: capability, …`. */
const rulesOf = (text: string) =>
  [...text.matchAll(/^path "([^"]+)" \{\s*capabilities\s+= \[([^\]]*)\]/gm)].map(
    ([, path, capabilities = ""]) => `${path}: ${capabilities.replaceAll('"', "")}`,
  );

const vault = { address: "https://vault.example.com" };
const P = "secret/data/genesys/production/na-prod";

test("each job can do what it needs, and nothing else", () => {
  const { planner, deployer, rotate } = policiesOf({
    vault: { ...vault, auth: { method: "jwt" } },
  });
  expect(rulesOf(planner.text)).toEqual([`${P}/planner: read`]);
  expect(rulesOf(deployer.text)).toEqual([`${P}/deployer: read`, `${P}/master: read`]);
  expect(rulesOf(rotate.text)).toEqual([
    `${P}/deployer: read, update`,
    `${P}/planner: read, update`,
    `${P}/master: read, update`,
  ]);
});

test("operators see and restore versions, and read no value", () => {
  const rules = rulesOf(policiesOf().operators.text);
  expect(rules).toContain("secret/metadata/genesys/production/na-prod/: list");
  expect(rules).toContain("secret/undelete/genesys/production/na-prod/master: update");
  expect(rules.filter((rule) => rule.startsWith("secret/data/"))).toEqual([]);
});

test("only Terraform's jobs may create a child token, and only if the provider creates one", () => {
  const withChild = (policies: ReturnType<typeof policiesOf>) =>
    NAMES.filter((name) => policies[name].text.includes("auth/token/create"));
  expect(withChild(policiesOf({ vault: { ...vault, auth: { method: "jwt" } } }))).toEqual([]);
  const kept = policiesOf({ vault: { ...vault, auth: { method: "jwt" }, skipChildToken: false } });
  expect(withChild(kept)).toEqual(["planner", "deployer"]);
});

test("the deployer also reads the entries with the values of other secrets, once each", () => {
  const secret = { kind: "third-party-api-key", classification: { owner: "team" } } as const;
  const value = { source: "vault", entry: "zendesk/prod", version: 1 } as const;
  const { planner, deployer } = policiesOf({
    secrets: [
      { ...secret, name: "tickets", value: { ...value, field: "api_key" } },
      { ...secret, name: "tickets-two", value: { ...value, field: "other" } },
    ],
  });
  expect(rulesOf(deployer.text)).toContain("secret/data/zendesk/prod: read");
  expect(rulesOf(deployer.text)).toHaveLength(3 + 1);
  expect(planner.text).not.toContain("zendesk");
});

test("own mounts and entries are in the policies, and the root of a mount is listed by nobody", () => {
  const { operators, planner } = policiesOf({
    vault: {
      ...vault,
      mount: "teams/kv",
      planner: "na/view",
      deployer: "full",
      master: "na/rotator",
    },
  });
  expect(rulesOf(planner.text)).toContain("teams/kv/data/na/view: read");
  expect(rulesOf(operators.text).filter((rule) => rule.endsWith(": list"))).toEqual([
    "teams/kv/metadata/na/: list",
  ]);
});

test("policies have the org's name, whatever its roles are called", () => {
  const auth = { method: "jwt", role: "CI" } as const;
  const policies = policiesOf({ vault: { ...vault, auth } });
  expect(NAMES.map((name) => policies[name].name)).toEqual(
    NAMES.map((name) => `genesys-na-prod-${name}`),
  );
});

test("no policy of an org has a path of another org, or a wildcard", () => {
  const texts = (name: string) =>
    Object.values(orgVaultPolicies(sampleOrg(name))).flatMap(({ text }) => rulesOf(text));
  const shared = texts("na").filter((rule) => texts("na-prod").includes(rule));
  expect(shared).toEqual(["auth/token/create: update", "auth/token/create: update"]);
  expect([...texts("na"), ...texts("na-prod")].filter((rule) => /[*+]/.test(rule))).toEqual([]);
});

test("docs/vault.md shows the policies as they are", () => {
  const page = readFileSync(join(ROOT, "docs/vault.md"), "utf8");
  const policies = policiesOf({ vault: { ...vault, auth: { method: "jwt" } } });
  for (const name of NAMES) {
    expect(page).toContain(`\`\`\`hcl\n${policies[name].text}\`\`\`\n`);
  }
  const child = /path "auth\/token\/create" \{[\s\S]*?\n\}\n/.exec(policiesOf().planner.text)?.[0];
  expect(page).toContain(`\`\`\`hcl\n${child}\`\`\`\n`);
});
