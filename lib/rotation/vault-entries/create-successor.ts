import { UserError } from "../../errors";
import type { OAuthClient, OAuthClientRequest } from "../../genesys/models";
import { type PlatformApi, withoutReadOnly } from "../../genesys/platform-api";
import { NotWrittenError } from "../../vault/client/kv-store";
import { discard } from "../action";
import { refuseAboveLimit } from "../client-limit";
import { granting, sameGrants } from "../grants";
import { askUntilKnown } from "../propagation";
import { prove } from "../prove";
import type { EntryRotationProps } from "./entry-rotation-props";
import { listClients, type Survey } from "./survey";
import { type Entry, entryCalled, rotatedMeanwhile, successorNameOf } from "./vault-entry";

/** Creates the client of the next version, proves it, and writes it to the entry, in this order. */
export async function createSuccessor(
  props: EntryRotationProps,
  survey: Survey,
  after: number,
): Promise<OAuthClient> {
  const { signal } = props;
  const { api, entry, description, clients } = survey;
  const current = await api.oauthClient(entry.value.client_id);
  const request = successorOf(entry, current, description, after + 1);
  refuseAboveLimit(clients, props.org.mostClients);
  signal?.throwIfAborted();
  await props.store.settle?.(entry.path, after);
  const created = await granting(api, props.org.name, request.roleDivisions, () =>
    api.createOAuthClient(request),
  );
  try {
    const value = { ...entry.value, client_id: created.id, client_secret: secretOf(created) };
    await proveSuccessor(props, api, created, request);
    signal?.throwIfAborted();
    await record(props, { ...entry, version: after }, value);
    return created;
  } catch (error) {
    // Nobody has the client. But if its version may still be written, it must work then.
    if (!(error instanceof MayBeWrittenError)) await discardQuietly(props, api, created);
    throw error;
  }
}

function successorOf(
  { path, version, value }: Entry,
  current: OAuthClient | undefined,
  description: string,
  next: number,
): OAuthClientRequest {
  const what = `client ${value.client_id} of version ${version} of ${entryCalled(path)}`;
  if (!current) {
    throw new UserError(
      `${what} no longer exists, so it cannot be copied: write another credential by hand`,
    );
  }
  // Somebody may have done this on purpose, so no working client is created behind their back.
  if (current.state !== "active") {
    throw new UserError(
      `${what} is ${current.state}: activate it, or write another credential by hand`,
    );
  }
  // The API used to spell it with an underscore.
  const { authorizedGrantType: grant = "" } = current;
  if (grant.replaceAll("_", "-") !== "CLIENT-CREDENTIALS") {
    throw new UserError(
      `${what} has the grant ${grant}: only clients with the grant CLIENT-CREDENTIALS can be rotated`,
    );
  }
  // Including fields that are unknown here.
  const { dateToDelete: _, ...copied } = withoutReadOnly(current);
  const name = successorNameOf(current, description, next);
  return {
    ...copied,
    name,
    description,
    authorizedGrantType: "CLIENT-CREDENTIALS",
    state: "active",
  };
}

function secretOf({ id, secret }: OAuthClient): string {
  if (secret) return secret;
  throw new UserError(`Genesys Cloud returned the client ${id} without its secret`);
}

/** Proves that the client works, in this organisation, with the same grants as the previous one. */
async function proveSuccessor(
  props: EntryRotationProps,
  api: PlatformApi,
  created: OAuthClient,
  request: OAuthClientRequest,
): Promise<void> {
  const { credential, apiAs, org, clock, onStep } = props;
  onStep?.(`testing ${created.name}`);
  const itself = apiAs(created.id, secretOf(created));
  await prove({ api: itself, clientId: created.id, orgId: org.id, what: created.name, clock });
  // A master must do its work once, before it replaces the one that created it.
  const seen =
    credential === "master"
      ? (await listClients(props, itself)).find(({ id }) => id === created.id)
      : await askUntilKnown(clock, () => api.oauthClient(created.id));
  if (!seen) throw new UserError(`the client ${created.id} was created, but cannot be found`);
  if (sameGrants(seen.roleDivisions, request.roleDivisions)) return;
  throw new UserError(
    `the client ${created.id} was created with other roles than requested, because the master lacks a role that it grants: run \`genesys-orgs grant ${org.name}\` as an administrator`,
  );
}

/** The error of a write whose result is unknown: the version may be written already, or later. */
class MayBeWrittenError extends UserError {}

/** Writes the next version. If no answer says whether it was written, finds out. */
async function record(
  { store, place, onStep }: EntryRotationProps,
  entry: Entry,
  value: Entry["value"],
): Promise<void> {
  const { path, version: before } = entry;
  onStep?.(`writing version ${before + 1} to ${place.name}`);
  try {
    await store.put(path, value, before);
  } catch (error) {
    if (error instanceof NotWrittenError) throw error;
    const written = await store.read(path, before + 1).catch(() => undefined);
    // The version does not exist yet, or no longer.
    if (!written) {
      throw new MayBeWrittenError(
        `${(error as Error).message}: version ${before + 1} of ${entryCalled(path)} may still be written, and will work then. Start again`,
      );
    }
    if (written.value.client_id !== value.client_id) throw rotatedMeanwhile(entry);
  }
}

async function discardQuietly(
  { onStep }: EntryRotationProps,
  api: PlatformApi,
  { id, name }: OAuthClient,
): Promise<void> {
  try {
    await discard(api, id);
  } catch {
    // The first error says more, and the next rotation finds the client.
    onStep?.(`${name} (${id}) could not be deleted: the next rotation will do it`);
  }
}
