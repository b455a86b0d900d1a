import type { OAuthClient } from "../genesys/models";
import type { PlatformApi } from "../genesys/platform-api";
import { ORG_DEFAULTS } from "../registry/defaults";
import { type Action, actionOn, deleteWhenDrained, execute } from "./action";
import { isOurs, versionIn } from "./client-name";
import { isAsSpecified, updateOf } from "./rotate";
import type { SecretStore, SecretVersion } from "./secret-store";
import type { ClientSpecification } from "./specification";

/** What the windows and the limits are. Times are in milliseconds. */
export interface ReconciliationLimits {
  /** From when another version became the current one until the one before mints no more tokens. */
  readonly overlap: number;
  /** Added to the lifetime of a token before a client that mints none any more is deleted. */
  readonly skew: number;
  /** Age from which a client of ours that no version knows is an orphan. */
  readonly orphanAge: number;
  /** Clients that one run deactivates or deletes at most, but for those that somebody retires. */
  readonly mostChanges: number;
  /** Clients that the organisation may have. */
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

/** One credential: what its clients are to be, and the versions of its secret. */
export interface ManagedCredential {
  readonly specification: ClientSpecification;
  readonly versions: readonly SecretVersion[];
  /** When the labels last moved, or anything else of the secret changed. */
  readonly changedAt: number;
  /**
   * Whether somebody asked that all its clients go.
   * @default false
   */
  readonly retiring?: boolean;
}

/** What one run found and wants. */
export interface ReconciliationPlan {
  readonly actions: readonly Action[];
  readonly metrics: {
    readonly managed: number;
    readonly orphaned: number;
    /** Age of the oldest version that is current, in days. */
    readonly oldestDays: number;
    /** Credentials that should have rotated two days ago, or before. */
    readonly overdue: number;
    /** Credentials whose current version has no client of ours: consumers may be refused. */
    readonly lost: number;
    readonly headroom: number;
  };
  /** Clients of ours, as they were before. */
  readonly clients: readonly OAuthClient[];
}

/**
 * Compares the clients of an organisation with the versions of its secrets. Pure: the same again
 * gives the same, and what a run did not finish the next one sees again.
 *
 * @param secretPrefix what the ARN of every secret of this org here begins with
 */
export function planReconciliation(
  now: number,
  secretPrefix: string,
  credentials: readonly ManagedCredential[],
  clients: readonly OAuthClient[],
  limits: ReconciliationLimits = DEFAULT_LIMITS,
): ReconciliationPlan {
  // Disabled ones count as well: the rotator makes none above the limit.
  const present = clients.filter(({ state }) => state !== "deleted");
  const living = present.filter(({ state }) => state === "active" || state === "inactive");
  const ours = living.filter((client) => isOurs(client, secretPrefix));
  const judged = ours.map((client) => judge(now, client, credentials, ours, limits));
  const wanted = judged.flatMap(({ action }) => action ?? []);
  const asked = wanted.filter((action) => action.kind === "update" || action.reason === RETIRING);
  const others = wanted.filter((action) => !asked.includes(action));
  return {
    actions: [...asked, ...others.slice(0, limits.mostChanges)],
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
  // Also of a secret of that name that was deleted, and made again.
  const isRetiring = ({ retiring, specification }: ManagedCredential) =>
    retiring && withoutSuffix(specification.secretArn) === withoutSuffix(description);
  if (credentials.some(isRetiring)) return judgeRetiring(now, client, limits);
  const credential = credentials.find(
    ({ specification }) => specification.secretArn === description,
  );
  // By the version alone: a specification may have another name by now, and the client works.
  const version = credential?.versions.find(({ id }) => id === versionIn(client.name));
  return credential && version
    ? judgeVersion(now, client, credential, version, ours, limits)
    : judgeOrphan(now, client, limits);
}

const withoutSuffix = (secretArn: string): string => secretArn.replace(/-[A-Za-z0-9]{6}$/, "");

const RETIRING = "its credential is being retired";

/** No overlap: nobody reads the credential any more. */
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
    return { action: actionOn(client, "update", "it is not as specified", update) };
  }
  if (client.state === "inactive") return { action: deleteWhenDrained(now, client, limits.skew) };
  if (now - changedAt < limits.overlap || !hasClient(credential, ours)) return {};
  return { action: actionOn(client, "deactivate", "another version is the current one") };
}

/**
 * Whether the current version is one that the rotator made. One that somebody wrote by hand may well
 * have the client of a version before.
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

/** Somebody deleted the client of the current version, or wrote another's by hand. */
const isLost = (credential: ManagedCredential, ours: readonly OAuthClient[]): boolean =>
  !credential.retiring &&
  credential.versions.some(({ stages }) => stages.includes("AWSCURRENT")) &&
  !hasClient(credential, ours);

function judgeOrphan(now: number, client: OAuthClient, limits: ReconciliationLimits): Judgement {
  // Of an unknown age is not old.
  const age = now - Date.parse(client.dateCreated ?? "");
  if (!(age >= limits.orphanAge)) return {};
  // Never in one step: a person may see it in between, and take it back.
  const judgement =
    client.state === "inactive"
      ? { action: deleteWhenDrained(now, client, limits.skew) }
      : { action: actionOn(client, "deactivate", "no version of a secret knows it") };
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

/** Without a current version its first rotation is under way, or fails again and again. */
function isOverdue(now: number, { specification, versions, retiring }: ManagedCredential): boolean {
  if (retiring) return false;
  const current = versions.filter(({ stages }) => stages.includes("AWSCURRENT"));
  // Of an unknown age is not old.
  const since = (current.length > 0 ? current : versions).map(({ createdAt = now }) => createdAt);
  return now - Math.min(now, ...since) > (specification.rotationDays + 2) * DAY;
}

/** What a run works with. */
export interface ReconciliationProps {
  readonly api: PlatformApi;
  readonly secrets: SecretStore;
  /** All that Terraform wrote; an empty list is refused. */
  readonly specifications: readonly ClientSpecification[];
  /**
   * ARNs of the secrets whose clients are all to go.
   * @default - none
   */
  readonly retiring?: readonly string[];
  readonly secretPrefix: string;
  readonly now: number;
  readonly limits?: ReconciliationLimits;
  readonly dryRun?: boolean;
  /** Told what is wanted before anything is done. */
  readonly onPlan?: (plan: ReconciliationPlan) => void;
}

/**
 * One run: looks, plans, and does it.
 * @throws Error without having changed anything, when a listing is empty or not all there; after
 *   the others were done, when there are clients that could not be changed
 */
export async function reconcile(props: ReconciliationProps): Promise<ReconciliationPlan> {
  const { api, secrets, specifications, retiring = [], secretPrefix, now, limits } = props;
  if (specifications.length === 0) {
    throw new Error(`there is no specification of a client under ${secretPrefix}: nothing is done`);
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

/** What cannot be done to one client keeps nobody from the others. */
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
  throw new Error(`${failures.length} of ${actions.length} failed: ${failures.join("; ")}`);
}

/**
 * A client whose secret is there and whose specification is not is no orphan, whatever its age: its
 * consumers work with it, and somebody may write the specification again.
 */
async function refuseUnspecified(
  { secrets, specifications, secretPrefix }: ReconciliationProps,
  clients: readonly OAuthClient[],
): Promise<void> {
  const specified = new Set(specifications.map(({ secretArn }) => secretArn));
  const ours = clients.filter((client) => isOurs(client, secretPrefix));
  for (const arn of new Set(ours.map(({ description = "" }) => description))) {
    if (specified.has(arn) || !(await secrets.isThere(arn))) continue;
    throw new Error(
      `the secret ${arn} has clients, and no specification: nothing is done. Apply the org's stack`,
    );
  }
}
