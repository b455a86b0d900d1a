import { ALLOW_DEBUG_LOG, debugLogVariables, refuseDebugLog } from "../../lib/terraform/debug-log";
import { terraformEnvironment } from "../../lib/terraform/environment";

test.each([
  [{ TF_LOG: "debug" }, ["TF_LOG"]],
  [{ TF_LOG: "TRACE", TF_LOG_PATH: "x.log" }, ["TF_LOG"]],
  [{ TF_LOG: "json" }, ["TF_LOG"]],
  // Terraform takes a word that it does not know for `trace`.
  [{ TF_LOG: "1" }, ["TF_LOG"]],
  [{ TF_LOG_PROVIDER: "DEBUG", TF_LOG_CORE: "trace" }, ["TF_LOG_CORE", "TF_LOG_PROVIDER"]],
  [{ TF_LOG_PROVIDER_AWS: "debug" }, ["TF_LOG_PROVIDER_AWS"]],
  [{ TF_LOG_SDK_PROTO: "trace" }, ["TF_LOG_SDK_PROTO"]],
  [{ GENESYSCLOUD_SDK_DEBUG: "true" }, ["GENESYSCLOUD_SDK_DEBUG"]],
  [{ TERRAFORM_VAULT_LOG_BODY: "true" }, ["TERRAFORM_VAULT_LOG_BODY"]],
  [{ TF_LOG: "", TF_LOG_CORE: "off", GENESYSCLOUD_SDK_DEBUG: "false" }, []],
  [{ TF_LOG: "info", TF_LOG_PROVIDER: "Warn", TF_LOG_SDK: "ERROR" }, []],
  [{ TF_LOG_PATH: "terraform.log", TF_LOGGER: "x" }, []],
])("%j logs secrets by %j", (environment, names) => {
  expect(debugLogVariables(environment)).toEqual(names);
});

test("Terraform does not start with the caller's credentials and such a log", () => {
  expect(() => terraformEnvironment({ TF_LOG: "debug" })).toThrow(
    "TF_LOG would write secrets to Terraform's log: remove it from the environment, or set info; --allow-debug-log accepts it",
  );
  expect(() => refuseDebugLog({ TF_LOG: "debug", [ALLOW_DEBUG_LOG]: "1" })).not.toThrow();
});
