import { credentialNameIn, isOurs } from "../../lib/rotation/client-name";

const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/";

test("a client's description names the credential that it belongs to", () => {
  expect(credentialNameIn(`${PREFIX}crm-sync-AbCdEf`, PREFIX)).toBe("crm-sync");
});

test.each([
  ["a name that AWS refuses to look up", `${PREFIX}a'b:c-abcdef`],
  ["a name that is too long", `${PREFIX}${"a".repeat(300)}-abcdef`],
  ["the master's secret, which has no clients", `${PREFIX}_master-abcdef`],
  ["a secret below the org's folder", `${PREFIX}deeper/crm-abcdef`],
  ["a name without AWS's six characters", `${PREFIX}crm`],
  ["another org's secret", `${PREFIX.replace("na-prod", "eu-prod")}crm-abcdef`],
])("a description with %s is nobody's", (_, description) => {
  expect(isOurs({ name: "Production-Crm#v1", description }, PREFIX)).toBe(false);
});
