import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearsalEnvironment, synthesisEnvironment } from "../../lib/terraform/environment";
import { temporaryFolder } from "../support/folders";

describe("the environment of a rehearsed Terraform", () => {
  test("has nothing of the caller's credentials and settings", () => {
    const caller = {
      PATH: "/bin",
      AWS_PROFILE: "production",
      VAULT_TOKEN: "token",
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "secret",
      TERRAFORM_VAULT_AUTH_JWT: "jwt",
      TF_CLI_ARGS_apply: "-lock=false",
      TF_WORKSPACE: "other",
      TF_LOG: "trace",
      TF_DATA_DIR: "/elsewhere",
    };
    expect(rehearsalEnvironment(caller, { TF_LOG: "info" })).toEqual({
      PATH: "/bin",
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      TF_LOG: "info",
    });
  });

  test("keeps the values of Terraform variables, which it can override", () => {
    const caller = { TF_VAR_mine: "1", TF_VAR_genesys_credential: "planner" };
    const env = rehearsalEnvironment(caller, { TF_VAR_genesys_credential: "deployer" });
    expect(env).toMatchObject({ TF_VAR_mine: "1", TF_VAR_genesys_credential: "deployer" });
  });
});

describe.each([rehearsalEnvironment, synthesisEnvironment])("%p", (environment) => {
  test("drops a CLI configuration that points nowhere", () => {
    const env = environment({ TF_CLI_CONFIG_FILE: "/no/such/file" }, {});
    expect(env).not.toHaveProperty("TF_CLI_CONFIG_FILE");
  });

  test("keeps one that exists", () => {
    const file = join(temporaryFolder(), "terraformrc");
    writeFileSync(file, "");
    expect(environment({ TF_CLI_CONFIG_FILE: file }, {})).toMatchObject({
      TF_CLI_CONFIG_FILE: file,
    });
  });
});
