import { UserError } from "../../errors";
import { ApiError } from "../../http/api-error";
import {
  ENGINE_TIMEOUT,
  encodePath,
  VAULT_PROBLEMS,
  VaultApi,
  type VaultApiProps,
} from "./vault-api";

/** Properties of a {@link GenesysEngine}. */
export interface GenesysEngineProps extends VaultApiProps {
  /** Mount of the engine. */
  readonly mount: string;
}

/** Configuration of the engine, without its master's secret. */
export interface EngineConfiguration {
  /** Name of the organisation in the engine's messages. */
  readonly org: string;
  readonly org_id: string;
  readonly region: string;
  /** Id of the master. */
  readonly client_id: string;
  /** Whether the engine made the master itself. */
  readonly own_master: boolean;
  readonly most_clients: number;
  /** Empty for none. */
  readonly address_field: string;
}

/**
 * The secrets engine of an org's brokered clients, called over HTTP by the people who configure it. Errors
 * have the engine's own words, which never contain a secret.
 */
export class GenesysEngine {
  private readonly api: VaultApi;

  constructor(private readonly props: GenesysEngineProps) {
    this.api = new VaultApi({ timeout: ENGINE_TIMEOUT, ...props });
  }

  /**
   * Returns the configuration; undefined if there is none yet.
   * @throws UserError when nothing is mounted there
   */
  async configuration(): Promise<EngineConfiguration | undefined> {
    try {
      const answer = (await this.send("GET", "config")) as { readonly data: EngineConfiguration };
      return answer.data;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      if (error.code === VAULT_PROBLEMS.noMount) throw this.withoutMount();
      return undefined;
    }
  }

  /**
   * Changes the configuration. The engine stores it only if its master works and belongs to the organisation.
   *
   * @param fields a change of where the master's secret is sent needs `client_secret`
   */
  async configure(
    fields: Partial<Omit<EngineConfiguration, "own_master">> & { readonly client_secret?: string },
  ): Promise<void> {
    await this.send("PUT", "config", fields);
  }

  /**
   * Gives the engine a master of its own, which only Vault knows.
   *
   * @param retireGiven whether the former master is retired even if the engine did not make it
   * @returns the id of the new master
   */
  async rotateRoot(retireGiven: boolean): Promise<string> {
    const answer = await this.send("POST", "config/rotate-root", { retire_given: retireGiven });
    return (answer as { readonly data: { readonly client_id: string } }).data.client_id;
  }

  private send(method: "GET" | "PUT" | "POST", path: string, content?: object): Promise<unknown> {
    return this.api.send({
      method,
      path: `${encodePath(this.props.mount)}/${path}`,
      content,
      // Twice would make two clients.
      creates: method === "POST",
      passOnErrors: true,
    });
  }

  private withoutMount(): UserError {
    const { mount, address, namespace } = this.props;
    const where = namespace === undefined ? address : `${address}, namespace ${namespace}`;
    return new UserError(`nothing is mounted at ${mount} of ${where}`);
  }
}
