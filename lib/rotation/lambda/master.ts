import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { awsCall } from "../../aws/call";
import type { PlatformApiProps } from "../../genesys/authenticated-calls";
import type { ClientCredential } from "../../genesys/login";
import { PlatformApi } from "../../genesys/platform-api";
import type { CredentialValue } from "../../secret-value/credential-value";
import type { Dependencies } from "./dependencies";

/** The credential that rotates all others, in the format of its entry. */
interface MasterCredential {
  readonly client_id: string;
  readonly client_secret: string;
  /** The organisation's id in Genesys Cloud. */
  readonly org_id: string;
}

/** The org's master credential, and the Platform API that is called with it. */
export class Master {
  private held: { readonly text: string; readonly api: PlatformApi } | undefined;
  private givenUp = 0;

  constructor(private readonly dependencies: Dependencies) {}

  /**
   * Returns the Platform API, called as the org's master. It is the same object as long as the
   * credential is the same, so that it keeps its token and its breaker.
   *
   * @throws Error without its value when the secret is not a credential of this organisation
   */
  async api(): Promise<PlatformApi> {
    const { configuration, secrets } = this.dependencies;
    const command = new GetSecretValueCommand({ SecretId: configuration.masterArn });
    const what = `GetSecretValue of ${configuration.masterArn}`;
    const { SecretString: text = "" } = await awsCall(what, secrets.send(command));
    if (this.held?.text !== text) {
      const { client_id, client_secret } = this.read(text);
      this.held = {
        text,
        api: this.apiWith({
          clientId: client_id,
          clientSecret: client_secret,
          onGiveUp: (error) => {
            // "Not found" is an answer.
            if (!("status" in error && (error.status === 404 || error.status === 410)))
              this.givenUp += 1;
          },
        }),
      };
    }
    return this.held.api;
  }

  /**
   * Returns the Platform API after a check that it answers for this organisation, for callers that
   * act on an empty list: the secret alone does not prove it.
   * @throws Error when the credential works in another organisation
   */
  async provenApi(): Promise<PlatformApi> {
    const { configuration } = this.dependencies;
    const api = await this.api();
    const id = await api.organizationId();
    if (id.toLowerCase() === configuration.organizationId) return api;
    throw new Error(
      `the master secret ${configuration.masterArn} works in organisation ${id} instead of ${configuration.organizationId}: correct the master's entry`,
    );
  }

  /**
   * Returns the Platform API, called with a credential to test. Its failures are not counted, since
   * a new client may not be known everywhere yet.
   */
  apiAs({ clientId, clientSecret }: CredentialValue): PlatformApi {
    return this.apiWith({ clientId, clientSecret });
  }

  /** Returns the number of calls that were given up since the last request for it. */
  giveUps(): number {
    const count = this.givenUp;
    this.givenUp = 0;
    return count;
  }

  private apiWith(props: ClientCredential & Pick<PlatformApiProps, "onGiveUp">): PlatformApi {
    const { configuration, clock, fetch: send } = this.dependencies;
    return new PlatformApi({ region: configuration.region, clock, fetch: send, ...props });
  }

  private read(text: string): MasterCredential {
    const { masterArn, organizationId, org } = this.dependencies.configuration;
    let value: Partial<MasterCredential> | null;
    try {
      value = JSON.parse(text) as typeof value;
    } catch {
      throw new Error(`the master secret ${masterArn} is not a JSON document`);
    }
    const missing = (["client_id", "client_secret", "org_id"] as const).filter(
      (field) => typeof value?.[field] !== "string" || value[field] === "",
    );
    if (missing.length > 0) {
      throw new Error(`the master secret ${masterArn} has no ${missing.join(", ")}`);
    }
    const master = value as MasterCredential;
    if (master.org_id.toLowerCase() === organizationId) return master;
    throw new Error(
      `the master secret ${masterArn} belongs to another organisation than ${org} (${organizationId}): correct the master's entry, or the registry`,
    );
  }
}
