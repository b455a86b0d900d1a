import type { ApiToken, TokenSource } from "../token-source";
import type { HeldLease } from "./held-lease";
import type { LeasedFields } from "./vault-lessor";

/** Access tokens that are leased themselves: the client's secret stays in Vault. */
export class LeasedTokens implements TokenSource {
  constructor(private readonly lease: HeldLease<ApiToken>) {}

  async value(): Promise<never> {
    throw new Error(
      `${this.lease.name} leases tokens, which come without a client secret: use token(), or lease the kind "creds"`,
    );
  }

  async token(): Promise<ApiToken> {
    return (await this.lease.current()).content;
  }

  async renewed(refused: string): Promise<string | undefined> {
    const held = await this.lease.current();
    const isRefused = held.content.value === refused;
    const { value } = (isRefused ? await this.lease.replaced(held.id) : held).content;
    return value === refused ? undefined : value;
  }

  close(): Promise<void> {
    return this.lease.close();
  }
}

/** Returns the token of an answer. Its lease ends with it, so its own end is not needed. */
export function tokenIn({ access_token: value, api_url: api }: LeasedFields): ApiToken | undefined {
  return typeof value === "string" && typeof api === "string" ? { value, api } : undefined;
}
