import { orgVaultPolicies } from "../../lib";
import { brokerAdministratorPolicy, brokerConsumerPolicies } from "../../lib/vault/broker-policies";
import { sampleOrg } from "../support/sample-org";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const org = sampleOrg("na-prod", {
  oauthClients: [
    { name: "crm-sync", permissions },
    { name: "agent-assist", permissions, broker: {} },
    { name: "exporter", permissions, broker: { creds: true } },
  ],
});

const rulesOf = (text: string | undefined) =>
  [...(text ?? "").matchAll(/^path "([^"]+)" \{ capabilities = \[([^\]]*)\]/gm)].map(
    ([, path, capabilities = ""]) => `${path}: ${capabilities.replaceAll('"', "")}`,
  );

test("consumers get tokens of their client, clients only if that is allowed, and can end their leases", () => {
  const policies = brokerConsumerPolicies(org);
  expect([...policies.keys()]).toEqual(["agent-assist", "exporter"]);
  expect(rulesOf(policies.get("agent-assist")?.text)).toEqual([
    "genesyscloud/na-prod/token/agent-assist: read",
    "sys/leases/revoke: update",
  ]);
  expect(rulesOf(policies.get("exporter")?.text)).toEqual([
    "genesyscloud/na-prod/token/exporter: read",
    "genesyscloud/na-prod/creds/exporter: read",
    "sys/leases/revoke: update",
  ]);
});

test("who configures the engine gets nothing from it", () => {
  const rules = rulesOf(brokerAdministratorPolicy(org).text);
  expect(rules).toContain("secret/data/genesys/production/na-prod/broker: read");
  expect(rules).toContain("genesyscloud/na-prod/config: create, read, update");
  expect(rules.filter((rule) => /\/(token|creds)\//.test(rule))).toEqual([]);
});

test("Terraform writes the engine's roles as the deployer, reads them as the planner, and gets nothing from it", () => {
  const { planner, deployer, rotate, operators } = orgVaultPolicies(org);
  const ofEngine = (text: string) =>
    rulesOf(text).filter((rule) => rule.startsWith("genesyscloud/"));
  expect(ofEngine(deployer.text)).toEqual([
    "genesyscloud/na-prod/roles/+: create, read, update, delete",
  ]);
  expect(ofEngine(planner.text)).toEqual(["genesyscloud/na-prod/roles/+: read"]);
  expect([...ofEngine(rotate.text), ...ofEngine(operators.text)]).toEqual([]);
});

test("without a brokered client, no policy mentions an engine", () => {
  const policies = Object.values(orgVaultPolicies(sampleOrg()));
  expect(policies.filter(({ text }) => text.includes("genesyscloud/"))).toEqual([]);
});
