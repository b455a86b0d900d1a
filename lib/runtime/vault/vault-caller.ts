import { VaultApi, type VaultApiProps, type VaultCall } from "../../vault/client/vault-api";

/** Calls of Vault by a consumer that has, or gets, a token. */
export interface VaultCaller {
  /**
   * Returns what Vault answers.
   * @param timeout milliseconds until the request is given up
   * @throws ApiError when Vault refuses the call or does not answer
   */
  send(call: VaultCall, timeout?: number): Promise<unknown>;
  /** Makes the token last longer, if it is the caller's own. Vault ends its leases together with it. */
  keepAlive(): Promise<void>;
  /** Revokes the token, if it is the caller's own. */
  close(): Promise<void>;
}

/** A Vault server. */
export type VaultServer = Omit<VaultApiProps, "token" | "timeout" | "retries">;

/** Returns calls with a token that someone else cares for. It is asked for anew at each call. */
export const callerWith = (server: VaultServer, token: () => Promise<string>): VaultCaller => ({
  send: async (call, timeout) => sendWith(server, await token(), call, timeout),
  async keepAlive() {},
  async close() {},
});

/** Sends one call with a token. */
export const sendWith = (
  server: VaultServer,
  token: string,
  call: VaultCall,
  timeout?: number,
): Promise<unknown> => new VaultApi({ ...server, timeout, token: token.trim() }).send(call);
