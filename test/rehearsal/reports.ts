import type { HomeReport, OrgReport, VaultOrgReport } from "../../lib/registry/report";

/** An org as a synthesis reports it; its number makes the organisation id its own. */
export function orgReport(
  name: string,
  vault: Partial<VaultOrgReport["vault"]> = {},
  patch: Partial<OrgReport> = {},
): VaultOrgReport {
  const digits = Buffer.from(name).toString("hex").padEnd(12, "0").slice(0, 12);
  return {
    name,
    environment: "production",
    organizationId: `11111111-1111-4111-8111-${digits}`,
    genesysRegion: "us-east-1",
    owner: "team",
    stack: `org-${name}`,
    stateHome: "home",
    bucket: "states",
    stateKey: `orgs/${name}/terraform.tfstate`,
    lock: "s3",
    encryption: "kms",
    kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1",
    vault: {
      address: "https://vault.example.com",
      mount: "secret",
      auth: { method: "token" },
      skipChildToken: false,
      deployer: `genesys/production/${name}/deployer`,
      planner: `genesys/production/${name}/planner`,
      master: `genesys/production/${name}/master`,
      ...vault,
    },
    aws: { account: "111111111111", region: "us-east-1" },
    project: name,
    secretPrefix: `/genesys/production/${name}/`,
    oauthClients: [],
    secrets: [],
    rotation: { masterVersion: 1, mostClients: 500 },
    retired: false,
    access: {
      stack: `state-access-${name}`,
      stateKey: `access/${name}/terraform.tfstate`,
      status: "not selected",
    },
    components: [],
    status: "synthesized",
    ...patch,
  } as VaultOrgReport;
}

/** A state home as a synthesis reports it. */
export function homeReport(name: string, patch: Partial<HomeReport> = {}): HomeReport {
  return {
    name,
    stack: `state-${name}`,
    account: "111111111111",
    region: "us-east-1",
    bucket: `states-${name}`,
    stateKey: "home/terraform.tfstate",
    stateAdmins: ["arn:aws:iam::111111111111:role/admin"],
    status: "synthesized",
    ...patch,
  };
}
