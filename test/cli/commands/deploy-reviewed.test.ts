import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orgReport } from "../../rehearsal/reports";
import {
  type LoopbackStore,
  startLoopbackStore,
  useLoopbackCredentials,
} from "../../support/loopback-store";
import { OutsideWorld } from "../../support/outside-world";
import { fakeProject } from "../../support/project";
import { describeWithTerraform } from "../../support/terraform";
import { run } from "../run";
import { backendIn, readJson, stackFileOf } from "../stored-orgs";

jest.setTimeout(120_000);

const QUEUE = "genesyscloud_routing_queue";

describeWithTerraform("a reviewed change", () => {
  useLoopbackCredentials();
  let store: LoopbackStore;
  let world: OutsideWorld;
  let project: string;
  beforeEach(async () => {
    store = await startLoopbackStore();
    world = await OutsideWorld.start("mypurecloud/genesyscloud");
    project = fakeProject({
      orgs: ["na-prod", "eu-prod"].map((name) => orgReport(name)),
      stackOf: ({ name, stateKey }) => stackOf(name, stateKey, "first"),
    });
    expect((await genesys("deploy", "--yes")).code).toBe(0);
    describeQueues("second");
    expect((await genesys("plan", "--out", "reviewed")).code).toBe(0);
  });
  afterEach(async () => {
    world.stop();
    await store.stop();
  });

  const stackOf = (name: string, stateKey: string, description: string) => ({
    terraform: {
      backend: { s3: backendIn(store, stateKey) },
      required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud" } },
    },
    provider: { genesyscloud: [{}] },
    resource: { [QUEUE]: { support: { name: `${name}-support`, description } } },
  });
  const genesys = (...args: string[]) => run(project, args, world.environment);
  const change = (name: string, edit: (stack: ReturnType<typeof stackOf>) => void) => {
    const file = stackFileOf(project, name);
    const json = readJson(file);
    edit(json);
    writeFileSync(file, JSON.stringify(json));
  };
  const describeQueues = (description: string) => {
    for (const name of ["na-prod", "eu-prod"]) {
      change(name, ({ resource }) => {
        Object.assign(resource[QUEUE].support, { description });
      });
    }
  };
  const editReview = (name: string, edit: (text: string) => string) => {
    const file = join(project, "reviewed", `org-${name}.json`);
    writeFileSync(file, edit(readFileSync(file, "utf8")));
  };

  test("that still holds is applied", async () => {
    const { code } = await genesys("deploy", "--reviewed", "reviewed");
    expect(code).toBe(0);
    expect(await store.object("orgs/na-prod/terraform.tfstate")).toContain("second");
  });

  test.each<[string, () => Promise<void> | void, string]>([
    [
      "the state has changed",
      async () => {
        change("na-prod", ({ resource }) => {
          Object.assign(resource[QUEUE].support, { description: "third" });
        });
        expect((await genesys("deploy", "na-prod", "--yes")).code).toBe(0);
        describeQueues("second");
      },
      `${QUEUE}.support: other values than reviewed: description`,
    ],
    [
      "the configuration has changed",
      () =>
        change("na-prod", ({ resource }) => {
          Object.assign(resource[QUEUE], { more: { name: "more" } });
        }),
      `${QUEUE}.more: create was not reviewed`,
    ],
    [
      "the registry has moved the state",
      () =>
        change("na-prod", ({ terraform }) => {
          terraform.backend.s3 = backendIn(store, "orgs/na-prod/other/terraform.tfstate");
        }),
      `${QUEUE}.support: reviewed update, now create`,
    ],
    [
      "the object was changed outside",
      () =>
        world.change(QUEUE, "na-prod-support", (queue) => ({ ...queue, description: "by hand" })),
      `${QUEUE}.support: other values than reviewed: description`,
    ],
    [
      "the object was deleted outside",
      () => world.change(QUEUE, "na-prod-support", () => null),
      `${QUEUE}.support: reviewed update, now create`,
    ],
    [
      "a provider has another version",
      () =>
        editReview("na-prod", (text) =>
          text.replace('"providers": {}', '"providers": {"a": "1.0.0"}'),
        ),
      "provider a: reviewed with 1.0.0, now none",
    ],
    [
      "the review is that of another organisation, under this one's name",
      () => {
        cpSync(
          join(project, "reviewed/org-eu-prod.json"),
          join(project, "reviewed/org-na-prod.json"),
        );
        editReview("na-prod", (text) =>
          text.replace('"stack": "org-eu-prod"', '"stack": "org-na-prod"'),
        );
      },
      "the review is of the organisation eu-prod",
    ],
  ])("is refused if %s", async (_, happens, difference) => {
    await happens();
    const before = await store.object("orgs/na-prod/terraform.tfstate");
    const { code, stdout } = await genesys("deploy", "--reviewed", "reviewed");
    expect(code).toBe(3);
    expect(stdout).toContain("2 stacks: 1 applied, 1 refused");
    expect(stdout).toContain(difference);
    expect(await store.object("orgs/na-prod/terraform.tfstate")).toBe(before);
    expect(await store.object("orgs/eu-prod/terraform.tfstate")).toContain("second");
  });
});
