// The plain side of the benchmark: the same stacks, written by hand with cdktf alone, in a project
// as `cdktf init --template=typescript` creates it (its tsconfig.json, ts-node with type check).
// Nothing in it is slow on purpose: providers are imported by submodule, references are plain
// strings where that is simpler, and nothing is validated.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, S3Backend, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { parse } from "yaml";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { DataGenesyscloudOrganizationsMe } from "../../genesyscloud/data-genesyscloud-organizations-me";
import { GenesyscloudProvider } from "../../genesyscloud/provider";
import { RoutingQueue } from "../../genesyscloud/routing-queue";

/** One file of the registry, as far as this app reads it. */
interface Org {
  name: string;
  environment: string;
  organizationId: string;
  genesysRegion: string;
  state: { home: string };
  vault: { address: string };
  aws: { account: string; region: string; deployRole: string; planRole: string };
  owner: string;
}

interface Home {
  name: string;
  bucket: string;
  account: string;
  region: string;
}

class OrgStack extends TerraformStack {
  constructor(scope: Construct, id: string, org: Org, home: Home, kmsKeyArn: string) {
    super(scope, id);

    this.addOverride("terraform.required_version", ">= 1.11.0");
    new S3Backend(this, {
      bucket: home.bucket,
      key: `orgs/${org.name}/terraform.tfstate`,
      region: home.region,
      encrypt: true,
      kmsKeyId: kmsKeyArn,
      allowedAccountIds: [home.account],
    });
    this.addOverride("terraform.backend.s3.use_lockfile", true);

    new TerraformVariable(this, "genesys_credential", {
      type: "string",
      description: "Which credential to use: deployer or planner",
      default: "deployer",
      nullable: false,
      validation: [
        {
          condition: `\${contains(["deployer", "planner"], var.genesys_credential)}`,
          errorMessage: "genesys_credential must be deployer or planner.",
        },
      ],
    });

    new AwsProvider(this, "aws", {
      region: org.aws.region,
      allowedAccountIds: [org.aws.account],
      assumeRole: [
        {
          roleArn: `\${var.genesys_credential == "planner" ? "${org.aws.planRole}" : "${org.aws.deployRole}"}`,
          sessionName: `terraform-${org.name}`,
        },
      ],
      defaultTags: [
        {
          tags: {
            "genesys-org": org.name,
            environment: org.environment,
            owner: org.owner,
            "managed-by": "cdktf",
          },
        },
      ],
    });
    new VaultProvider(this, "vault", {
      address: org.vault.address,
      authLoginJwt: [{ mount: "jwt", role: `genesys-${org.name}-\${var.genesys_credential}` }],
    });

    // cdktf has no ephemeral blocks.
    const entry = "ephemeral.vault_kv_secret_v2.genesys";
    this.addOverride(entry, {
      provider: "vault",
      mount: "secret",
      name: `genesys/${org.environment}/${org.name}/\${var.genesys_credential}`,
      lifecycle: {
        postcondition: [
          {
            condition: `\${lower(try(self.data["org_id"], "")) == "${org.organizationId}"}`,
            error_message: `The credential in Vault is not that of ${org.name}`,
          },
        ],
      },
    });
    const probe = new GenesyscloudProvider(this, "genesyscloud-probe", {
      alias: "probe",
      awsRegion: org.genesysRegion,
      oauthclientId: `\${${entry}.data.client_id}`,
      oauthclientSecret: `\${${entry}.data.client_secret}`,
      tokenPoolSize: 1,
    });
    const guard = new DataGenesyscloudOrganizationsMe(this, "guard", { provider: probe });
    new GenesyscloudProvider(this, "genesyscloud", {
      awsRegion: org.genesysRegion,
      oauthclientId: `\${lower(${guard.fqn}.id) == "${org.organizationId}" ? ${entry}.data.client_id : tobool("wrong organisation")}`,
      oauthclientSecret: `\${${entry}.data.client_secret}`,
      tokenPoolSize: 2,
    });

    const division = new AuthDivision(this, "service", {
      name: "Service",
      description: "Queues and people of customer service",
    });
    new RoutingQueue(this, "general-enquiries", {
      name: "General enquiries",
      divisionId: division.id,
    });
  }
}

const folder = process.argv[2];
if (!folder || !existsSync(folder)) throw new Error("usage: main.ts <folder with the orgs>");
const read = (name: string) => parse(readFileSync(join(folder, name), "utf8"));
const homes = read("homes.yaml") as Home[];
const keys = JSON.parse(readFileSync(join(folder, "state-homes.json"), "utf8"));

const app = new App();
for (const file of readdirSync(folder).filter((name) => /^(?!homes\.).*\.yaml$/.test(name))) {
  const org = read(file) as Org;
  const home = homes.find(({ name }) => name === org.state.home) as Home;
  const { kmsKeyArn } = keys.homes[home.name].orgs[org.name];
  new OrgStack(app, `org-${org.name}`, org, home, kmsKeyArn);
}
app.synth();
