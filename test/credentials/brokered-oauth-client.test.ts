import { TerraformVariable } from "cdktf";
import {
  BrokeredOAuthClient,
  type BrokeredOAuthClientProps,
  OAuthClientWithOffloadedSecret,
  type OrgEntry,
  OrgStack,
  OrgsApp,
  UserError,
} from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry, registryOf, sampleOrg, testApp } from "../support/sample-org";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

type Blocks = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

function brokered(props: Partial<BrokeredOAuthClientProps> = {}, patch: Partial<OrgEntry> = {}) {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg("na-prod", patch));
  const client = new BrokeredOAuthClient(stack, "agent-assist", {
    name: "agent-assist",
    permissions,
    ...props,
  });
  const { resource, output } = JSON.parse(JSON.stringify(stack.toTerraform())) as {
    resource: Blocks;
    output: Readonly<Record<string, { value: string }>>;
  };
  const [endpoint] = Object.values(resource.vault_generic_endpoint ?? {});
  const role = JSON.parse(`${endpoint?.data_json}`) as Record<string, unknown>;
  return { stack, client, resource, output, endpoint, role };
}

test("Terraform makes the role in Genesys Cloud and the engine's role, and nothing that is secret", () => {
  const { resource, endpoint, role, output } = brokered();
  expect(Object.keys(resource).sort()).toEqual([
    "genesyscloud_auth_role",
    "vault_generic_endpoint",
  ]);
  expect(endpoint).toMatchObject({
    path: "genesyscloud/na-prod/roles/agent-assist",
    ignore_absent_fields: true,
  });
  expect(role).toEqual({
    role_divisions: [
      expect.stringMatching(
        /^\$\{genesyscloud_auth_role\.agent-assist_Role_\w+\.id\}:\$\{data\.genesyscloud_auth_division_home\.home-division\.id\}$/,
      ),
    ],
    token_lifetime: 3600,
    rotation_period: 604_800,
    allowed_addresses: [],
    ttl: 3600,
    max_ttl: 86_400,
    allow_creds: false,
    first_ttl: 600,
    most_leases: 20,
    delete_at_once: false,
  });
  expect(output.agent_assist_token_path?.value).toBe("genesyscloud/na-prod/token/agent-assist");
});

test("the engine's role follows the entry", () => {
  const { role } = brokered({
    accessTokenValiditySeconds: 1800,
    divisions: ["*", "55555555-5555-4555-8555-555555555555"],
    roles: ["33333333-3333-4333-8333-333333333333"],
    permissions: undefined,
    broker: { ttlSeconds: 300, maxTtlSeconds: 900, creds: true, mostLeases: 3, deleteAtOnce: true },
  });
  expect(role).toEqual({
    role_divisions: [
      "33333333-3333-4333-8333-333333333333:*",
      "33333333-3333-4333-8333-333333333333:55555555-5555-4555-8555-555555555555",
    ],
    token_lifetime: 1800,
    rotation_period: 604_800,
    allowed_addresses: [],
    ttl: 300,
    max_ttl: 900,
    allow_creds: true,
    // Not longer than the lease.
    first_ttl: 300,
    most_leases: 3,
    delete_at_once: true,
  });
});

test("a division may be known only when Terraform runs", () => {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg());
  const division = new TerraformVariable(stack, "division", { type: "string" });
  const client = new BrokeredOAuthClient(stack, "agent-assist", {
    name: "agent-assist",
    permissions,
    divisions: [division.stringValue],
  });
  const { resource } = JSON.parse(JSON.stringify(stack.toTerraform())) as { resource: Blocks };
  const [endpoint] = Object.values(resource.vault_generic_endpoint ?? {});
  expect(endpoint?.data_json).toContain(".id}:${var.division}");
  // It must not turn out to be *, which means all divisions.
  expect(endpoint?.lifecycle).toEqual({
    precondition: [
      {
        condition: expect.stringContaining("var.division"),
        error_message: expect.stringMatching(/^Division 1 of the OAuth client .* must be an id/),
      },
    ],
  });
  expect(client.tokenPath).toBe("genesyscloud/na-prod/token/agent-assist");
});

test("addresses are sent once the field of the API is known; until then there is a warning", () => {
  const allowedAddresses = ["203.0.113.0/24"];
  const { role, stack } = brokered({ allowedAddresses });
  expect(role.allowed_addresses).toEqual([]);
  const messages = stack.node.findAll().flatMap(({ node }) => node.metadata);
  expect(messages.map(({ data }) => data)).toContainEqual(
    expect.stringContaining("allowedAddresses are recorded, and not sent"),
  );
  const rotation = { allowedAddressesField: "allowedIpAddresses" };
  expect(brokered({ allowedAddresses }, { rotation }).role.allowed_addresses).toEqual(
    allowedAddresses,
  );
});

test("a client that only code has gets a warning, since nothing makes its policies", () => {
  const warningsOf = (patch: Partial<OrgEntry> = {}) =>
    brokered({}, patch)
      .stack.node.findAll()
      .flatMap(({ node }) => node.metadata.map(({ data }) => String(data)));
  expect(warningsOf()).toContainEqual(
    expect.stringContaining("na-prod: OAuth client agent-assist is not in the registry"),
  );
  const oauthClients = [{ name: "agent-assist", permissions, broker: {} }];
  expect(warningsOf({ oauthClients }).filter((text) => text.includes("registry"))).toEqual([]);
});

test("mistakes are those of the registry", () => {
  expect(() => brokered({ name: "Agent Assist" })).toThrow(UserError);
  expect(() => brokered({ broker: { ttlSeconds: 1 } })).toThrow(
    /broker\.ttlSeconds is 1: give whole seconds from 60/,
  );
  expect(() => brokered({ broker: { ttlSeconds: 100_000 } })).toThrow(
    /broker\.ttlSeconds is 100000: give at most maxTtlSeconds, which is 86400/,
  );
  const withoutVault: Partial<OrgEntry> = {
    vault: undefined,
    credentials: { source: "aws-secrets-manager" },
  };
  expect(() => brokered({}, withoutVault)).toThrow(/na-prod has no Vault/);
});

describe("an app", () => {
  const registry = registryOf(
    entry("na-prod", 1, { oauthClients: [{ name: "agent-assist", permissions, broker: {} }] }),
  );
  const synth = (build: (stack: OrgStack, app: OrgsApp) => void, elsewhere: string[] = []) => {
    const app = new OrgsApp({ registry, outdir: temporaryFolder() });
    const org = registry.get("na-prod");
    build(new OrgStack(app, org, { clientsElsewhere: elsewhere }), app);
    app.synth();
    return app;
  };

  test("must create each brokered client of the registry", () => {
    expect(() => synth(() => {})).toThrow(
      /no stack creates the OAuth clients agent-assist of the registry\. Add a BrokeredOAuthClient for each of org\.brokeredClients/,
    );
  });

  test.each(["BrokeredOAuthClient", "OAuthClientWithOffloadedSecret"] as const)(
    "creates it once, and not by a further %s",
    (construct) => {
      const create = { BrokeredOAuthClient, OAuthClientWithOffloadedSecret }[construct];
      const twice = () =>
        synth((stack) => {
          for (const client of stack.org.brokeredClients) {
            new BrokeredOAuthClient(stack, client.name, client);
          }
          new create(stack, "again", { name: "agent-assist", permissions });
        });
      expect(twice).toThrow(
        "na-prod: two constructs create the OAuth client agent-assist. Remove one of the two, or give it another name",
      );
    },
  );

  test("with it synthesizes, and may leave it to others on purpose", () => {
    synth((stack) => {
      for (const client of stack.org.brokeredClients) {
        new BrokeredOAuthClient(stack, client.name, client);
      }
    });
    synth(() => {}, ["agent-assist"]);
    expect(() => synth(() => {}, ["agent-assist", "other"])).toThrow(/names other, but/);
  });
});
