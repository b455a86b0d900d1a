import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SYSTEM_CLOCK } from "../../lib/http/clock";
import { orgReport } from "../rehearsal/reports";
import { FakeClock } from "../support/fakes/fake-clock";
import { FakeGenesys } from "../support/fakes/fake-genesys";
import type { FakeOrganization } from "../support/fakes/fake-organization";
import { FakeVault, VAULT_TOKEN } from "../support/fakes/fake-vault";
import { temporaryFolder } from "../support/folders";
import type { LoopbackStore } from "../support/loopback-store";
import { run } from "./run";
import { storedProject } from "./stored-orgs";

/** Name of the organisation. */
export const ORG = "na-prod";

/** Requests to others than Vault and Genesys Cloud, for example to the store, are made. */
function mockSomeHosts(hosts: Readonly<Record<string, typeof fetch>>): void {
  const real = globalThis.fetch;
  jest.spyOn(globalThis, "fetch").mockImplementation((url, init) => {
    const host = hosts[new URL(`${url}`).host];
    return host ? host(url, init) : real(url, init);
  });
}

/** A TypeScript project with one organisation, which can be read over HTTP. */
export function startProject(store: LoopbackStore, organization: FakeOrganization) {
  const patch = () => ({ organizationId: organization.id });
  const folder = storedProject(store, { [ORG]: {} }, { patch });
  writeFileSync(join(folder, "tsconfig.json"), "{}");
  const org = orgReport(ORG);
  const vault = new FakeVault({ clock: new FakeClock() });
  const genesys = new FakeGenesys({ clock: SYSTEM_CLOCK, organization });
  const { id, secret } = genesys.seed({ name: "planner" });
  const entry = { client_id: id, client_secret: secret, org_id: organization.id };
  vault.write(org.vault.planner, entry);
  mockSomeHosts({
    "vault.example.com": vault.fetch,
    "api.mypurecloud.com": genesys.fetch,
    "login.mypurecloud.com": genesys.fetch,
  });
  const cache = temporaryFolder();
  const adopt = async (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const all = { VAULT_TOKEN, XDG_CACHE_HOME: cache, ...env };
    const more = { sleep: async () => {} };
    const ran = await run(folder, ["adopt", ORG, ...args], all, Date.now, more);
    expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
    return ran;
  };
  return {
    folder,
    genesys,
    vault,
    org,
    adopt,
    code: () => filesIn(join(folder, "existing", ORG)),
  };
}

const filesIn = (folder: string): Record<string, string> => {
  mkdirSync(folder, { recursive: true });
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
};
