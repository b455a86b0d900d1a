import type { OAuthClient } from "../../lib/genesys/models";
import type { PlatformApi } from "../../lib/genesys/platform-api";
import { ApiError } from "../../lib/http/api-error";
import type { StoredCredential } from "../../lib/rotation/credential-records";
import { DEFAULT_LIMITS, type ReconciliationLimits } from "../../lib/rotation/limits";
import { reconcile } from "../../lib/rotation/reconcile";
import type { SecretVersion } from "../../lib/rotation/secret-store";
import { NO_STATUS } from "../../lib/rotation/status";
import { writeCredential } from "../../lib/secret-value/credential-value";
import { FakeClock } from "../support/fakes/fake-clock";

const PREFIX = "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/org/";
const ORG_ID = "11111111-1111-4111-8111-111111111111";
const MASTER = "client-master";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const arnOf = (name: string) => `${PREFIX}${name}-AbCdEf`;
const refused = new ApiError(
  "POST /oauth/token: HTTP 401",
  "",
  401,
  "invalid_client",
  "",
  1,
  false,
);
const denied = new ApiError("PUT: HTTP 403 missing.permissions", "", 403, "", "", 1, false);

/** An organisation in memory, whose credentials each have a current client and a previous one. */
class Org {
  readonly clock = new FakeClock(Date.parse("2026-11-21T12:00:00Z"));
  readonly clients = new Map<string, OAuthClient>();
  readonly stored = new Map<string, StoredCredential>();
  readonly versions = new Map<string, SecretVersion[]>();
  /** Times at which the deletion of secrets was requested. */
  readonly deletedAt = new Map<string, number>();
  /** Ids of clients that cannot be changed. */
  readonly refusing = new Set<string>();
  /** Ids of clients whose value no longer works. */
  readonly reset = new Set<string>();
  readonly calls: string[] = [];
  readonly logins: string[] = [];
  limits: ReconciliationLimits = DEFAULT_LIMITS;
  /** Whether a question does not know yet that a client was deactivated. */
  lags = false;
  /** Called before each change of a client. */
  before = async (_call: string): Promise<unknown> => undefined;

  add(name: string, versions = ["old", "new"]): this {
    const stages = versions.map((_, index) => STAGES.slice(versions.length * -1)[index] ?? []);
    this.versions.set(
      arnOf(name),
      versions.map((id, index) => ({ id, stages: stages[index] ?? [], createdAt: 0 })),
    );
    for (const version of versions) this.client(name, version);
    this.stored.set(name, {
      name,
      retiring: false,
      status: NO_STATUS,
      specification: {
        secretArn: arnOf(name),
        clientName: "Production-Crm",
        roleDivisions: [],
        accessTokenValiditySeconds: 3600,
        rotationDays: 30,
      },
    });
    return this;
  }

  client(name: string, version: string, patch: Partial<OAuthClient> = {}): OAuthClient {
    const client: OAuthClient = {
      id: `${name}-${version}`,
      name: `Production-Crm#${version}`,
      description: arnOf(name),
      state: "active",
      accessTokenValiditySeconds: 3600,
      roleDivisions: [],
      dateCreated: new Date(this.clock.now() - 3 * DAY).toISOString(),
      ...patch,
    };
    this.clients.set(client.id, client);
    return client;
  }

  patch(name: string, patch: Partial<StoredCredential>): void {
    this.stored.set(name, { ...(this.stored.get(name) as StoredCredential), ...patch });
  }

  state = (id: string) => this.clients.get(id)?.state ?? "gone";

  private readonly api = {
    clientId: MASTER,
    oauthClients: async () => [...this.clients.values()],
    oauthClient: async (id: string) => {
      const client = this.clients.get(id);
      return client && this.lags ? { ...client, state: "active" as const } : client;
    },
    updateOAuthClient: async (id: string, changes: Partial<OAuthClient>) => {
      await this.change(`PUT ${id}`, id);
      const client = { ...(this.clients.get(id) as OAuthClient), ...changes };
      this.clients.set(id, client);
      return client;
    },
    deleteOAuthClient: async (id: string) => {
      await this.change(`DELETE ${id}`, id);
      this.clients.delete(id);
    },
  } as unknown as PlatformApi;

  private async change(call: string, id: string): Promise<void> {
    await this.before(call);
    this.calls.push(call);
    if (this.refusing.has(id)) throw denied;
  }

  readonly secrets: Parameters<typeof reconcile>[0]["secrets"] = {
    exists: async (arn) => this.versions.has(arn),
    history: async (arn) => {
      const versions = this.versions.get(arn);
      if (!versions) throw new Error(`${arn} cannot be read`);
      return { versions, changedAt: 0, deletedAt: this.deletedAt.get(arn) };
    },
    value: async (arn, version) => {
      if (this.deletedAt.has(arn)) throw new Error("the secret is marked for deletion");
      const name = arn.slice(PREFIX.length).replace(/-AbCdEf$/, "");
      const clientId = `${name}-${version}`;
      return writeCredential({ clientId, clientSecret: "s", region: "r", orgId: ORG_ID });
    },
    rotate: async (arn) => {
      await this.before(`rotate ${arn}`);
      this.calls.push(`rotate ${arn}`);
    },
    abandon: async (arn, version) => {
      await this.before(`abandon ${arn}`);
      this.calls.push(`abandon ${version} of ${arn}`);
    },
  };

  run = (patch: Partial<Parameters<typeof reconcile>[0]> = {}) =>
    reconcile({
      starts: false,
      api: this.api,
      apiAs: ({ clientId }) => ({
        tokenOwner: async () => {
          this.logins.push(clientId);
          if (this.reset.has(clientId)) throw refused;
          return { organization: { id: ORG_ID }, OAuthClient: { id: clientId } };
        },
      }),
      secrets: this.secrets,
      records: {
        read: async (name) => this.stored.get(name) as StoredCredential,
        change: async (name, change) => {
          const { status } = this.stored.get(name) as StoredCredential;
          this.patch(name, { status: JSON.parse(JSON.stringify(change(status))) });
        },
      },
      credentials: [...this.stored.values()],
      org: { name: "org", id: ORG_ID },
      secretPrefix: PREFIX,
      clock: this.clock,
      limits: this.limits,
      ...patch,
    });

  /** Runs every quarter of an hour. */
  async runs(count: number): Promise<void> {
    for (let run = 0; run < count; run++) {
      await this.run();
      this.clock.advance(15 * MINUTE);
    }
  }
}

const STAGES = [[], ["AWSPREVIOUS"], ["AWSCURRENT"]];

test("the previous client is deactivated after the overlap, and deleted after the drain", async () => {
  const org = new Org().add("crm");
  await org.runs(1);
  expect(org.state("crm-old")).toBe("active");
  await org.runs(1);
  expect(org.state("crm-old")).toBe("inactive");
  await org.runs(4);
  expect(org.state("crm-old")).toBe("inactive");
  await org.runs(1);
  expect(org.state("crm-old")).toBe("gone");
  expect(org.calls).toEqual(["PUT crm-old", "DELETE crm-old"]);
});

test("a dry run changes no client, and the plan is known before anything is changed", async () => {
  const org = new Org().add("crm");
  await org.runs(1);
  const planned: string[] = [];
  const run = (dryRun: boolean) =>
    org.run({ dryRun, onPlan: ({ actions }) => planned.push(`${actions.length} ${org.calls}`) });
  const { clients, done } = await run(true);
  expect(clients.map(({ id }) => id)).toEqual(["crm-old", "crm-new"]);
  expect([done, org.calls]).toEqual([[], []]);
  await run(false);
  expect(planned).toEqual(["1 ", "1 "]);
  expect(org.calls).toEqual(["PUT crm-old"]);
});

describe("clients that cannot be changed", () => {
  test("do not stop the others, and are reported", async () => {
    const org = new Org().add("crm").add("exporter");
    await org.runs(1);
    org.refusing.add("crm-old");
    const { failures, done } = await org.run();
    expect(failures).toEqual(["deactivate Production-Crm#old: PUT: HTTP 403 missing.permissions"]);
    expect(done.map(({ clientId }) => clientId)).toEqual(["exporter-old"]);
  });

  test("do not hold up the others, however many they are, and however few one run changes", async () => {
    const org = new Org();
    for (let number = 0; number < 40; number++) org.add(`c${number}`);
    for (let number = 0; number < 30; number++) org.refusing.add(`c${number}-old`);
    org.limits = { ...DEFAULT_LIMITS, mostDeactivations: 5, mostRemovals: 5 };
    await org.runs(4 * 24);
    for (let number = 30; number < 40; number++) expect(org.state(`c${number}-old`)).toBe("gone");
  });

  test("cost less than those that are deleted: all deactivations come first", async () => {
    const org = new Org().add("crm");
    await org.runs(6);
    org.calls.length = 0;
    org.add("exporter");
    org.patch("exporter", { retiring: true });
    await org.run();
    expect(org.calls.slice(-1)).toEqual(["DELETE crm-old"]);
    expect(org.calls).toHaveLength(3);
  });
});

describe("one run", () => {
  test("deactivates and deletes no more clients than its limits, and only successes count", async () => {
    const org = new Org();
    for (let number = 0; number < 9; number++) org.add(`c${number}`);
    org.limits = { ...DEFAULT_LIMITS, mostDeactivations: 3, mostRemovals: 2 };
    await org.runs(1);
    for (const id of ["c0-old", "c5-old"]) org.refusing.add(id);
    expect((await org.run()).done).toHaveLength(3);
  });

  test("tries no more than twice as many", async () => {
    const org = new Org();
    for (let number = 0; number < 9; number++) org.add(`c${number}`).refusing.add(`c${number}-old`);
    org.limits = { ...DEFAULT_LIMITS, mostDeactivations: 3 };
    await org.runs(1);
    await org.run();
    expect(org.calls).toHaveLength(6);
  });

  test("begins nothing after its time, and another one continues", async () => {
    const org = new Org().add("crm").add("exporter");
    await org.runs(1);
    org.before = async () => org.clock.advance(DEFAULT_LIMITS.longest + 1);
    expect((await org.run()).done).toHaveLength(1);
    expect((await org.run()).done).toHaveLength(1);
  });

  test("retires the previous clients of 100 credentials that rotated at once", async () => {
    const org = new Org();
    for (let number = 0; number < 100; number++) org.add(`c${number}`);
    await org.runs(2);
    const states = [...org.clients.values()].map(({ state }) => state);
    expect(states.filter((state) => state === "inactive")).toHaveLength(100);
    await org.runs(4 * 6);
    expect(org.clients.size).toBe(100);
  });
});

describe("a run that began before something else was decided", () => {
  test("deactivates nothing that got its label back in the meantime", async () => {
    const org = new Org().add("crm").add("exporter");
    await org.runs(1);
    org.before = async (call) => {
      if (call !== "PUT crm-old") return;
      org.versions.set(arnOf("exporter"), [
        { id: "old", stages: ["AWSCURRENT"] },
        { id: "new", stages: ["AWSPREVIOUS"] },
      ]);
    };
    expect((await org.run()).failures).toEqual([]);
    expect(org.calls).toEqual(["PUT crm-old"]);
  });

  test("does nothing that another run has to decide: a client that was to go is to be updated", async () => {
    const org = new Org().add("crm").add("exporter");
    await org.runs(1);
    org.before = async (call) => {
      if (call !== "PUT crm-old") return;
      org.client("exporter", "old", { roleDivisions: [{ roleId: "more", divisionId: "*" }] });
      org.versions.set(arnOf("exporter"), [
        { id: "old", stages: ["AWSCURRENT"] },
        { id: "new", stages: ["AWSPREVIOUS"] },
      ]);
    };
    await org.run();
    expect(org.calls).toEqual(["PUT crm-old"]);
    await org.run();
    expect(org.calls).toEqual(["PUT crm-old", "PUT exporter-old"]);
    expect(org.state("exporter-old")).toBe("active");
  });

  test.each(["before", "after"])(
    "leaves the current client active if the retirement is undone just %s its action",
    async (when) => {
      const org = new Org().add("crm", ["new"]);
      org.patch("crm", { retiring: true });
      const undo = async () => org.patch("crm", { retiring: false });
      if (when === "before") {
        const credentials = [...org.stored.values()];
        await undo();
        await org.run({ credentials });
        expect(org.calls).toEqual([]);
      } else {
        org.before = undo;
        await org.run();
        expect(org.calls).toEqual(["PUT crm-new", "PUT crm-new"]);
      }
      expect(org.state("crm-new")).toBe("active");
    },
  );

  test("activates nothing that is retired in the meantime", async () => {
    const org = new Org().add("crm", ["new"]);
    org.patch("crm", { retiring: true });
    await org.run();
    org.patch("crm", { retiring: false });
    const credentials = [...org.stored.values()];
    org.patch("crm", { retiring: true });
    await org.run({ credentials });
    expect(org.state("crm-new")).toBe("inactive");
  });
});

test("a deactivation whose answer was lost is still the reconciler's own", async () => {
  const org = new Org().add("crm", ["new"]);
  org.patch("crm", { retiring: true });
  org.before = async () => {
    org.client("crm", "new", { state: "inactive", description: `${arnOf("crm")} (retired)` });
    throw new Error("no answer");
  };
  expect((await org.run()).failures).toEqual(["deactivate Production-Crm#new: no answer"]);
  org.before = async () => undefined;
  org.patch("crm", { retiring: false });
  await org.run();
  expect(org.state("crm-new")).toBe("active");
});

test("the client of a version is noted before it is deactivated, in case the run ends there", async () => {
  const org = new Org().add("crm");
  await org.runs(1);
  const noted: unknown[] = [];
  org.before = async () => noted.push(org.stored.get("crm")?.status.versions.old);
  await org.run();
  expect(org.calls).toEqual(["PUT crm-old"]);
  expect(noted).toEqual(["crm-old"]);
});

test("an action that is refused for a role of the master names the role and the command", async () => {
  const org = new Org().add("crm");
  await org.runs(1);
  org.client("crm", "old", { roleDivisions: [{ roleId: "admin", divisionId: "*" }] });
  org.client("crm", "master", { id: MASTER, name: "Master", description: "by hand" });
  org.refusing.add("crm-old");
  expect((await org.run()).failures).toEqual([
    expect.stringMatching(/lacks the role admin in division \*.*`genesys-orgs grant org`/),
  ]);
});

test("the answer to a deactivation counts, and not what a later question is told", async () => {
  const org = new Org().add("crm", ["new"]);
  org.patch("crm", { retiring: true });
  org.before = async (call) => {
    org.before = async () => undefined;
    expect(call).toBe("PUT crm-new");
    org.patch("crm", { retiring: false });
    org.lags = true;
  };
  await org.run();
  expect(org.calls).toEqual(["PUT crm-new", "PUT crm-new"]);
  expect(org.state("crm-new")).toBe("active");
});

test("a copy is not taken for the client of a version whose client was deleted", async () => {
  const org = new Org().add("crm");
  org.versions.get(arnOf("crm"))?.push({ id: "given-up", stages: [], createdAt: 0 });
  org.client("crm", "given-up");
  await org.runs(8);
  expect(org.state("crm-given-up")).toBe("gone");
  org.client("crm", "given-up", { id: "copy" });
  await org.runs(8);
  expect(org.state("copy")).toBe("active");
});

test("the client of the current value is read again when a label has moved, whatever was noted", async () => {
  const org = new Org().add("crm");
  org.patch("crm", { status: { versions: { new: "another" }, clients: {} } });
  await org.run();
  expect(org.stored.get("crm")?.status.versions).toEqual({ new: "crm-new" });
});

describe("a current client that a person deactivated", () => {
  test("stays inactive through all runs, and is reported", async () => {
    const org = new Org().add("crm");
    org.client("crm", "new", { state: "inactive" });
    for (let run = 0; run < 8; run++) {
      expect((await org.run()).gauges.refused).toEqual(["crm"]);
      org.clock.advance(HOUR);
    }
    expect(org.state("crm-new")).toBe("inactive");
  });
});

describe("the current values are tried", () => {
  test("every four hours, and those that do not work in every run", async () => {
    const org = new Org().add("crm").add("exporter");
    await org.run();
    expect(org.logins).toEqual(["crm-new", "exporter-new"]);
    org.clock.advance(DEFAULT_LIMITS.proofAge - 1);
    await org.run();
    expect(org.logins).toHaveLength(2);
    org.reset.add("crm-new");
    org.clock.advance(1);
    expect((await org.run()).proofs).toMatchObject({ refused: ["crm"], failures: [] });
    org.logins.length = 0;
    expect((await org.run()).proofs.refused).toEqual(["crm"]);
    expect(org.logins).toEqual(["crm-new"]);
    org.reset.clear();
    expect((await org.run()).proofs.refused).toEqual([]);
  });

  test("and one whose login always fails does not take the turns of the others", async () => {
    const org = new Org().add("a").add("b");
    org.limits = { ...DEFAULT_LIMITS, mostProofs: 1 };
    const apiAs = () => ({ tokenOwner: () => Promise.reject(new Error("HTTP 403")) });
    expect((await org.run({ apiAs })).proofs.failures).toEqual(["a: HTTP 403"]);
    await org.run();
    expect(org.logins).toEqual(["b-new"]);
  });

  test("some in each run, those first that were not tried for longest", async () => {
    const org = new Org().add("a").add("b").add("c");
    org.limits = { ...DEFAULT_LIMITS, mostProofs: 2 };
    await org.run();
    org.clock.advance(MINUTE);
    await org.run();
    expect(org.logins).toEqual(["a-new", "b-new", "c-new"]);
  });

  test("as long as the run has time, and what was found before is reported", async () => {
    const org = new Org().add("a").add("b").add("c");
    org.reset.add("b-new");
    expect((await org.run()).proofs.refused).toEqual(["b"]);
    org.clock.advance(DEFAULT_LIMITS.proofAge);
    org.logins.length = 0;
    const slow = async () => {
      org.clock.advance(2 * MINUTE);
      return { organization: { id: ORG_ID }, OAuthClient: { id: "a-new" } };
    };
    const apiAs = ({ clientId }: { clientId: string }) => {
      org.logins.push(clientId);
      return { tokenOwner: slow };
    };
    expect((await org.run({ apiAs })).proofs.refused).toEqual(["b"]);
    expect(org.logins).toHaveLength(2);
  });

  test("which do not take the time of the starts", async () => {
    const org = new Org().add("a").add("b");
    await org.runs(1);
    org.clock.advance(400 * DAY);
    const slow = async () => {
      org.clock.advance(DEFAULT_LIMITS.longest + 1);
      return { organization: { id: ORG_ID }, OAuthClient: { id: "a-new" } };
    };
    const run = await org.run({ starts: true, apiAs: () => ({ tokenOwner: slow }) });
    expect(run.started).toEqual(expect.arrayContaining(["a", "b"]));
    expect(run.notStarted).toBe(0);
  });

  test("and one that works for another client or organisation does not work", async () => {
    const org = new Org().add("crm");
    const asOther = (owner: object) =>
      org.run({ apiAs: () => ({ tokenOwner: async () => owner as never }) });
    const other = { organization: { id: ORG_ID }, OAuthClient: { id: "other" } };
    expect((await asOther(other)).proofs.refused).toEqual(["crm"]);
    const elsewhere = { organization: { id: "other" }, OAuthClient: { id: "crm-new" } };
    expect((await asOther(elsewhere)).proofs.refused).toEqual(["crm"]);
  });

  test("a failure that says nothing about the credential is no proof", async () => {
    const org = new Org().add("crm");
    const apiAs = () => ({ tokenOwner: () => Promise.reject(new Error("HTTP 503")) });
    expect((await org.run({ apiAs })).proofs).toEqual({
      refused: [],
      untried: [],
      failures: ["crm: HTTP 503"],
    });
    org.clock.advance(1.5 * DAY + 1);
    expect((await org.run({ apiAs })).proofs).toMatchObject({ refused: [], untried: ["crm"] });
    expect((await org.run()).proofs.untried).toEqual(["crm"]);
    org.clock.advance(DAY);
    expect((await org.run()).proofs).toEqual({ refused: [], untried: [], failures: [] });
  });
});

describe("a secret that cannot be read now", () => {
  const reads = (org: Org, ...texts: (string | undefined)[]) =>
    org.run({
      secrets: {
        ...org.secrets,
        value: async () => {
          if (texts.length > 0) return texts.shift();
          throw new Error("the label is not on this version");
        },
      },
    });

  test("is read again, since its label may just have moved", async () => {
    const org = new Org().add("crm");
    const credential = { clientId: "crm-new", clientSecret: "s", region: "r", orgId: ORG_ID };
    const { failures } = await reads(org, undefined, ...Array(3).fill(writeCredential(credential)));
    expect(failures).toEqual([]);
    expect((await reads(new Org().add("crm"))).failures).toHaveLength(1);
    const secrets = { ...org.secrets };
    secrets.value = async () => {
      secrets.value = org.secrets.value;
      throw new Error("the label is not on this version");
    };
    expect((await new Org().add("crm").run({ secrets })).failures).toEqual([]);
  });

  test("because somebody wrote something else into it is reported, and its clients stay", async () => {
    const org = new Org().add("crm");
    const { failures, gauges, proofs, actions } = await reads(org, "by hand");
    expect({ failures, proofs, actions }).toEqual({
      failures: [],
      proofs: { refused: [], untried: [], failures: [] },
      actions: [],
    });
    expect(gauges.unrotated).toMatchObject([
      { name: "crm", reason: expect.stringContaining("no credential") },
    ]);
  });

  test("because somebody requested its deletion is reported, and the others go on", async () => {
    const org = new Org().add("crm").add("exporter");
    await org.runs(1);
    org.deletedAt.set(arnOf("crm"), org.clock.now());
    const { failures, gauges } = await org.run();
    expect(failures).toEqual([]);
    expect(gauges.unrotated.map(({ name }) => name)).toEqual(["crm"]);
    expect(org.state("exporter-old")).toBe("inactive");
  });
});

describe("a problem with one credential stops only that one", () => {
  test.each([
    ["its secret cannot be read", (org: Org) => org.versions.delete(arnOf("crm"))],
    [
      "its specification is not valid",
      (org: Org) =>
        org.patch("crm", { specification: undefined, problem: "it is not a specification" }),
    ],
    [
      "its specification is missing, although its secret exists",
      (org: Org) => org.stored.delete("crm"),
    ],
  ])("%s", async (_, harm) => {
    const org = new Org().add("crm").add("exporter");
    await org.runs(1);
    harm(org);
    expect((await org.run()).failures).toHaveLength(1);
    expect(org.calls).toEqual(["PUT exporter-old"]);
  });

  test("a secret without a specification keeps its clients, also those that the master created", async () => {
    const org = new Org().add("crm").add("exporter");
    for (const version of ["old", "new"]) org.client("crm", version, { createdBy: { id: MASTER } });
    org.patch("crm", { specification: undefined });
    await org.runs(3);
    expect(org.calls.filter((call) => call.includes("crm"))).toEqual([]);
  });

  test("but without any specification, nothing is done", async () => {
    const org = new Org().add("crm");
    org.patch("crm", { specification: undefined });
    await expect(org.run()).rejects.toThrow("no client specification was found");
  });
});
