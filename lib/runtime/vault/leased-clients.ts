import type { ValueSource, VersionedValue } from "../value-source";
import type { HeldLease, TimedLease } from "./held-lease";
import type { LeasedFields } from "./vault-lessor";

/** An OAuth client that is leased. */
export type LeasedClient = Pick<VersionedValue, "credential" | "endpoints">;

/** OAuth clients that are leased, one after the other. */
export class LeasedClients implements ValueSource {
  readonly fix = "find out who deactivated or deleted it; another lease is taken soon";
  readonly overlaps = false;

  constructor(private readonly lease: HeldLease<LeasedClient>) {}

  get name(): string {
    return this.lease.name;
  }

  async value(): Promise<VersionedValue> {
    return versioned(await this.lease.current());
  }

  /** Takes another lease only if the login refuses the client: a token that was ended needs no other client. */
  async refreshed(refused?: string): Promise<VersionedValue> {
    return refused === undefined ? this.value() : versioned(await this.lease.replaced(refused));
  }

  close(): Promise<void> {
    return this.lease.close();
  }
}

const versioned = ({ id, content }: TimedLease<LeasedClient>): VersionedValue => ({
  ...content,
  versionId: id,
});

/** Returns the client of an answer. */
export function clientIn(fields: LeasedFields): LeasedClient | undefined {
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  const [clientId, clientSecret] = [text("client_id"), text("client_secret")];
  const [region, orgId] = [text("region"), text("org_id")];
  if (!clientId || !clientSecret || !region || !orgId) return undefined;
  const [api, login] = [text("api_url"), text("login_url")];
  const endpoints = api && login ? { api, login } : undefined;
  return { credential: { clientId, clientSecret, region, orgId }, endpoints };
}
