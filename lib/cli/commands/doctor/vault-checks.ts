import { UserError } from "../../../errors";
import type { ApiError } from "../../../http/api-error";
import { ResilientFetch } from "../../../http/resilient-fetch";
import type { VaultCredential } from "../../../registry/model";
import { type Entry, EntryError, readEntry } from "../../../rotation/vault-entries/vault-entry";
import { HttpKvStore } from "../../../vault/client/http-kv-store";
import { vaultToken } from "../../../vault/client/vault-token";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { ClockReading } from "./clock-reading";
import type { DoctorContext } from "./context";

export const CREDENTIALS = ["deployer", "planner", "master"] as const;

/** The entries of an org in Vault, as far as they could be read. */
export interface VaultFindings {
  readonly checks: readonly Check[];
  readonly entries: ReadonlyMap<VaultCredential, Entry>;
}

/** Checks whether the org's credentials are in Vault, and belong to the org. */
export async function checkVault(context: DoctorContext): Promise<VaultFindings> {
  const list = new Checklist("vault", context.bounds);
  const clock = new ClockReading(context.io.now);
  const entries = new Map<VaultCredential, Entry>();
  const token = tokenOf(context);
  if (token instanceof UserError) {
    list.add("token", notChecked(token.message));
    return { checks: list.checks, entries };
  }
  let role: string | undefined;
  const valid = await list.run(
    "token",
    async () => {
      const { data } = await lookUp(context, token, clock);
      role = data?.meta?.role;
      const ttl = data?.ttl ?? 0;
      return ok(`valid${ttl > 0 ? ` for ${ttl} s` : ""}${role ? `, role ${role}` : ""}`);
    },
    explainLookUp(context),
  );
  const { vault, rotation } = context.org;
  const { address, namespace, mount } = vault;
  const place = { address, namespace, mount };
  const store = new HttpKvStore({ ...place, ...retriesOf(context), token, fetch: clock.fetch });
  for (const credential of CREDENTIALS) {
    const why =
      valid.status !== "ok"
        ? "the token could not be used"
        : // A pull request never reads a credential that can change the org.
          role?.endsWith("-planner") && credential !== "planner"
          ? `the role ${role} may read only the planner's entry`
          : undefined;
    if (why !== undefined) {
      list.add(credential, notChecked(why));
      continue;
    }
    const version = credential === "master" ? rotation.masterVersion : undefined;
    await list.run(
      credential,
      () => checkEntry(context, store, credential, version, entries),
      (error) => explainEntry(context, credential, error),
    );
  }
  list.add("clock", clock.outcome("Vault"));
  return { checks: list.checks, entries };
}

function tokenOf({ io }: DoctorContext): string | UserError {
  try {
    return vaultToken(io.env);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** One retry at most, since a person is waiting. */
export const retriesOf = ({ bounds }: DoctorContext) => ({ retries: 1, timeout: bounds.limit });

interface TokenLookUp {
  readonly data?: {
    /** Seconds; 0 if the token does not expire. */
    readonly ttl?: number;
    readonly meta?: { readonly role?: string } | null;
  };
}

async function lookUp(
  context: DoctorContext,
  token: string,
  clock: ClockReading,
): Promise<TokenLookUp> {
  const { address, namespace } = context.org.vault;
  const http = new ResilientFetch({
    ...retriesOf(context),
    // The target of a redirect would get the token.
    fetch: (url, init) => clock.fetch(url, { ...init, redirect: "manual" }),
  });
  const { body } = await http.send({
    method: "GET",
    url: `${address.replace(/\/+$/, "")}/v1/auth/token/lookup-self`,
    name: `GET auth/token/lookup-self of ${address}`,
    headers: {
      "x-vault-token": token,
      "x-vault-request": "true",
      ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
    },
    // Vault's own words are not passed on, since they may contain anything.
    problemIn: (answer) => ({
      message: /Vault is sealed/.test(JSON.stringify(answer ?? "")) ? "Vault is sealed" : undefined,
    }),
  });
  return (body ?? {}) as TokenLookUp;
}

const explainLookUp =
  ({ org }: DoctorContext) =>
  (error: Error): Outcome | undefined => {
    const { address, namespace } = org.vault;
    const { status } = error as Partial<ApiError>;
    if (status === 403) {
      return failed(
        `${address} refuses the token: it has expired, was revoked, or belongs to another ${namespace === undefined ? "server" : `namespace than ${namespace}`}`,
        "run `vault login`, or set VAULT_TOKEN",
      );
    }
    if (status === undefined || status >= 500) {
      return failed(
        error.message,
        `make sure that ${address} is running, unsealed and reachable from here`,
      );
    }
    return undefined;
  };

async function checkEntry(
  { org }: DoctorContext,
  store: HttpKvStore,
  credential: VaultCredential,
  version: number | undefined,
  entries: Map<VaultCredential, Entry>,
): Promise<Outcome> {
  const path = org.vault[credential];
  const newest = await readEntry(store, path, org.organizationId);
  if (!newest) {
    return failed(
      `the Vault entry ${org.vault.mount}/${path} does not exist`,
      "write client_id, client_secret and org_id to it (docs/rotation.md)",
    );
  }
  if (version === undefined || version === newest.version) {
    entries.set(credential, newest);
    return ok(`version ${newest.version} of ${org.vault.mount}/${path}`);
  }
  const asNamed = { read: (at: string) => store.read(at, version), put: store.put.bind(store) };
  const named = await readEntry(asNamed, path, org.organizationId);
  const what = `rotation.masterVersion of ${org.name} is ${version}, but the newest version of ${org.vault.mount}/${path} is ${newest.version}`;
  const fix = `set rotation.masterVersion to ${newest.version} in the registry, then run \`cdktf deploy ${org.stack}\``;
  if (!named) return failed(`${what}, and version ${version} does not exist any more`, fix);
  entries.set(credential, named);
  return ok(`${what}; next: ${fix}`);
}

function explainEntry(
  { org }: DoctorContext,
  credential: VaultCredential,
  error: Error,
): Outcome | undefined {
  const path = `${org.vault.mount}/${org.vault[credential]}`;
  if ((error as Partial<ApiError>).status === 403) {
    return failed(
      `the token may not read ${path}`,
      `log in with a role whose policy allows it, for example genesys-${org.name}-deployer (docs/rotation.md)`,
    );
  }
  if (!(error instanceof EntryError)) return undefined;
  if (error.problem === "organisation") {
    return failed(
      error.message,
      `put ${org.name}'s own credential there, or correct organizationId or vault.${credential} in the registry`,
    );
  }
  return failed(error.message, "write a version with client_id, client_secret and org_id");
}
