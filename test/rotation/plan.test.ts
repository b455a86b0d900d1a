import type { OAuthClient } from "../../lib/genesys/models";
import type { ManagedCredential } from "../../lib/rotation/judge";
import { DEFAULT_LIMITS } from "../../lib/rotation/limits";
import { planReconciliation } from "../../lib/rotation/plan";
import type { SecretVersion } from "../../lib/rotation/secret-store";
import type { ClientStatus, CredentialStatus } from "../../lib/rotation/status";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/";
const ARN = `${PREFIX}crm-sync-AbCdEf`;
const MASTER = "client-master";

const SPECIFICATION = {
  secretArn: ARN,
  clientName: "Production-CrmSync",
  roleDivisions: [{ roleId: "role", divisionId: "*" }],
  accessTokenValiditySeconds: 3600,
  rotationDays: 30,
};

const VERSIONS: readonly SecretVersion[] = [
  { id: "new", stages: ["AWSCURRENT"], createdAt: NOW - 3 * DAY },
  { id: "old", stages: ["AWSPREVIOUS"], createdAt: NOW - 33 * DAY },
  { id: "older", stages: [], createdAt: NOW - 63 * DAY },
  { id: "next", stages: ["AWSPENDING"], createdAt: NOW },
];

interface Patch extends Partial<Omit<ManagedCredential, "status">> {
  readonly versions?: readonly SecretVersion[];
  readonly status?: Partial<CredentialStatus>;
}

/** A credential whose labels moved an hour ago, and whose notes name the clients of its versions. */
const credential = ({ versions = VERSIONS, status, ...patch }: Patch = {}): ManagedCredential => ({
  name: "crm-sync",
  specification: SPECIFICATION,
  retiring: false,
  history: { versions, changedAt: NOW - HOUR },
  status: {
    labelsSince: NOW - HOUR,
    versions: { new: "client-new", old: "client-old", older: "client-older" },
    clients: {},
    ...status,
  },
  ...patch,
});

/** A credential whose notes have times of some clients. */
const noted = (clients: Record<string, ClientStatus>, patch: Patch = {}) =>
  credential({ ...patch, status: { ...patch.status, clients } });

const ago = (milliseconds: number) => new Date(NOW - milliseconds).toISOString();

function client(version: string, patch: Partial<OAuthClient> = {}): OAuthClient {
  return {
    id: `client-${version}`,
    name: `Production-CrmSync#${version}`,
    description: ARN,
    state: "active",
    accessTokenValiditySeconds: 3600,
    roleDivisions: [{ roleId: "role", divisionId: "*" }],
    dateCreated: ago(2 * DAY),
    dateModified: ago(2 * DAY),
    ...patch,
  };
}

/** A client that Genesys Cloud says the master created. */
const created = (version: string, patch: Partial<OAuthClient> = {}) =>
  client(version, { createdBy: { id: MASTER }, ...patch });

const inactive = { state: "inactive" } as const;

const plan = (clients: readonly OAuthClient[], credentials = [credential()]) =>
  planReconciliation({
    now: NOW,
    secretPrefix: PREFIX,
    credentials,
    clients,
    unspecified: new Set(),
    creator: MASTER,
    limits: DEFAULT_LIMITS,
  });
const actions = (...parameters: Parameters<typeof plan>) =>
  plan(...parameters).actions.map(({ kind, clientId }) => `${kind} ${clientId}`);

test("the current client and the pending one are left alone", () => {
  expect(actions([client("new"), client("next")])).toEqual([]);
});

describe("a client whose version is no longer the current one", () => {
  const all = [client("new"), client("old"), client("older")];

  test("gets tokens as long as a consumer may have it in its cache", () => {
    const labelsSince = NOW - DEFAULT_LIMITS.overlap + 1;
    expect(actions(all, [credential({ status: { labelsSince } })])).toEqual([]);
    expect(actions(all, [credential({ status: { labelsSince: undefined } })])).toEqual([]);
  });

  test("is deactivated after that, and not deleted at once", () => {
    const labelsSince = NOW - DEFAULT_LIMITS.overlap;
    expect(actions(all, [credential({ status: { labelsSince } })])).toEqual([
      "deactivate client-old",
      "deactivate client-older",
    ]);
  });

  test("stays if somebody deleted the current client: it is the way back", () => {
    expect(actions([client("old"), client("older")])).toEqual([]);
    expect(actions([client("old"), client("new", { state: "deleted" })])).toEqual([]);
  });

  test("stays if it is the client of a value that somebody wrote by hand", () => {
    const versions = { ...credential().status.versions, new: "client-older" };
    expect(actions(all.slice(1), [credential({ status: { versions } })])).toEqual([
      "deactivate client-old",
    ]);
  });

  test("stays if the client of the current value is not known", () => {
    expect(actions(all, [credential({ status: { versions: {} } })])).toEqual([]);
  });

  test("is deactivated if no version ever became the current one", () => {
    const versions = [{ id: "old", stages: [] }];
    expect(actions([client("old")], [credential({ versions })])).toEqual(["deactivate client-old"]);
  });

  test.each([
    [HOUR + DEFAULT_LIMITS.skew - 1, []],
    [HOUR + DEFAULT_LIMITS.skew, ["delete client-old"]],
  ])("is deleted when its tokens have expired: after %d ms", (inactiveFor, expected) => {
    const credentials = [noted({ "client-old": { inactiveSince: NOW - inactiveFor } })];
    expect(actions([client("old", inactive)], credentials)).toEqual(expected);
  });

  test("is not deleted because of a date of Genesys Cloud", () => {
    expect(actions([client("old", { ...inactive, dateModified: ago(90 * DAY) })])).toEqual([]);
  });

  test("is assumed to have the longest token lifetime if its own is unknown", () => {
    const credentials = [noted({ "client-old": { inactiveSince: NOW - 47 * HOUR } })];
    const old = client("old", { ...inactive, accessTokenValiditySeconds: undefined });
    expect(actions([old], credentials)).toEqual([]);
  });

  test("is deleted once, even if it stays listed for a week", () => {
    const again = (deletedAt: number) =>
      actions(
        [client("old", inactive)],
        [noted({ "client-old": { inactiveSince: NOW - 30 * DAY, deletedAt } })],
      );
    expect(again(NOW - 7 * DAY)).toEqual([]);
    expect(again(NOW - 8 * DAY)).toEqual(["delete client-old"]);
  });
});

test("the client of a pending version is left to its rotation, however long that takes", () => {
  const versions = [
    { id: "new", stages: ["AWSCURRENT"] },
    { id: "next", stages: ["AWSPENDING"] },
  ];
  const pending = credential({ versions, status: { labelsSince: 0 } });
  expect(actions([client("new"), created("next")], [pending])).toEqual([]);
  const inactive = { ...created("next"), state: "inactive" as const };
  expect(actions([client("new"), inactive], [pending])).toEqual([]);
});

describe("a copy of one of our clients", () => {
  const copyOf = (version: string, patch: Partial<OAuthClient> = {}) =>
    client(version, { id: "copy", roleDivisions: [], ...patch });

  test.each(["new", "old", "older"])("is never touched: of the version %s", (version) => {
    const all = [client("new"), copyOf(version)];
    const found = plan(all, [credential({ status: { labelsSince: 0 } })]);
    expect(found.actions.filter(({ clientId }) => clientId === "copy")).toEqual([]);
    expect(found.gauges.unproven.map(({ id }) => id)).toEqual(["copy"]);
  });

  test("does not hide that the current client is lost", () => {
    expect(plan([copyOf("new")]).gauges.lost).toEqual(["crm-sync"]);
  });

  test("of a client that no value names: neither is touched, unless it is known who created one", () => {
    const credentials = [credential({ versions: [{ id: "next", stages: [] }] })];
    const both = [client("next"), copyOf("next")];
    expect(plan(both, credentials)).toMatchObject({
      actions: [],
      gauges: { unproven: both },
    });
    const [first, copy] = [created("next"), copyOf("next", { createdBy: { id: "somebody" } })];
    expect(plan([first, copy], credentials)).toMatchObject({
      actions: [{ kind: "deactivate", clientId: first.id }],
      gauges: { unproven: [copy] },
    });
  });

  test("does not matter any more once it is deleted, while it is still listed", () => {
    const credentials = [credential({ versions: [{ id: "next", stages: [] }] })];
    const first = client("next");
    expect(plan([first, copyOf("next", { state: "deleted" })], credentials)).toMatchObject({
      actions: [{ kind: "deactivate", clientId: first.id }],
      gauges: { unproven: [] },
    });
  });

  test("stays when the original was deleted before it was ever the current one", () => {
    const credentials = [credential({ versions: [{ id: "next", stages: [] }] })];
    expect(actions([copyOf("next", { createdBy: { id: "somebody" } })], credentials)).toEqual([]);
  });

  test("stays when the original is deleted", () => {
    const credentials = [credential({ status: { labelsSince: 0 } })];
    expect(actions([client("new"), copyOf("older")], credentials)).toEqual([]);
  });

  test("stays when its credential is retired, and is no client of a later secret", () => {
    expect(actions([copyOf("old")], [credential({ retiring: true })])).toEqual([]);
  });

  test("is none of ours if it is older than the version in its name", () => {
    const credentials = [credential({ versions: [{ id: "v", stages: [], createdAt: NOW }] })];
    const clientOf = (dateCreated: string) => [client("v", { id: "copy", dateCreated })];
    expect(actions(clientOf(ago(11 * MINUTE)), credentials)).toEqual([]);
    expect(actions(clientOf(ago(9 * MINUTE)), credentials)).toEqual(["deactivate copy"]);
  });
});

test("a client of an earlier master is ours, if the notes name that master", () => {
  const before = client("gone", { createdBy: { id: "client-earlier" } });
  expect(plan([before]).gauges.unproven).toEqual([before]);
  const credentials = [credential({ status: { creators: [MASTER, "client-earlier"] } })];
  expect(actions([before], credentials)).toEqual(["deactivate client-gone"]);
});

describe("the clients of a credential that is being retired", () => {
  const retiring = [credential({ retiring: true, status: { labelsSince: NOW } })];

  test("are deactivated at once, including the current and the pending one", () => {
    const all = [client("new"), client("old"), created("next"), created("of-no-version")];
    expect(actions(all, retiring)).toEqual([
      "deactivate client-new",
      "deactivate client-old",
      "deactivate client-next",
      "deactivate client-of-no-version",
    ]);
  });

  test("include those of an earlier secret of the same name, but not of a name that begins alike", () => {
    const before = created("gone", {
      description: `${PREFIX}crm-sync-Before`,
      dateCreated: ago(0),
    });
    const other = created("gone", {
      description: `${PREFIX}crm-sync-2-AbCdEf`,
      dateCreated: ago(0),
    });
    expect(actions([before, other], retiring)).toEqual(["deactivate client-gone"]);
  });

  test("are deleted when their tokens have expired, and never activated again", () => {
    const drained = HOUR + DEFAULT_LIMITS.skew;
    const actionsAfter = (inactiveFor: number) => {
      const note = { inactiveSince: NOW - inactiveFor };
      const credentials = [noted({ "client-new": note }, { retiring: true })];
      return actions([client("new", inactive)], credentials);
    };
    expect(actionsAfter(drained - 1)).toEqual([]);
    expect(actionsAfter(drained)).toEqual(["delete client-new"]);
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

describe("a current client that is inactive", () => {
  test("is activated if the reconciler deactivated it: its label came back, or its retirement was undone", () => {
    const retired = client("new", { ...inactive, description: `${ARN} (retired)` });
    expect(plan([retired])).toMatchObject({
      actions: [{ kind: "update", update: { name: "Production-CrmSync#new", state: "active" } }],
      gauges: { managed: 1, refused: [] },
    });
  });

  test("loses the mark of its retirement when it is activated, also by a person", () => {
    for (const state of ["inactive", "active"] as const) {
      const retired = client("new", { state, description: `${ARN} (retired)` });
      expect(plan([retired]).actions).toMatchObject([{ update: { description: ARN } }]);
      const byHand = credential({ status: { versions: { new: "client-old" } } });
      const named = client("old", { state, description: `${ARN} (retired)` });
      expect(plan([named], [byHand]).actions).toMatchObject([
        { clientId: "client-old", update: { state: "active", description: ARN } },
      ]);
    }
  });

  test("stays inactive if a person deactivated it, and is reported", () => {
    expect(plan([client("new", inactive)])).toMatchObject({
      actions: [],
      gauges: { refused: ["crm-sync"], lost: [] },
    });
  });
});

describe("a current client that differs from its specification", () => {
  test.each([
    ["has another role", { roleDivisions: [{ roleId: "admin", divisionId: "*" }] }],
    ["has a shorter token lifetime", { accessTokenValiditySeconds: 600 }],
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
    const specification = { ...SPECIFICATION, roleDivisions: roles };
    const one = client("new", { roleDivisions: [...roles].reverse() });
    expect(actions([one], [credential({ specification })])).toEqual([]);
  });
});

describe("a client of ours that belongs to no version", () => {
  test("is left alone for 48 hours: it may belong to a rotation in progress", () => {
    const young = created("gone", { dateCreated: ago(48 * HOUR - 1) });
    expect(plan([young])).toMatchObject({ actions: [], gauges: { orphaned: [] } });
  });

  test("is deactivated first, and deleted in a later run", () => {
    const orphan = created("gone");
    expect(plan([orphan]).gauges.orphaned).toEqual([orphan]);
    expect(actions([orphan])).toEqual(["deactivate client-gone"]);
    const drained = [noted({ "client-gone": { inactiveSince: NOW - 2 * HOUR } })];
    expect(actions([{ ...orphan, ...inactive }], drained)).toEqual(["delete client-gone"]);
  });

  test("may belong to a credential that left the registry", () => {
    const left = created("1", { name: "Production-Left#1", description: `${PREFIX}left-AbCdEf` });
    expect(actions([left])).toEqual(["deactivate client-1"]);
  });

  test("may have been the second one of a version", () => {
    expect(actions([client("new"), created("new", { id: "second" })])).toEqual([
      "deactivate second",
    ]);
  });

  test("is no orphan if its age is unknown", () => {
    expect(actions([created("gone", { dateCreated: undefined })])).toEqual([]);
  });
});

test("a current client stays when the specification has another name for it", () => {
  const renamed = { ...SPECIFICATION, clientName: "Production-Crm" };
  expect(actions([client("new")], [credential({ specification: renamed })])).toEqual([]);
});

test.each([
  ["whose description only quotes our secret", { description: `for ${ARN}` }],
  ["whose description begins with our secret", { description: `${ARN} do not delete` }],
  ["whose description has not AWS's six characters", { description: `${PREFIX}crm-sync` }],
  ["whose description has seven characters", { description: `${PREFIX}crm-sync-AbCdEfG` }],
  ["whose name has no version", { name: "Production-CrmSync" }],
  ["of another account", { description: ARN.replace("111111111111", "222222222222") }],
  ["of another region", { description: ARN.replace("us-east-1", "eu-west-1") }],
  ["of another org", { description: ARN.replace("/org/", "/other/") }],
  ["without our description", { description: "CRM" }],
  ["without a description", { description: undefined }],
  ["disabled by Genesys' support", { state: "disabled" } as const],
  ["already deleted", { state: "deleted" } as const],
])("a client %s is never touched", (_what, patch) => {
  expect(plan([created("gone", patch)])).toMatchObject({
    actions: [],
    gauges: { managed: 0, orphaned: [], unproven: [] },
  });
});

test("a client that Genesys' support disabled is never touched, and counts towards the limit", () => {
  const { gauges } = plan([client("new"), client("old", { state: "disabled" })]);
  expect(gauges).toMatchObject({ managed: 1, presentClients: 2 });
});

describe("a problem with one credential", () => {
  const exporter = credential({
    name: "exporter",
    specification: { ...SPECIFICATION, secretArn: `${PREFIX}exporter-AbCdEf` },
  });
  const ofExporter = ["new", "old"].map((version) =>
    client(version, { id: `exporter-${version}`, description: `${PREFIX}exporter-AbCdEf` }),
  );

  test("keeps its clients as they are, and does not concern the others", () => {
    const broken = { ...exporter, problem: "it cannot be read" };
    expect(actions([...ofExporter, client("new"), client("old")], [broken, credential()])).toEqual([
      "deactivate client-old",
    ]);
  });
});

test("a credential without its current client is lost, unless it is being retired", () => {
  const lost = (clients: OAuthClient[], patch: Patch = {}) =>
    plan(clients, [credential(patch)]).gauges.lost;
  expect(lost([client("new")])).toEqual([]);
  expect(lost([client("old")])).toEqual(["crm-sync"]);
  expect(lost([], { retiring: true })).toEqual([]);
  expect(lost([], { versions: [{ id: "next", stages: ["AWSPENDING"] }] })).toEqual([]);
});

describe("a credential is overdue", () => {
  const overdue = (versions: readonly SecretVersion[], patch: Patch = {}) =>
    plan([], [credential({ versions, ...patch })]).gauges.overdue.length;
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

describe("the latest rotation did not finish", () => {
  const unfinished = (...versions: SecretVersion[]) =>
    plan([], [credential({ versions })]).gauges.unfinished.length;
  const current = { id: "new", stages: ["AWSCURRENT"], createdAt: NOW - DAY };

  test.each([
    ["if a newer version has no label: it was given up", [], NOW, 1],
    ["if a newer version is still pending after an hour", ["AWSPENDING"], NOW - HOUR, 1],
    ["but may still finish before that", ["AWSPENDING"], NOW - HOUR + 1, 0],
    ["but another one did since", [], NOW - 2 * DAY, 0],
    ["if the label was moved back: that is a roll back", ["AWSPREVIOUS"], NOW, 0],
  ])("%s", (_, stages, createdAt, expected) => {
    expect(unfinished(current, { id: "v", stages, createdAt })).toBe(expected);
  });

  test("if there never was another one", () => {
    expect(unfinished({ id: "v", stages: [], createdAt: NOW })).toBe(1);
  });
});

describe("a credential does not rotate", () => {
  const why = (history: object, patch: Patch = {}) =>
    plan([], [credential({ history: { versions: VERSIONS, changedAt: 0, ...history }, ...patch })])
      .gauges.unrotated;

  test.each([
    ["if somebody switched its rotation off", { rotates: false }, "its rotation is switched off"],
    ["if its secret is being deleted", { deletedAt: NOW }, "requested the deletion"],
    [
      "if it has not had a value for a day",
      { versions: [], createdAt: NOW - DAY },
      "it has never had a value",
    ],
    [
      "if its current value names no client",
      { versions: [{ id: "by-hand", stages: ["AWSCURRENT"] }] },
      "somebody wrote a value that is no credential",
    ],
  ])("%s", (_, history, reason) => {
    expect(why(history)).toEqual([{ name: "crm-sync", reason: expect.stringContaining(reason) }]);
    expect(why(history, { retiring: true })).toEqual([]);
  });

  test("and otherwise it does", () => {
    expect(why({ rotates: true, createdAt: 0 })).toEqual([]);
    expect(why({ versions: [], createdAt: NOW - DAY + 1 })).toEqual([]);
  });
});

test("the oldest current version counts", () => {
  expect(plan([]).gauges.oldestDays).toBe(3);
});
