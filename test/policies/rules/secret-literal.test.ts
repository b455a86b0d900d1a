import { Fn, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { secretLiteral } from "../../../lib/policies/rules/secret-literal";
import {
  block,
  findingsOf,
  messagesOf,
  ordinaryStack,
  orgStack,
} from "../../support/synthesized-stack";

// In pieces, so that scanners of this repository's own text stay quiet.
const RANDOM = ["hK7fQ2mX9vLrT4wZ8bN1", "cJ6yD3sG5pAqE0uRiOkMv"].join("");
const AWS_KEY_ID = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
const PRIVATE_KEY = ["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEow"].join("");
const WEB_TOKEN = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJjcm0ifQ", "c2lnbmF0dXJl"].join(".");
const VAULT_TOKEN = ["hvs", "CAESIJ0abcDEF123456789ghi"].join(".");
const OLD_VAULT_TOKEN = ["s", "Ga5jyNq6kNfRMVQk2LY1j9iu"].join(".");
const GITHUB_TOKEN = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");

function resource(body: Record<string, unknown>, type = "aws_example") {
  return orgStack(block("resource", type, body));
}

describe("GO-SECRET-LITERAL", () => {
  test("finds nothing in an ordinary stack", () => {
    expect(findingsOf(secretLiteral, ordinaryStack())).toEqual([]);
  });

  describe.each([
    "password",
    "master_password",
    "password_wo",
    "client_secret",
    "clientSecret",
    "oauthclient_secret",
    "token",
    "access_token",
    "api_key",
    "apiKey",
    "private_key",
    "access_key",
    "secret_key",
    "secret_access_key",
    "secret_string",
    "secret_string_wo",
    "sse_customer_key",
    "DB_PASSWORD",
    "smtp_pass",
  ])("under the key %s", (key) => {
    test.each(["hunter2", RANDOM, "correct horse battery staple"])("finds %j", (value) => {
      expect(messagesOf(secretLiteral, resource({ [key]: value }))).toEqual([
        `${key} contains a ${value.length}-character literal, not shown`,
      ]);
    });

    test.each([
      "",
      "true",
      "${ephemeral.vault_kv_secret_v2.deployer.data.oauthclient_secret}",
      '${jsonencode({"clientSecret" = random_password.it.result})}',
      '${file("${path.module}/key.pem")}',
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:/genesys/production/na-prod/crm-a1b2c3",
      "/genesys/production/na-prod/crm",
      "https://login.mypurecloud.com/oauth/token",
      true,
      3600,
      null,
      [],
    ])("lets %j pass", (value) => {
      expect(findingsOf(secretLiteral, resource({ [key]: value }))).toEqual([]);
    });
  });

  test.each([
    "secret_string_wo_version",
    "secret_id",
    "secret_arn",
    "secret_name",
    "token_pool_size",
    "access_token_validity_seconds",
    "kms_key_id",
    "recovery_window_in_days",
    "creation_token",
    "client_request_token",
    "token_endpoint",
    "partition_key",
    "public_key",
    "secretsmanager:ResourceTag/token",
  ])("lets a name under the key %s pass", (key) => {
    expect(findingsOf(secretLiteral, resource({ [key]: "genesys-production-crm" }))).toEqual([]);
  });

  test("accepts kebab-case and UUIDs under the key secret, since they are names", () => {
    for (const secret of ["crm-sync", "genesys/crm", "6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"]) {
      expect(findingsOf(secretLiteral, resource({ secret }))).toEqual([]);
      expect(findingsOf(secretLiteral, resource({ client_secret: secret }))).toHaveLength(1);
    }
    expect(findingsOf(secretLiteral, resource({ secret: RANDOM }))).toHaveLength(1);
  });

  test.each([
    ["an AWS access key id", AWS_KEY_ID],
    ["an AWS access key id", `AWS_ACCESS_KEY_ID=${AWS_KEY_ID} ./run`],
    ["a private key", PRIVATE_KEY],
    ["a JSON web token", WEB_TOKEN],
    ["a Vault token", VAULT_TOKEN],
    ["a Vault token", OLD_VAULT_TOKEN],
    ["a GitHub token", GITHUB_TOKEN],
    ["an authorization header", `Basic ${RANDOM}=`],
    ["a URL with a password", "postgres://crm:hunter2@db.example.com/crm"],
  ])("finds %s under any key", (what, value) => {
    expect(messagesOf(secretLiteral, resource({ description: value }))).toEqual([
      `description contains ${what} (not shown)`,
    ]);
  });

  test.each([
    "Basic authentication of the CRM, see the wiki",
    "https://wiki.example.com/@team/page",
    "postgres://crm:${random_password.it.result}@db.example.com/crm",
    "s3.eu-central-1.amazonaws.com",
    "AKIA is how access key ids begin",
  ])("lets the text %j pass", (description) => {
    expect(findingsOf(secretLiteral, resource({ description }))).toEqual([]);
  });

  test("finds random text under a key that suggests a secret, but no digest and no name", () => {
    expect(findingsOf(secretLiteral, resource({ credential_data: RANDOM }))).toHaveLength(1);
    expect(findingsOf(secretLiteral, resource({ secret_hash: RANDOM }))).toEqual([]);
    expect(findingsOf(secretLiteral, resource({ source_code_hash: RANDOM }))).toEqual([]);
    const name = "Production-CrmSync-Credential-Of-Team-Platform-2026-Q4";
    expect(findingsOf(secretLiteral, resource({ credential_owner: name }))).toEqual([]);
  });

  describe("looks into", () => {
    test("maps, lists and nested blocks", () => {
      const stack = resource({
        fields: { clientId: "crm", clientSecret: "hunter2" },
        environment: [{ variables: { API_KEY: "hunter2" } }],
      });
      expect(messagesOf(secretLiteral, stack)).toEqual([
        "fields.clientSecret contains a 7-character literal, not shown",
        "environment[0].variables.API_KEY contains a 7-character literal, not shown",
      ]);
    });

    test("lists of names and values", () => {
      const container_definitions = JSON.stringify([
        { environment: [{ name: "DB_PASSWORD", value: "hunter2" }] },
      ]);
      expect(messagesOf(secretLiteral, resource({ container_definitions }))).toEqual([
        "container_definitions[0].environment[0].value contains a 7-character literal, not shown",
      ]);
    });

    test("JSON documents", () => {
      const data_json = JSON.stringify({ org_id: "na-prod", oauthclient_secret: "hunter2" });
      expect(messagesOf(secretLiteral, resource({ data_json }))).toEqual([
        "data_json.oauthclient_secret contains a 7-character literal, not shown",
      ]);
    });

    test.each(["data_json", "data_json_wo"])("%s, whatever its fields are called", (key) => {
      const document = JSON.stringify({ pin: "4711" });
      expect(messagesOf(secretLiteral, resource({ [key]: document }))).toEqual([
        `${key} contains a ${document.length}-character literal, not shown`,
      ]);
      const expressions = JSON.stringify({ pin: "${random_password.it.result}" });
      expect(findingsOf(secretLiteral, resource({ [key]: expressions }))).toEqual([]);
      expect(findingsOf(secretLiteral, resource({ [key]: "{}" }))).toEqual([]);
    });

    test("of a role of the Genesys Cloud engine, everything but ids, addresses and numbers", () => {
      const role = {
        role_divisions: [`${"a".repeat(8)}-1111-4111-8111-111111111111:*`],
        allowed_addresses: ["203.0.113.0/24", "2001:db8::1"],
        ttl: 3600,
        allow_creds: false,
      };
      const found = (document: object, type = "vault_generic_endpoint") =>
        messagesOf(secretLiteral, block("resource", type, { data_json: JSON.stringify(document) }));
      expect(found(role)).toEqual([]);
      const wrong = [
        { ...role, pin: "4711x" },
        { ...role, pin: "4711" },
        { ...role, more: { inner: "4711x" } },
        { ...role, more: ["4711x"] },
        { ...role, role_divisions: [["4711x"]] },
        { ttl: 3600 },
      ];
      for (const document of wrong) {
        expect(found(document)).toEqual([
          `data_json contains a ${JSON.stringify(document).length}-character literal, not shown`,
        ]);
      }
      expect(found(role, "vault_kv_secret_v2")).toHaveLength(1);
    });

    test("a secret's JSON document with expressions in it", () => {
      const document = { clientId: "${aws_ssm_parameter.id.value}", clientSecret: "hunter2" };
      expect(
        messagesOf(secretLiteral, resource({ secret_string: JSON.stringify(document) })),
      ).toEqual(["secret_string.clientSecret contains a 7-character literal, not shown"]);
    });

    test("calls of jsonencode, as cdktf renders them", () => {
      const stack = new TerraformStack(Testing.app(), "stack");
      new TerraformOutput(stack, "client", {
        value: Fn.jsonencode({ clientId: "crm", clientSecret: "hunter2" }),
      });
      expect(messagesOf(secretLiteral, JSON.parse(Testing.synth(stack)))).toEqual([
        "value.clientSecret contains a 7-character literal, not shown",
      ]);
    });

    test("expressions that only wrap a literal", () => {
      const password = '${sensitive("hunter2")}';
      expect(findingsOf(secretLiteral, resource({ password }))).toHaveLength(1);
    });

    test("variables, outputs, locals, providers and the backend", () => {
      const stack = orgStack({
        variable: {
          api_token: { default: "hunter2" },
          other: { sensitive: true, default: "hunter2" },
        },
        output: { client_secret: { value: "hunter2" } },
        locals: { password: "hunter2" },
        provider: { genesyscloud: [{ alias: "probe", access_token: "hunter2" }] },
        terraform: { backend: { s3: { secret_key: "hunter2" } } },
      });
      const found = findingsOf(secretLiteral, stack).map(({ address, message }) =>
        [address, message.split(" ")[0]].join(" "),
      );
      expect(found.sort()).toEqual([
        "local.password password",
        "output.client_secret value",
        "provider.genesyscloud.probe access_token",
        "terraform.backend.s3 secret_key",
        "var.api_token default",
        "var.other default",
      ]);
    });

    test("SSM parameters of type SecureString, and no others", () => {
      const parameter = { name: "/genesys/crm", value: "hunter2" };
      for (const [type, count] of Object.entries({ SecureString: 1, String: 0 })) {
        const stack = resource({ ...parameter, type }, "aws_ssm_parameter");
        expect(findingsOf(secretLiteral, stack)).toHaveLength(count);
      }
    });

    test("comments, but not waivers, since their names are those of rules", () => {
      expect(messagesOf(secretLiteral, resource({ "//": { password: "hunter2" } }))).toEqual([
        "//.password contains a 7-character literal, not shown",
      ]);
      const waivers = { "ACME-NO-TOKEN": "the team agreed" };
      const found = findingsOf(secretLiteral, resource({ "//": { waivers } }));
      expect(found.map(({ rule }) => rule)).toEqual(["GO-WAIVER-UNUSED"]);
    });
  });

  test.each([
    ["name", "value"],
    ["Name", "Value"],
    ["key", "value"],
    ["Key", "Value"],
  ])("finds a password in a pair of %s and %s", (name, value) => {
    const pair = { [name]: "DB_PASSWORD", [value]: "hunter2" };
    expect(messagesOf(secretLiteral, resource({ environment: [pair] }))).toEqual([
      `environment[0].${value} contains a 7-character literal, not shown`,
    ]);
  });

  test.each([
    ["a Slack token", ["xoxb", "1234567890-abcdefghij"].join("-")],
    ["a Slack webhook", "https://hooks.slack.com/services/T0000/B0000/abcdefghijklmnop"],
    ["a password in a connection string", "Server=db;User Id=crm;Password=hunter2;"],
  ])("finds %s", (what, text) => {
    expect(messagesOf(secretLiteral, resource({ description: text }))).toEqual([
      `description contains ${what} (not shown)`,
    ]);
    expect(findingsOf(secretLiteral, resource({ description: "Password: ask the owner" }))).toEqual(
      [],
    );
  });
});
