import { OrgStack } from "../../lib";
import { temporaryFolder } from "../support/folders";
import { sampleOrg, testApp } from "../support/sample-org";
import { synthesize } from "../support/synthesized-stack";

const providersOf = (proxy?: string) => {
  const org = sampleOrg("na-prod", { provider: { proxy } });
  const { provider } = synthesize(new OrgStack(testApp(temporaryFolder()), org)) as {
    provider: { genesyscloud: { alias?: string; proxy?: unknown }[] };
  };
  return provider.genesyscloud.map(({ alias, proxy }) => [alias, proxy]);
};

test("the proxy of the registry is that of the provider, and of the probe of the guard", () => {
  const proxy = { protocol: "http", host: "proxy.example.com", port: "3128" };
  expect(providersOf("http://proxy.example.com:3128")).toEqual([
    ["probe", proxy],
    [undefined, proxy],
  ]);
  expect(providersOf()).toEqual([
    ["probe", undefined],
    [undefined, undefined],
  ]);
});

test("with the credentials in Secrets Manager, the stack reads the chosen secret for one run, and needs no Vault", () => {
  const stack = new OrgStack(
    testApp(temporaryFolder()),
    sampleOrg("na-prod", { vault: undefined, credentials: { source: "aws-secrets-manager" } }),
  );
  expect(stack.vault).toBeUndefined();
  const { provider, ephemeral, terraform } = synthesize(stack) as Record<
    string,
    Record<string, Record<string, Record<string, unknown>>>
  >;
  expect(Object.keys(terraform?.required_providers ?? {}).sort()).toEqual(["aws", "genesyscloud"]);
  expect(Object.keys(provider ?? {}).sort()).toEqual(["aws", "genesyscloud"]);
  expect(Object.keys(ephemeral ?? {})).toEqual(["aws_secretsmanager_secret_version"]);
  expect(ephemeral?.aws_secretsmanager_secret_version?.genesys).toMatchObject({
    secret_id:
      '${(var.genesys_credential == "planner") ? "/genesys/production/na-prod/_planner" : "/genesys/production/na-prod/_deployer"}',
    provider: "aws",
  });
});
