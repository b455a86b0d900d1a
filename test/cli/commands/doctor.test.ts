import { keyArn } from "../../support/sample-org";
import {
  type DoctorWorld,
  KEY,
  linesOf,
  startDoctorWorld,
  type WorldProps,
  WRITER,
} from "./doctor/doctor-world";

let world: DoctorWorld;
afterEach(() => world?.stop());
const begin = async (props: WorldProps = {}) => {
  world = await startDoctorWorld(props);
  const state = { version: 4, serial: 1, lineage: "1b2c", outputs: {}, resources: [] };
  await world.putObject(KEY, JSON.stringify(state));
};

test("where all is well every check says so, and nothing was changed", async () => {
  await begin({ vault: { readsMetadata: true, audit: ["file"] } });
  const before = await world.contents();
  const ran = await world.doctor();
  const { deployer, planner, master } = world.clients;
  const token = (client: { readonly id: string }) =>
    `ok: client ${client.id} gets a token of ${world.org.organizationId}`;
  const entry = (credential: string) =>
    `ok: version 1 of secret/genesys/production/na-prod/${credential}`;
  expect(linesOf(ran)).toEqual({
    "aws identity": `ok: ${WRITER}`,
    "state bucket": "ok: s3://state-bucket/orgs/na-prod/ can be listed",
    "state place": `ok: s3://state-bucket/${KEY}, as in the registry`,
    "state object": `ok: s3://state-bucket/${KEY} can be read`,
    "state content": "ok: of no organisation yet, serial 1",
    "state key": `ok: encrypted with ${keyArn(1)}`,
    "state digest": "ok: genesys-state-lock.home has no digest, so Terraform compares nothing",
    "state lock": "ok: not held",
    "state probe": "ok: taken, read and released: lock file, item in genesys-state-lock.home",
    "state posture":
      "ok: s3://state-bucket is configured as its stack; its policy was not compared, since only some orgs were named",
    "state clock": "ok: within 60 s of the clock of AWS",
    "vault settings": "ok: the newest 10 versions are kept",
    "vault token": "ok: valid for 3600 s",
    "vault audit": "ok: audit devices: file/",
    "vault child token": "ok: may use auth/token/create",
    "vault deployer": entry("deployer"),
    "vault planner": entry("planner"),
    "vault master": entry("master"),
    "vault clock": "ok: within 60 s of the clock of Vault",
    "genesys deployer": token(deployer),
    "genesys planner": token(planner),
    "genesys master": token(master),
    "genesys clients": "ok: 5 of at most 500",
    "genesys master grants": "ok: the master has every role that it grants",
    "genesys planner roles": "ok: the planner does not have all roles of the deployer",
    "genesys clock": "ok: within 60 s of the clock of Genesys Cloud",
  });
  expect([ran.code, ran.stdout.split("\n").at(-2)]).toEqual([0, "26 ok, 0 failed, 0 not checked"]);
  expect(await world.contents()).toEqual(before);
  expect(world.genesys.calls.filter((call) => !/^GET|oauth\/token$/.test(call))).toEqual([]);
  expect(world.vault.calls.filter((call) => !/^GET|capabilities-self/.test(call))).toEqual([]);
});

test("--json prints one document", async () => {
  await begin();
  world.vault.delete(world.org.vault.planner);
  const { code, stdout } = await world.doctor(["na-prod", "--json", "--only", "vault"]);
  expect(code).toBe(1);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ version: 1, orgs: [{ name: "na-prod" }] });
  expect(document.orgs[0].checks).toContainEqual({
    group: "vault",
    check: "planner",
    status: "failed",
    detail: `the Vault entry secret/${world.org.vault.planner} does not exist, or its newest version was deleted`,
    fix: "write client_id, client_secret and org_id to it (docs/rotation.md), or undelete the version",
  });
});

test.each([
  [125, "ahead of"],
  [-125, "behind"],
])("a clock that is %i s off is a failure, whichever server shows it", async (seconds, how) => {
  await begin();
  const ran = await world.doctor([], () => Date.now() + seconds * 1000);
  const lines = linesOf(ran);
  for (const [check, whose] of [
    ["state clock", "AWS"],
    ["vault clock", "Vault"],
    ["genesys clock", "Genesys Cloud"],
  ] as const) {
    expect(lines[check]).toMatch(
      new RegExp(
        `^failed: the clock of this machine is 12[3-6] s ${how} that of ${whose}: signatures may be refused, and clients may retire too early or too late; fix: synchronize the clock \\(NTP\\)$`,
      ),
    );
  }
  expect(ran.code).toBe(1);
});

test.each([
  [
    "no recorded key",
    {},
    "na-prod has no stack: the record has no KMS key for it. Run `cdktf deploy state-access-na-prod`, then `genesys-orgs state record home`",
  ],
  ["no stack", {}, "na-prod has no stack: the app creates none"],
  ["retired", { retired: true }, "na-prod has no stack: it is retired"],
] as const)("an organisation with %s", async (status, patch, why) => {
  await begin({ org: { status, lockTable: undefined, ...patch } });
  const lines = linesOf(await world.doctor(["--only", "state"]));
  expect(lines).toEqual({ "state backend": `not checked: ${why}` });
});

test("a mistake is said in one line, before anything is looked at", async () => {
  await begin();
  expect(await world.doctor(["na-pord"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("unknown organisation: na-pord (did you mean na-prod?)"),
  });
  expect(await world.doctor(["--only", "state,clocks"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      "Unknown: clocks. It must be some of aws,state,vault,secrets,genesys.",
    ),
  });
  expect(world.log.some(([{ url }]) => url.includes("tflock"))).toBe(false);
});
