import type { SecretReport } from "../../../lib/registry/report";
import { orgReport } from "../../rehearsal/reports";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
const secret = (org: string, name: string, consumers: string[], patch = {}): SecretReport => ({
  name,
  secretName: `/genesys/production/${org}/${name}`,
  kind: "genesys-admin",
  sensitivity: "critical",
  rotationDays: 90,
  owner: "crm-team",
  consumers,
  rotation: "automatic",
  ...patch,
});
const project = () =>
  fakeProject({
    consumers: [
      { name: "crm-sync", role: role("crm-sync"), owner: "crm-team" },
      { name: "idle", role: role("idle") },
    ],
    orgs: [
      orgReport(
        "na-prod",
        {},
        {
          secrets: [
            secret("na-prod", "crm", [role("crm-sync")]),
            secret("na-prod", "report", [role("report")]),
          ],
        },
      ),
      orgReport(
        "eu-prod",
        {},
        {
          aws: { account: "222222222222", region: "eu-west-1" },
          brokeredClients: [
            {
              name: "agent-assist",
              consumers: [role("crm-sync"), role("assist")],
              tokenPath: "genesyscloud/eu-prod/token/agent-assist",
            },
          ],
          secrets: [secret("eu-prod", "ticket", [role("crm-sync")], { key: "aws" })],
        },
      ),
    ],
  });

test("each workload is listed with the secrets that it may read, and roles without a name as well", async () => {
  const { code, stdout } = await run(project(), ["consumers"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /crm-sync +│ crm-team │ 111111111111 crm-sync │ na-prod +│ \/genesys\/production\/na-prod\/crm /,
  );
  expect(stdout).toMatch(/│ eu-prod +│ \/genesys\/production\/eu-prod\/ticket/);
  expect(stdout).toMatch(/│ eu-prod +│ Vault: genesyscloud\/eu-prod\/token\/agent-assist/);
  expect(stdout).toMatch(/role\/assist +│ .*eu-prod +│ Vault: genesyscloud/);
  expect(stdout).toMatch(/idle .*│ none/);
  expect(stdout).toMatch(/role\/report +│ .*na-prod\/report/);
  expect(stdout).not.toContain("Statement");
});

test("one workload has its policy, for exactly its secrets and their keys", async () => {
  const { stdout } = await run(project(), ["consumers", "crm-sync", "--json"]);
  const arns = [
    "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/crm-??????",
    "arn:aws:secretsmanager:eu-west-1:222222222222:secret:/genesys/production/eu-prod/ticket-??????",
  ];
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    consumers: [
      {
        name: "crm-sync",
        role: role("crm-sync"),
        owner: "crm-team",
        secrets: [
          { org: "na-prod", secretName: "/genesys/production/na-prod/crm" },
          { org: "eu-prod", secretName: "/genesys/production/eu-prod/ticket" },
        ],
        leases: [{ org: "eu-prod", path: "genesyscloud/eu-prod/token/agent-assist" }],
        policy: {
          Version: "2012-10-17",
          Statement: [
            expect.objectContaining({ Sid: "ReadCredentials", Resource: arns }),
            {
              Sid: "DecryptCredentials",
              Effect: "Allow",
              Action: ["kms:Decrypt"],
              Resource: ["arn:aws:kms:us-east-1:111111111111:key/*"],
              Condition: {
                StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
                StringLike: { "kms:EncryptionContext:SecretARN": [arns[0]] },
              },
            },
          ],
        },
      },
    ],
  });
});

test("a role stands for its workload", async () => {
  const { stdout } = await run(project(), ["consumers", role("report")]);
  expect(stdout).toContain('"Sid": "ReadCredentials"');
});

test("an unknown name is one line, with the name that may be meant", async () => {
  const { code, stderr } = await run(project(), ["consumers", "crm-snyc"]);
  expect([code, stderr]).toEqual([1, "unknown consumer: crm-snyc: did you mean crm-sync?\n"]);
});
