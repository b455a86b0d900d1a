import { ApiError } from "../../http/api-error";
import type { VaultCall } from "../../vault/client/vault-api";
import { LoginRefusedError, logIn, type VaultLogin } from "../../vault/client/vault-login";
import { sendWith, type VaultCaller, type VaultServer } from "./vault-caller";

/** Calls with the token of a login, which is made at the first call, and again after the token's end. */
export class LoginCaller implements VaultCaller {
  private session: Promise<string> | undefined;

  constructor(
    private readonly server: VaultServer,
    private readonly login: () => Promise<VaultLogin>,
  ) {}

  async send(call: VaultCall, timeout?: number): Promise<unknown> {
    const session = this.loggedIn();
    const token = await session;
    try {
      return await sendWith(this.server, token, call, timeout);
    } catch (error) {
      // A login again does not help against a policy.
      if (!isDenied(error) || (await this.isAlive(token))) throw error;
      if (this.session === session) this.session = undefined;
      return sendWith(this.server, await this.loggedIn(), call, timeout);
    }
  }

  async keepAlive(): Promise<void> {
    if (!this.session) return;
    // A token that cannot be renewed is replaced after its end.
    await this.send({ method: "PUT", path: "auth/token/renew-self" }).catch(() => {});
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    if (!session) return;
    await sendWith(this.server, await session, { method: "PUT", path: "auth/token/revoke-self" });
  }

  private loggedIn(): Promise<string> {
    this.session ??= this.logIn().catch((error) => {
      this.session = undefined;
      throw error;
    });
    return this.session;
  }

  private async logIn(): Promise<string> {
    try {
      return await logIn(this.server, await this.login());
    } catch (error) {
      if (!(error instanceof LoginRefusedError)) throw error;
      throw new Error(`${error.problem}: correct the role in Vault, or the login`);
    }
  }

  private async isAlive(token: string): Promise<boolean> {
    try {
      await sendWith(this.server, token, { method: "GET", path: "auth/token/lookup-self" });
      return true;
    } catch (error) {
      return !isDenied(error);
    }
  }
}

const isDenied = (error: unknown): boolean => error instanceof ApiError && error.status === 403;
