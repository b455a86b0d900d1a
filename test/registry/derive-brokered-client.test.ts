import { sampleOrg } from "../support/sample-org";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

test("a client with a broker is brokered, and not rotated", () => {
  const org = sampleOrg("na-prod", {
    oauthClients: [
      { name: "crm-sync", permissions },
      { name: "agent-assist", permissions, broker: {} },
    ],
  });
  expect(org.oauthClients.map(({ name }) => name)).toEqual(["crm-sync"]);
  expect(org.brokeredClients).toEqual([
    {
      name: "agent-assist",
      description: "agent-assist of na-prod",
      permissions,
      accessTokenValiditySeconds: 3600,
      classification: { sensitivity: "high", rotationDays: 180, owner: "team" },
      consumers: [],
      clientName: "Production-AgentAssist",
      broker: {
        ttlSeconds: 3600,
        maxTtlSeconds: 86_400,
        creds: false,
        firstTtlSeconds: 600,
        mostLeases: 20,
        deleteAtOnce: false,
      },
      rotationDays: 7,
    },
  ]);
});

test("the engine has a mount and an entry of its own, and leaves clients for rotations", () => {
  const { vault } = sampleOrg("na-prod", { rotation: { mostClients: 50 } });
  expect(vault?.broker).toEqual({
    mount: "genesyscloud/na-prod",
    entry: "genesys/production/na-prod/broker",
    mostClients: 40,
  });
});

test("its class may want the engine's client replaced sooner", () => {
  const { brokeredClients } = sampleOrg("na-prod", {
    oauthClients: [{ name: "crm", permissions, classification: { rotationDays: 2 }, broker: {} }],
  });
  expect(brokeredClients[0]?.rotationDays).toBe(2);
});

test("the addresses of the rotation are not its own, since the rotation never logs in as it", () => {
  const { brokeredClients, oauthClients } = sampleOrg("na-prod", {
    allowedAddresses: ["203.0.113.0/24"],
    rotation: {
      network: {
        subnetIds: ["subnet-0a1b2c3d4e5f60718"],
        securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
        egressAddresses: ["198.51.100.7"],
      },
    },
    oauthClients: [
      { name: "crm-sync", permissions },
      { name: "agent-assist", permissions, broker: {} },
    ],
  });
  expect(oauthClients[0]?.allowedAddresses).toEqual(["203.0.113.0/24", "198.51.100.7"]);
  expect(brokeredClients[0]?.allowedAddresses).toEqual(["203.0.113.0/24"]);
});
