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
