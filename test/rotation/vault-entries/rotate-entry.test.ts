import {
  CREDENTIALS,
  DAY,
  descriptionOf,
  EntryWorld,
  ORG_ID,
  pathOf,
  type Run,
} from "./entry-world";

const PATH = pathOf("deployer");
const OTHER_ORG = "22222222-2222-4222-8222-222222222222";

/** Runs a rotation that must succeed. */
async function rotated(world: EntryWorld, run: Run) {
  const result = await world.run(run);
  if (!result) throw world.lastError;
  world.check();
  return result;
}

/** Runs a rotation that must fail, and returns its message. */
async function refusal(world: EntryWorld, run: Run): Promise<string> {
  expect(await world.run(run)).toBeUndefined();
  world.check();
  return world.lastError?.message ?? "";
}

function brokenWorld(): EntryWorld {
  const world = new EntryWorld();
  world.isBroken = true;
  return world;
}

const namesOf = (world: EntryWorld) =>
  world.ours.map((id) => {
    const { name, state } = world.genesys.clients.get(id)?.fields ?? {};
    return state === "active" ? name : `${name} ${state}`;
  });
const clientIn = (world: EntryWorld, credential: string) => {
  const client = world.genesys.clients.get(world.credentialIn(credential).clientId);
  if (!client) throw new Error("there is no such client");
  return client;
};

test.each(CREDENTIALS)(
  "%s gets a copy of its client, and the entry keeps its other fields",
  async (each) => {
    const world = new EntryWorld();
    const before = clientIn(world, each);
    Object.assign(before.fields, {
      accessTokenValiditySeconds: 3600,
      allowedIpAddresses: ["192.0.2.1/32"],
      dateToDelete: "2027-01-01T00:00:00Z",
    });
    const { dateToDelete: _, ...copied } = structuredClone(before.fields);
    const result = await rotated(world, { credential: each });
    expect(result).toMatchObject({ before: 1, version: 2, rotated: true });
    expect(world.vault.at(pathOf(each))).toEqual({
      client_id: result.client?.id,
      client_secret: expect.stringMatching(/^test-secret-/),
      org_id: ORG_ID,
      note: "by hand",
    });
    expect(clientIn(world, each).fields).toEqual({
      ...copied,
      name: `CI ${each}#2`,
      description: descriptionOf(each),
    });
    const again = await rotated(world, { credential: each });
    expect(again.client?.name).toBe(`CI ${each}#3`);
  },
);

test("a rotation needs eight calls of the Platform API, and one for each further page of clients", async () => {
  const world = new EntryWorld();
  await rotated(world, { credential: "deployer" });
  expect(world.genesys.calls).toEqual([
    "POST /oauth/token",
    "GET /api/v2/tokens/me",
    "GET /api/v2/oauth/clients",
    "GET /api/v2/oauth/clients",
    expect.stringMatching(/^GET .*clients\/client-1$/),
    "POST /api/v2/oauth/clients",
    "POST /oauth/token",
    "GET /api/v2/tokens/me",
    expect.stringMatching(/^GET .*clients\/client-\d+$/),
  ]);
});

describe("the previous client", () => {
  const at = (world: EntryWorld, milliseconds: number) => {
    world.clock.advance(milliseconds);
    return rotated(world, { credential: "deployer", retireOnly: true });
  };

  test("is deactivated after a day, and deleted when its tokens have expired", async () => {
    const world = new EntryWorld();
    await rotated(world, { credential: "deployer" });
    const [id] = world.ours;
    world.genesys.use(`${id}`, world.genesys.clients.get(`${id}`)?.secret ?? "");
    expect((await at(world, DAY - 1)).waiting).toEqual([
      {
        clientId: id,
        clientName: "CI deployer",
        reason: "version 2 replaced it less than 24 hours ago",
      },
    ]);
    expect((await at(world, 1)).actions).toMatchObject([{ kind: "deactivate", clientId: id }]);
    expect((await at(world, 2 * DAY)).waiting).toMatchObject([
      { reason: "its tokens have not expired yet" },
    ]);
    expect((await at(world, 15 * 60_000)).actions).toMatchObject([
      { kind: "delete", clientId: id },
    ]);
    expect(namesOf(world)).toEqual(["CI planner", "CI master", "CI deployer#2"]);
  });

  test("stays when somebody rolls back to it meanwhile, in Secrets Manager", async () => {
    const world = new EntryWorld(0, false, true, "Secrets Manager");
    const path = world.pathOf("deployer");
    await rotated(world, { credential: "deployer" });
    world.wait(3 * DAY);
    const onStep = (step: string) => {
      if (step === "listing the organisation's clients") world.secrets.rollBack(path);
    };
    const run: Run = { credential: "deployer", retireOnly: true, onStep };
    expect(await refusal(world, run)).toBe(
      `somebody else wrote the secret ${path} after version 2: their version stays. Check it, and start again if you still need another one`,
    );
  });

  test("is also retired by a scheduled run that creates no client", async () => {
    const world = new EntryWorld();
    await rotated(world, { credential: "deployer" });
    world.clock.advance(DAY);
    const result = await rotated(world, { credential: "deployer", ifOlderThan: 30 * DAY });
    expect(result).toMatchObject({ rotated: false, version: 2 });
    expect(result.actions).toMatchObject([{ kind: "deactivate" }]);
  });

  test("stays as long as another entry uses it", async () => {
    const world = new EntryWorld(0, true);
    await rotated(world, { credential: "master" });
    world.clock.advance(DAY);
    await rotated(world, { credential: "deployer" });
    world.pin();
    const why = async (credential: Run["credential"], milliseconds: number) => {
      world.clock.advance(milliseconds);
      const { waiting, actions } = await rotated(world, { credential, retireOnly: true });
      return waiting[0]?.reason ?? actions[0]?.kind;
    };
    // The registry names the new master, but the org's stack was not applied yet.
    expect(await why("deployer", DAY)).toBe("the planner uses it");
    await rotated(world, { credential: "planner" });
    expect(await why("deployer", 2 * DAY)).toBe("the rotator may use it");
    world.apply();
    expect(await why("master", 0)).toBe("deactivate");
  });

  test("stays for a day after another entry used it", async () => {
    const world = new EntryWorld(0, true);
    await rotated(world, { credential: "master" });
    await rotated(world, { credential: "deployer" });
    world.pin();
    world.apply();
    world.clock.advance(DAY);
    await rotated(world, { credential: "planner" });
    world.edit("planner");
    const early = await rotated(world, { credential: "master", retireOnly: true });
    expect(early.waiting).toMatchObject([{ reason: "the planner used it until recently" }]);
    world.clock.advance(DAY);
    const late = await rotated(world, { credential: "master", retireOnly: true });
    expect(late.actions).toMatchObject([{ kind: "deactivate", clientName: "Terraform" }]);
  });
});

describe("the previous master", () => {
  test("stays until somebody confirms that the org's stack has the new one", async () => {
    const world = new EntryWorld();
    await rotated(world, { credential: "master" });
    world.clock.advance(2 * DAY);
    const early = await rotated(world, { credential: "master", retireOnly: true });
    expect(early.waiting).toMatchObject([{ reason: "the rotator may use it" }]);
    world.pin();
    const plain = await rotated(world, { credential: "master", ifOlderThan: 90 * DAY });
    expect(plain.waiting).toMatchObject([{ reason: "version 1 may be in use" }]);
    world.apply();
    const late = await rotated(world, { credential: "master", retireOnly: true });
    expect(late.actions).toMatchObject([{ kind: "deactivate", clientName: "CI master" }]);
  });

  test("stays when its version is later than the one in the registry, but not the newest", async () => {
    const world = new EntryWorld();
    await rotated(world, { credential: "master" });
    await rotated(world, { credential: "master" });
    world.clock.advance(2 * DAY);
    const { actions, waiting } = await rotated(world, { credential: "master", retireOnly: true });
    expect(actions).toEqual([]);
    expect(waiting.map(({ reason }) => reason).sort()).toEqual([
      "the rotator may use it",
      "version 2 may be in use",
    ]);
  });

  test("stays when the registry names a version that does not exist", async () => {
    const world = new EntryWorld();
    world.masterVersion = 2;
    expect(await refusal(world, { credential: "master" })).toBe(
      `rotation.masterVersion is 2 in the registry, but the newest version of ${pathOf("master")} is 1: correct the registry`,
    );
  });
});

describe("--if-older-than counts from the time at which the entry got its credential", () => {
  const due = async (world: EntryWorld, days: number) =>
    (await rotated(world, { credential: "deployer", ifOlderThan: days * DAY, dryRun: true }))
      .rotated;

  test("and not from when another field changed", async () => {
    const world = new EntryWorld();
    world.clock.advance(5 * DAY);
    world.edit("deployer");
    expect(await due(world, 7)).toBe(true);
    expect(await due(world, 8)).toBe(false);
  });

  test("and again after a rotation", async () => {
    const world = new EntryWorld();
    world.clock.advance(30 * DAY);
    await rotated(world, { credential: "deployer" });
    expect(await due(world, 1)).toBe(false);
  });
});

describe("a client of an unfinished run", () => {
  test("is deactivated once its version is written without it, and another client is created", async () => {
    const world = new EntryWorld();
    world.createFaults.push("no answer");
    expect(await refusal(world, { credential: "deployer" })).toContain("no answer");
    expect(namesOf(world)).toContain("CI deployer#2");
    const result = await rotated(world, { credential: "deployer" });
    expect(result).toMatchObject({ before: 1, version: 3, client: { name: "CI deployer#3" } });
    expect(result.actions).toMatchObject([
      { kind: "deactivate", clientName: "CI deployer#2", reason: "its rotation was not finished" },
    ]);
    expect(world.vault.at(PATH, 2)).toEqual(world.vault.at(PATH, 1));
  });

  test("stays while its version may still be written, if no client is created", async () => {
    const world = new EntryWorld();
    world.createFaults.push("no answer");
    await refusal(world, { credential: "deployer" });
    world.clock.advance(3 * DAY);
    expect((await rotated(world, { credential: "deployer", retireOnly: true })).actions).toEqual(
      [],
    );
    expect(namesOf(world)).toContain("CI deployer#2");
  });
});

describe("a client with the name and the description of the entry's clients", () => {
  const lookAlikes = ["CI deployer#1", "CI deployer#2", "CI deployer#3"];

  test.each([true, false])("is left alone and reported (creators known: %s)", async (creators) => {
    const world = new EntryWorld(0, false, creators);
    const { unproven } = await rotated(world, { credential: "deployer" });
    expect(unproven.map(({ clientName }) => clientName)).toEqual(lookAlikes);
    expect(unproven[0]?.reason).toContain("nothing proves that a rotation created it");
    world.clock.advance(3 * DAY);
    const later = await rotated(world, { credential: "deployer", retireOnly: true });
    expect(later.actions).toMatchObject([{ kind: "deactivate", clientName: "CI deployer" }]);
    world.check();
  });

  test("is not the client of an unfinished run, unless a master created it", async () => {
    const world = new EntryWorld(0, false, false);
    world.createFaults.push("no answer");
    await refusal(world, { credential: "deployer" });
    const result = await rotated(world, { credential: "deployer" });
    expect(result).toMatchObject({ version: 2, actions: [] });
    expect(result.unproven.map(({ clientName }) => clientName)).toEqual([
      ...lookAlikes,
      "CI deployer#2",
    ]);
  });

  test("is the entry's own if an earlier master created it", async () => {
    const world = new EntryWorld();
    world.createFaults.push("no answer");
    await refusal(world, { credential: "deployer" });
    await rotated(world, { credential: "master" });
    const { actions } = await rotated(world, { credential: "deployer" });
    expect(actions).toMatchObject([{ kind: "deactivate", clientName: "CI deployer#2" }]);
  });
});

describe("a write to Vault", () => {
  test("whose answer was lost is found", async () => {
    const world = new EntryWorld();
    world.writeFaults.push("no answer");
    const result = await rotated(world, { credential: "deployer" });
    expect(world.credentialIn("deployer").clientId).toBe(result.client?.id);
  });

  test("that may still happen leaves a client that works", async () => {
    const world = new EntryWorld();
    world.writeFaults.push("late");
    expect(await refusal(world, { credential: "deployer" })).toMatch(
      /version 2 of the Vault entry \S+ may still be written, and will work then\. Start again$/,
    );
    world.vault.flush();
    expect(world.vault.newest(PATH)).toBe(2);
    world.check();
  });

  test("that is refused leaves no client", async () => {
    const world = new EntryWorld();
    world.writeFaults.push("429", "429", "429", "429");
    expect(await refusal(world, { credential: "deployer" })).toContain("HTTP 429");
    expect(namesOf(world)).toEqual(["CI deployer", "CI planner", "CI master"]);
  });

  test("after somebody else's leaves their version, and no client", async () => {
    const world = new EntryWorld();
    const onStep = (step: string) => {
      if (step.startsWith("writing")) world.edit("deployer");
    };
    expect(await refusal(world, { credential: "deployer", onStep })).toBe(
      `somebody else wrote the Vault entry ${PATH} after version 1: their version stays. Check it, and start again if you still need another one`,
    );
    expect(namesOf(world)).toEqual(["CI deployer", "CI planner", "CI master"]);
  });
});

describe("nothing is written", () => {
  const unwritten = async (world: EntryWorld, run: Run, message: string | RegExp) => {
    const before = world.vault.newest(pathOf(run.credential));
    expect(await refusal(world, run)).toMatch(message);
    expect(world.vault.newest(pathOf(run.credential))).toBe(before);
    expect(world.ours).toHaveLength(CREDENTIALS.length);
  };
  const testing = (work: () => void) => (step: string) => {
    if (step.startsWith("testing")) work();
  };
  const newest = (world: EntryWorld) =>
    world.genesys.clients.get([...world.genesys.clients.keys()].at(-1) ?? "");

  test.each(CREDENTIALS)("when the new client of %s does not work", (credential) => {
    const world = new EntryWorld();
    const onStep = testing(() => Object.assign(newest(world)?.fields ?? {}, { state: "inactive" }));
    return unwritten(world, { credential, onStep }, "POST /oauth/token: HTTP 401");
  });

  test.each(CREDENTIALS)("when the new client of %s has other roles", (credential) => {
    const world = new EntryWorld();
    const onStep = testing(() => Object.assign(newest(world)?.fields ?? {}, { roleDivisions: [] }));
    return unwritten(
      world,
      { credential, onStep },
      "created with other roles than requested, because the master lacks a role that it grants",
    );
  });

  test("when the new master cannot do a master's work", () => {
    const world = new EntryWorld();
    const onStep = testing(() => world.genesys.powerless.add(`${newest(world)?.id}`));
    return unwritten(world, { credential: "master", onStep }, "HTTP 403 missing.permissions");
  });

  test("when the entry belongs to another organisation", () => {
    const world = new EntryWorld();
    world.vault.write(PATH, { ...world.vault.at(PATH), org_id: OTHER_ORG });
    return unwritten(
      world,
      { credential: "deployer" },
      `version 2 of the Vault entry ${PATH} belongs to organisation ${OTHER_ORG}, but the registry says ${ORG_ID}`,
    );
  });

  test("when the master works in another organisation, whatever its entry says", async () => {
    const world = new EntryWorld();
    Object.assign(world.genesys, { orgId: OTHER_ORG });
    await unwritten(world, { credential: "deployer" }, `in organisation ${OTHER_ORG}`);
    expect(world.genesys.calls.filter((call) => !/token/.test(call))).toEqual([]);
  });

  test.each([
    [
      "does not exist",
      undefined,
      "there is no entry genesys/production/na-prod/planner below secret",
    ],
    ["lacks fields", { client_id: "x" }, "has no client_secret, org_id"],
    [
      "has an empty secret",
      { client_id: "x", client_secret: "", org_id: ORG_ID },
      "has no client_secret",
    ],
  ])("when the entry %s", async (_what, value, message) => {
    const world = brokenWorld();
    const path = pathOf("planner");
    if (value) world.vault.write(path, value);
    else world.vault.delete(path);
    const before = world.vault.newest(path);
    expect(await refusal(world, { credential: "planner" })).toContain(message);
    expect(world.vault.newest(path)).toBe(before);
  });

  test.each([
    [
      "inactive",
      { state: "inactive" },
      "is inactive: activate it, or write another credential by hand",
    ],
    [
      "of another grant",
      { authorizedGrantType: "CODE" },
      "has the grant CODE: only clients with the grant CLIENT-CREDENTIALS can be rotated",
    ],
  ])("when the client is %s", async (_what, fields, message) => {
    const world = brokenWorld();
    Object.assign(clientIn(world, "deployer").fields, fields);
    expect(await refusal(world, { credential: "deployer" })).toContain(message);
    expect(world.vault.newest(PATH)).toBe(1);
  });

  test("above the ceiling of clients", () => {
    const world = new EntryWorld();
    world.mostClients = world.genesys.clients.size;
    return unwritten(
      world,
      { credential: "deployer" },
      /the limit is 16: no client is created\. Delete some/,
    );
  });

  test("in a dry run, which reports the changes", async () => {
    const world = new EntryWorld();
    world.createFaults.push("no answer");
    await refusal(world, { credential: "deployer" });
    const before = JSON.stringify([...world.genesys.clients]);
    const result = await rotated(world, { credential: "deployer", dryRun: true });
    expect(result).toMatchObject({ rotated: true, version: 1, actions: [{ kind: "deactivate" }] });
    expect(JSON.stringify([...world.genesys.clients])).toBe(before);
    expect(world.vault.newest(PATH)).toBe(1);
  });

  test.each(["creating", "testing"])("after it was stopped while %s", async (step) => {
    const world = new EntryWorld();
    const stop = new AbortController();
    const onStep = (text: string) => {
      if (text.startsWith(step)) stop.abort();
    };
    await unwritten(world, { credential: "deployer", signal: stop.signal, onStep }, "aborted");
  });
});

test("the error names a master that does not work", async () => {
  const world = brokenWorld();
  world.vault.write(pathOf("master"), {
    ...world.vault.at(pathOf("master")),
    client_secret: "test-secret-wrong",
  });
  expect(await refusal(world, { credential: "deployer" })).toMatch(
    /^version 2 of the Vault entry \S+\/master does not work: POST \/oauth\/token: HTTP 401/,
  );
});

test("the clients of deleted versions are treated as if they were in use", async () => {
  const world = new EntryWorld();
  await rotated(world, { credential: "deployer" });
  await rotated(world, { credential: "deployer" });
  world.vault.delete(PATH, 2);
  const result = await rotated(world, { credential: "deployer", retireOnly: true });
  expect(result.waiting.map(({ clientName }) => clientName)).toEqual([
    "CI deployer",
    "CI deployer#2",
  ]);
  expect(result.actions).toEqual([]);
});
