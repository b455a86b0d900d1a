import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OrgReport } from "../../../lib/registry/report";
import { run } from "../../cli/run";
import { backendIn } from "../../cli/stored-orgs";
import { orgReport } from "../../rehearsal/reports";
import { FakeClock } from "../fakes/fake-clock";
import { FakeGenesys } from "../fakes/fake-genesys";
import type { FakeOrganization } from "../fakes/fake-organization";
import { FakeVault, VAULT_TOKEN } from "../fakes/fake-vault";
import { mockHosts } from "../fakes/host-fetch";
import { temporaryFolder } from "../folders";
import { LOOPBACK_CREDENTIALS, type LoopbackStore } from "../loopback-store";
import { fakeProject } from "../project";

const HOSTS = { "eu-west-1": "mypurecloud.ie", "us-east-1": "mypurecloud.com" };

/** What differs from a project whose stacks are empty. */
export interface PromotingProps {
  /** Blocks of the stack of `na-prod`. @default none */
  readonly stack?: object;
  /** Environment of the commands. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Two organisations, `eu-test` and `na-prod`, a project, and the commands in it. */
export class PromotingWorld {
  readonly project: string;
  /** Calls that would have changed an organisation. */
  readonly writes: () => readonly string[];

  constructor(
    store: LoopbackStore,
    private readonly organizations: Readonly<Record<"eu-test" | "na-prod", FakeOrganization>>,
    private readonly props: PromotingProps = {},
  ) {
    const clock = new FakeClock(Date.now());
    const vault = new FakeVault({ clock });
    const hosts: Record<string, typeof fetch> = { "vault.example.com": vault.fetch };
    const orgs = Object.entries(organizations).map(([name, organization]): OrgReport => {
      const genesysRegion = name === "na-prod" ? "us-east-1" : "eu-west-1";
      const genesys = new FakeGenesys({ clock, organization });
      const { id, secret } = genesys.seed({ name: "planner", state: "active" });
      const org = orgReport(name, {}, { genesysRegion, organizationId: organization.id });
      const entry = { client_id: id, client_secret: secret, org_id: organization.id };
      vault.write(org.vault.planner, entry);
      for (const host of ["api", "login"]) {
        hosts[`${host}.${HOSTS[genesysRegion]}`] = genesys.fetch;
      }
      return org;
    });
    mockHosts(hosts);
    // The AWS SDK reads them itself.
    jest.replaceProperty(process, "env", { ...process.env, ...LOOPBACK_CREDENTIALS });
    this.writes = () => Object.values(this.organizations).flatMap(({ writes }) => writes);
    this.project = fakeProject({
      orgs,
      stackOf: ({ name, stateKey }) => ({
        ...(name === "na-prod" && props.stack),
        terraform: {
          backend: { s3: backendIn(store, stateKey) },
          required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud" } },
        },
      }),
    });
    this.write("tsconfig.json", "{}");
  }

  /** Runs a command in the project. */
  run(...args: readonly string[]) {
    return run(this.project, args, {
      ...this.props.environment,
      VAULT_TOKEN,
      XDG_CACHE_HOME: join(temporaryFolder(), "cache"),
    });
  }

  organization(name: "eu-test" | "na-prod"): FakeOrganization {
    return this.organizations[name];
  }

  /** Returns the text of a file in the project. */
  read(file: string): string {
    return readFileSync(join(this.project, file), "utf8");
  }

  write(file: string, text: string): void {
    const path = join(this.project, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
