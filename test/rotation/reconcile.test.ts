import type { OAuthClient } from "../../lib/genesys/models";
import type { PlatformApi } from "../../lib/genesys/platform-api";
import {
  DEFAULT_LIMITS,
  type ManagedCredential,
  planReconciliation,
  reconcile,
} from "../../lib/rotation/reconcile";
import type { SecretStore } from "../../lib/rotation/secret-store";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/";
const ARN = `${PREFIX}crm-sync-AbCdEf`;

const credential = (patch: Partial<ManagedCredential> = {}): ManagedCredential => ({
  specification: {
    secretArn: ARN,
    clientName: "Production-CrmSync",
    roleDivisions: [{ roleId: "role", divisionId: "*" }],
    accessTokenValiditySeconds: 3600,
    rotationDays: 30,
  },
  versions: [
    { id: "new", stages: ["AWSCURRENT"], createdAt: NOW - 3 * 24 * HOUR },
    { id: "old", stages: ["AWSPREVIOUS"], createdAt: NOW - 33 * 24 * HOUR },
    { id: "older", stages: [] },
    { id: "next", stages: ["AWSPENDING"] },
  ],
  changedAt: NOW - HOUR,
  ...patch,
});

const ago = (milliseconds: number) => new Date(NOW - milliseconds).toISOString();

function client(version: string, patch: Partial<OAuthClient> = {}): OAuthClient {
  return {
    id: `client-${version}`,
    name: `Production-CrmSync#${version}`,
    description: ARN,
    state: "active",
    accessTokenValiditySeconds: 3600,
    roleDivisions: [{ roleId: "role", divisionId: "*" }],
    dateCreated: ago(40 * 24 * HOUR),
    dateModified: ago(40 * 24 * HOUR),
    ...patch,
  };
}

const plan = (clients: OAuthClient[], credentials = [credential()], limits = DEFAULT_LIMITS) =>
  planReconciliation(NOW, PREFIX, credentials, clients, limits);
const actions = (...parameters: Parameters<typeof plan>) =>
  plan(...parameters).actions.map(({ kind, clientId }) => `${kind} ${clientId}`);

test("the current client and the pending one are left alone", () => {
  expect(actions([client("new"), client("next")])).toEqual([]);
});

describe("a client whose version is no longer the current one", () => {
  test("gets tokens as long as a consumer may have it in its cache", () => {
    const changedAt = NOW - DEFAULT_LIMITS.overlap + 1;
    const all = [client("new"), client("old")];
    expect(actions(all, [credential({ changedAt })])).toEqual([]);
  });

  test("is deactivated after that, and not deleted at once", () => {
    const changedAt = NOW - DEFAULT_LIMITS.overlap;
    const all = [client("new"), client("old"), client("older")];
    expect(actions(all, [credential({ changedAt })])).toEqual([
      "deactivate client-old",
      "deactivate client-older",
    ]);
  });

  test("stays if the current version has no client: somebody may have written it with this one", () => {
    expect(actions([client("old"), client("older")])).toEqual([]);
    const anothers = client("new", {
      description: `${PREFIX}exporter-AbCdEf`,
      dateCreated: ago(0),
    });
    expect(actions([client("old"), anothers])).toEqual([]);
  });

  test.each([
    [HOUR + DEFAULT_LIMITS.skew - 1, []],
    [HOUR + DEFAULT_LIMITS.skew, ["delete client-old"]],
  ])("is deleted when its tokens have expired: after %d ms", (inactiveFor, expected) => {
    const old = client("old", { state: "inactive", dateModified: ago(inactiveFor) });
    expect(actions([old])).toEqual(expected);
  });

  test("is assumed to have the longest token lifetime if its own is unknown", () => {
    const drained = { state: "inactive", dateModified: ago(47 * HOUR) } as const;
    const old = client("old", { ...drained, accessTokenValiditySeconds: undefined });
    expect(actions([old])).toEqual([]);
  });
});

describe("the clients of a credential that is being retired", () => {
  const retiring = [credential({ retiring: true, changedAt: NOW })];

  test("are deactivated at once, including the current and the pending one", () => {
    const all = ["new", "old", "next", "of-no-version"].map((version) => client(version));
    expect(actions(all, retiring)).toEqual([
      "deactivate client-new",
      "deactivate client-old",
      "deactivate client-next",
      "deactivate client-of-no-version",
    ]);
  });

  test("include those of an earlier secret of the same name, but not of a name that begins alike", () => {
    const before = client("gone", { description: `${PREFIX}crm-sync-Before`, dateCreated: ago(0) });
    const other = client("gone", {
      description: `${PREFIX}crm-sync-2-AbCdEf`,
      dateCreated: ago(0),
    });
    expect(actions([before, other], retiring)).toEqual(["deactivate client-gone"]);
  });

  test("do not count towards the limit of one run", () => {
    const all = ["new", "old", "next"].map((version) => client(version));
    expect(actions(all, retiring, { ...DEFAULT_LIMITS, mostChanges: 1 })).toHaveLength(3);
  });

  test("are deleted when their tokens have expired, and never activated again", () => {
    const drained = HOUR + DEFAULT_LIMITS.skew;
    const [early, late] = [drained - 1, drained].map((inactiveFor) =>
      client("new", { state: "inactive", dateModified: ago(inactiveFor) }),
    );
    expect(actions([early as OAuthClient], retiring)).toEqual([]);
    expect(actions([late as OAuthClient], retiring)).toEqual(["delete client-new"]);
  });
});

test("after a roll back, the client of the newer version is retired", () => {
  const versions = [
    { id: "new", stages: ["AWSPREVIOUS"] },
    { id: "old", stages: ["AWSCURRENT"] },
  ];
  expect(actions([client("new"), client("old")], [credential({ versions })])).toEqual([
    "deactivate client-new",
  ]);
});

describe("a current client that differs from its specification", () => {
  test.each([
    ["has another role", { roleDivisions: [{ roleId: "admin", divisionId: "*" }] }],
    ["has a shorter token lifetime", { accessTokenValiditySeconds: 600 }],
    ["was deactivated", { state: "inactive" } as const],
  ])("is updated: it %s", (_what, patch) => {
    const { actions: planned } = plan([client("new", patch)]);
    expect(planned).toEqual([
      expect.objectContaining({
        kind: "update",
        update: expect.objectContaining({
          name: "Production-CrmSync#new",
          state: "active",
          accessTokenValiditySeconds: 3600,
          roleDivisions: [{ roleId: "role", divisionId: "*" }],
        }),
      }),
    ]);
  });

  test("keeps a longer token lifetime, since some of its tokens may still be valid", () => {
    const longer = { accessTokenValiditySeconds: 86_400 };
    expect(actions([client("new", longer)])).toEqual([]);
    const { actions: planned } = plan([client("new", { ...longer, roleDivisions: [] })]);
    expect(planned).toMatchObject([{ update: longer }]);
  });

  test("is left alone if only the order of its roles differs", () => {
    const roles = [
      { roleId: "a", divisionId: "*" },
      { roleId: "b", divisionId: "*" },
    ];
    const specification = { ...credential().specification, roleDivisions: roles };
    const one = client("new", { roleDivisions: [...roles].reverse() });
    expect(actions([one], [credential({ specification })])).toEqual([]);
  });
});

describe("a client of ours that belongs to no version", () => {
  test("is left alone for 48 hours: it may belong to a rotation in progress", () => {
    const young = client("gone", { dateCreated: ago(48 * HOUR - 1) });
    expect(plan([young])).toMatchObject({ actions: [], metrics: { orphaned: 0 } });
  });

  test("is deactivated first, and deleted in a later run", () => {
    const orphan = client("gone", { dateCreated: ago(48 * HOUR) });
    expect(plan([orphan]).metrics.orphaned).toBe(1);
    expect(actions([orphan])).toEqual(["deactivate client-gone"]);
    const drained = { ...orphan, state: "inactive", dateModified: ago(2 * HOUR) } as const;
    expect(actions([drained])).toEqual(["delete client-gone"]);
  });

  test("may belong to a credential that left the registry", () => {
    const left = client("1", { name: "Production-Left#1", description: `${PREFIX}left-AbCdEf` });
    expect(actions([left])).toEqual(["deactivate client-1"]);
  });

  test("is not an orphan if its age is unknown", () => {
    expect(actions([client("gone", { dateCreated: undefined })])).toEqual([]);
  });
});

test("a current client stays when the specification has another name for it", () => {
  const renamed = { ...credential().specification, clientName: "Production-Crm" };
  expect(actions([client("new")], [credential({ specification: renamed })])).toEqual([]);
});

test.each([
  ["whose description only quotes our secret", { description: `for ${ARN}` }],
  ["whose description begins with our secret", { description: `${ARN} do not delete` }],
  ["whose name has no version", { name: "Production-CrmSync" }],
  ["of another account", { description: ARN.replace("111111111111", "222222222222") }],
  ["of another region", { description: ARN.replace("us-east-1", "eu-west-1") }],
  ["of another org", { description: ARN.replace("/org/", "/other/") }],
  ["without our description", { description: "CRM" }],
  ["without a description", { description: undefined }],
  ["disabled by Genesys' support", { state: "disabled" } as const],
  ["already deleted", { state: "deleted" } as const],
])("a client %s is never touched", (_what, patch) => {
  expect(plan([client("gone", patch)])).toMatchObject({
    actions: [],
    metrics: { managed: 0, orphaned: 0 },
  });
});

test("one run removes a few clients, and updates all", () => {
  const many = Array.from({ length: 9 }, (_, index) => client(`gone-${index}`));
  const { actions: planned, metrics } = plan([...many, client("new", { state: "inactive" })]);
  expect(planned.map(({ kind }) => kind)).toEqual([
    "update",
    ...Array(DEFAULT_LIMITS.mostChanges).fill("deactivate"),
  ]);
  expect(metrics).toEqual({
    managed: 10,
    orphaned: 9,
    oldestDays: 3,
    overdue: 0,
    lost: 0,
    headroom: 490,
  });
});

test("a client that Genesys' support disabled is never touched, and counts towards the limit", () => {
  const { metrics } = plan([client("new"), client("old", { state: "disabled" })]);
  expect(metrics).toMatchObject({ managed: 1, headroom: 498 });
});

test("a credential without its current client is lost, unless it is being retired", () => {
  const lost = (clients: OAuthClient[], patch: Partial<ManagedCredential> = {}) =>
    plan(clients, [credential(patch)]).metrics.lost;
  expect(lost([client("new")])).toBe(0);
  expect(lost([client("old")])).toBe(1);
  expect(lost([client("new", { description: `${PREFIX}other-AbCdEf` })])).toBe(1);
  expect(lost([], { retiring: true })).toBe(0);
  expect(lost([], { versions: [{ id: "next", stages: ["AWSPENDING"] }] })).toBe(0);
});

describe("a credential is overdue", () => {
  const DAY = 24 * HOUR;
  const overdue = (versions: ManagedCredential["versions"], patch = {}) =>
    plan([], [credential({ versions, ...patch })]).metrics.overdue;
  const aged = (days: number, ...stages: string[]) => [
    { id: "v", stages, createdAt: NOW - days * DAY - 1 },
  ];

  test("two days after another version should have become the current one", () => {
    expect(overdue(aged(32, "AWSCURRENT"))).toBe(1);
    expect(overdue([{ id: "v", stages: ["AWSCURRENT"], createdAt: NOW - 32 * DAY }])).toBe(0);
  });

  test("whatever older or newer versions its secret has", () => {
    expect(overdue([...aged(32, "AWSCURRENT"), ...aged(1, "AWSPENDING")])).toBe(1);
    expect(overdue([...aged(1, "AWSCURRENT"), ...aged(60, "AWSPREVIOUS")])).toBe(0);
  });

  test("when its first rotation has not finished for as long", () => {
    expect(overdue(aged(32, "AWSPENDING"))).toBe(1);
    expect(overdue(aged(31, "AWSPENDING"))).toBe(0);
  });

  test("but not if its age is unknown, or if it is being retired", () => {
    expect(overdue([{ id: "v", stages: ["AWSCURRENT"] }])).toBe(0);
    expect(overdue([])).toBe(0);
    expect(overdue(aged(90, "AWSCURRENT"), { retiring: true })).toBe(0);
  });
});

test("the plan is reported before it is executed, and a dry run changes nothing", async () => {
  const done: string[] = [];
  const api = {
    oauthClients: async () => [client("new"), client("old")],
    updateOAuthClient: async (id: string) => done.push(`update ${id}`),
  } as unknown as PlatformApi;
  const run = (dryRun: boolean) =>
    reconcile({
      api,
      secrets: { history: async () => credential() } as unknown as SecretStore,
      specifications: [credential().specification],
      secretPrefix: PREFIX,
      now: NOW,
      dryRun,
      onPlan: ({ actions: planned }) => done.push(`${planned.length} planned`),
    });
  const { clients } = await run(true);
  expect(clients.map(({ id }) => id)).toEqual(["client-new", "client-old"]);
  await run(false);
  expect(done).toEqual(["1 planned", "1 planned", "update client-old"]);
});

test("a client that cannot be changed does not stop the others, and is reported", async () => {
  const done: string[] = [];
  const api = {
    oauthClients: async () => [client("new", { roleDivisions: [] }), client("old")],
    updateOAuthClient: async (id: string) => {
      if (id === "client-new") throw new Error("PUT: HTTP 403 missing.permissions");
      done.push(id);
    },
  } as unknown as PlatformApi;
  const run = reconcile({
    api,
    secrets: { history: async () => credential() } as unknown as SecretStore,
    specifications: [credential().specification],
    secretPrefix: PREFIX,
    now: NOW,
  });
  await expect(run).rejects.toThrow(
    "1 of 2 actions failed: update Production-CrmSync#new: PUT: HTTP 403 missing.permissions",
  );
  expect(done).toEqual(["client-old"]);
});
