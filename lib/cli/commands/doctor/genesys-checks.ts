import type { OAuthClient } from "../../../genesys/models";
import { PlatformApi } from "../../../genesys/platform-api";
import type { ApiError } from "../../../http/api-error";
import type { GenesysRegion } from "../../../registry/genesys-regions";
import type { VaultCredential } from "../../../registry/model";
import { grantsLackingIn } from "../../../rotation/grants";
import { arnOf } from "../../../rotation/rotation-names";
import { type Entry, entryDescriptionOf } from "../../../rotation/vault-entries/vault-entry";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { ClockReading } from "./clock-reading";
import type { DoctorContext } from "./context";
import { checkGrants } from "./grant-checks";
import { CREDENTIALS, type VaultFindings } from "./vault-checks";
import { retriesOf } from "./vault-token-checks";

const MASTER_PERMISSIONS =
  "oauth:client:add, :view, :edit, :delete and authorization:grant:add, :view";

/** Checks whether the org's credentials work in Genesys Cloud, and belong to this org. */
export async function checkGenesys(
  context: DoctorContext,
  { entries }: VaultFindings,
): Promise<Check[]> {
  const list = new Checklist("genesys", context.bounds);
  const clock = new ClockReading(context.io.now);
  const region = context.org.genesysRegion as GenesysRegion;
  let master: PlatformApi | undefined;
  for (const credential of CREDENTIALS) {
    const entry = entries.get(credential);
    if (!entry) {
      list.add(credential, notChecked("its entry in Vault could not be read"));
      continue;
    }
    const { client_id: clientId, client_secret: clientSecret } = entry.value;
    const credentials = { region, clientId, clientSecret };
    const api = new PlatformApi({ ...credentials, ...retriesOf(context), fetch: clock.fetch });
    const { status } = await list.run(
      credential,
      () => checkToken(context, api, entry),
      (error) => explainToken(context, credential, entry, error),
    );
    if (status !== "ok") continue;
    await checkGrants(context, list, credential, api);
    if (credential === "master") master = api;
  }
  await checkClients(context, list, entries, master);
  list.add("clock", clock.outcome("Genesys Cloud"));
  return list.checks;
}

async function checkToken(
  { org }: DoctorContext,
  api: PlatformApi,
  entry: Entry,
): Promise<Outcome> {
  const { organization, OAuthClient: client } = (await api.tokenOwner()) ?? {};
  const { client_id: id } = entry.value;
  if (typeof organization?.id !== "string") {
    return failed(
      `Genesys Cloud in ${org.genesysRegion} did not name the organisation of client ${id}`,
      "make sure that Genesys Cloud answers, and not a proxy in front of it",
    );
  }
  if (organization.id.toLowerCase() !== org.organizationId) {
    return failed(
      `client ${id} belongs to organisation ${organization.id}, but the registry says ${org.organizationId}`,
      `write a client of ${org.name} to ${entry.path}, or correct organizationId in the registry`,
    );
  }
  if (client && client.id !== id) {
    return failed(
      `the token of client ${id} belongs to client ${client.id}`,
      `correct the Vault entry ${entry.path}`,
    );
  }
  return ok(`client ${id} gets a token of ${org.organizationId}`);
}

function explainToken(
  { org }: DoctorContext,
  credential: VaultCredential,
  { path, version, value }: Entry,
  error: Error,
): Outcome | undefined {
  const { status, call } = error as Partial<ApiError>;
  if (call === "POST /oauth/token" && (status === 400 || status === 401)) {
    return failed(
      `Genesys Cloud in ${org.genesysRegion} refuses client ${value.client_id} with the secret in version ${version} of ${path}: the client was deleted or deactivated, has another secret, or belongs to another region`,
      credential === "master"
        ? "create a client and write it to the entry (docs/rotation.md)"
        : `run \`genesys-orgs rotate ${org.name} ${credential}\`, or write a working client to the entry`,
    );
  }
  if (status !== undefined) return undefined;
  return failed(
    error.message,
    `make sure that Genesys Cloud in ${org.genesysRegion} is reachable from here (its allow-list of addresses also applies to the API)`,
  );
}

/** Makes the checks of the organisation's clients, as the master sees them. */
async function checkClients(
  context: DoctorContext,
  list: Checklist,
  entries: VaultFindings["entries"],
  master: PlatformApi | undefined,
): Promise<void> {
  const { org } = context;
  let clients: OAuthClient[] | undefined;
  if (master) {
    await list.run(
      "clients",
      async () => {
        clients = await master.oauthClients();
        const [has, most] = [clients.length, org.rotation.mostClients];
        return has < most
          ? ok(`${has} of at most ${most}`)
          : failed(
              `${org.name} has ${has} OAuth clients; with ${most} or more, no client is created`,
              "delete clients that nobody uses, or raise rotation.mostClients",
            );
      },
      explainList(entries.get("master")),
    );
  } else list.add("clients", notChecked("the master has no token of this organisation"));
  if (!clients) {
    const why = notChecked("the clients could not be listed");
    list.add("master roles", why);
    list.add("planner roles", why);
    return;
  }
  list.add("master roles", masterRoles(context, clients, entries));
  list.add("planner roles", plannerRoles(clients, entries));
}

const explainList =
  (entry: Entry | undefined) =>
  (error: Error): Outcome | undefined => {
    if ((error as Partial<ApiError>).status !== 403) return undefined;
    const missing = error.message.match(/\b[A-Za-z]+:[A-Za-z]+:[A-Za-z]+\b/g) ?? [
      "oauth:client:view",
    ];
    return failed(
      `the master, client ${entry?.value.client_id}, may not list OAuth clients (HTTP 403): it lacks ${missing.join(", ")}`,
      `give it a role with ${MASTER_PERMISSIONS}`,
    );
  };

/** Checks the master's roles: Genesys Cloud lets a client grant only the roles that it has itself. */
function masterRoles(
  { org }: DoctorContext,
  clients: readonly OAuthClient[],
  entries: VaultFindings["entries"],
): Outcome {
  const idOf = (credential: VaultCredential) => entries.get(credential)?.value.client_id;
  const master = clients.find(({ id }) => id === idOf("master"));
  const held = master?.roleDivisions ?? [];
  const secrets = arnOf(org, "secretsmanager", `secret:${org.secretPrefix}`);
  const { deployer, planner } = org.vault;
  const descriptions = [deployer, planner].map((path) => entryDescriptionOf(org.vault, path));
  const granted = clients.filter(
    ({ id, description = "", state }) =>
      state !== "deleted" &&
      (description.startsWith(secrets) ||
        descriptions.includes(description) ||
        id === idOf("deployer") ||
        id === idOf("planner")),
  );
  const lacking = granted.flatMap(({ name, roleDivisions = [] }) =>
    grantsLackingIn(held, roleDivisions).map(
      ({ roleId, divisionId }) => `${name}: role ${roleId} in division ${divisionId}`,
    ),
  );
  const distinct = [...new Set(lacking)];
  if (distinct.length === 0) {
    return ok(`the master has every role of the ${granted.length} clients that it manages`);
  }
  return failed(
    `the master, client ${master?.id}, cannot grant these roles of its clients, since it lacks them: ${shortened(distinct)}`,
    "give it these roles, in these divisions or in all divisions",
  );
}

const shortened = (items: readonly string[]): string =>
  items.length <= 3
    ? items.join("; ")
    : `${items.slice(0, 3).join("; ")}; ${items.length - 3} more`;

/** Compares the planner with the deployer: the master may not see what their roles permit. */
function plannerRoles(clients: readonly OAuthClient[], entries: VaultFindings["entries"]): Outcome {
  const find = (credential: VaultCredential) =>
    clients.find(({ id }) => id === entries.get(credential)?.value.client_id);
  const [planner, deployer] = [find("planner"), find("deployer")];
  if (!planner || !deployer)
    return notChecked("the client of the planner or of the deployer is unknown");
  const fix = "give the planner a client of its own, with view-only roles";
  if (planner.id === deployer.id) {
    return failed(
      `planner and deployer have the same client, ${planner.id}, so a pull request can change the organisation`,
      fix,
    );
  }
  const held = planner.roleDivisions ?? [];
  const all = deployer.roleDivisions ?? [];
  return all.length > 0 && grantsLackingIn(held, all).length === 0
    ? failed(
        "the planner has every role of the deployer, so a pull request can change the organisation",
        fix,
      )
    : ok("the planner does not have all roles of the deployer");
}
