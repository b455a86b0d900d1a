import type { PolicyRule } from "../rule";
import type { Block } from "../synthesized-stack";

/** Data sources that read a secret's value. */
const SOURCES = new Set([
  "aws_kms_secrets",
  "aws_secretsmanager_random_password",
  "aws_secretsmanager_secret_version",
  "aws_secretsmanager_secret_versions",
]);
/** Resources that create a secret and keep it. */
const RESOURCES = new Set(["aws_iam_access_key", "random_password", "tls_private_key"]);

/** No block writes a secret to the state or to a log. */
export const secretInState: PolicyRule = {
  id: "GO-SECRET-IN-STATE",
  severity: "error",
  title: "Terraform stores and logs no secret",
  reason:
    "Anyone who can read the state or a plan file gets the secret. Marking it as sensitive only hides it on the screen.",
  fix: "Read it with an ephemeral resource, or let its consumer read it at run time.",
  *check(stack) {
    for (const source of stack.data()) {
      if (!SOURCES.has(source.type) && !isDecryptedParameter(source)) continue;
      yield { at: source, message: `data source ${source.type} stores the secret that it reads` };
    }
    for (const provider of stack.providers) {
      if (provider.name !== "genesyscloud" || !provider.body.sdk_debug) continue;
      const message = "sdk_debug logs the API's answers, including the secrets of new clients";
      yield { at: provider, message, fix: "Leave sdk_debug out." };
    }
    for (const variable of stack.variables) {
      if (!isKept(variable.body)) continue;
      const message = `every plan stores the value of the sensitive variable ${variable.name}`;
      yield { at: variable, message, fix: FIX_OF_VARIABLE, severity: "warning" };
    }
    for (const { body, ...at } of stack.resources("terraform_data")) {
      if (body.store === undefined) continue;
      const message = "terraform_data copies store.input into the state, even an ephemeral value";
      yield { at: { body, ...at }, message, fix: "Use `input`, which takes no ephemeral value." };
    }
    for (const type of RESOURCES) {
      for (const resource of stack.resources(type)) {
        yield { at: resource, message: `${type} stores the secret that it creates` };
      }
    }
  },
};

const FIX_OF_VARIABLE =
  'Make it ephemeral. If a resource needs it in an argument that is not write-only, waive the rule at the variable until a day: Policies.waive(variable, "GO-SECRET-IN-STATE", "<reason>", { until: "<YYYY-MM-DD>" }).';

/** Whether a variable is a secret, and not an ephemeral one. */
const isKept = ({ sensitive, ephemeral }: Block["body"]): boolean =>
  sensitive === true && ephemeral !== true;

/** The provider decrypts by default. */
const isDecryptedParameter = ({ type, body }: Block): boolean =>
  /^aws_ssm_parameters?(_by_path)?$/.test(type) && body.with_decryption !== false;
