import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  BootstrapWorld,
  type BootstrapWorldProps,
  objectsIn,
} from "../../../support/bootstrap-world";
import { HOME, keyArn } from "../../../support/sample-org";
import { describeWithTerraform } from "../../../support/terraform";

jest.setTimeout(120_000);

const HOME_STATE = "home/terraform.tfstate";
const kept = (world: BootstrapWorld) =>
  readdirSync(world.folder).filter((name) => name.includes(".moved-"));

describeWithTerraform("state bootstrap", () => {
  let world: BootstrapWorld;
  const start = async (props?: BootstrapWorldProps) => {
    world = await BootstrapWorld.start(props);
  };
  afterEach(() => world.stop());

  test.each([
    "arn:aws:sts::111111111111:assumed-role/administrator/me",
    "arn:aws:sts::222222222222:assumed-role/admin/me",
    "arn:aws:iam::111111111111:user/admin",
    "arn:aws:iam::111111111111:root",
  ])("does nothing as %s, whom the home's policies would lock out", async (caller) => {
    await start({ store: { caller } });
    for (const args of [[], ["--yes"]]) {
      const { code, stderr } = await world.bootstrap(...args);
      expect(code).toBe(1);
      expect(stderr).toContain(
        `you are ${caller}, which is not a state admin of home home (arn:aws:iam::111111111111:role/admin): its policies would lock you out. Log in as a state admin, or correct stateAdmins of home`,
      );
    }
    expect(world.made).toEqual([]);
  });

  test("does nothing as a role with another path than the state admin's", async () => {
    const role = "arn:aws:iam::111111111111:role/team/admin";
    await start({ store: { roles: [role] } });
    const { code, stderr } = await world.bootstrap("--yes");
    expect([code, stderr.split("\n")[1]]).toEqual([
      1,
      `you are ${role}, which is not a state admin of home home (arn:aws:iam::111111111111:role/admin): its policies would lock you out. Log in as a state admin, or correct stateAdmins of home`,
    ]);
    expect(world.made).toEqual([]);
  });

  test("goes from an empty store to an org that is deployed, with its state in the bucket", async () => {
    await start();
    const { code, stdout, stderr } = await world.bootstrap("--yes", "--concurrency", "2");
    expect([code, stderr]).toEqual([0, PROGRESS]);
    const [file = ""] = kept(world);
    expect(stdout).toBe(
      [
        `state-home: applied with local state, key recorded, state moved to s3://${HOME.bucket}/${HOME_STATE}, local file renamed to ${file}`,
        "state-access-one: applied, key recorded",
        "state-access-two: applied, key recorded",
        "orgs that can be deployed in home home: one, two",
        "next: commit orgs/state-homes.json, then run `genesys-orgs deploy one` as the org's writer",
        "",
      ].join("\n"),
    );
    expect(world.recorded).toEqual(["one", "two"]);
    expect(await world.stateAt("access/one/terraform.tfstate")).toBeDefined();
    expect(await world.stateAt("access/two/terraform.tfstate")).toBeDefined();

    expect(await world.terraform("org-one", "init")).toMatchObject({ code: 0 });
    expect(await world.terraform("org-one", "apply", "-auto-approve")).toMatchObject({ code: 0 });
    expect(objectsIn(await world.stateAt("orgs/one/terraform.tfstate"))).toContain(
      "genesyscloud_routing_queue.queue",
    );

    const made = world.made.length;
    const again = await world.bootstrap("--yes");
    expect(again.stdout).toMatch(
      /^state-home: nothing to do\nstate-access-one: applied\nstate-access-two: applied\n/,
    );
    expect([again.code, world.made.length]).toEqual([0, made]);
  });

  test("moves the home's state byte for byte, under the home's key, and keeps the file for its owner alone", async () => {
    await start({ orgs: [] });
    expect(await world.bootstrap("--yes")).toMatchObject({ code: 0 });
    const file = join(world.folder, kept(world)[0] ?? "");
    expect(readFileSync(file, "utf8")).toBe(await world.store.object(HOME_STATE));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(world.localFile)).toBe(false);
    const [write] = world.store.log.filter(
      ([{ method, url }]) => method === "PUT" && url.includes(`/${HOME_STATE}?`),
    );
    const { kmsKeyArn } = JSON.parse(readFileSync(world.recordFile, "utf8")).homes.home;
    expect(write?.[0].headers).toMatchObject({
      "if-none-match": "*",
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": kmsKeyArn,
    });
  });

  test("without --yes says what would be done, and does nothing", async () => {
    await start();
    const before = readdirSync(world.folder);
    const { code, stdout, stderr } = await world.bootstrap();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/state-home .* no state, no key recorded .* apply with local state/);
    expect(stdout).toMatch(/dry run: nothing was changed; add --yes to make the changes\n$/);
    const { steps, ...json } = JSON.parse((await world.bootstrap("--dry-run", "--json")).stdout);
    expect(json).toEqual({ version: 1, home: "home", done: false });
    expect(steps).toHaveLength(3);
    expect(readdirSync(world.folder)).toEqual(before);
    expect(world.made).toEqual([]);
    expect(new Set(world.store.log.map(([{ method }]) => method))).toEqual(new Set(["GET"]));
    expect(await world.bootstrap("--dry-run", "--yes")).toMatchObject({ code: 1 });
  });

  test("records the orgs that worked, names the one that failed, and goes on with it", async () => {
    let denied = true;
    await start({
      onCall: ({ method, config }) => {
        const mine = String(config?.name).startsWith("genesys-two-state");
        if (method === "ApplyResourceChange" && mine && denied)
          throw new Error("denied for a test");
      },
    });
    const { code, stdout, stderr } = await world.bootstrap("--yes", "--json");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /state-access-two: terraform apply failed:\nError: [\s\S]*denied for a test/,
    );
    expect(stderr).toMatch(/\n1 stack failed: fix the cause, then run the same command again\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ deployable: ["one"], done: false });
    expect(world.recorded).toEqual(["one"]);
    denied = false;
    expect(await world.bootstrap("--yes", "--org", "two")).toMatchObject({ code: 0 });
    expect(world.recorded).toEqual(["one", "two"]);
    expect(world.made.filter((type) => type === "aws_kms_key")).toHaveLength(3);
  });

  test("keeps the keys that somebody else records while it applies", async () => {
    await start({
      onCall: ({ method, config }) => {
        const mine = String(config?.name).startsWith("genesys-two-state");
        if (method !== "ApplyResourceChange" || !mine) return;
        const record = JSON.parse(readFileSync(world.recordFile, "utf8"));
        record.homes.home.orgs.one = { kmsKeyArn: keyArn(9) };
        writeFileSync(world.recordFile, JSON.stringify(record));
      },
    });
    expect(await world.bootstrap("--yes", "--org", "two")).toMatchObject({ code: 0 });
    expect(world.recorded).toEqual(["one", "two"]);
  });

  test("that cannot write the record says so, and goes on with what it made", async () => {
    await start({ orgs: [] });
    const obstacle = join(world.folder, "orgs/.state-homes.json.new");
    mkdirSync(obstacle);
    const { code, stderr } = await world.bootstrap("--yes");
    expect([code, stderr.split("\n").at(-2)]).toEqual([
      1,
      `${world.recordFile} cannot be written (ERR_FS_EISDIR): fix this, then run the same command again`,
    ]);
    rmdirSync(obstacle);
    expect(await world.bootstrap("--yes")).toMatchObject({ code: 0 });
    expect(world.made).toHaveLength((await world.managedObjects()).length);
  });

  test("runs where there is no folder for a cache of providers, too", async () => {
    await start({ orgs: [] });
    const env = { HOME: join(world.folder, "app.cjs"), CDKTF_DISABLE_PLUGIN_CACHE_ENV: undefined };
    expect(await world.start(["--yes"], { env }).ended).toMatchObject({ code: 0 });
  });

  test("puts a local file aside whose state is in the bucket already", async () => {
    await start({ orgs: [] });
    await world.bootstrap("--yes");
    const [file = ""] = kept(world);
    renameSync(join(world.folder, file), world.localFile);
    const { code, stdout } = await world.bootstrap("--yes");
    expect([code, stdout.split("\n")[0]]).toEqual([0, `state-home: local file renamed to ${file}`]);
  });

  test("records the key of a home that others have created", async () => {
    await start({ orgs: [] });
    await world.bootstrap("--yes");
    const record = readFileSync(world.recordFile, "utf8");
    rmSync(world.recordFile);
    const made = world.made.length;
    const { code, stdout } = await world.bootstrap("--yes");
    expect([code, stdout.split("\n")[0]]).toEqual([0, "state-home: key recorded"]);
    expect(readFileSync(world.recordFile, "utf8")).toBe(record);
    expect(world.made).toHaveLength(made);
  });

  test("refuses two states of a home, and a home whose state is nowhere; touching neither", async () => {
    await start({ orgs: [] });
    await world.bootstrap("--yes");
    const state = await world.store.object(HOME_STATE);
    const other = JSON.stringify({ ...JSON.parse(state ?? ""), lineage: "other", serial: 3 });
    writeFileSync(world.localFile, other);
    const { code, stdout, stderr } = await world.bootstrap("--yes");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("state-home has two different states, and neither was changed");
    expect(stderr).toContain("lineage other, serial 3, 17 resources");
    expect(readFileSync(world.localFile, "utf8")).toBe(other);
    expect(await world.store.object(HOME_STATE)).toBe(state);

    writeFileSync(world.localFile, other.slice(0, 500));
    expect((await world.bootstrap("--yes")).stderr).toContain(
      "is not a Terraform state: it is not a JSON document, or was truncated",
    );
    rmSync(world.localFile);
    await world.store.removeObject(HOME_STATE);
    expect((await world.bootstrap("--yes")).stderr).toContain(
      "home home is recorded, but its state was not found in s3://state-bucket/home/terraform.tfstate or in ",
    );
    expect(await world.store.object(HOME_STATE)).toBeUndefined();
  });

  test("refuses orgs that it does not know, and a home whose state could not be saved", async () => {
    await start();
    const { code, stderr } = await world.bootstrap("--yes", "--org", "tow");
    expect([code, stderr]).toEqual([
      1,
      "synthesizing\nunknown organisation: tow (did you mean two?); `genesys-orgs list` shows all\n",
    ]);
    const folder = join(world.folder, "cdktf.out/stacks/state-home");
    writeFileSync(join(folder, "errored.tfstate"), "{}");
    const unsaved = await world.bootstrap("--yes");
    expect(unsaved.stderr).toMatch(
      /an earlier apply could not save its state, and left it in \S+errored\.tfstate: run/,
    );
    expect(world.made).toEqual([]);
  });

  test("that is interrupted lets Terraform finish what it creates, and goes on from there", async () => {
    let interrupt = () => {};
    await start({
      orgs: [],
      delay: (method) => (method === "ApplyResourceChange" ? 100 : 0),
      onCall: ({ method, type }) => {
        if (method === "ApplyResourceChange" && type === "aws_kms_alias") interrupt();
      },
    });
    const { child, ended } = world.start();
    interrupt = () => child.kill("SIGINT");
    const { code, stderr } = await ended;
    interrupt = () => {};
    expect(code).toBe(130);
    expect(stderr).toContain("stopped: run the same command again to continue\n");
    expect(objectsIn(await world.localState())).toHaveLength(world.made.length);
    expect(await world.bootstrap("--yes")).toMatchObject({ code: 0 });
    expect(world.made).toHaveLength((await world.managedObjects()).length);
  });

  test("that is killed leaves Terraform at work, and the next one waits for it", async () => {
    let kill = () => {};
    await start({
      orgs: [],
      delay: (method) => (method === "ApplyResourceChange" ? 100 : 0),
      onCall: ({ method, type }) => {
        if (method === "ApplyResourceChange" && type === "aws_kms_alias") kill();
      },
    });
    const { child, ended } = world.start();
    kill = () => child.kill("SIGKILL");
    await ended;
    kill = () => {};
    expect(await world.bootstrap("--yes")).toMatchObject({ code: 0 });
    expect(world.made).toHaveLength((await world.managedObjects()).length);
  });
});

const PROGRESS = `synthesizing
state-home: init
state-home: apply
synthesizing
state-home: init
state-home: moving its state into the bucket
state-home: plan
state-access-one: init
state-access-two: init
state-access-one: apply
state-access-two: apply
synthesizing
`;
