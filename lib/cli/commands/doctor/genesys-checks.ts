import type { OAuthClient } from "../../../genesys/models";
import { PlatformApi } from "../../../genesys/platform-api";
import type { ApiError } from "../../../http/api-error";
import type { GenesysRegion } from "../../../registry/genesys-regions";
import type { VaultCredential } from "../../../registry/model";
import { grantsLackingIn } from "../../../rotation/grants";
import { type Entry, entryCalled } from "../../../rotation/vault-entries/vault-entry";
import { entriesOf } from "../../project/credential-entries";
import { checkAddress } from "./address-checks";
import { type Check, Checklist, failed, notChecked, type Outcome, ok } from "./checklist";
import { ClockReading } from "./clock-reading";
import type { DoctorContext } from "./context";
import { checkGrants, copiedRoles } from "./grant-checks";
import { checkIntegrations } from "./integration-checks";
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
  await checkAddress(context, list);
  for (const credential of CREDENTIALS) {
    const entry = entries.get(credential);
    if (!entry) {
      list.add(
        credential,
        notChecked(`its entry in ${entriesOf(context.org).place.name} could not be read`),
      );
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
    if (credential === "deployer") await checkGrants(context, list, credential, api);
    if (credential === "master") master = api;
  }
  await checkClients(context, list, entries, master);
  if (master) await checkIntegrations(context, list, master);
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
      `correct ${entryCalled(entry.path)}`,
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
  if (!master || !clients) {
    const why = notChecked("the clients could not be listed");
    list.add("master grants", why);
    list.add("planner roles", why);
    return;
  }
  const [deployer, planner] = [
    clientOf("deployer", clients, entries),
    clientOf("planner", clients, entries),
  ];
  await checkGrants(context, list, "master", master, [
    ...(deployer ? copiedRoles("the deployer", deployer) : []),
    ...(planner ? copiedRoles("the planner", planner) : []),
  ]);
  list.add("planner roles", plannerRoles(planner, deployer));
}

/** Returns the client of a credential by the id in Vault: others may have its name and description. */
const clientOf = (
  credential: VaultCredential,
  clients: readonly OAuthClient[],
  entries: VaultFindings["entries"],
): OAuthClient | undefined =>
  clients.find(({ id }) => id === entries.get(credential)?.value.client_id);

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

/** Compares the planner with the deployer: the master may not see what their roles permit. */
function plannerRoles(
  planner: OAuthClient | undefined,
  deployer: OAuthClient | undefined,
): Outcome {
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
