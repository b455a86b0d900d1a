import type { OAuthClient, RoleDivision } from "../../../genesys/models";
import { PlatformApi } from "../../../genesys/platform-api";
import type { ApiError } from "../../../http/errors";
import type { GenesysRegion } from "../../../registry/genesys-regions";
import type { VaultCredential } from "../../../registry/model";
import { arnOf } from "../../../rotation/rotation-names";
import { type Entry, entryDescriptionOf } from "../../../rotation/vault-entries/entry";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { ClockReading } from "./clock-reading";
import type { DoctorContext } from "./context";
import { CREDENTIALS, retriesOf, type VaultFindings } from "./vault-checks";

const MASTER_PERMISSIONS =
  "oauth:client:add, :view, :edit, :delete and authorization:grant:add, :view";

/** Whether the org's credentials work in Genesys Cloud, and are of this org. */
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
    if (credential === "master" && status === "ok") master = api;
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
      `${org.genesysRegion} did not say whose token client ${id} got`,
      "is it Genesys Cloud that answers, or a proxy before it?",
    );
  }
  if (organization.id.toLowerCase() !== org.organizationId) {
    return failed(
      `client ${id} is of organisation ${organization.id}, and the registry says ${org.organizationId}`,
      `put a client of ${org.name} into ${entry.path}, or correct organizationId in the registry`,
    );
  }
  if (client && client.id !== id) {
    return failed(
      `the token of client ${id} is client ${client.id}'s`,
      `look at the Vault entry ${entry.path}`,
    );
  }
  return ok(`client ${id} mints a token of ${org.organizationId}`);
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
      `Genesys Cloud in ${org.genesysRegion} does not take client ${value.client_id} with the secret in version ${version} of ${path}: the client was deleted, deactivated or given another secret, or is of another region`,
      credential === "master"
        ? "make a client and write it to the entry (docs/rotation.md)"
        : `\`genesys-orgs rotate ${org.name} ${credential}\`, or write a client that works to the entry`,
    );
  }
  if (status !== undefined) return undefined;
  return failed(
    error.message,
    `is Genesys Cloud in ${org.genesysRegion} to be reached from here? an allow-list of addresses holds for its API as well`,
  );
}

/** What the master sees of the organisation's clients. */
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
          ? ok(`the master sees ${has} of at most ${most}`)
          : failed(
              `${org.name} has ${has} OAuth clients, and none is made from ${most}`,
              "delete some that nobody uses, or raise rotation.mostClients",
            );
      },
      explainList(entries.get("master")),
    );
  } else list.add("clients", notChecked("the master has no token that is this organisation's"));
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
      `the master, client ${entry?.value.client_id}, may not see OAuth clients (HTTP 403): it has no ${missing.join(", ")}`,
      `give it a role with ${MASTER_PERMISSIONS}`,
    );
  };

/** Genesys Cloud lets a client grant what it holds itself, and nothing else. */
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
    roleDivisions
      .filter((grant) => !held.some((own) => covers(own, grant)))
      .map(({ roleId, divisionId }) => `${name}: role ${roleId} in division ${divisionId}`),
  );
  const distinct = [...new Set(lacking)];
  if (distinct.length === 0) {
    return ok(`the master has every role of the ${granted.length} clients that it looks after`);
  }
  return failed(
    `the master, client ${master?.id}, lacks what its clients have, and can grant it to none: ${shortened(distinct)}`,
    "give it these roles, in these divisions or in all",
  );
}

const covers = (own: RoleDivision, grant: RoleDivision): boolean =>
  own.roleId === grant.roleId && (own.divisionId === "*" || own.divisionId === grant.divisionId);

const shortened = (items: readonly string[]): string =>
  items.length <= 3
    ? items.join("; ")
    : `${items.slice(0, 3).join("; ")}; ${items.length - 3} more`;

/** What a role permits is not for the master to see: only whether the two are one. */
function plannerRoles(clients: readonly OAuthClient[], entries: VaultFindings["entries"]): Outcome {
  const find = (credential: VaultCredential) =>
    clients.find(({ id }) => id === entries.get(credential)?.value.client_id);
  const [planner, deployer] = [find("planner"), find("deployer")];
  if (!planner || !deployer) return notChecked("planner or deployer is not known");
  const fix = "give the planner a client of its own, whose roles only view";
  if (planner.id === deployer.id) {
    return failed(
      `planner and deployer are one client, ${planner.id}: a pull request can change the organisation`,
      fix,
    );
  }
  const held = planner.roleDivisions ?? [];
  const all = deployer.roleDivisions ?? [];
  return all.length > 0 && all.every((grant) => held.some((own) => covers(own, grant)))
    ? failed(
        "the planner has every role of the deployer: a pull request can change the organisation",
        fix,
      )
    : ok("the planner has not all roles of the deployer");
}
