import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../../lib/cli/terminal/io";
import { orgReport } from "../../rehearsal/reports";
import { applyStack } from "../../support/applied-stack";
import { prepareAws } from "../../support/fakes/prepared-aws";
import { type LoopbackStore, startLoopbackStore } from "../../support/loopback-store";
import { OutsideWorld } from "../../support/outside-world";
import { fakeProject } from "../../support/project";
import { describeWithTerraform } from "../../support/terraform";
import { type Ran, run } from "../run";
import { backendIn, readJson, stackFileOf } from "../stored-orgs";

jest.setTimeout(120_000);

const DIALER = "orgs/na-prod/dialer/terraform.tfstate";
const CORE = "orgs/na-prod/terraform.tfstate";

describeWithTerraform("destroy", () => {
  const { calls, answers } = prepareAws();
  let store: LoopbackStore;
  let world: OutsideWorld;
  beforeEach(async () => {
    store = await startLoopbackStore();
    world = await OutsideWorld.start("hashicorp/aws", "mypurecloud/genesyscloud");
  });
  afterEach(async () => {
    world.stop();
    await store.stop();
  });

  /** An org with a further stack, `dialer`, as Terraform has made both. */
  async function deployed(
    core: object = {},
    dialer: object = { terraform_data: { campaign: { input: "a" } } },
  ): Promise<string> {
    const stackWith = (key: string, resource: object) => ({
      terraform: {
        backend: { s3: backendIn(store, key) },
        required_providers: {
          aws: { source: "hashicorp/aws" },
          genesyscloud: { source: "mypurecloud/genesyscloud" },
        },
      },
      provider: { aws: [{ region: "us-east-1" }], genesyscloud: [{}] },
      resource,
    });
    const project = fakeProject({
      orgs: [
        orgReport(
          "na-prod",
          { broker: { mount: "genesyscloud/na-prod", entry: "broker", mostClients: 400 } },
          {
            oauthClients: ["crm-sync"],
            brokeredClients: [
              {
                name: "agent-assist",
                consumers: [],
                tokenPath: "genesyscloud/na-prod/token/agent-assist",
              },
            ],
            components: [{ name: "dialer", stack: "org-na-prod-dialer", stateKey: DIALER }],
          },
        ),
      ],
      stackOf: () =>
        stackWith(CORE, {
          genesyscloud_routing_queue: { a: { name: "a" }, b: { name: "b" } },
          ...core,
        }),
      stacks: { "org-na-prod-dialer": stackWith(DIALER, dialer) },
    });
    for (const stack of ["org-na-prod", "org-na-prod-dialer"]) {
      await applyStack(project, stack, world.environment);
    }
    return project;
  }

  const RECONCILER = {
    aws_lambda_function: {
      reconciler: {
        function_name: "genesys-na-prod-reconciler",
        role: "arn:aws:iam::111111111111:role/r",
      },
    },
  };
  const SECRETS = {
    aws_secretsmanager_secret: {
      crm: { name: "/genesys/production/na-prod/crm-sync", recovery_window_in_days: 30 },
      master: { name: "/genesys/production/na-prod/_master", recovery_window_in_days: 0 },
    },
    aws_kms_key: { secrets: { description: "secrets", deletion_window_in_days: 7 } },
  };

  const destroy = (folder: string, options: string[] = [], io: Partial<Io> = {}): Promise<Ran> =>
    run(folder, ["destroy", "na-prod", ...options], world.environment, Date.now, io);
  const typing = (line: string | undefined) => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return line;
    };
    return { asked, ask };
  };
  const objectsIn = async (key: string): Promise<number> =>
    JSON.parse((await store.object(key)) ?? "{}").resources.length;

  test("without --yes shows what would be destroyed and what stays, and changes nothing", async () => {
    const folder = await deployed(SECRETS);
    const { code, stdout } = await destroy(folder);
    expect(code).toBe(0);
    const key = /key (\S+): can be restored for 7 days/.exec(stdout)?.[1];
    expect(stdout).toBe(
      [
        "na-prod: 6 objects to destroy",
        "  org-na-prod-dialer: 1 object",
        "    1 terraform_data: campaign",
        "  org-na-prod: 5 objects",
        "    1 aws_kms_key: secrets",
        "    2 aws_secretsmanager_secret: crm, master",
        "    2 genesyscloud_routing_queue: a, b",
        "stays:",
        `  s3://states/${CORE}, s3://states/${DIALER}: without objects, with all earlier versions`,
        "  state-access-na-prod: the key of the state and its roles",
        "  s3://states/orgs/na-prod/runs/: the records of its runs",
        `  key ${key}: can be restored for 7 days`,
        "  secret /genesys/production/na-prod/crm-sync: can be restored for 30 days",
        "  /genesys/production/na-prod/…: notes of the rotation in Parameter Store, without secrets",
        '  genesyscloud/na-prod in Vault: the engine and its master, with OAuth clients whose tokens have not ended (docs/vault.md, "The secrets engine")',
        "  Vault, below secret at https://vault.example.com: genesys/production/na-prod/deployer, genesys/production/na-prod/planner, genesys/production/na-prod/master, and their OAuth clients",
        "dry run: nothing was changed; add --yes to make the changes",
        "",
      ].join("\n"),
    );
    expect(await objectsIn(CORE)).toBe(5);
    expect(calls).toEqual([]);
  });

  test("with --yes and the typed name destroys exactly the shown plans, components first", async () => {
    const folder = await deployed();
    const operator = typing("na-prod");
    const { code, stdout, stderr } = await destroy(folder, ["--yes"], operator);
    expect(operator.asked).toEqual(["Type the name of the organisation to destroy all of this: "]);
    expect({ code, end: stdout.split("\n").at(-2) }).toEqual({
      code: 0,
      end: "na-prod: destroyed",
    });
    expect([await objectsIn(DIALER), await objectsIn(CORE)]).toEqual([0, 0]);
    expect(stderr).toMatch(/org-na-prod-dialer: destroyed in .*\norg-na-prod: destroyed in/);
    expect(await store.locksOf(CORE)).toEqual([]);
    const report = readJson(join(folder, "cdktf.out/destroy/report.json"));
    const ended = await store.object(`orgs/na-prod/runs/${report.run}.ended.json`);
    expect(JSON.parse(ended ?? "")).toMatchObject({ command: "destroy", outcome: "applied" });
    expect(report).toMatchObject({
      command: "destroy",
      approval: "by hand",
      stacks: [
        { stack: "org-na-prod-dialer", outcome: "applied" },
        { stack: "org-na-prod", outcome: "applied" },
      ],
    });
    const left = readdirSync(join(folder, "cdktf.out/orgs/stacks/org-na-prod")).sort();
    expect(left).toEqual([".terraform", "cdk.tf.json"]);
  });

  test("destroys nothing unless the name is confirmed", async () => {
    const folder = await deployed();
    const refused = async (options: readonly string[], io: Partial<Io>) => {
      const { code, stderr } = await destroy(folder, ["--yes", ...options], io);
      return [code, stderr.trim().split("\n").at(-1)];
    };
    const other =
      'na-prod: nothing was destroyed, since "na-prod2" is not the name of the organisation';
    expect(await refused([], typing("na-prod2"))).toEqual([1, other]);
    expect(await refused([], typing(undefined))).toEqual([1, other.replace("na-prod2", "")]);
    expect(await refused(["--confirm", "na-prod2"], {})).toEqual([1, other]);
    expect(await refused([], {})).toEqual([
      1,
      "na-prod: nothing was destroyed, since nobody can be asked without a terminal: add --confirm na-prod",
    ]);
    expect(await objectsIn(CORE)).toBe(2);
  });

  test("--confirm is for automation; as JSON without values", async () => {
    const folder = await deployed(SECRETS);
    const { code, stdout } = await destroy(folder, ["--yes", "--confirm", "na-prod", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      done: true,
      org: "na-prod",
      stacks: [
        { stack: "org-na-prod-dialer", destroyed: ["terraform_data.campaign"], forgotten: [] },
        { stack: "org-na-prod" },
      ],
    });
    expect(await objectsIn(CORE)).toBe(0);
  });

  test("refuses while OAuth clients are alive, and names the command to run", async () => {
    const folder = await deployed(RECONCILER);
    const clients = [
      { id: "client-1", state: "active" },
      { id: "client-2", state: "inactive", unproven: true },
    ];
    const answer = { body: { credentials: [{ name: "crm-sync", retiring: false, clients }] } };
    for (const options of [[], ["--yes", "--confirm", "na-prod"]]) {
      answers.push(answer);
      const { code, stdout, stderr } = await destroy(folder, options);
      expect(code).toBe(1);
      expect(stdout).toContain("na-prod: 4 objects to destroy\n");
      expect(stderr).toContain(
        "na-prod: 2 OAuth clients are alive, and would stay without rotation: crm-sync (2). Retire them first: `genesys-orgs retire na-prod --yes --wait`; delete client-2 by hand in Genesys Cloud\n",
      );
    }
    expect(calls.map(({ request }) => request)).toEqual(
      Array(2).fill({ retire: [], dryRun: true }),
    );
    expect(await objectsIn(CORE)).toBe(3);
  });

  test("destroys an org whose clients are all deleted", async () => {
    const folder = await deployed(RECONCILER);
    answers.push({ body: { credentials: [{ name: "crm-sync", retiring: true, clients: [] }] } });
    expect((await destroy(folder, ["--yes", "--confirm", "na-prod"])).code).toBe(0);
    expect(await objectsIn(CORE)).toBe(0);
  });

  test("refuses if nobody can tell whether clients are alive", async () => {
    const folder = await deployed(RECONCILER);
    answers.push({
      status: 403,
      headers: { "x-amzn-errortype": "AccessDeniedException" },
      body: {},
    });
    const { code, stderr } = await destroy(folder, ["--yes", "--confirm", "na-prod"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("lambda:InvokeFunction on ")]);
    expect(await objectsIn(CORE)).toBe(3);
  });

  test("says in plain words which objects the code protects", async () => {
    const lifecycle = { prevent_destroy: true };
    const folder = await deployed({
      terraform_data: {
        one: { lifecycle },
        "a-very-long-name-that-terraform-has-to-wrap-somewhere-in-its-message": {
          for_each: '${toset(["some key"])}',
          lifecycle,
        },
      },
    });
    const { code, stdout, stderr } = await destroy(folder, ["--yes", "--confirm", "na-prod"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      `org-na-prod: the code protects terraform_data.a-very-long-name-that-terraform-has-to-wrap-somewhere-in-its-message["some key"], terraform_data.one (prevent_destroy), so nothing is destroyed. Remove preventDestroy from the code; or keep the object, and take it out of the state with \`terraform state rm <address>\` in ${join(folder, "cdktf.out/orgs/stacks/org-na-prod")}\n`,
    );
    expect(await objectsIn(DIALER)).toBe(1);
  });

  test("a failed destroy of a component leaves the org's stack alone", async () => {
    const broken = { provisioner: [{ "local-exec": { when: "destroy", command: "exit 3" } }] };
    const folder = await deployed({}, { terraform_data: { campaign: broken } });
    const { code, stderr } = await destroy(folder, ["--yes", "--confirm", "na-prod"]);
    expect(code).toBe(1);
    const { stacks } = readJson(join(folder, "cdktf.out/destroy/report.json"));
    expect(stacks.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "failed",
      "not started",
    ]);
    expect(stderr).toMatch(
      /org-na-prod-dialer: terraform apply failed:[\s\S]*not started: org-na-prod\n/,
    );
    expect(await objectsIn(CORE)).toBe(2);
  });

  test("a plan that is out of date is not applied", async () => {
    const folder = await deployed();
    const { code, stderr } = await destroy(folder, ["--yes"], {
      ask: async () => {
        const file = stackFileOf(folder, "na-prod");
        const json = readJson(file);
        json.resource.genesyscloud_routing_queue.late = { name: "late" };
        writeFileSync(file, JSON.stringify(json));
        await applyStack(folder, "org-na-prod", world.environment);
        return "na-prod";
      },
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining("Saved plan is stale")]);
    expect(await objectsIn(CORE)).toBe(3);
  });

  test("a retired organisation has no stack to destroy", async () => {
    const org = orgReport("na-prod", {}, { retired: true, status: "retired" });
    const folder = fakeProject({ orgs: [org] });
    const { code, stderr } = await destroy(folder);
    expect(code).toBe(1);
    expect(stderr).toContain("na-prod has no stack: it is retired; to destroy what it had,");
    expect(readFileSync(join(folder, "cdktf.out/orgs/genesys-orgs.json"), "utf8")).toContain(
      "retired",
    );
  });
});
