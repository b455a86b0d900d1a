import type { OAuthClient } from "../genesys/models";
import type { PlatformApi } from "../genesys/platform-api";
import { ORG_DEFAULTS } from "../registry/defaults";
import { type Action, actionOn, deleteWhenDrained, execute } from "./action";
import { isOurs, versionIn } from "./client-name";
import { isAsSpecified, updateOf } from "./rotate";
import type { SecretStore, SecretVersion } from "./secret-store";
import type { ClientSpecification } from "./specification";

/** Windows and limits of the reconciler. Times are in milliseconds. */
export interface ReconciliationLimits {
  /** Time for which the previous client still gets tokens after another version became current. */
  readonly overlap: number;
  /** Time added to the token lifetime before an inactive client is deleted. */
  readonly skew: number;
  /** Age from which a client of ours is an orphan if it belongs to no version. */
  readonly orphanAge: number;
  /** Number of clients that one run may deactivate or delete, not counting retired credentials. */
  readonly mostChanges: number;
  /** Number of OAuth clients that the organisation may have. */
  readonly mostClients: number;
}

const MINUTE = 60_000;
export const DEFAULT_LIMITS: ReconciliationLimits = {
  overlap: 15 * MINUTE,
  skew: 15 * MINUTE,
  orphanAge: 48 * 60 * MINUTE,
  mostChanges: 5,
  mostClients: ORG_DEFAULTS.rotation.mostClients,
};

/** One credential: the specification of its clients, and the versions of its secret. */
export interface ManagedCredential {
  readonly specification: ClientSpecification;
  readonly versions: readonly SecretVersion[];
  /** Time of the last change of the secret, including its labels. */
  readonly changedAt: number;
  /**
   * Whether the credential is being retired, and so all its clients removed.
   * @default false
   */
  readonly retiring?: boolean;
}

/** The findings of one run, and its actions. */
export interface ReconciliationPlan {
  readonly actions: readonly Action[];
  readonly metrics: {
    readonly managed: number;
    readonly orphaned: number;
    /** Age of the oldest current version, in days. */
    readonly oldestDays: number;
    /** Credentials that are more than two days overdue. */
    readonly overdue: number;
    /** Credentials whose current version has no client of ours, so consumers may be refused. */
    readonly lost: number;
    readonly headroom: number;
  };
  /** Clients of ours, before the actions. */
  readonly clients: readonly OAuthClient[];
}

/**
 * Compares the clients of an organisation with the versions of its secrets. A pure function: the
 * next run finds again whatever this run does not finish.
 *
 * @param secretPrefix the beginning of the ARN of every secret of this org here
 */
export function planReconciliation(
  now: number,
  secretPrefix: string,
  credentials: readonly ManagedCredential[],
  clients: readonly OAuthClient[],
  limits: ReconciliationLimits = DEFAULT_LIMITS,
): ReconciliationPlan {
  // Disabled clients count as well, as they do for the limit of the rotator.
  const present = clients.filter(({ state }) => state !== "deleted");
  const living = present.filter(({ state }) => state === "active" || state === "inactive");
  const ours = living.filter((client) => isOurs(client, secretPrefix));
  const judged = ours.map((client) => judge(now, client, credentials, ours, limits));
  const wanted = judged.flatMap(({ action }) => action ?? []);
  const unlimited = wanted.filter(({ kind, reason }) => kind === "update" || reason === RETIRING);
  const limited = wanted.filter((action) => !unlimited.includes(action));
  return {
    actions: [...unlimited, ...limited.slice(0, limits.mostChanges)],
    metrics: {
      managed: ours.length,
      orphaned: judged.filter(({ orphaned }) => orphaned).length,
      oldestDays: oldest(now, credentials),
      overdue: credentials.filter((credential) => isOverdue(now, credential)).length,
      lost: credentials.filter((credential) => isLost(credential, ours)).length,
      headroom: limits.mostClients - present.length,
    },
    clients: ours,
  };
}

interface Judgement {
  readonly orphaned?: boolean;
  readonly action?: Action;
}

function judge(
  now: number,
  client: OAuthClient,
  credentials: readonly ManagedCredential[],
  ours: readonly OAuthClient[],
  limits: ReconciliationLimits,
): Judgement {
  const { description = "" } = client;
  // Also the clients of an earlier secret of the same name, which was deleted.
  const isRetiring = ({ retiring, specification }: ManagedCredential) =>
    retiring && withoutSuffix(specification.secretArn) === withoutSuffix(description);
  if (credentials.some(isRetiring)) return judgeRetiring(now, client, limits);
  const credential = credentials.find(
    ({ specification }) => specification.secretArn === description,
  );
  // By version only: the specification may have a new name by now, and the client still works.
  const version = credential?.versions.find(({ id }) => id === versionIn(client.name));
  return credential && version
    ? judgeVersion(now, client, credential, version, ours, limits)
    : judgeOrphan(now, client, limits);
}

const withoutSuffix = (secretArn: string): string => secretArn.replace(/-[A-Za-z0-9]{6}$/, "");

const RETIRING = "its credential is being retired";

/** Without an overlap, since nobody reads the credential any more. */
function judgeRetiring(now: number, client: OAuthClient, limits: ReconciliationLimits): Judgement {
  return client.state === "inactive"
    ? { action: deleteWhenDrained(now, client, limits.skew) }
    : { action: actionOn(client, "deactivate", RETIRING) };
}

function judgeVersion(
  now: number,
  client: OAuthClient,
  credential: ManagedCredential,
  { id, stages }: SecretVersion,
  ours: readonly OAuthClient[],
  limits: ReconciliationLimits,
): Judgement {
  const { specification, changedAt } = credential;
  if (stages.includes("AWSPENDING") && !stages.includes("AWSCURRENT")) return {};
  if (stages.includes("AWSCURRENT")) {
    if (isAsSpecified(client, specification)) return {};
    const update = updateOf(client, specification, id);
    return { action: actionOn(client, "update", "it differs from its specification", update) };
  }
  if (client.state === "inactive") return { action: deleteWhenDrained(now, client, limits.skew) };
  if (now - changedAt < limits.overlap || !hasClient(credential, ours)) return {};
  return { action: actionOn(client, "deactivate", "another version is the current one") };
}

/**
 * Whether the rotator created the client of the current version. A version that somebody wrote by
 * hand may use the client of an earlier version.
 */
const hasClient = (
  { specification, versions }: ManagedCredential,
  ours: readonly OAuthClient[],
): boolean => {
  const current = versions.find(({ stages }) => stages.includes("AWSCURRENT"));
  return ours.some(
    ({ name, description }) =>
      description === specification.secretArn && versionIn(name) === current?.id,
  );
};

/** Whether somebody deleted the current version's client, or wrote the version by hand. */
const isLost = (credential: ManagedCredential, ours: readonly OAuthClient[]): boolean =>
  !credential.retiring &&
  credential.versions.some(({ stages }) => stages.includes("AWSCURRENT")) &&
  !hasClient(credential, ours);

function judgeOrphan(now: number, client: OAuthClient, limits: ReconciliationLimits): Judgement {
  // An unknown age does not count as old.
  const age = now - Date.parse(client.dateCreated ?? "");
  if (!(age >= limits.orphanAge)) return {};
  // Never in one step, so that a person can see it and reverse it.
  const judgement =
    client.state === "inactive"
      ? { action: deleteWhenDrained(now, client, limits.skew) }
      : { action: actionOn(client, "deactivate", "it belongs to no version of a secret") };
  return { ...judgement, orphaned: true };
}

const DAY = 24 * 60 * MINUTE;

function oldest(now: number, credentials: readonly ManagedCredential[]): number {
  const ages = credentials.flatMap(({ versions }) =>
    versions
      .filter(({ stages }) => stages.includes("AWSCURRENT"))
      .map(({ createdAt = now }) => now - createdAt),
  );
  return Math.max(0, ...ages) / DAY;
}

/** Without a current version, its first rotation is in progress or keeps failing. */
function isOverdue(now: number, { specification, versions, retiring }: ManagedCredential): boolean {
  if (retiring) return false;
  const current = versions.filter(({ stages }) => stages.includes("AWSCURRENT"));
  // An unknown age does not count as old.
  const since = (current.length > 0 ? current : versions).map(({ createdAt = now }) => createdAt);
  return now - Math.min(now, ...since) > (specification.rotationDays + 2) * DAY;
}

/** The inputs of a run. */
export interface ReconciliationProps {
  readonly api: PlatformApi;
  readonly secrets: SecretStore;
  /** All specifications that Terraform wrote; an empty list is refused. */
  readonly specifications: readonly ClientSpecification[];
  /**
   * ARNs of the secrets whose credentials are being retired.
   * @default - none
   */
  readonly retiring?: readonly string[];
  readonly secretPrefix: string;
  readonly now: number;
  readonly limits?: ReconciliationLimits;
  readonly dryRun?: boolean;
  /** Called with the plan before anything is changed. */
  readonly onPlan?: (plan: ReconciliationPlan) => void;
}

/**
 * Does one run: reads, plans, and executes the plan.
 * @throws Error before anything is changed, when a list is empty or incomplete; after all other
 *   actions, when some actions failed
 */
export async function reconcile(props: ReconciliationProps): Promise<ReconciliationPlan> {
  const { api, secrets, specifications, retiring = [], secretPrefix, now, limits } = props;
  if (specifications.length === 0) {
    throw new Error(
      `no client specification was found for the secrets ${secretPrefix}*: nothing was changed. Apply the org's stack`,
    );
  }
  const clients = await api.oauthClients();
  const credentials: ManagedCredential[] = [];
  for (const specification of specifications) {
    const { secretArn } = specification;
    const history = await secrets.history(secretArn);
    credentials.push({ specification, ...history, retiring: retiring.includes(secretArn) });
  }
  await refuseUnspecified(props, clients);
  const plan = planReconciliation(now, secretPrefix, credentials, clients, limits);
  props.onPlan?.(plan);
  if (!props.dryRun) await executeAll(api, plan.actions);
  return plan;
}

/** Executes all actions, even if some of them fail. */
async function executeAll(api: PlatformApi, actions: readonly Action[]): Promise<void> {
  const failures: string[] = [];
  for (const action of actions) {
    try {
      await execute(api, action);
    } catch (error) {
      failures.push(`${action.kind} ${action.clientName}: ${(error as Error).message}`);
    }
  }
  if (failures.length === 0) return;
  throw new Error(`${failures.length} of ${actions.length} actions failed: ${failures.join("; ")}`);
}

/**
 * Refuses to run while a client's secret exists without its specification. Such a client is not an
 * orphan, whatever its age: its consumers work with it, and the specification may come back.
 */
async function refuseUnspecified(
  { secrets, specifications, secretPrefix }: ReconciliationProps,
  clients: readonly OAuthClient[],
): Promise<void> {
  const specified = new Set(specifications.map(({ secretArn }) => secretArn));
  const ours = clients.filter((client) => isOurs(client, secretPrefix));
  for (const arn of new Set(ours.map(({ description = "" }) => description))) {
    if (specified.has(arn) || !(await secrets.exists(arn))) continue;
    throw new Error(
      `the secret ${arn} has clients but no specification: nothing was changed. Apply the org's stack`,
    );
  }
}
