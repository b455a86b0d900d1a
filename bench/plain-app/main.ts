// What the benchmark compares with: the same stacks, written by hand with cdktf alone, as `cdktf
// init --template=typescript` sets a project up (its tsconfig.json, ts-node with type check).
// Nothing in it is slow on purpose: providers come by submodule, references are plain strings
// where that is simpler, and nothing is validated. What rotates the clients is in rotation.ts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { App, S3Backend, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { load } from "js-yaml";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { AuthRole } from "../../genesyscloud/auth-role";
import { DataGenesyscloudAuthDivisionHome } from "../../genesyscloud/data-genesyscloud-auth-division-home";
import { DataGenesyscloudOrganizationsMe } from "../../genesyscloud/data-genesyscloud-organizations-me";
import { GenesyscloudProvider } from "../../genesyscloud/provider";
import { RoutingQueue } from "../../genesyscloud/routing-queue";
import type { Home, Org } from "./org";
import { entryOfOrg, OrgRotation } from "./rotation";

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
          errorMessage: "genesys_credential is deployer or planner.",
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
      lifecycle: { postcondition: [entryOfOrg(org)] },
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

    const homeDivision = new DataGenesyscloudAuthDivisionHome(this, "home-division", {});
    const rotation = new OrgRotation(this, org);

    for (const client of org.oauthClients) {
      const clientName = `${capitalize(org.environment)}-${client.name.split("-").map(capitalize).join("")}`;
      const role = new AuthRole(this, `${client.name}-role`, {
        name: clientName,
        description: `What the OAuth client ${clientName} may do`,
        permissionPolicies: client.permissions.map((permission) => ({
          domain: permission.domain,
          entityName: permission.entity,
          actionSet: permission.actions,
        })),
      });
      const secret = new SecretsmanagerSecret(this, `${client.name}-secret`, {
        name: `/genesys/${org.environment}/${org.name}/${client.name}`,
        description: `Credential of ${clientName}: ${client.description}`,
        kmsKeyId: rotation.keyArn,
        recoveryWindowInDays: 30,
        tags: {
          sensitivity: client.classification?.sensitivity ?? "confidential",
          owner: client.classification?.owner ?? org.owner,
          "rotation-days": String(client.classification?.rotationDays ?? 30),
        },
      });
      const policy = new SecretsmanagerSecretPolicy(this, `${client.name}-policy`, {
        secretArn: secret.arn,
        blockPublicPolicy: true,
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "ConsumersRead",
              Effect: "Allow",
              Principal: { AWS: client.consumers },
              Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
              Resource: "*",
            },
            {
              Sid: "NobodyElseReads",
              Effect: "Deny",
              Principal: "*",
              Action: "secretsmanager:GetSecretValue",
              Resource: "*",
              Condition: {
                ArnNotEquals: {
                  "aws:PrincipalArn": [
                    ...client.consumers,
                    `arn:aws:iam::${org.aws.account}:role/genesys-${org.name}-rotator`,
                  ],
                },
              },
            },
          ],
        }),
      });
      const divisions = client.divisions ?? [homeDivision.id];
      rotation.rotate(
        client,
        clientName,
        secret,
        policy,
        divisions.map((divisionId) => ({ roleId: role.id, divisionId })),
      );
      new TerraformOutput(this, `${client.name}-secret-arn`, {
        value: secret.arn,
        description: `Secret of ${client.name}`,
      });
      new TerraformOutput(this, `${client.name}-secret-name`, {
        value: `/genesys/${org.environment}/${org.name}/${client.name}`,
        description: `Name of the secret of ${client.name}`,
      });
      new TerraformOutput(this, `${client.name}-role-id`, {
        value: role.id,
        description: `Role of ${client.name}`,
      });
    }
    rotation.guardStack();
  }
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const folder = process.argv[2];
if (!folder || !existsSync(folder)) throw new Error("usage: main.ts <folder with the orgs>");
const read = (name: string) => load(readFileSync(join(folder, name), "utf8"));
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
