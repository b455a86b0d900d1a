import { UserError } from "../../errors";
import type { OAuthClient, OAuthClientRequest } from "../../genesys/models";
import { type PlatformApi, withoutReadOnly } from "../../genesys/platform-api";
import { NotWrittenError } from "../../vault/client/kv-store";
import { discard } from "../action";
import { askUntilKnown } from "../propagation";
import { prove } from "../prove";
import { sameGrants } from "../same-grants";
import { type Entry, rotatedMeanwhile, successorNameOf } from "./entry";
import type { EntryRotationProps } from "./entry-rotation-props";
import { listClients, type Survey } from "./survey";

/** Makes the client of the next version, proves it, and writes it down: in this order. */
export async function createSuccessor(
  props: EntryRotationProps,
  survey: Survey,
  after: number,
): Promise<OAuthClient> {
  const { signal } = props;
  const { api, entry, description, clients } = survey;
  const current = await api.oauthClient(entry.value.client_id);
  const request = successorOf(entry, current, description, after + 1);
  const living = clients.filter(({ state }) => state !== "deleted").length;
  if (living >= props.org.mostClients) {
    throw new UserError(
      `the organisation has ${living} OAuth clients, and may have ${props.org.mostClients}: none is made. Delete some, or raise rotation.mostClients`,
    );
  }
  signal?.throwIfAborted();
  const made = await api.createOAuthClient(request);
  try {
    const value = { ...entry.value, client_id: made.id, client_secret: secretOf(made) };
    await proveSuccessor(props, api, made, request);
    signal?.throwIfAborted();
    await record(props, { ...entry, version: after }, value);
    return made;
  } catch (error) {
    // Nobody has it; but what may still be written has to work.
    if (!(error instanceof MayBeWrittenError)) await discardQuietly(props, api, made);
    throw error;
  }
}

function successorOf(
  { path, version, value }: Entry,
  current: OAuthClient | undefined,
  description: string,
  next: number,
): OAuthClientRequest {
  const what = `client ${value.client_id} of version ${version} of the Vault entry ${path}`;
  if (!current) {
    throw new UserError(`${what} is gone, so there is nothing to copy: write another by hand`);
  }
  // Somebody may have wanted that: what works is not made behind their back.
  if (current.state !== "active") {
    throw new UserError(`${what} is ${current.state}: activate it, or write another by hand`);
  }
  // The API once spelled it with an underscore.
  const { authorizedGrantType: grant = "" } = current;
  if (grant.replaceAll("_", "-") !== "CLIENT-CREDENTIALS") {
    throw new UserError(`${what} has the grant ${grant}: only CLIENT-CREDENTIALS rotates`);
  }
  // With fields that this code does not know.
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
  throw new UserError(`client ${id} came without a secret`);
}

/** Proves that it works, in this organisation, and can do what the one before can. */
async function proveSuccessor(
  props: EntryRotationProps,
  api: PlatformApi,
  made: OAuthClient,
  request: OAuthClientRequest,
): Promise<void> {
  const { credential, apiAs, org, clock, onStep } = props;
  onStep?.(`proving ${made.name}`);
  const itself = apiAs(made.id, secretOf(made));
  await prove({ api: itself, clientId: made.id, orgId: org.id, what: made.name, clock });
  // A master has to do its work, before it replaces its maker.
  const seen =
    credential === "master"
      ? (await listClients(props, itself)).find(({ id }) => id === made.id)
      : await askUntilKnown(clock, () => api.oauthClient(made.id));
  if (!seen) throw new UserError(`client ${made.id} was made, and is not there`);
  if (sameGrants(seen.roleDivisions, request.roleDivisions)) return;
  throw new UserError(
    `client ${made.id} was made with other roles than were asked for: the master needs every role that it grants`,
  );
}

/** It is not known whether a version was, or will be, written. */
class MayBeWrittenError extends UserError {}

/** Writes the next version, and finds out whether it was written when no answer says so. */
async function record(
  { store, onStep }: EntryRotationProps,
  entry: Entry,
  value: Entry["value"],
): Promise<void> {
  const { path, version: before } = entry;
  onStep?.(`writing version ${before + 1} to Vault`);
  try {
    await store.put(path, value, before);
  } catch (error) {
    if (error instanceof NotWrittenError) throw error;
    const written = await store.read(path, before + 1).catch(() => undefined);
    // Not there yet, or not any more.
    if (!written) {
      throw new MayBeWrittenError(
        `${(error as Error).message}: version ${before + 1} of the Vault entry ${path} may still be written, and works then. Start again`,
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
    // The error before says more, and the next rotation finds the client.
    onStep?.(`${name} (${id}) could not be removed: the next rotation will`);
  }
}
