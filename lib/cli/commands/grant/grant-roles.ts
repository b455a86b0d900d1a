import { UserError } from "../../../errors";
import { AuthorizationApi, type NamedObject } from "../../../genesys/authorization-api";
import { ApiError, BreakerOpenError } from "../../../http/api-error";
import type { VaultCredential } from "../../../registry/model";
import type { OrgReport } from "../../../registry/report";
import { grantsLackingIn } from "../../../rotation/grants";
import { entryCalled, readEntry } from "../../../rotation/vault-entries/vault-entry";
import { openBrokerEngine } from "../../project/broker-engine";
import { entriesOf, openEntries } from "../../project/credential-entries";
import { orgStackJson } from "../../project/org-stack-json";
import { type Reference, type WantedGrant, wantedGrants } from "../../project/wanted-grants";
import type { Io } from "../../terminal/io";
import { administratorApi } from "./administrator";

/** A role that a credential's client lacks. */
export interface LackingGrant extends Pick<WantedGrant, "credential"> {
  /** Id of the credential's client. */
  readonly clientId: string;
  readonly role: NamedObject;
  readonly division: NamedObject;
  /** Names of the OAuth clients that get the role from it, or the credentials that it rotates. */
  readonly clients: readonly string[];
}

/** The roles that an org's credentials lack, or lacked. */
export interface Granting {
  readonly org: OrgReport;
  readonly grants: readonly LackingGrant[];
  /** Wanted roles or divisions whose names are known only while Terraform runs. */
  readonly unresolved: readonly WantedGrant[];
  /** Names of the secrets whose clients the master creates, now that it has the roles. */
  readonly secrets: readonly string[];
}

/**
 * Gives an org's deployer, its master and the master of Vault's secrets engine the roles that they give to
 * the clients which they create: those of the stack, and for the master also those of deployer and planner,
 * which it rotates.
 *
 * @param yes whether the roles are granted, or only listed
 * @throws UserError, before anything is granted, when a role does not exist yet
 */
export async function grantRoles(io: Io, name: string, yes: boolean): Promise<Granting> {
  const { org, stack } = await orgStackJson(io, name);
  const wanted = wantedGrants(org, stack);
  try {
    const api = new AuthorizationApi(await administratorApi(io.env, org));
    const { known, unresolved } = await resolve(api, org, wanted);
    const ofBroker = known.some(({ credential }) => credential === "broker");
    const clients = {
      ...(await clientsOf(io, org)),
      broker: ofBroker ? [await brokerMasterOf(io, org)] : [],
    };
    const needed = [...known, ...(await copied(api, clients, known))];
    const grants: LackingGrant[] = [];
    for (const credential of ["deployer", "master", "broker"] as const) {
      for (const clientId of clients[credential]) {
        grants.push(...(await lackingOf(api, credential, clientId, needed)));
      }
    }
    io.signal.throwIfAborted();
    if (yes) await giveAll(api, grants);
    // Also if no role was lacking: an earlier run may have granted it, and stopped before it said so.
    const secrets = wanted.flatMap(({ secretName }) => secretName ?? []);
    return { org, grants, unresolved, secrets: [...new Set(secrets)] };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof BreakerOpenError)) throw error;
    throw new UserError(`${name}: ${error.message}${adviceFor(error)}`);
  }
}

function adviceFor(error: Error): string {
  const { status } = error as Partial<ApiError>;
  if (status === 401) return ". The administrator's credential has expired or is wrong";
  return status === 403
    ? ". The administrator needs authorization:role:view, authorization:grant:view and authorization:grant:add"
    : "";
}

interface KnownGrant extends WantedGrant {
  readonly roleObject: NamedObject;
  readonly divisionObject: NamedObject;
}

/** Finds the ids of roles and divisions. */
async function resolve(api: AuthorizationApi, org: OrgReport, wanted: readonly WantedGrant[]) {
  const known: KnownGrant[] = [];
  const unresolved: WantedGrant[] = [];
  const missing = new Set<string>();
  const find = remembered(async (reference: Reference, kind: "role" | "division") => {
    if ("id" in reference) return { id: reference.id, name: reference.id };
    if ("home" in reference) return api.homeDivision();
    if ("unknown" in reference) return undefined;
    const found = await api[kind](reference.name);
    if (!found) missing.add(`${kind} ${reference.name}`);
    return found;
  });
  for (const grant of wanted) {
    const roleObject = await find(grant.role, "role");
    const divisionObject = await find(grant.division, "division");
    if (roleObject && divisionObject) known.push({ ...grant, roleObject, divisionObject });
    else if ("unknown" in grant.role || "unknown" in grant.division) unresolved.push(grant);
  }
  if (missing.size === 0) return { known, unresolved };
  throw new UserError(
    `${org.name} has no ${[...missing].join(", no ")} yet: deploy ${org.stack} first. Its apply creates them, even if it ends with "You cannot grant roles that you do not have"`,
  );
}

/** Each object is looked up once. */
function remembered<Result>(
  find: (reference: Reference, kind: "role" | "division") => Promise<Result>,
): typeof find {
  const results = new Map<string, Promise<Result>>();
  return (reference, kind) => {
    const key = JSON.stringify([kind, reference]);
    const result = results.get(key) ?? find(reference, kind);
    results.set(key, result);
    return result;
  };
}

type ClientIds = Readonly<Record<VaultCredential, readonly string[]>>;

/** Finds the clients of the credentials: the newest version's, and the one that the rotator has. */
async function clientsOf(io: Io, org: OrgReport): Promise<ClientIds> {
  const { place, paths, masterVersion } = entriesOf(org);
  const { deployer, planner, master } = paths;
  const store = await openEntries(io, org);
  const newest = async (path: string): Promise<string> => {
    const entry = await readEntry(store, place, path, org.organizationId);
    if (entry) return entry.value.client_id;
    throw new UserError(
      `${org.name}: ${entryCalled(path)} ${place.where} does not exist: write client_id, client_secret and org_id to it`,
    );
  };
  // The rotator's copy, if it has one.
  const pinned = masterVersion && (await store.read(master, masterVersion))?.value.client_id;
  return {
    deployer: [await newest(deployer)],
    planner: [await newest(planner)],
    master: [...new Set([await newest(master), ...(typeof pinned === "string" ? [pinned] : [])])],
  };
}

/** Finds the client with which the engine makes others: its own, or the first one that it will be given. */
async function brokerMasterOf(io: Io, org: OrgReport): Promise<string> {
  const { configuration, firstMaster } = openBrokerEngine(io, org);
  const configured = await configuration();
  return configured?.client_id ?? (await firstMaster()).client_id;
}

/** The roles that the master gives to the next deployer and planner: those that they have, or will have. */
async function copied(
  api: AuthorizationApi,
  clients: ClientIds,
  known: readonly KnownGrant[],
): Promise<KnownGrant[]> {
  const copies = known
    .filter(({ credential }) => credential === "deployer")
    .map((grant) => ({ ...grant, credential: "master" as const, client: "the deployer" }));
  for (const credential of ["deployer", "planner"] as const) {
    for (const { role, division } of await api.grantsOf(clients[credential][0] ?? "")) {
      copies.push({
        credential: "master",
        client: `the ${credential}`,
        role,
        division,
        roleObject: role,
        divisionObject: { name: division.id, ...division },
      });
    }
  }
  return copies;
}

async function lackingOf(
  api: AuthorizationApi,
  credential: WantedGrant["credential"],
  clientId: string,
  needed: readonly KnownGrant[],
): Promise<LackingGrant[]> {
  const held = (await api.grantsOf(clientId)).map(({ role, division }) => ({
    roleId: role.id,
    divisionId: division.id,
  }));
  const byIds = new Map<string, LackingGrant>();
  const own = needed.filter((grant) => grant.credential === credential);
  for (const { client, roleObject: role, divisionObject: division } of own) {
    const wanted = { roleId: role.id, divisionId: division.id };
    if (grantsLackingIn(held, [wanted]).length === 0) continue;
    const key = JSON.stringify(wanted);
    const clients = [...new Set([...(byIds.get(key)?.clients ?? []), client])];
    byIds.set(key, { credential, clientId, role, division, clients });
  }
  return [...byIds.values()];
}

async function giveAll(api: AuthorizationApi, grants: readonly LackingGrant[]): Promise<void> {
  for (const clientId of new Set(grants.map((grant) => grant.clientId))) {
    const own = grants
      .filter((grant) => grant.clientId === clientId)
      .map(({ role, division }) => ({ roleId: role.id, divisionId: division.id }));
    // Once, also if the client is both deployer and master.
    await api.grant(
      clientId,
      own.filter((grant, index) => grantsLackingIn(own.slice(0, index), [grant]).length > 0),
    );
  }
}
