import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearsalEnvironment, synthesisEnvironment } from "../../lib/terraform/environment";
import { temporaryFolder } from "../support/folders";

describe("the environment of a rehearsed Terraform", () => {
  test("has nothing of the caller's credentials and settings", () => {
    const caller = {
      PATH: "/bin",
      GITHUB_TOKEN: "token",
      TENV_GITHUB_TOKEN: "token",
      KUBECONFIG: "/elsewhere",
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
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  test("has a home only if it is given, where version managers find Terraform all the same", () => {
    const env = rehearsalEnvironment(
      { HOME: "/home/me", TENV_ROOT: "/opt/tenv" },
      { HOME: "/own" },
    );
    expect(env).toMatchObject({
      HOME: "/own",
      ASDF_DATA_DIR: "/home/me/.asdf",
      TENV_ROOT: "/opt/tenv",
    });
    expect(rehearsalEnvironment({ HOME: "/home/me" }, {})).not.toHaveProperty("HOME");
  });

  test("has no CLI configuration, which may have credentials", () => {
    const env = rehearsalEnvironment({ TF_CLI_CONFIG_FILE: __filename }, {});
    expect(env).not.toHaveProperty("TF_CLI_CONFIG_FILE");
  });

  test("keeps the values of Terraform variables, which it can override", () => {
    const caller = { TF_VAR_mine: "1", TF_VAR_genesys_credential: "planner" };
    const env = rehearsalEnvironment(caller, { TF_VAR_genesys_credential: "deployer" });
    expect(env).toMatchObject({ TF_VAR_mine: "1", TF_VAR_genesys_credential: "deployer" });
  });
});

describe("the environment of a synthesis", () => {
  test("drops a CLI configuration that points nowhere", () => {
    const env = synthesisEnvironment({ TF_CLI_CONFIG_FILE: "/no/such/file" }, {});
    expect(env).not.toHaveProperty("TF_CLI_CONFIG_FILE");
  });

  test("keeps one that exists", () => {
    const file = join(temporaryFolder(), "terraformrc");
    writeFileSync(file, "");
    expect(synthesisEnvironment({ TF_CLI_CONFIG_FILE: file }, {})).toMatchObject({
      TF_CLI_CONFIG_FILE: file,
    });
  });
});
