import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, TerraformVariable } from "cdktf";
import {
  type OrgEntry,
  OrgRegistry,
  OrgStack,
  OrgsApp,
  type RegistryReport,
  UserError,
} from "../../lib";
import { temporaryFolder } from "../support/folders";
import { entry, HOME, keyArn, registryOf } from "../support/sample-org";

const REGISTRY = registryOf(entry("na-prod", 1), entry("eu-prod", 2));

function synth(outdir: string, registry: OrgRegistry = REGISTRY): void {
  const app = new OrgsApp({ registry, outdir });
  for (const org of app.orgs) new OrgStack(app, org);
  app.synth();
}

const report = (outdir: string): RegistryReport =>
  JSON.parse(readFileSync(join(outdir, "genesys-orgs.json"), "utf8"));
const stacks = (outdir: string) =>
  Object.keys(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")).stacks);

afterEach(() => {
  delete process.env.GENESYS_ORGS_ONLY;
  jest.restoreAllMocks();
});

test("synthesizes every org, and reports the status of each", () => {
  const outdir = temporaryFolder();
  synth(outdir);
  expect(stacks(outdir)).toEqual(["org-eu-prod", "org-na-prod"]);
  expect(report(outdir).orgs.map(({ name, status }) => [name, status])).toEqual([
    ["na-prod", "synthesized"],
    ["eu-prod", "synthesized"],
  ]);
});

test.each([
  ["eu-prod", ["org-eu-prod"]],
  [" eu-prod, ", ["org-eu-prod"]],
  ["-", []],
])(
  "GENESYS_ORGS_ONLY=%j leaves the others out, and reports them all the same",
  (only, expected) => {
    process.env.GENESYS_ORGS_ONLY = only;
    const outdir = temporaryFolder();
    synth(outdir);
    expect(stacks(outdir)).toEqual(expected);
    expect(report(outdir).orgs).toHaveLength(2);
  },
);

test("GENESYS_ORGS_ONLY must name orgs of the registry", () => {
  process.env.GENESYS_ORGS_ONLY = "na-prod,nowhere";
  expect(() => synth(temporaryFolder())).toThrow(
    "GENESYS_ORGS_ONLY names orgs that the registry does not have: nowhere. Choose from: na-prod, eu-prod",
  );
});

test("a filtered synthesis refuses a folder in which cdktf would then delete other stacks", () => {
  const outdir = temporaryFolder();
  synth(outdir);
  process.env.GENESYS_ORGS_ONLY = "na-prod";
  expect(() => synth(outdir)).toThrow(UserError);
  expect(() => synth(outdir)).toThrow(
    /holds stacks that this filtered synthesis leaves out \(org-eu-prod\).*--output/,
  );
  expect(stacks(outdir)).toEqual(["org-eu-prod", "org-na-prod"]);
});

describe("orgs without a recorded key are left out with one line that names the next commands:", () => {
  const said = (recordedHome?: string, patch: Partial<OrgEntry> = {}) => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const outdir = temporaryFolder();
    const { account, region, bucket } = HOME;
    const home = { account, region, bucket, kmsKeyArn: recordedHome, orgs: {} };
    const record = { version: 1 as const, homes: recordedHome ? { home } : {} };
    const orgs = [entry("na-prod", 1, patch), entry("eu-prod", 2, patch)];
    synth(outdir, OrgRegistry.of({ homes: [HOME], orgs, record }));
    expect(stacks(outdir)).toEqual([]);
    return write.mock.calls.map(([line]) => line);
  };

  test("for the home, if it has no key either", () => {
    expect(said()).toEqual([
      "na-prod, eu-prod are left out: the record has no KMS key for home home. Run `genesys-orgs state bootstrap home`\n",
    ]);
  });

  test("for the home as well, if they share its lock table", () => {
    expect(said(keyArn(9), { state: { home: "home", lock: "both" } })).toEqual([
      expect.stringContaining(
        "`cdktf deploy state-home state-access-na-prod state-access-eu-prod`",
      ),
    ]);
  });

  test("for their access stacks", () => {
    expect(said(keyArn(9))).toEqual([
      "na-prod, eu-prod are left out: the record has no KMS key for them. Run `cdktf deploy state-access-na-prod state-access-eu-prod`, then `genesys-orgs state record home`\n",
    ]);
  });
});

test("broken rules of several orgs are reported together, and no manifest is written", () => {
  const outdir = temporaryFolder();
  const app = new OrgsApp({ registry: REGISTRY, outdir });
  for (const org of app.orgs) {
    new TerraformVariable(new OrgStack(app, org), "oops", { default: "AKIAIOSFODNN7EXAMPLE" }); // secretlint-disable-line
  }
  expect(() => app.synth()).toThrow(/org-na-prod[\s\S]*org-eu-prod/);
  expect(() => stacks(outdir)).toThrow("ENOENT");
});

test("GENESYS_ORGS_ONLY that is empty, as an unset variable of CI, is no filter", () => {
  process.env.GENESYS_ORGS_ONLY = "";
  const outdir = temporaryFolder();
  synth(outdir);
  expect(stacks(outdir)).toEqual(["org-eu-prod", "org-na-prod"]);
});

describe("stacks that an app adds or leaves out by itself", () => {
  const app = (build: (app: OrgsApp) => void) => {
    const outdir = temporaryFolder();
    const made = new OrgsApp({ registry: REGISTRY, outdir });
    build(made);
    made.synth();
    return report(outdir);
  };
  const shared = (scope: OrgsApp) => {
    const stack = new TerraformStack(scope, "shared");
    stack.addOverride("terraform.required_version", ">= 1.11");
    return stack;
  };

  test("an org without a stack is reported, with a line about it", () => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const { orgs } = app((scope) => {
      for (const org of scope.orgs.slice(1)) new OrgStack(scope, org);
    });
    expect(orgs.map(({ name, status }) => [name, status])).toEqual([
      ["na-prod", "no stack"],
      ["eu-prod", "synthesized"],
    ]);
    expect(write.mock.calls).toEqual([
      ["na-prod is left out: the app does not create the stack org-na-prod\n"],
    ]);
  });

  test("another stack is reported by its id, and checked by the same rules", () => {
    const { otherStacks } = app((scope) => {
      for (const org of scope.orgs) new OrgStack(scope, org);
      shared(scope);
    });
    expect(otherStacks).toEqual(["shared"]);
    expect(() =>
      app((scope) => {
        new TerraformVariable(shared(scope), "oops", { default: "AKIAIOSFODNN7EXAMPLE" }); // secretlint-disable-line
      }),
    ).toThrow(/GO-SECRET-LITERAL/);
  });

  test("a way from one org to another through another stack is refused", () => {
    expect(() =>
      app((scope) => {
        const [one, other] = scope.orgs.map((org) => new OrgStack(scope, org));
        const between = shared(scope);
        if (!one || !other) throw new Error("there are two");
        between.addDependency(one);
        other.addDependency(between);
      }),
    ).toThrow("org-eu-prod reaches the states of eu-prod and na-prod");
  });
});
