import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LockMode } from "../../lib";
import { sharedLockTableOf } from "../../lib/registry/names";
import { orgReport } from "../rehearsal/reports";
import { buildCommands } from "../support/built-command";
import { temporaryFolder } from "../support/folders";
import { HandWritten, SECRET } from "../support/hand-written";
import {
  type Ended,
  type KillPoint,
  killWithChildren,
  runCommand,
  survivors,
} from "../support/killed-command";
import {
  type Front,
  forwardTo,
  type Handler,
  type StoreRequest,
  serve,
} from "../support/loopback-front";
import { LOOPBACK_CREDENTIALS } from "../support/loopback-store";
import { fakeProject } from "../support/project";
import { type Runner, Runners, until } from "../support/runners";
import { HOME } from "../support/sample-org";
import { clearPlace, contentsOf, correctDigest, createPlace } from "../support/store-contents";
import { describeWithTerraform } from "../support/terraform";

const KEY = "orgs/org-1/terraform.tfstate";
const TABLE = sharedLockTableOf(HOME.name);
const OLD = { bucket: "old-states", key: "genesys/prod.tfstate", table: "old-locks" };
const ARGS = [
  "state",
  "migrate",
  "org-1",
  "--yes",
  "--from",
  `s3://${OLD.bucket}/${OLD.key}`,
  "--from-table",
  OLD.table,
];

// Every call, and every request of Terraform's, before and after it, with every lock mode: ten
// minutes. Else, with one lock mode, a point of each kind after which something is left behind:
// a part of the backup, a Terraform at work, a temporary folder; a lock, a state, a state with its digest.
const ALL = process.env.KILLS === "all";
const MODES: readonly LockMode[] = ALL ? ["both", "s3", "dynamodb"] : ["both"];
const SAMPLE = /^(file renameSync|run terraform state push)/;
const WHICH = ALL ? "every" : "some of each kind of (KILLS=all: every)";

/** What was to be done by hand before the last run, and what that one found. */
type Outcome = string;

/** A place, a source, and a project whose requests can be cut off. */
class MigrationWorld {
  /** Gets every request; what it returns is done before an answer goes back. */
  onRequest: (request: StoreRequest, forward: () => ReturnType<Handler>) => ReturnType<Handler> = (
    _,
    forward,
  ) => forward();

  readonly temporary = temporaryFolder();
  project = "";

  private constructor(
    readonly runners: Runners,
    readonly runner: Runner,
    readonly source: HandWritten,
    readonly sourceText: string,
    readonly before: Readonly<Record<string, string>>,
    private readonly fronts: Front[],
  ) {}

  static async open(mode: LockMode): Promise<MigrationWorld> {
    const runners = await Runners.start();
    const { store } = runners;
    await createPlace(store, OLD.bucket, OLD.table);
    const [runner] = await runners.ofOneOrg(mode);
    const { bucket, key, table } = OLD;
    const place = { bucket, key, region: "us-east-1", dynamodb_table: table };
    const source = await HandWritten.in({ ...place, ...store.backendSettings });
    await source.apply();
    const text = await source.run("state", "pull");
    const before = await contentsOf(store);
    const fronts: Front[] = [];
    const world = new MigrationWorld(runners, runner, source, text, before, fronts);
    const settings = store.backendSettings.endpoints as Record<string, string>;
    const endpoints: Record<string, string | undefined> = { ...settings };
    for (const name of ["s3", "dynamodb"]) {
      const forward = forwardTo(Number(new URL(settings[name] ?? "").port));
      const front = await serve((request) => world.onRequest(request, () => forward(request)));
      fronts.push(front);
      endpoints[name] = front.url;
    }
    const lockTable = mode === "s3" ? undefined : TABLE;
    world.project = fakeProject({
      orgs: [orgReport("org-1", {}, { bucket: HOME.bucket, stateKey: KEY, lock: mode, lockTable })],
      stackOf: () => ({ terraform: { backend: { s3: { ...runner.backend, endpoints } } } }),
    });
    return world;
  }

  async close(): Promise<void> {
    await Promise.all(this.fronts.map((front) => front.stop()));
    await this.runners.stop();
  }

  run(point?: KillPoint, started?: (pid: number) => void): Promise<Ended> {
    const env = { ...LOOPBACK_CREDENTIALS, TMPDIR: this.temporary };
    return runCommand(this.project, ARGS, env, point, started);
  }

  async clear(): Promise<void> {
    await clearPlace(this.runners.store, HOME.bucket, KEY, TABLE);
    rmSync(join(this.project, ".genesys-orgs"), { recursive: true, force: true });
    for (const name of readdirSync(this.temporary)) {
      rmSync(join(this.temporary, name), { recursive: true, force: true });
    }
  }

  /** Runs it again after a kill, and does what it asks for until it succeeds. */
  async finish(): Promise<Outcome> {
    const done: string[] = [];
    while (done.length < 3) {
      const { code, output } = await this.run();
      if (code === 0)
        done.push(/the same state is already in the home/.test(output) ? "already there" : "moved");
      if (code === 0) return done.join(", ");
      const [, id] = /is locked: lock ([^ ,]+), .*\. Wait.*genesys-orgs unlock/.exec(output) ?? [];
      if (id !== undefined) {
        await this.runner.forceUnlock(id);
        done.push("unlock");
      } else if (/is the source's state: .*genesys-orgs state digest org-1 --fix/.test(output)) {
        await correctDigest(this.runners.store, HOME.bucket, KEY, TABLE);
        done.push("digest");
      } else throw new Error(output);
    }
    throw new Error(`after ${done} it does not succeed`);
  }

  /** Checks the result of a migration. */
  async expectMoved(): Promise<void> {
    const { store } = this.runners;
    const { lineage, serial, resources, outputs } = JSON.parse(this.sourceText);
    const there = JSON.parse((await store.object(KEY)) ?? "{}");
    expect(there).toMatchObject({ lineage, serial: serial + 1, resources, outputs });
    expect(await store.locksOf(KEY)).toEqual([]);
    expect(await contentsOf(store)).toMatchObject(this.before);
    const backups = join(this.project, ".genesys-orgs/backups");
    const name = `org-1-${lineage}-${serial}.tfstate`;
    expect(readdirSync(backups)).toEqual([name]);
    expect(JSON.parse(readFileSync(join(backups, name), "utf8"))).toEqual(
      JSON.parse(this.sourceText),
    );
  }

  /** No state stays where nobody looks for it. */
  expectNoSecretLeft(): void {
    const files = readdirSync(this.temporary, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    const text = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
    expect(text.join("\n")).not.toContain(SECRET);
  }
}

describeWithTerraform("state migrate, killed and started again", () => {
  beforeAll(buildCommands, 120_000);

  let world: MigrationWorld;
  afterEach(() => world.close());

  const counts: string[] = [];
  afterAll(() => {
    if (ALL) process.stdout.write(`${counts.join("\n")}\n`);
  });
  const count = (what: string, outcomes: readonly Outcome[]) => {
    const kinds = [...new Set(outcomes)].map(
      (kind) => `${kind}: ${outcomes.filter((each) => each === kind).length}`,
    );
    counts.push(`${what}: ${outcomes.length} kills; ${kinds.join("; ")}`);
  };

  describe.each(MODES)("lock mode %s", (mode) => {
    beforeEach(async () => {
      world = await MigrationWorld.open(mode);
    }, 60_000);

    /** Kills a run, starts it again, and checks that nothing was lost. */
    async function killAndFinish(what: string, kill: () => Promise<Ended>): Promise<Outcome> {
      await world.clear();
      try {
        const killed = await kill();
        const { code, output } = killed;
        expect({ code, output }).toEqual({ code: -1, output });
        world.onRequest = (_, forward) => forward();
        await until("Terraform to end", () => survivors(killed).length === 0);
        world.expectNoSecretLeft();
        const outcome = await world.finish();
        await world.expectMoved();
        return outcome;
      } catch (error) {
        throw new Error(`killed at ${what}: ${(error as Error).message}`);
      }
    }

    test(`at ${WHICH} run of a process, call of AWS and write of a file: it finishes`, async () => {
      const { noted, code, output } = await world.run();
      expect({ code, output }).toEqual({ code: 0, output });
      const { calls } = noted;
      const last = calls.findLastIndex((call) => call.startsWith("file rmSync"));
      const outcomes: Outcome[] = [];
      for (const [index, call] of calls.entries()) {
        if (!ALL && index !== last && !SAMPLE.test(call)) continue;
        const points: KillPoint[] = [];
        if (ALL || !call.startsWith("run ")) points.push({ at: index + 1 });
        if (call.startsWith("run ")) points.push({ at: index + 1, when: "started" });
        for (const point of points) {
          const what = `${index + 1} ${call} (${point.when ?? "before"})`;
          outcomes.push(await killAndFinish(what, () => world.run(point)));
        }
      }
      count(`${mode}, the command`, outcomes);
      const kinds = calls.map((call) => call.split(" ")[0]);
      expect(new Set(kinds)).toEqual(new Set(["run", "ask", "file"]));
      expect(outcomes).toContain("moved");
      expect(outcomes).toContain("already there");
    }, 900_000);

    test(`with its Terraform, at ${WHICH} request to a store: it finishes, once the lock is off`, async () => {
      const requests: string[] = [];
      const ofTerraform = ({ headers }: StoreRequest) =>
        /HashiCorp|OpenTofu/i.test(headers["user-agent"] ?? "");
      const writes = ({ method, headers }: StoreRequest) =>
        ALL || /^(PUT|DELETE)$|Put|Delete/.test(String(headers["x-amz-target"] ?? method));
      world.onRequest = (request, forward) => {
        if (ofTerraform(request) && writes(request)) {
          const { method, url, headers } = request;
          requests.push(`${headers["x-amz-target"] ?? method} ${url}`);
        }
        return forward();
      };
      const { code, output } = await world.run();
      expect({ code, output }).toEqual({ code: 0, output });
      const outcomes: Outcome[] = [];
      for (const [index, request] of requests.entries()) {
        // The state is pushed twice: an empty one first.
        if (!ALL && index < requests.length / 2) continue;
        for (const when of ALL ? ["before", "after"] : ["after"]) {
          outcomes.push(
            await killAndFinish(`${index + 1} ${request} (${when})`, () => {
              let [seen, pid] = [0, 0];
              world.onRequest = async (each, forward) => {
                const isIt = ofTerraform(each) && writes(each) && seen++ === index;
                if (!isIt) return forward();
                const answer = when === "after" ? await forward() : undefined;
                killWithChildren(pid);
                return answer ?? new Promise(() => {});
              };
              return world.run(undefined, (id) => {
                pid = id;
              });
            }),
          );
        }
      }
      count(`${mode}, with Terraform`, outcomes);
      expect(outcomes).toContain("unlock, moved");
      expect(outcomes).toContain("unlock, already there");

      // What the last one left can be worked with.
      const moved = await HandWritten.in(world.runner.backend);
      await moved.run("plan", "-detailed-exitcode");
    }, 900_000);
  });
});
