import { loadSchemas, type World } from "../../../lib/rehearsal";
import type { ProviderCall } from "../../../lib/rehearsal/double/core/provider-double";
import type { RunningDoubles } from "../../../lib/rehearsal/double/core/server";
import { startDoubles } from "../../../lib/rehearsal/double/start";
import type { FakeOrganization } from "../fakes/fake-organization";
import { wired } from "./wired-session";

/** Properties of a {@link WiredWorld}. */
export interface WiredWorldProps {
  /** Vault's entries, and the clients that the organisations know. */
  readonly world: World;
  /** Organisations by their names in the registry. An org without one is empty, as in a rehearsal. */
  readonly organizations: Readonly<Record<string, FakeOrganization>>;
  /** Folder where Terraform runs. */
  readonly folder: string;
}

/**
 * Doubles of the providers, of which the one of Genesys Cloud imports and reads the objects of fake
 * organisations as the real provider does. Changes stay in the doubles' memory.
 */
export class WiredWorld {
  static async start({ world, organizations, folder }: WiredWorldProps): Promise<WiredWorld> {
    const calls: ProviderCall[] = [];
    const doubles = await startDoubles({
      world,
      schemas: loadSchemas(),
      folder,
      onCall: (call) => calls.push(call),
      adapt: (source, behaviour) => {
        if (source !== "mypurecloud/genesyscloud") return behaviour;
        return wired(behaviour, ({ oauthclient_id }) => {
          const client = world.clients.find(({ id }) => id === oauthclient_id);
          return client && organizations[client.org];
        });
      },
    });
    return new WiredWorld(doubles, calls);
  }

  private constructor(
    private readonly doubles: RunningDoubles,
    /** What Terraform asked the providers, with secrets in plain text. */
    readonly calls: readonly ProviderCall[],
  ) {}

  /** Environment of a Terraform that works with these providers. */
  get environment(): Readonly<Record<string, string>> {
    return { TF_REATTACH_PROVIDERS: this.doubles.reattach };
  }

  stop(): void {
    this.doubles.stop();
  }
}

/** The client that {@link worldWith} knows. */
const CLIENT = { id: "reader", secret: "test-secret-of-reader", region: "eu-west-1" };

/** A world with one client, which may change everything in an organisation. */
export const worldWith = (organization: FakeOrganization): World => ({
  seed: "wired",
  vault: [],
  clients: [
    {
      ...CLIENT,
      org: "wired",
      organizationId: organization.id,
      credential: "deployer",
      viewOnly: false,
    },
  ],
});

/** What a stack needs for that client, as Terraform JSON. */
export const PROVIDER = {
  terraform: { required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud" } } },
  provider: {
    genesyscloud: {
      oauthclient_id: CLIENT.id,
      oauthclient_secret: CLIENT.secret,
      aws_region: CLIENT.region,
    },
  },
};
