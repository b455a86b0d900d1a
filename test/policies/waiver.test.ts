import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import {
  App,
  S3Backend,
  TerraformDataSource,
  TerraformHclModule,
  TerraformLocal,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
} from "cdktf";
import { Construct } from "constructs";
import { UserError } from "../../lib/errors";
import { ALL_RULES, checkPolicies, Policies } from "../../lib/policies";
import { synthesize } from "../support/synthesized-stack";

const REASON = "agreed with the security team, SEC-1204";

function newStack(): TerraformStack {
  return new TerraformStack(Testing.app(), "org-na-prod");
}

function rulesBroken(stack: TerraformStack): string[] {
  return checkPolicies(synthesize(stack)).map(({ rule, construct }) => `${rule} ${construct}`);
}

function client(scope: Construct, id: string): TerraformResource {
  const resource = new TerraformResource(scope, id, {
    terraformResourceType: "genesyscloud_oauth_client",
  });
  resource.addOverride("name", "crm");
  return resource;
}

describe("Policies.waive", () => {
  let stack: TerraformStack;

  beforeEach(() => {
    stack = newStack();
    stack.addOverride("terraform.required_version", ">= 1.11");
  });

  test("writes the reason to the block of a resource, next to cdktf's metadata", () => {
    const secret = new SecretsmanagerSecret(stack, "secret", { name: "crm" });
    Policies.waive(secret, "GO-SECRET-LITERAL", `  ${REASON}\n`);
    expect(synthesize(stack)).toMatchObject({
      resource: {
        aws_secretsmanager_secret: {
          secret: {
            "//": {
              metadata: { path: "org-na-prod/secret", uniqueId: "secret" },
              waivers: { "GO-SECRET-LITERAL": REASON },
              waivedAt: { "GO-SECRET-LITERAL": "org-na-prod/secret" },
            },
          },
        },
      },
    });
  });

  test("waives the rule for that construct only", () => {
    const secret = new SecretsmanagerSecret(stack, "secret", { name: "crm" });
    const [first] = ["one", "two"].map(
      (id) =>
        new SecretsmanagerSecretVersion(stack, id, {
          secretId: secret.id,
          secretString: "hunter2",
        }),
    );
    expect(rulesBroken(stack)).toEqual([
      "GO-SECRET-LITERAL org-na-prod/one",
      "GO-SECRET-LITERAL org-na-prod/two",
    ]);
    Policies.waive(first as Construct, "GO-SECRET-LITERAL", REASON);
    expect(rulesBroken(stack)).toEqual(["GO-SECRET-LITERAL org-na-prod/two"]);
  });

  test("covers everything below a construct, including what is added later", () => {
    const service = new Construct(stack, "service");
    client(service, "before");
    Policies.waive(service, "GO-OAUTH-NAME", REASON);
    client(new Construct(service, "nested"), "after").addOverride("name", "wfm");
    client(stack, "outside").addOverride("name", "other");
    expect(rulesBroken(stack)).toEqual(["GO-OAUTH-NAME org-na-prod/outside"]);
  });

  test("covers blocks whose metadata cdktf rewrites, and renamed blocks", () => {
    const source = new TerraformDataSource(stack, "source", {
      terraformResourceType: "vault_generic_secret",
    });
    Policies.waive(source, "GO-VAULT-DATA-SOURCE", REASON);
    source.overrideLogicalId("renamed");
    expect(rulesBroken(stack)).toEqual([]);
    expect(synthesize(stack)).toMatchObject({
      data: {
        vault_generic_secret: {
          renamed: { "//": { metadata: { path: "org-na-prod/source" }, waivers: {} } },
        },
      },
    });
  });

  test("covers modules, variables, outputs, providers and the backend", () => {
    const value = "hunter2";
    const elements = [
      new TerraformHclModule(stack, "module", { source: "a/b/c", variables: { password: value } }),
      new TerraformVariable(stack, "password", { default: value }),
      new TerraformOutput(stack, "api_token", { value }),
      new AwsProvider(stack, "aws", { region: "us-east-1", secretKey: value }),
      new S3Backend(stack, { bucket: "b", key: "k", secretKey: value }),
    ];
    stack.addOverride("terraform.required_providers.aws.version", ">= 6.26");
    const broken = () => rulesBroken(stack).filter((rule) => rule.startsWith("GO-SECRET"));
    expect(broken()).toHaveLength(elements.length);
    for (const element of elements) Policies.waive(element, "GO-SECRET-LITERAL", REASON);
    expect(rulesBroken(stack).filter((rule) => !/^GO-(STATE|MODULE)/.test(rule))).toEqual([]);
  });

  test("on a stack, waives the rule for all of it and keeps cdktf's metadata", () => {
    client(stack, "crm");
    stack.addOverride("locals", { password: "hunter2" });
    Policies.waive(stack, "GO-OAUTH-NAME", REASON);
    Policies.waive(stack, "GO-SECRET-LITERAL", REASON);
    expect(rulesBroken(stack)).toEqual([]);
    expect(synthesize(stack)).toMatchObject({
      "//": {
        metadata: { stackName: "org-na-prod" },
        waivers: { "GO-OAUTH-NAME": REASON, "GO-SECRET-LITERAL": REASON },
      },
    });
  });

  test("works through App.synth, twice with the same bytes", () => {
    const outdir = mkdtempSync(join(tmpdir(), "policies-"));
    try {
      const app = new App({ outdir });
      const own = new TerraformStack(app, "org-na-prod");
      const service = new Construct(own, "service");
      new SecretsmanagerSecret(service, "secret", { name: "crm" });
      new AwsProvider(own, "aws", { region: "us-east-1" });
      Policies.waive(service, "GO-SECRET-LITERAL", REASON);
      const [first, second] = [1, 2].map(() => {
        app.synth();
        return readFileSync(join(outdir, "stacks/org-na-prod/cdk.tf.json"), "utf8");
      });
      expect(first).toContain(REASON);
      expect(second).toBe(first);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });

  test("writes its last day, if it has one", () => {
    const variable = new TerraformVariable(stack, "password", { sensitive: true });
    Policies.waive(variable, "GO-SECRET-IN-STATE", REASON, { until: "2099-12-31" });
    expect(synthesize(stack)).toMatchObject({
      variable: {
        password: {
          "//": {
            waivers: { "GO-SECRET-IN-STATE": REASON },
            waivedAt: { "GO-SECRET-IN-STATE": "org-na-prod/password" },
            waivedUntil: { "GO-SECRET-IN-STATE": "2099-12-31" },
          },
        },
      },
    });
    expect(rulesBroken(stack)).toEqual(["GO-WAIVER-DATED org-na-prod/password"]);
  });

  test.each([
    [[{ until: "2000-01-01" }, {}], []],
    [[{}, { until: "2000-01-01" }], ["GO-WAIVER-ENDED org-na-prod/crm"]],
    [[{ until: "2000-01-01" }, { until: "2099-01-01" }], ["GO-WAIVER-DATED org-na-prod/crm"]],
  ])("of %j, the last one counts, with its last day", (options, broken) => {
    const crm = client(stack, "crm");
    for (const option of options) Policies.waive(crm, "GO-OAUTH-NAME", REASON, option);
    expect(rulesBroken(stack)).toEqual(broken);
  });

  test.each(["2027-02-29", "2027-13-01", "27-01-01", "2027-1-1", "31.12.2027", "never", ""])(
    "refuses the last day %j",
    (until) => {
      const waive = () => Policies.waive(stack, "GO-OAUTH-NAME", REASON, { until });
      expect(waive).toThrow(UserError);
      expect(waive).toThrow(
        `org-na-prod: the waiver of GO-OAUTH-NAME ends on "${until}"; give the last day as YYYY-MM-DD, such as 2027-03-31.`,
      );
    },
  );

  test("is reported once when it has no effect, however many blocks it covers", () => {
    const service = new Construct(stack, "service");
    for (const name of ["one", "two"]) new SecretsmanagerSecret(service, name, { name });
    Policies.waive(service, "GO-OAUTH-NAME", REASON);
    expect(rulesBroken(stack)).toEqual(["GO-WAIVER-UNUSED org-na-prod/service"]);
  });

  test("is not reported when one of its blocks needs it", () => {
    const service = new Construct(stack, "service");
    new SecretsmanagerSecret(service, "secret", { name: "crm" });
    client(service, "client");
    Policies.waive(service, "GO-OAUTH-NAME", REASON);
    expect(rulesBroken(stack)).toEqual([]);
  });

  test.each([
    ["", 'the waiver of GO-OAUTH-NAME has the reason ""'],
    ["  \n ", 'the waiver of GO-OAUTH-NAME has the reason ""'],
    ["too short", 'the waiver of GO-OAUTH-NAME has the reason "too short"'],
    [`${" ".repeat(20)}short`, 'the waiver of GO-OAUTH-NAME has the reason "short"'],
  ])("refuses the reason %j", (reason, message) => {
    const waive = () => Policies.waive(client(stack, "crm"), "GO-OAUTH-NAME", reason);
    expect(waive).toThrow(UserError);
    expect(() => Policies.waive(stack, "GO-OAUTH-NAME", reason)).toThrow(
      `org-na-prod: ${message}; explain in at least 10 characters why the rule does not apply here.`,
    );
  });

  test("refuses an unknown rule and lists the known ones", () => {
    const waive = () => Policies.waive(stack, "GO-OAUTH-NAMES", REASON);
    expect(waive).toThrow(UserError);
    expect(waive).toThrow(
      `org-na-prod: "GO-OAUTH-NAMES" is not a rule that can be waived. Use one of ${ALL_RULES.map(({ id }) => id).join(", ")}, or a rule of Checkov's, such as CKV_AWS_144.`,
    );
  });

  test("accepts a rule of Checkov, whose scan shows whether it is needed", () => {
    const secret = new SecretsmanagerSecret(stack, "secret", { name: "crm" });
    Policies.waive(secret, "CKV_AWS_149", REASON);
    const json = synthesize(stack);
    expect(json).toMatchObject({
      resource: {
        aws_secretsmanager_secret: { secret: { "//": { waivers: { CKV_AWS_149: REASON } } } },
      },
    });
    expect(rulesBroken(stack).filter((rule) => rule.startsWith("GO-WAIVER"))).toEqual([]);
  });

  test("refuses constructs without a block for the waiver", () => {
    const local = new TerraformLocal(stack, "local", "value");
    expect(() => Policies.waive(local, "GO-SECRET-LITERAL", REASON)).toThrow(
      "org-na-prod/local: a local value cannot carry a waiver; waive GO-SECRET-LITERAL on its stack.",
    );
    expect(() => Policies.waive(new App(), "GO-SECRET-LITERAL", REASON)).toThrow(
      "the app: a waiver belongs to one stack",
    );
  });
});
