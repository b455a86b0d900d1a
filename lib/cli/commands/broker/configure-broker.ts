import { UserError } from "../../../errors";
import { ApiError, BreakerOpenError } from "../../../http/api-error";
import type { OrgReport } from "../../../registry/report";
import type { EngineConfiguration } from "../../../vault/client/genesys-engine";
import { type BrokerEngine, openBrokerEngine } from "../../project/broker-engine";
import type { Io } from "../../terminal/io";

/** Properties of {@link configureBroker}. */
export interface ConfigureProps {
  /** Whether the entry's client stays the master. */
  readonly keepGiven?: boolean;
  /** Whether the entry's client is retired. */
  readonly retireGiven?: boolean;
  /** Whether the entry's client becomes the master also if there is one. */
  readonly replaceMaster?: boolean;
  readonly dryRun: boolean;
}

/** One thing that was done, or would be. */
export type BrokerStep =
  | {
      readonly kind: "write master" | "write settings";
      /** Id of the master. */
      readonly clientId: string;
      readonly mostClients: number;
    }
  | {
      readonly kind: "rotate root";
      /** Id of the new master; undefined in a dry run. */
      readonly clientId?: string;
      /** Id of the client that is retired. */
      readonly retires?: string;
    };

/** What was done, or would be. */
export interface Configuring {
  readonly mount: string;
  readonly steps: readonly BrokerStep[];
  readonly next: readonly string[];
}

/**
 * Gives the engine of an org's brokered clients its organisation, its settings and its master.
 *
 * @throws UserError, which never contains a secret
 */
export async function configureBroker(
  io: Io,
  org: OrgReport,
  props: ConfigureProps,
): Promise<Configuring> {
  const { name } = org;
  if (org.retired) throw new UserError(`${name} is retired: its engine gets no master`);
  const broker = openBrokerEngine(io, org);
  try {
    return await configure(broker, org, props);
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof BreakerOpenError)) throw error;
    throw new UserError(`${name}: ${error.message}${adviceFor(error, name)}`);
  }
}

async function configure(
  broker: BrokerEngine,
  org: OrgReport,
  { keepGiven = false, retireGiven = false, replaceMaster = false, dryRun }: ConfigureProps,
): Promise<Configuring> {
  const { engine, mount, mostClients } = broker;
  const { name } = org;
  const before = await configurationOf(broker, org);
  const isNew = before === undefined || replaceMaster;
  const settings = {
    org: name,
    most_clients: mostClients,
    address_field: org.rotation.allowedAddressesField ?? "",
  };
  const master = isNew ? await masterOf(broker, org) : undefined;
  const { client_id: clientId } = master ?? (before as EngineConfiguration);
  const kind = isNew ? "write master" : "write settings";
  const steps: BrokerStep[] = [{ kind, clientId, mostClients }];
  if (!dryRun) {
    await engine.configure({ ...settings, ...master });
  }
  // Also if an earlier run stopped here.
  const rotates = !keepGiven && (isNew || !before.own_master);
  if (rotates) {
    const own = dryRun ? undefined : await engine.rotateRoot(retireGiven);
    const retires = retireGiven ? clientId : undefined;
    steps.push({ kind: "rotate root", clientId: own, retires });
  }
  return { mount, steps, next: nextOf(clientId, { rotates, retireGiven, dryRun }) };
}

function nextOf(
  clientId: string,
  { rotates, retireGiven, dryRun }: { rotates: boolean; retireGiven: boolean; dryRun: boolean },
): string[] {
  if (rotates && !retireGiven && !dryRun) {
    return [`delete client ${clientId} in Genesys Cloud if nothing else uses it`];
  }
  if (rotates || !retireGiven) return [];
  // The engine does not know any more which client it was given.
  return [
    "delete the client of the entry in Genesys Cloud yourself, if it is still there: the engine's master is its own already, so nothing was retired",
  ];
}

/** The client of the org's entry, and where its secret is sent. */
async function masterOf(broker: BrokerEngine, { organizationId, genesysRegion }: OrgReport) {
  const { client_id, client_secret } = await broker.firstMaster();
  return { client_id, client_secret, org_id: organizationId, region: genesysRegion };
}

async function configurationOf({ configuration, mount }: BrokerEngine, org: OrgReport) {
  const { name, organizationId } = org;
  const before = await configuration();
  if (before === undefined || before.org_id.toLowerCase() === organizationId) return before;
  throw new UserError(
    `${name}: the engine at ${mount} has the organisation ${before.org_id}, but the registry says ${organizationId}: correct vault.broker.mount or organizationId`,
  );
}

function adviceFor(error: Error, org: string): string {
  const { status } = error as Partial<ApiError>;
  if (status === 403) return `. Your token needs the policy genesys-${org}-broker`;
  return status === 400
    ? ". If the engine has a master that no longer works, write a client that works to the entry, and add --replace-master"
    : status === 500
      ? ". Vault must be able to reach Genesys Cloud: check its network, DNS and proxy"
      : "";
}
