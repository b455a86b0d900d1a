import { setTimeout as pause } from "node:timers/promises";
import { runProgram } from "../../../../lib/cli/program";
import { startCommand } from "../../../support/built-command";
import { HOME, keyArn } from "../../../support/sample-org";
import {
  type DoctorWorld,
  KEY,
  linesOf,
  refusal,
  startDoctorWorld,
  type WorldProps,
} from "./doctor-world";

const TABLE = "genesys-state-lock.home";
const MINUTE = 60_000;
const isLockFile = (url: string) => url.startsWith(`/${HOME.bucket}/${KEY}.tflock`);

let world: DoctorWorld;
afterEach(() => world?.stop());
const begin = async (props: WorldProps = {}) => {
  world = await startDoctorWorld(props);
  await world.putObject(KEY, "{}");
  return world.contents();
};
const look = async (args: string[] = [], now?: () => number) =>
  linesOf(await world.doctor(["--only", "state", ...args], now));

test.each([
  ["s3", { dynamodb_table: undefined }, "lock file"],
  ["dynamodb", { use_lockfile: false }, `item in ${TABLE}`],
  ["both", {}, `lock file, item in ${TABLE}`],
])("with lock mode %s it takes the lock, reads it and leaves nothing", async (_, backend, what) => {
  const before = await begin({ backend });
  const lines = await look();
  expect(lines["state probe"]).toBe(`ok: taken, read and released: ${what}`);
  expect(await world.contents()).toEqual(before);
});

test("it writes the lock file alone, where there is none, under the organisation's key", async () => {
  await begin();
  const puts: unknown[] = [];
  world.faults.s3 = ({ method, url, headers }) => {
    if (method === "PUT") {
      const { "if-none-match": match, "x-amz-server-side-encryption": sse } = headers;
      const key = headers["x-amz-server-side-encryption-aws-kms-key-id"];
      puts.push([url.split("?")[0], match, sse, key]);
    }
    return undefined;
  };
  await look();
  const put = [`/${HOME.bucket}/${KEY}.tflock`, "*", "aws:kms", keyArn(1)];
  expect(puts).toEqual([put, put]);
});

test.each([
  [undefined, "SHA256"],
  [true, undefined],
])("with skip_s3_checksum=%s it sends the checksum %s, as Terraform does", async (skip, sent) => {
  await begin({ backend: { skip_s3_checksum: skip } });
  const checksums = new Set<unknown>();
  world.faults.s3 = ({ method, headers }) => {
    if (method !== "PUT") return undefined;
    checksums.add(headers["x-amz-checksum-sha256"] === undefined ? undefined : "SHA256");
    return undefined;
  };
  await look();
  expect([...checksums]).toEqual([sent]);
});

test("a store that refuses checksums fails the probe, as it fails Terraform", async () => {
  await begin();
  world.faults.s3 = ({ method, headers }) =>
    method === "PUT" && headers["x-amz-checksum-sha256"] !== undefined
      ? refusal(501, "NotImplemented", "no checksums")
      : undefined;
  expect((await look())["state probe"]).toMatch(/^failed: .*NotImplemented/);
});

test("--read-only writes nothing", async () => {
  await begin();
  const writes: string[] = [];
  world.faults.s3 = ({ method }) => {
    if (method !== "GET" && method !== "HEAD") writes.push(method);
    return undefined;
  };
  world.faults.dynamodb = ({ headers }) => {
    const operation = `${headers["x-amz-target"]}`.split(".")[1] ?? "";
    if (operation !== "GetItem") writes.push(operation);
    return undefined;
  };
  expect((await look(["--read-only"]))["state probe"]).toBe("not checked: skipped by --read-only");
  expect(writes).toEqual([]);
});

test("a lock that somebody takes at the same moment stays", async () => {
  await begin();
  const theirs = JSON.stringify({ ID: "id-1", Operation: "OperationTypeApply", Who: "ci" });
  world.faults.s3 = async ({ method, url }) => {
    if (method !== "PUT" || !isLockFile(url)) return undefined;
    await world.putObject(`${KEY}.tflock`, theirs);
    return undefined;
  };
  expect((await look())["state probe"]).toBe(
    "not checked: another run took the lock at the same moment",
  );
  expect((await world.locks()).map(({ info }) => info.ID)).toEqual(["id-1"]);
});

test("where the table is locked just then, the lock file is given back", async () => {
  await begin();
  const theirs = JSON.stringify({ ID: "id-1", Operation: "OperationTypeApply", Who: "ci" });
  world.faults.dynamodb = async ({ headers }) => {
    const isPut = `${headers["x-amz-target"]}`.endsWith("PutItem");
    if (isPut) await world.putItem(KEY, { Info: theirs });
    return undefined;
  };
  expect((await look())["state probe"]).toBe(
    "not checked: another run took the lock at the same moment",
  );
  expect((await world.locks()).map(({ where, info }) => [where, info.ID])).toEqual([
    ["dynamodb", "id-1"],
  ]);
});

test("a store that lets locks be overwritten is found out", async () => {
  const before = await begin({ store: { conditionalWrites: false } });
  expect((await look())["state probe"]).toBe(
    'failed: the store overwrites lock files, since it ignores If-None-Match: lock mode s3 does not lock there; fix: choose lock mode "dynamodb", or a store with conditional writes',
  );
  expect(await world.contents()).toEqual(before);
});

test("a role that may not write the lock", async () => {
  const before = await begin();
  world.faults.s3 = ({ method, url }) =>
    method === "PUT" && isLockFile(url) ? refusal(403, "AccessDenied", "no") : undefined;
  expect((await look())["state probe"]).toMatch(
    /^failed: AWS refuses \S+: writing \S+\.tflock: AccessDenied: no; fix: use the credentials of a role of na-prod, for example genesys-na-prod-state-writer;/,
  );
  expect(await world.contents()).toEqual(before);
});

test("a role that may not release the lock is told its id", async () => {
  await begin();
  world.faults.s3 = ({ method }) =>
    method === "DELETE" ? refusal(403, "AccessDenied", "no") : undefined;
  const line = (await look())["state probe"];
  const [lock] = await world.locks();
  expect(line).toBe(
    `failed: the lock may be held, and could not be released: removing s3://state-bucket/${KEY}.tflock: AccessDenied: no; fix: run \`genesys-orgs unlock na-prod ${lock?.info.ID}\``,
  );
});

test("a write whose answer is lost is taken back", async () => {
  const before = await begin();
  let lost = false;
  world.faults.s3 = async ({ method, url, body }) => {
    if (method !== "PUT" || !isLockFile(url) || lost) return undefined;
    lost = true;
    await world.putObject(`${KEY}.tflock`, body.toString());
    return refusal(400, "Lost", "the answer was lost");
  };
  expect((await look())["state probe"]).toMatch(/^failed: .*the answer was lost/);
  expect(await world.contents()).toEqual(before);
});

test("stopped between put and delete it gives the lock back before it ends", async () => {
  const before = await begin();
  const stop = new AbortController();
  let puts = 0;
  world.faults.s3 = ({ method, url }) => {
    if (method === "PUT" && isLockFile(url)) {
      puts += 1;
      stop.abort();
    }
    return undefined;
  };
  const silent = { write: () => true };
  const code = await runProgram(["doctor", "--only", "state"], {
    stdout: silent,
    stderr: silent,
    env: process.env,
    cwd: world.project,
    signal: stop.signal,
    now: Date.now,
  });
  expect([code, puts]).toEqual([1, 1]);
  expect(await world.contents()).toEqual(before);
});

/** Starts doctor as a process of its own. */
const start = (...args: string[]) =>
  startCommand(world.project, ["doctor", ...args], { USER: "me" });

test("a write that is not answered in time may arrive: the lock's id is said, and the command ends", async () => {
  await begin();
  let id = "";
  world.faults.s3 = ({ method, body }) => {
    if (method !== "PUT") return undefined;
    id = JSON.parse(body.toString()).ID;
    return new Promise(() => {});
  };
  const ran = await start("--only", "state", "--time-limit", "1").ended;
  expect([ran.code, linesOf(ran)["state probe"]]).toEqual([
    1,
    `failed: no answer within 1 s; the write may still arrive later, and leave lock ${id}; fix: look for it with \`genesys-orgs locks na-prod\`, and remove it with \`genesys-orgs unlock na-prod ${id} --force\``,
  ]);
});

test("stopped while another check waits, it gives the lock back before it ends", async () => {
  const deployRole = "arn:aws:iam::111111111111:role/deploy";
  const aws = { account: HOME.account, region: HOME.region, deployRole };
  const before = await begin({ org: { aws } });
  world.faults.sts = ({ body }) =>
    body.toString().includes("Action=AssumeRole") ? new Promise(() => {}) : undefined;
  const { child, ended } = start("--only", "aws,state", "--assume");
  world.faults.s3 = async ({ method }) => {
    if (method !== "DELETE") return undefined;
    child.kill("SIGINT");
    await pause(500);
    return undefined;
  };
  expect(await ended).toMatchObject({ code: 130 });
  expect(await world.contents()).toEqual(before);
});

describe("what a killed doctor left", () => {
  /** Kills one that has both locks. */
  const killed = async () => {
    const before = await begin();
    const { child, ended } = start("--only", "state");
    let locked = false;
    world.faults.dynamodb = ({ headers }) => {
      if (locked) child.kill("SIGKILL");
      locked ||= `${headers["x-amz-target"]}`.endsWith("PutItem");
      return undefined;
    };
    await ended;
    world.faults.dynamodb = undefined;
    expect(child.signalCode).toBe("SIGKILL");
    expect((await world.locks()).map(({ info }) => info.Operation)).toEqual(["doctor", "doctor"]);
    return before;
  };
  const later = (minutes: number) => () => Date.now() + minutes * MINUTE;

  test("within 10 minutes may be of one that runs, and stays", async () => {
    await killed();
    const left = await world.contents();
    const lines = await look([], later(9));
    expect(lines["state lock"]).toMatch(
      /^failed: lock \S+, doctor by me@\S+, since \S+Z, 9 min old: another doctor is running, or was interrupted; fix: run doctor again in 10 minutes without --read-only: it then removes the lock of an interrupted doctor$/,
    );
    expect(await world.contents()).toEqual(left);
  });

  test("is removed after 10 minutes", async () => {
    const before = await killed();
    const lines = await look([], later(11));
    expect(lines["state lock"]).toMatch(
      /^ok: not held; the lock of an interrupted doctor by me@\S+ was removed$/,
    );
    expect(lines["state probe"]).toMatch(/^ok/);
    expect(await world.contents()).toEqual(before);
  });

  test("stays with --read-only", async () => {
    await killed();
    const left = await world.contents();
    expect((await look(["--read-only"], later(11)))["state lock"]).toMatch(
      /^failed: lock \S+, doctor by me@\S+, since \S+Z, 11 min old/,
    );
    expect(await world.contents()).toEqual(left);
  });

  test("stays as long as a run holds the other lock", async () => {
    await killed();
    const run = { ID: "id-1", Operation: "OperationTypeApply", Who: "ci" };
    await world.putItem(KEY, { Info: JSON.stringify(run) });
    const left = await world.contents();
    expect((await look([], later(11)))["state lock"]).toMatch(/^failed: lock id-1, apply by ci, /);
    expect(await world.contents()).toEqual(left);
  });
});
