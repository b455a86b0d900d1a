import { secretInState } from "../../../lib/policies/rules/secret-in-state";
import { block, findingsOf, messagesOf, orgStack } from "../../support/synthesized-stack";

const data = (type: string, body: Record<string, unknown> = {}) =>
  orgStack(block("data", type, body));
const resource = (type: string) => orgStack(block("resource", type, {}));

describe("GO-SECRET-IN-STATE", () => {
  test.each([
    "aws_secretsmanager_secret_version",
    "aws_secretsmanager_random_password",
    "aws_kms_secrets",
    "aws_ssm_parameter",
    "aws_ssm_parameters_by_path",
  ])("data source %s is refused", (type) => {
    expect(messagesOf(secretInState, data(type))).toEqual([
      `data source ${type} stores the secret that it reads`,
    ]);
  });

  test.each(["aws_iam_access_key", "random_password", "tls_private_key"])(
    "resource %s is refused",
    (type) => {
      expect(messagesOf(secretInState, resource(type))).toEqual([
        `${type} stores the secret that it creates`,
      ]);
    },
  );

  test.each([
    // Terraform 1.16 and later.
    [{ store: { input: "${ephemeral.vault_kv_secret_v2.smtp.data}" } }, 1],
    [{ store: [{ input: "x", sensitive: true }] }, 1],
    [{ input: "x" }, 0],
  ])("terraform_data with %j: %s findings", (body, count) => {
    const stack = orgStack(block("resource", "terraform_data", body));
    expect(messagesOf(secretInState, stack)).toEqual(
      Array(count).fill(
        "terraform_data copies store.input into the state, even an ephemeral value",
      ),
    );
  });

  test("a provider that logs the API's answers is refused", () => {
    const provider = (sdk_debug: boolean) =>
      orgStack({ provider: { genesyscloud: [{ sdk_debug }] } });
    expect(messagesOf(secretInState, provider(true))).toEqual([
      "sdk_debug logs the API's answers, including the secrets of new clients",
    ]);
    expect(messagesOf(secretInState, provider(false))).toEqual([]);
  });

  test.each([
    [{ sensitive: true }, ["every plan stores the value of the sensitive variable smtp"]],
    [{ sensitive: true, ephemeral: true }, []],
    [{ ephemeral: true }, []],
    [{ type: "string" }, []],
  ])("a variable with %j: %j", (variable, messages) => {
    const stack = orgStack({ variable: { smtp: variable } });
    expect(messagesOf(secretInState, stack)).toEqual(messages);
    for (const { severity, fix } of findingsOf(secretInState, stack)) {
      expect(severity).toBe("warning");
      expect(fix).toContain("{ until:");
    }
  });

  test("the place of a secret passes, and so does a read without a secret", () => {
    expect(findingsOf(secretInState, data("aws_secretsmanager_secret"))).toEqual([]);
    expect(
      findingsOf(secretInState, data("aws_ssm_parameter", { with_decryption: false })),
    ).toEqual([]);
    expect(findingsOf(secretInState, resource("aws_secretsmanager_secret"))).toEqual([]);
    expect(
      findingsOf(
        secretInState,
        orgStack(block("ephemeral", "aws_secretsmanager_secret_version", {})),
      ),
    ).toEqual([]);
  });
});
