import { App } from "cdktf";
import {
  OAuthClientWithOffloadedSecret,
  type OAuthClientWithOffloadedSecretProps,
  OrgStack,
  TerraformManagedOAuthClient,
  type TerraformManagedOAuthClientProps,
  UserError,
} from "../../lib";
import { temporaryFolder } from "../support/folders";
import { sampleOrg, testApp } from "../support/sample-org";

type Json = { [key: string]: Json } & Json[] & string;

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const consumers = ["arn:aws:iam::111111111111:role/crm"];

function synthesized(add: (stack: OrgStack) => void): Record<string, Json> {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg());
  add(stack);
  return JSON.parse(JSON.stringify(stack.toTerraform()));
}

const only = (blocks: Json | undefined): Json => {
  const values = Object.values(blocks ?? {});
  expect(values).toHaveLength(1);
  return values[0] as Json;
};

/** The secret of the client, beside the rotator's. */
const secretOf = ({ resource }: Record<string, Json>): Json | undefined =>
  Object.entries(resource?.aws_secretsmanager_secret ?? {}).find(([name]) =>
    name.startsWith("crm-sync"),
  )?.[1];

describe("a client with offloaded secret", () => {
  const client = (props: Partial<OAuthClientWithOffloadedSecretProps> = {}) =>
    synthesized((stack) => {
      new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
        org: stack.org,
        name: "crm-sync",
        permissions,
        consumers,
        ...props,
      });
    });

  test("is neither a client nor its secret, but the resources that create and rotate both", () => {
    const { resource } = client();
    expect(Object.keys(resource ?? {})).not.toContain("genesyscloud_oauth_client");
    expect(Object.keys(resource?.aws_secretsmanager_secret_rotation ?? {})).toHaveLength(1);
    expect(Object.values(resource?.aws_secretsmanager_secret_version ?? {})).toEqual([
      // Not the client's: what the rotator works with.
      expect.objectContaining({ secret_string_wo: expect.stringContaining("ephemeral.") }),
    ]);
  });

  test("its specification says which client to make, by ids and names", () => {
    const { value } = only(client({ divisions: ["*"] }).resource?.aws_ssm_parameter);
    expect(JSON.parse(value as string)).toEqual({
      secretArn: expect.stringContaining("aws_secretsmanager_secret.crm-sync"),
      clientName: "Production-CrmSync",
      roleDivisions: [
        { roleId: expect.stringContaining("genesyscloud_auth_role.crm-sync"), divisionId: "*" },
      ],
      accessTokenValiditySeconds: 3600,
      rotationDays: 180,
      graceDays: 2,
      sensitivity: "high",
      owner: "team",
    });
  });

  test("its specification has room for as many divisions as may be named: AWS allows 8 KB", () => {
    const divisions = Array.from(
      { length: 70 },
      (_, index) => `11111111-1111-4111-8111-${String(index).padStart(12, "0")}`,
    );
    const { value, tier } = only(client({ divisions }).resource?.aws_ssm_parameter);
    const [roleId, arn] = [/\$\{genesyscloud_auth_role[^}]*\}/g, /\$\{aws_secrets[^}]*\}/g];
    const longest = (value as string).replace(roleId, "x".repeat(36)).replace(arn, "x".repeat(250));
    expect(longest.length).toBeLessThan(8192 - 150);
    // One that is named could not go down again without the parameter being deleted.
    expect(tier).toBe("Intelligent-Tiering");
  });

  test("gets existing roles besides its own, each in each division", () => {
    const roles = ["33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"];
    const divisions = ["55555555-5555-4555-8555-555555555555", "*"];
    const { value } = only(client({ roles, divisions }).resource?.aws_ssm_parameter);
    const own = expect.stringContaining("genesyscloud_auth_role.crm-sync");
    expect(JSON.parse(value as string).roleDivisions).toEqual(
      [own, ...roles].flatMap((roleId) => divisions.map((divisionId) => ({ roleId, divisionId }))),
    );
  });

  test("has no role of its own where it has existing roles alone", () => {
    const roles = ["33333333-3333-4333-8333-333333333333"];
    const { resource, output } = client({ roles, permissions: undefined });
    expect(Object.keys(resource ?? {})).not.toContain("genesyscloud_auth_role");
    expect(Object.keys(output ?? {})).not.toContain("crm_sync_role_id");
    const { value } = only(resource?.aws_ssm_parameter);
    expect(JSON.parse(value as string).roleDivisions).toHaveLength(1);
  });

  test("has its role in the home division, unless told otherwise", () => {
    const { data, resource } = client();
    const { value } = only(resource?.aws_ssm_parameter);
    expect(only(data?.genesyscloud_auth_division_home)).toBeDefined();
    expect(JSON.parse(value as string).roleDivisions[0].divisionId).toContain(
      "data.genesyscloud_auth_division_home",
    );
  });

  test("its role has its permissions and no others", () => {
    expect(only(client().resource?.genesyscloud_auth_role)).toMatchObject({
      name: "Production-CrmSync",
      permission_policies: [{ domain: "routing", entity_name: "queue", action_set: ["view"] }],
    });
  });

  test("its secret is named after environment, project and credential, and tagged with its class", () => {
    expect(secretOf(client())).toMatchObject({
      name: "/genesys/production/na-prod/crm-sync",
      recovery_window_in_days: 30,
      tags: { sensitivity: "high", "rotation-days": "180", owner: "team" },
    });
  });

  test("warns at each synthesis of a sensitivity by its earlier name", () => {
    let warnings: string[] = [];
    synthesized((stack) => {
      const props = {
        name: "crm-sync",
        permissions,
        classification: { sensitivity: "internal" },
      } as const;
      const { node } = new OAuthClientWithOffloadedSecret(stack, "crm-sync", props);
      warnings = node.metadata.map(({ data }) => data);
    });
    expect(warnings).toEqual([expect.stringContaining('"internal" is now called "medium"')]);
  });

  test.each([
    [{ sensitivity: "critical" }, ["low"], "allowedSensitivities changes that"],
    [{ sensitivity: "high", rotationDays: 300 }, undefined, "at most 180 days"],
  ] as const)("of the class %j is refused", (classification, allowedSensitivities, problem) => {
    const org = { ...sampleOrg(), ...(allowedSensitivities && { allowedSensitivities }) };
    expect(() => client({ org, classification })).toThrow(problem);
  });

  test.each([
    ["its consumers, rotator and reconciler", consumers, [...consumers]],
    ["rotator and reconciler alone, without consumers", [], []],
  ])("its value may be read by %s", (_, readers, expected) => {
    const { resource } = client({ consumers: readers });
    const policies = Object.entries(resource?.aws_secretsmanager_secret_policy ?? {});
    const [, body] = policies.find(([name]) => name.startsWith("crm-sync")) ?? [];
    const { Statement } = JSON.parse((body as Json).policy as string);
    const [rotator, reconciler] = ["rotator", "reconciler"].map(
      (part) => `arn:aws:iam::111111111111:role/genesys-na-prod-${part}`,
    );
    const keepers = [rotator, reconciler];
    const denied = (sid: string) => Statement.find(({ Sid }: { Sid: string }) => Sid === sid);
    expect(denied("NobodyElseWrites")).toEqual({
      Sid: "NobodyElseWrites",
      Effect: "Deny",
      Principal: "*",
      Action: ["secretsmanager:PutSecretValue"],
      Resource: ["*"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [rotator] } },
    });
    expect(denied("NobodyElseReads")).toEqual({
      Sid: "NobodyElseReads",
      Effect: "Deny",
      Principal: "*",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: ["*"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [...expected, ...keepers] } },
    });
    expect(Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow")).toHaveLength(
      expected.length,
    );
  });

  test("outputs the secret's ARN and name and the role's id, never a value", () => {
    expect(Object.keys(client().output ?? {}).sort()).toEqual([
      "crm_sync_role_id",
      "crm_sync_secret_arn",
      "crm_sync_secret_name",
    ]);
  });

  test.each<[Partial<OAuthClientWithOffloadedSecretProps>, string]>([
    [{ name: "CRM" }, "na-prod, OAuth client CRM: name"],
    [{ permissions: [] }, "permissions is an empty list"],
    [{ accessTokenValiditySeconds: 200_000 }, "seconds from 300 to 172800"],
    [{ consumers: ["*"] }, "[consumer]"],
  ])("is checked like a client of the registry: %j", (props, message) => {
    expect(() => client(props)).toThrow(UserError);
    expect(() => client(props)).toThrow(message);
  });
});

describe("a client that Terraform manages", () => {
  const client = (props: Partial<TerraformManagedOAuthClientProps> = {}) =>
    synthesized((stack) => {
      new TerraformManagedOAuthClient(stack, "desktop", {
        org: stack.org,
        name: "agent-desktop",
        grant: "CODE",
        redirectUris: ["https://desktop.example.com/callback"],
        scopes: ["conversations:readonly"],
        ...props,
      });
    });

  test("keeps its secret in Genesys Cloud, unless told otherwise", () => {
    const { resource, output } = client();
    expect(Object.keys(resource ?? {})).toEqual(["genesyscloud_oauth_client"]);
    expect(only(resource?.genesyscloud_oauth_client)).not.toHaveProperty("expose_client_secret");
    expect(Object.keys(output ?? {})).toEqual(["agent_desktop_client_id"]);
  });

  test("with exposeSecretToState writes it through a write-only argument, anew for a new client", () => {
    const { resource } = client({ exposeSecretToState: true });
    const version = only(resource?.aws_secretsmanager_secret_version);
    expect(version).toMatchObject({
      secret_string_wo: expect.stringContaining("jsonencode"),
      secret_string_wo_version: 1,
      lifecycle: {
        replace_triggered_by: [expect.stringMatching(/^genesyscloud_oauth_client\.\w+\.id$/)],
      },
    });
    expect(version).not.toHaveProperty("secret_string");
  });

  test("with exposeSecretToState the manifest carries a warning", () => {
    const outdir = temporaryFolder();
    const app = testApp(outdir);
    const stack = new OrgStack(app, sampleOrg());
    new TerraformManagedOAuthClient(stack, "desktop", {
      org: stack.org,
      name: "agent-desktop",
      grant: "CODE",
      redirectUris: ["https://desktop.example.com/callback"],
      exposeSecretToState: true,
    });
    app.synth();
    const { annotations } = App.of(stack).manifest.forStack(stack);
    expect(annotations.map(({ level, message }) => [level, message])).toEqual([
      ["@cdktf/warn", expect.stringContaining("GO-OAUTH-SECRET-IN-STATE")],
    ]);
  });

  test("refuses consumers of a secret that is not written to Secrets Manager", () => {
    expect(() => client({ consumers })).toThrow(
      "consumers is set, but the secret is not written to Secrets Manager",
    );
  });

  test("an interactive grant without a redirect URI breaks a rule", () => {
    expect(() => client({ redirectUris: undefined })).toThrow("GO-OAUTH-REDIRECT");
  });
});
