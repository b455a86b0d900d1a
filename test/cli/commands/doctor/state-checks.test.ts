import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { orgReport } from "../../../rehearsal/reports";
import { temporaryFolder } from "../../../support/folders";
import { HOME, keyArn } from "../../../support/sample-org";
import {
  type DoctorWorld,
  type Fault,
  KEY,
  linesOf,
  refusal,
  startDoctorWorld,
  type WorldProps,
  WRITER,
} from "./doctor-world";

const LINEAGE = "0d9c1b57-5a0e-4f3b-9d55-1c2b3a4d5e6f";
const OWN = orgReport("na-prod").organizationId;

/** A state as Terraform writes it, with the organisation that the guard has read. */
function stateOf(
  patch: { serial?: number; lineage?: string; org?: string; queues?: string[] } = {},
) {
  const { serial = 4, lineage = LINEAGE, org = OWN, queues = ["sales", "service"] } = patch;
  const provider = 'provider["registry.terraform.io/mypurecloud/genesyscloud"]';
  const resource = (mode: string, type: string, name: string, id: string) => ({
    mode,
    type,
    name,
    provider,
    instances: [{ attributes: { id } }],
  });
  const resources = [
    resource("data", "genesyscloud_organizations_me", "guard", org),
    ...queues.map((name) => resource("managed", "genesyscloud_routing_queue", name, `id-${name}`)),
  ];
  return JSON.stringify({ version: 4, serial, lineage, outputs: {}, resources });
}

const STATE = stateOf();
const TABLE = "genesys-state-lock.home";
const MINUTE = 60_000;

let world: DoctorWorld;
afterEach(() => world?.stop());
const begin = async (props: WorldProps = {}, state: string | undefined = STATE) => {
  world = await startDoctorWorld(props);
  if (state !== undefined) await world.putObject(KEY, state);
};
const look = async (...args: string[]) => {
  const ran = await world.doctor(["--only", "state", ...args]);
  return { ...linesOf(ran), code: ran.code };
};

test("a state that does not exist yet is not a failure", async () => {
  await begin({}, "");
  world.faults.s3 = ({ method, url }) =>
    method === "GET" && url.startsWith(`/${HOME.bucket}/${KEY}?`)
      ? refusal(404, "NoSuchKey", "not there")
      : undefined;
  expect(await look()).toMatchObject({
    code: 0,
    "state object": `ok: s3://state-bucket/${KEY} does not exist yet: nothing was applied`,
    "state key": "not checked: there is no state yet",
  });
});

test("a bucket that does not exist, and the checks that depend on it", async () => {
  await begin({ backend: { bucket: "no-such-bucket" }, home: { bucket: "no-such-bucket" } });
  const why = "not checked: the bucket could not be listed";
  expect(await look()).toEqual({
    code: 1,
    "state bucket":
      "failed: the bucket no-such-bucket does not exist; fix: run `cdktf deploy state-home`, or correct the bucket of home home",
    "state place": why,
    "state object": why,
    "state key": why,
    "state content": why,
    "state lock": why,
    "state probe": why,
    "state digest": why,
    "state clock": expect.stringMatching(/^ok/),
  });
});

test("a bucket that may not be listed is told apart from one that does not exist", async () => {
  await begin();
  world.faults.s3 = ({ url }) =>
    url.includes("list-type=2") ? refusal(403, "AccessDenied", "Access Denied") : undefined;
  expect(await look()).toMatchObject({
    code: 1,
    "state bucket": `failed: AWS refuses ${WRITER}: listing s3://state-bucket/orgs/na-prod/: AccessDenied: Access Denied; fix: use the credentials of a role of na-prod, for example genesys-na-prod-state-writer; if its roles were changed, run \`cdktf deploy state-access-na-prod\``,
  });
});

test("a bucket of another region", async () => {
  await begin();
  world.faults.s3 = () => refusal(400, "AuthorizationHeaderMalformed", "expecting 'eu-west-1'");
  expect(await look()).toMatchObject({
    "state bucket":
      "failed: the bucket state-bucket is not in us-east-1; fix: correct the region of home home",
  });
});

test("a state that another key encrypts", async () => {
  await begin();
  await world.putObject(KEY, STATE, keyArn(7));
  expect(await look()).toMatchObject({
    code: 1,
    "state key": `failed: s3://state-bucket/${KEY} is encrypted with ${keyArn(7)}, and not with the org's own key ${keyArn(1)}; fix: apply the stack, or copy the object over itself with that key (docs/state.md)`,
  });
});

test("a state that was cut off; none of it is shown", async () => {
  await begin({}, '{"version": 4, "test-secret');
  expect(await look()).toMatchObject({
    code: 1,
    "state object": `failed: s3://state-bucket/${KEY} is not valid JSON: it was truncated, or not written by Terraform; fix: restore the previous version (docs/state.md)`,
  });
});

test("KMS refuses a role of another account: why, and where to allow it", async () => {
  const arn = "arn:aws:sts::222222222222:assumed-role/ci/run";
  await begin({ backend: { allowed_account_ids: [HOME.account, "222222222222"] } });
  Object.assign(world.caller, { arn, account: "222222222222" });
  const message = `User: ${arn} is not authorized to perform: kms:Decrypt on the resource`;
  world.faults.s3 = ({ method, url }) =>
    method === "GET" && url.startsWith(`/${HOME.bucket}/${KEY}?`)
      ? refusal(403, "AccessDenied", message)
      : undefined;
  expect(await look()).toMatchObject({
    code: 1,
    "state object": `failed: KMS does not let ${arn} use the key ${keyArn(1)} of account 111111111111 (a role of another account needs permission from the key's policy and from its own): reading s3://state-bucket/${KEY}: AccessDenied: ${message}; fix: add the role to state.crossAccountRoles of na-prod, run \`cdktf deploy state-access-na-prod\`, and let the role use the key in its own account`,
    "state key": "not checked: the state could not be read",
  });
});

test("a key that is disabled", async () => {
  await begin();
  world.faults.s3 = ({ method }) =>
    method === "PUT" ? refusal(400, "KMS.DisabledException", "is disabled") : undefined;
  expect(await look()).toMatchObject({
    code: 1,
    "state probe": `failed: the key ${keyArn(1)} is disabled, scheduled for deletion, or does not exist: writing s3://state-bucket/${KEY}.tflock: KMS.DisabledException: is disabled; fix: enable the key, or cancel its deletion: without it the state and all its versions are lost`,
  });
  expect(await world.locks()).toEqual([]);
});

test("a lock that somebody holds, with its id; it is not touched", async () => {
  await begin();
  const created = new Date(Date.now() - 42 * MINUTE - 1000).toISOString();
  const lock = { ID: "id-1", Operation: "OperationTypeApply", Who: "runner@ci", Created: created };
  await world.putObject(`${KEY}.tflock`, JSON.stringify(lock));
  const before = await world.contents();
  expect(await look()).toMatchObject({
    code: 1,
    "state lock": `failed: lock id-1, apply by runner@ci, since ${created.replace(/\.\d+Z$/, "Z")}, 42 min old; fix: wait for the run; if it is dead, run \`genesys-orgs unlock na-prod id-1\``,
    "state probe": "not checked: the lock may be held",
  });
  expect(await world.contents()).toEqual(before);
});

test("a lock of which only the table knows", async () => {
  await begin();
  const lock = { ID: "id-2", Operation: "OperationTypePlan", Who: "me@here" };
  await world.putItem(KEY, { Info: JSON.stringify(lock) });
  expect(await look()).toMatchObject({
    "state lock":
      "failed: lock id-2, plan by me@here, since an unknown time; fix: wait for the run; if it is dead, run `genesys-orgs unlock na-prod id-2`",
  });
  expect((await world.locks()).map(({ info }) => info.ID)).toEqual(["id-2"]);
});

test("a lock that cannot be read has no id to unlock it by", async () => {
  await begin();
  await world.putObject(`${KEY}.tflock`, "cut o");
  expect(await look()).toMatchObject({
    "state lock":
      'failed: an unreadable lock, unknown operation by unknown, since an unknown time; fix: wait for the run; if it is dead, remove the lock by hand: docs/state.md, "Stale locks, broken digests, truncated states"',
  });
});

describe("a lock table", () => {
  test("that does not exist", async () => {
    await begin({ backend: { dynamodb_table: "genesys-state-lock-na-prod" } });
    const line =
      "failed: the lock table genesys-state-lock-na-prod does not exist; fix: run `cdktf deploy state-access-na-prod`";
    expect(await look()).toMatchObject({ code: 1, "state digest": line, "state lock": line });
  });

  test("that the home shares is created by the home's stack", async () => {
    await begin();
    world.faults.dynamodb = () => ({
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: Buffer.from('{"__type":"x#ResourceNotFoundException","message":"not found"}'),
    });
    expect(await look()).toMatchObject({
      "state digest": `failed: the lock table ${TABLE} does not exist; fix: run \`cdktf deploy state-home\``,
    });
  });

  test("whose digest is the state's", async () => {
    await begin();
    await world.putItem(`${KEY}-md5`, { Digest: createHash("md5").update(STATE).digest("hex") });
    expect(await look()).toMatchObject({
      code: 0,
      "state digest": `ok: ${TABLE} has the MD5 of the state`,
    });
  });

  test("whose digest is another state's", async () => {
    await begin();
    await world.putItem(`${KEY}-md5`, { Digest: "0123" });
    const md5 = createHash("md5").update(STATE).digest("hex");
    expect(await look()).toMatchObject({
      code: 1,
      "state digest": `failed: ${TABLE} has the digest 0123, but the MD5 of the state is ${md5}: a run without the table wrote the state, or an earlier version was restored; fix: if the state is the right one, run \`genesys-orgs state digest na-prod --fix\``,
    });
  });
});

test.each([
  ["reader", ["lock", "probe"], "the reader may not lock"],
  ["unlocker", ["object", "key"], "the unlocker may not read states"],
] as const)("as the %s, what that role may not do is not tried", async (role, checks, why) => {
  await begin();
  world.caller.arn = `arn:aws:sts::111111111111:assumed-role/genesys-na-prod-state-${role}/me`;
  const before = world.log.length;
  const lines = await look();
  for (const check of checks) {
    expect(lines[`state ${check}` as keyof typeof lines]).toBe(`not checked: ${why}`);
  }
  expect(lines.code).toBe(0);
  const methods = world.log.slice(before).map(([{ method }]) => method);
  expect(methods.filter((method) => method === "PUT" || method === "DELETE")).toEqual([]);
});

test("an S3-compatible store is not asked for an account, and may not say what encrypts", async () => {
  await begin({ home: { status: "external" }, backend: { allowed_account_ids: undefined } });
  await world.putObject(KEY, STATE, "");
  const lines = linesOf(await world.doctor(["--only", "aws,state"]));
  expect(lines).toMatchObject({
    "aws identity": "not checked: home home is S3-compatible storage, without an AWS account",
    "state key": "not checked: the store does not report the encryption key",
    "state probe": `ok: taken, read and released: lock file, item in ${TABLE}`,
  });
});

describe("a store without KMS", () => {
  const begun = (encryption: "sse-s3" | "none") =>
    begin(
      {
        home: { status: "external" },
        org: { encryption, kmsKeyArn: undefined },
        backend: { kms_key_id: undefined, encrypt: encryption !== "none" },
      },
      "",
    );
  /** Refuses as MinIO does without a KMS. */
  const withoutEncryption: Fault = ({ method, headers }) =>
    method === "PUT" && headers["x-amz-server-side-encryption"] !== undefined
      ? refusal(501, "NotImplemented", "Server side encryption specified but KMS is not configured")
      : undefined;

  test("is asked for its own encryption, and the probe as Terraform would", async () => {
    await begun("sse-s3");
    await world.putEncrypted(KEY, STATE, { "x-amz-server-side-encryption": "AES256" });
    const lines = await look();
    expect(lines).toMatchObject({
      "state key": "ok: encrypted with the store's own key",
      "state probe": `ok: taken, read and released: lock file, item in ${TABLE}`,
    });
    expect(lines["state place" as keyof typeof lines]).toMatch(/^ok: /);
    const sent = world.log.filter(([{ method, url }]) => method === "PUT" && /tflock/.test(url));
    const asked = sent.map(([{ headers }]) => headers["x-amz-server-side-encryption"]);
    expect(new Set(asked)).toEqual(new Set(["AES256"]));
  });

  test("that refuses any encryption fails the probe, unless its entry says none", async () => {
    await begun("sse-s3");
    world.faults.s3 = withoutEncryption;
    const { code, ...lines } = await look();
    expect(code).toBe(1);
    expect(lines["state probe" as keyof typeof lines]).toMatch(/^failed: .*KMS is not configured/);
    await world.stop();

    await begun("none");
    world.faults.s3 = withoutEncryption;
    await world.putEncrypted(KEY, STATE, {});
    expect(await look()).toMatchObject({
      code: 0,
      "state key": "not checked: storage.encryption of home home is none",
      "state probe": `ok: taken, read and released: lock file, item in ${TABLE}`,
    });
  });

  test("whose stack still has a key, or no encryption, is not the registry's place", async () => {
    await begin({
      home: { status: "external" },
      org: { encryption: "sse-s3", kmsKeyArn: undefined },
      backend: { kms_key_id: keyArn(1), encrypt: false },
    });
    const lines = await look();
    expect(lines["state place" as keyof typeof lines]).toContain(
      `encrypt is false, and not true; kms_key_id is ${keyArn(1)}, and not undefined`,
    );
  });
});

test("a missing answer ends the check, not the command", async () => {
  await begin();
  world.faults.s3 = ({ url }) => (url.includes("list-type=2") ? new Promise(() => {}) : undefined);
  expect(await look("--time-limit", "1")).toMatchObject({
    code: 1,
    "state bucket": "failed: no answer within 1 s",
  });
});

test("an AWS that does not answer about the identity does not delay the checks of the state", async () => {
  await begin();
  world.faults.sts = () => new Promise(() => {});
  const lines = linesOf(await world.doctor(["--only", "aws,state", "--time-limit", "1"]));
  expect(lines).toMatchObject({
    "aws identity": "failed: no answer within 1 s",
    "state probe": `ok: taken, read and released: lock file, item in ${TABLE}`,
  });
});

describe("the place of the state", () => {
  test.each([
    [
      { key: "orgs/eu-prod/terraform.tfstate" },
      /key is orgs\/eu-prod\/terraform.tfstate, and not orgs\/na-prod/,
    ],
    [{ dynamodb_table: undefined }, /dynamodb_table is undefined, and not genesys-state-lock.home/],
  ])("is not the registry's with %j", async (backend, message) => {
    await begin({ backend, org: { lockTable: TABLE } });
    const { code, ...lines } = await look("--read-only");
    const place = (lines as Record<string, string>)["state place"];
    expect(place).toMatch(message);
    expect(place).toMatch(/^failed: the backend of org-na-prod is not the registry's: /);
    expect(code).toBe(1);
  });
});

describe("the content of the state", () => {
  const content = async (...args: string[]) => {
    const { code, ...lines } = await look("--read-only", ...args);
    return { code, line: (lines as Record<string, string>)["state content"] };
  };

  test("of the organisation is well, and so is one that has read no organisation yet", async () => {
    await begin();
    expect(await content()).toEqual({ code: 0, line: `ok: of organisation ${OWN}, serial 4` });
    await world.putObject(KEY, stateOf({ org: OWN.toUpperCase() }));
    expect((await content()).code).toBe(0);
    const empty = { version: 4, serial: 1, lineage: LINEAGE, outputs: {}, resources: [] };
    await world.putObject(KEY, JSON.stringify(empty));
    expect((await content()).line).toBe("ok: of no organisation yet, serial 1");
  });

  test("of another organisation under this one's key is a failure", async () => {
    await begin();
    const other = "22222222-2222-4222-8222-222222222222";
    await world.putObject(KEY, stateOf({ org: other }));
    expect(await content()).toEqual({
      code: 1,
      line: `failed: s3://state-bucket/${KEY} is the state of organisation ${other}, but na-prod is ${OWN}: another organisation's state is in its place; fix: apply nothing; restore the last good version of the object (docs/state.md)`,
    });
  });

  describe("compared with that of the last run", () => {
    let file: string;
    const started = async (queues?: string[]) => {
      file = join(temporaryFolder(), "history.json");
      await begin({
        stack: { resource: { genesyscloud_routing_queue: { sales: {}, service: {} } } },
      });
      await world.putObject(KEY, stateOf({ queues }));
      const { stdout } = await world.doctor(["--only", "state", "--history", file]);
      expect(stdout).toContain("serial 4 is the first one");
    };
    const now = async (patch: Parameters<typeof stateOf>[0]) => {
      await world.putObject(KEY, stateOf(patch));
      return content("--history", file);
    };

    test("may have a higher serial, and less of what has left the stack", async () => {
      await started(["sales", "service", "gone"]);
      expect(await now({ serial: 9 })).toEqual({
        code: 0,
        line: `ok: of organisation ${OWN}, serial 9 follows serial 4 of the same lineage`,
      });
    });

    test.each([
      [{ lineage: "other-lineage" }, `has lineage other-lineage, but the last one had ${LINEAGE}`],
      [{ serial: 3 }, "has serial 3, but the last one had 4: an earlier version is in its place"],
      [
        { serial: 5, queues: ["sales"] },
        "no longer has genesyscloud_routing_queue.service, which the stack still has",
      ],
    ])("is a failure with %j", async (patch, message) => {
      await started();
      const { code, line } = await now(patch);
      expect(line).toContain(`failed: the state ${message}`);
      expect(code).toBe(1);
    });

    test("is a failure when it no longer exists", async () => {
      await started();
      world.faults.s3 = ({ method, url }) =>
        method === "GET" && url.startsWith(`/${HOME.bucket}/${KEY}?`)
          ? refusal(404, "NoSuchKey", "not there")
          : undefined;
      expect((await content("--history", file)).line).toContain(
        `failed: the state does not exist, but the last one had lineage ${LINEAGE} and serial 4`,
      );
    });

    test("stays as it was after a failure, and with --read-only", async () => {
      await started();
      const before = readFileSync(file, "utf8");
      await now({ serial: 9 });
      await world.putObject(KEY, stateOf({ serial: 3 }));
      await look("--history", file);
      expect(readFileSync(file, "utf8")).toBe(before);
    });

    test("is refused with a file that is something else", async () => {
      await started();
      const { code, stderr } = await world.doctor(["--history", join(world.project, "cdktf.json")]);
      expect(code).toBe(1);
      expect(stderr).toContain("cdktf.json is not a history that doctor wrote: name another file");
    });
  });
});

describe("the posture of the bucket", () => {
  const statement = (patch: object = {}) => ({
    Sid: "DenyOtherFolders",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    NotResource: ["b", "b/orgs/$${aws:PrincipalTag/genesys-org, 'no.tag'}/*"],
    ...patch,
  });
  const text = (...statements: object[]) => JSON.stringify({ Statement: statements });
  const posture = async (change: Record<string, string> = {}) => {
    const policy = text(statement());
    const homeStack = { resource: { aws_s3_bucket_policy: { states: { policy } } } };
    await begin({ homeStack });
    world.posture.policy = policy.replaceAll("$${", "${");
    Object.assign(world.posture, change);
    const { code, ...lines } = await look("--read-only");
    return { code, line: (lines as Record<string, string>)["state posture"] };
  };

  test("is that of the home's stack, in any form that AWS stores", async () => {
    const stored = text(statement({ Action: "s3:*", Principal: { AWS: "*" } }));
    expect(await posture({ policy: stored.replaceAll("$${", "${") })).toEqual({
      code: 0,
      line: "ok: s3://state-bucket is configured as its stack",
    });
  });

  test.each<[string, Record<string, string>, string]>([
    [
      "suspended versioning",
      {
        versioning: "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
      },
      "versioning is Suspended, so a state that is overwritten is lost",
    ],
    [
      "another default encryption",
      {
        encryption:
          "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
      },
      `the default encryption is without a KMS key, and not ${keyArn(0)}`,
    ],
    [
      "old versions that are soon deleted",
      {
        lifecycle:
          "<LifecycleConfiguration><Rule><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>",
      },
      "old versions are deleted after 1 day",
    ],
    ["a policy without a wall", { policy: text() }, "its policy has no statement DenyOtherFolders"],
    [
      "a policy that was opened",
      {
        policy: text(statement(), { Sid: "Open", Effect: "Allow", Principal: "*" }).replaceAll(
          "$${",
          "${",
        ),
      },
      "its policy has the further statement Open",
    ],
    [
      "a wall with a gap",
      { policy: text(statement({ Action: ["s3:PutObject"] })).replaceAll("$${", "${") },
      "its policy has another statement DenyOtherFolders",
    ],
  ])("with %s is a failure", async (_what, change, message) => {
    const { code, line } = await posture(change);
    expect(line).toContain(
      `failed: s3://state-bucket is not configured as its stack: ${message}; fix: `,
    );
    expect(code).toBe(1);
  });

  test("is not checked by credentials that may not read it", async () => {
    await begin();
    world.faults.s3 = ({ url }) =>
      url.includes("?versioning") ? refusal(403, "AccessDenied", "Access Denied") : undefined;
    const { code, ...lines } = await look("--read-only");
    expect((lines as Record<string, string>)["state posture"]).toMatch(
      /^not checked: these credentials/,
    );
    expect(code).toBe(0);
  });
});
