import { join } from "node:path";
import { SYSTEM_CLOCK } from "../../../lib/http/clock";
import type { VaultAuth } from "../../../lib/registry/model";
import type { VaultOrgReport } from "../../../lib/registry/report";
import { homeReport, orgReport } from "../../rehearsal/reports";
import { startCommand } from "../built-command";
import { FakeGenesys } from "../fakes/fake-genesys";
import { type GenesysHttp, startGenesysHttp } from "../fakes/genesys-http";
import { type KillPoint, noting } from "../killed-command";
import { fakeProject } from "../project";
import { applyAccess, orgInVault } from "./apply-access";
import type { VaultServer } from "./vault-server";

export const CREDENTIALS = ["deployer", "planner", "master"] as const;
export type Credential = (typeof CREDENTIALS)[number];

/** How a command ended, and the calls that left its process. */
export interface EndedCommand {
  /** -1 when it was killed. */
  readonly code: number;
  readonly output: string;
  readonly calls: readonly string[];
}

let count = 0;

/** An org with its entries in a real Vault, and commands that run in processes of their own. */
export class EntriesWorld {
  readonly org: VaultOrgReport;
  readonly genesys: FakeGenesys;
  /** Called before Genesys Cloud answers a request, for example `POST /api/v2/oauth/clients`. */
  onGenesys: (call: string) => Promise<void> = async () => {};
  token = "";
  private http: GenesysHttp | undefined;

  private constructor(
    readonly vault: VaultServer,
    auth: VaultAuth,
  ) {
    this.org = orgReport(`run-${++count}`, { address: vault.address, auth });
    this.genesys = new FakeGenesys({
      clock: SYSTEM_CLOCK,
      orgId: this.org.organizationId,
      unknowns: { creators: true, modifies: true },
    });
  }

  static async start(
    vault: VaultServer,
    auth: VaultAuth = { method: "token" },
  ): Promise<EntriesWorld> {
    const world = new EntriesWorld(vault, auth);
    const { org, genesys } = world;
    await applyAccess(vault, orgInVault(org.name, auth));
    world.token = await vault.token([`genesys-${org.name}-rotate`]);
    for (const credential of CREDENTIALS) {
      const { id, secret } = genesys.seed({ name: `CI ${credential}` });
      await world.write(credential, { client_id: id, client_secret: secret });
    }
    const hooked = {
      fetch: (async (url: string, init: RequestInit = {}) => {
        const answer = await genesys.fetch(url, init);
        await world.onGenesys(`${init.method ?? "GET"} ${new URL(url).pathname}`);
        return answer;
      }) as typeof fetch,
    };
    world.http = await startGenesysHttp(hooked as FakeGenesys);
    return world;
  }

  private pathOf = (credential: Credential) => `secret/data/${this.org.vault[credential]}`;

  /** Writes a version by hand. */
  write(credential: Credential, fields: object): Promise<void> {
    const data = { org_id: this.org.organizationId, ...fields };
    return this.vault.must("POST", this.pathOf(credential), { data });
  }

  /** Returns an entry's value and version. */
  async read(credential: Credential, version = 0) {
    const { data } = await this.vault.must("GET", `${this.pathOf(credential)}?version=${version}`);
    return { ...data.data, version: data.metadata.version as number } as {
      readonly client_id: string;
      readonly client_secret: string;
      readonly version: number;
    };
  }

  /** Whether the newest version of an entry is a client that gets tokens. */
  async works(credential: Credential): Promise<boolean> {
    const { client_id: id, client_secret: secret } = await this.read(credential);
    return this.genesys.works(id, secret);
  }

  /** Active clients that a rotation made, and that no version of an entry has: nobody knows their secrets. */
  async unrecorded(): Promise<string[]> {
    const recorded = new Set<string>();
    for (const credential of CREDENTIALS) {
      const { version: newest } = await this.read(credential);
      for (let version = 1; version <= newest; version++) {
        const { status, body } = await this.vault.send(
          "GET",
          `${this.pathOf(credential)}?version=${version}`,
        );
        if (status === 200) recorded.add(body.data.data.client_id);
      }
    }
    return [...this.genesys.clients.values()]
      .filter(({ id, fields }) => fields.state === "active" && !recorded.has(id))
      .map(({ fields }) => String(fields.name));
  }

  /** Runs a command in a process of its own. */
  async run(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    point?: KillPoint,
  ): Promise<EndedCommand> {
    const project = fakeProject({
      orgs: [this.org],
      homes: [homeReport("home", { status: "not selected" })],
    });
    // Only what leaves the process counts.
    const notes = noting(point, "/nowhere/");
    const routes = this.http?.routesOf("mypurecloud.com");
    const { ended, output } = startCommand(
      project,
      args,
      { VAULT_TOKEN: this.token, FETCH_ROUTES: JSON.stringify(routes), ...notes.env, ...env },
      ["--require", join(__dirname, "../routed-fetch.cjs"), ...notes.node],
    );
    const { code } = await ended;
    // No command shows a secret, however it ends.
    for (const secret of ["test-secret", this.token]) {
      if (output().includes(secret)) throw new Error(`a secret is in the output: ${args}`);
    }
    return { code, output: output(), calls: notes.read().calls };
  }

  rotate = (credential: Credential, env?: NodeJS.ProcessEnv, point?: KillPoint) =>
    this.run(["rotate", this.org.name, credential], env, point);

  doctor = (env?: NodeJS.ProcessEnv) => this.run(["doctor", "--only", "vault,genesys"], env);

  stop = async (): Promise<void> => this.http?.stop();
}
