import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { OrgStack, OrgsApp, Policies, type RegistryReport, SecureStateBackend } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry, registryOf, sampleOrg, testApp } from "../support/sample-org";

const REGISTRY = registryOf(
  entry("na-prod", 1, { state: { home: "home", lock: "both" } }),
  entry("eu-prod", 2),
);

/** Synthesizes both orgs, with what `add` adds to the app. */
function synth(add: (app: OrgsApp, stacks: Record<string, OrgStack>) => void) {
  const outdir = temporaryFolder();
  const app = new OrgsApp({ registry: REGISTRY, outdir });
  const stacks = Object.fromEntries(app.orgs.map((org) => [org.name, new OrgStack(app, org)]));
  add(app, stacks);
  app.synth();
  const read = (...path: string[]) => JSON.parse(readFileSync(join(outdir, ...path), "utf8"));
  return {
    report: read("genesys-orgs.json") as RegistryReport,
    backendOf: (stack: string) => read("stacks", stack, "cdk.tf.json").terraform.backend.s3,
  };
}

const component = (app: OrgsApp, org: string, name: string) =>
  new OrgStack(app, REGISTRY.get(org), { component: name });

describe("a further stack of an org", () => {
  test("has its own state, and all else in common with the first", () => {
    const { backendOf } = synth((app) => component(app, "na-prod", "network"));
    expect(backendOf("org-na-prod.network")).toEqual({
      ...backendOf("org-na-prod"),
      key: "orgs/na-prod/network/terraform.tfstate",
    });
  });

  test("is reported as the org's, and not as one of no org", () => {
    const { report } = synth((app) => component(app, "na-prod", "network"));
    expect(report.orgs.map(({ name, components }) => [name, components])).toEqual([
      [
        "na-prod",
        [
          {
            name: "network",
            stack: "org-na-prod.network",
            stateKey: "orgs/na-prod/network/terraform.tfstate",
          },
        ],
      ],
      ["eu-prod", []],
    ]);
    expect(report.otherStacks).toEqual([]);
  });

  test.each(["", "Network", "a/b", "..", "a.b", "a b", "terraform.tfstate"])(
    "cannot be called %j",
    (name) => {
      const app = testApp(temporaryFolder());
      expect(() => new OrgStack(app, sampleOrg(), { component: name })).toThrow(
        `org-na-prod: component is "${name}": give a name in kebab-case`,
      );
    },
  );
});

describe("two stacks with one state do not synthesize", () => {
  test("when the second is made with the org's own backend", () => {
    const second = (app: OrgsApp) =>
      SecureStateBackend.forOrg(new TerraformStack(app, "second"), REGISTRY.get("na-prod"));
    // It lacks what every stack needs as well.
    expect(() => synth(second)).toThrow(
      "org-na-prod and second have the same state, state-bucket/orgs/na-prod/terraform.tfstate: each would destroy what the other created.",
    );
  });

  test("when an override puts one org's state in place of another's, though its rule is waived", () => {
    const override = (_: OrgsApp, stacks: Record<string, OrgStack>) => {
      const stack = stacks["eu-prod"] as OrgStack;
      Policies.waive(stack, "GO-STATE-ENCRYPTED", "a state that was moved by hand");
      stack.addOverride("terraform.backend.s3.key", "orgs/na-prod/terraform.tfstate");
    };
    expect(() => synth(override)).toThrow("org-na-prod and org-eu-prod have the same state");
  });

  test("when two components of an org have one name", () => {
    expect(() =>
      synth((app) => {
        component(app, "na-prod", "network");
        component(app, "na-prod", "network");
      }),
    ).toThrow(/org-na-prod\.network/);
  });
});
