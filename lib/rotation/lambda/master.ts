import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { awsCall } from "../../aws/call";
import { PlatformApi, type PlatformApiProps } from "../../genesys/platform-api";
import type { CredentialValue } from "../../secret-value/credential-value";
import type { Dependencies } from "./dependencies";

/** The credential that rotates the others, as Vault's entry has it. */
interface MasterCredential {
  readonly client_id: string;
  readonly client_secret: string;
  /** The organisation's id in Genesys Cloud. */
  readonly org_id: string;
}

/** Calls the Platform API for an org. */
export class Master {
  private held: { readonly text: string; readonly api: PlatformApi } | undefined;
  private givenUp = 0;

  constructor(private readonly dependencies: Dependencies) {}

  /**
   * The Platform API as the org's master. The same as long as its credential is: with its token,
   * and with what it knows of the API's health.
   *
   * @throws Error when the secret is not that of a master of this organisation; never says its value
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
            // That something is not there is an answer.
            if (!("status" in error && (error.status === 404 || error.status === 410)))
              this.givenUp += 1;
          },
        }),
      };
    }
    return this.held.api;
  }

  /**
   * The Platform API, where "there is none" is believed: not only the secret says whose it is.
   * @throws Error when the credential is of another organisation
   */
  async provenApi(): Promise<PlatformApi> {
    const { configuration } = this.dependencies;
    const api = await this.api();
    const id = await api.organizationId();
    if (id.toLowerCase() === configuration.organizationId) return api;
    throw new Error(
      `the master secret ${configuration.masterArn} has a credential of organisation ${id}: expected ${configuration.organizationId}. Correct the master's entry of Vault`,
    );
  }

  /**
   * The Platform API with a credential that is tested. What it gives up is not counted: a client
   * that is not known everywhere yet is asked for again.
   */
  apiAs({ clientId, clientSecret }: CredentialValue): PlatformApi {
    return this.apiWith({ clientId, clientSecret });
  }

  /** Calls that were given up since this was asked last. */
  giveUps(): number {
    const count = this.givenUp;
    this.givenUp = 0;
    return count;
  }

  private apiWith(
    props: Pick<PlatformApiProps, "clientId" | "clientSecret" | "onGiveUp">,
  ): PlatformApi {
    const { configuration, clock, fetch: send } = this.dependencies;
    return new PlatformApi({ region: configuration.region, clock, fetch: send, ...props });
  }

  private read(text: string): MasterCredential {
    const { masterArn, organizationId, org } = this.dependencies.configuration;
    let value: Partial<MasterCredential> | null;
    try {
      value = JSON.parse(text) as typeof value;
    } catch {
      throw new Error(`the master secret ${masterArn} is no JSON document`);
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
      `the master secret ${masterArn} is of another organisation than ${org} (${organizationId}): put that org's entry of Vault into it`,
    );
  }
}
