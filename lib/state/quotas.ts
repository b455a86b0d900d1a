import type { Home, Org } from "../registry/model";

/** What AWS allows by default in an account, or in one of its regions, and what orgs use of it. */
export interface Quota {
  readonly service: string;
  /** What is counted, in the plural. */
  readonly what: string;
  readonly most: number;
  /** Regions with another quota. */
  readonly mostIn?: Readonly<Record<string, number>>;
  readonly per: "account" | "region";
  /** Terraform type of what is counted. */
  readonly type: string;
  /** Number for each org, in the place of its home. */
  readonly access?: number;
  /** Number for each org with OAuth clients, in the place of its secrets. */
  readonly rotation?: number;
  /** Number for each OAuth client, in the place of its org's secrets. */
  readonly client?: number;
  /** Further ones for each OAuth client, which the org's functions make. */
  readonly notes?: number;
  /** Number for each other credential, those of the functions included. */
  readonly secret?: number;
  /** Number for each org with alerts about its accesses, in the place of its secrets. */
  readonly monitoring?: number;
  /** Further ones for each of these with the log group of a trail. */
  readonly trail?: number;
}

/** The quotas that many orgs can meet. docs/quotas.md has the source of each. */
export const QUOTAS: readonly Quota[] = [
  {
    service: "IAM",
    what: "roles",
    most: 1000,
    per: "account",
    type: "aws_iam_role",
    access: 3,
    rotation: 3,
  },
  {
    service: "EventBridge",
    what: "rules",
    most: 300,
    mostIn: { "af-south-1": 100, "eu-south-1": 100 },
    per: "region",
    type: "aws_cloudwatch_event_rule",
    rotation: 1,
    monitoring: 8,
  },
  {
    service: "CloudWatch",
    what: "alarms",
    most: 5000,
    per: "region",
    type: "aws_cloudwatch_metric_alarm",
    rotation: 10,
    trail: 3,
  },
  {
    // Of one log group, and the orgs of a region usually have one trail.
    service: "CloudWatch Logs",
    what: "metric filters",
    most: 100,
    per: "region",
    type: "aws_cloudwatch_log_metric_filter",
    trail: 2,
  },
  {
    service: "Systems Manager",
    what: "standard parameters",
    most: 10_000,
    per: "region",
    type: "aws_ssm_parameter",
    client: 1,
    notes: 2,
    secret: 2,
  },
  {
    service: "KMS",
    what: "keys",
    most: 100_000,
    per: "region",
    type: "aws_kms_key",
    access: 1,
    rotation: 1,
  },
  {
    service: "Secrets Manager",
    what: "secrets",
    most: 500_000,
    per: "region",
    type: "aws_secretsmanager_secret",
    rotation: 1,
    client: 1,
    secret: 1,
  },
];

/** Share of a quota from which on synth warns, so that there is time to raise it. */
const WARN_FROM = 0.8;

type Place = Pick<Home, "account" | "region">;

/**
 * Returns a warning for each quota that the orgs come close to, in the places that a home's orgs use.
 *
 * @param orgs all orgs of the registry
 */
export function quotaWarnings(home: Home, orgs: readonly Org[]): string[] {
  const active = orgs.filter(({ retired }) => !retired);
  const places = new Map<string, Place>();
  for (const place of [home, ...active.filter(({ state }) => state.home === home).map(awsOf)]) {
    places.set(`${place.account} ${place.region}`, place);
  }
  const warnings = QUOTAS.flatMap((quota) =>
    [...places.values()].map((place) => warning(quota, place, active)),
  );
  return [...new Set(warnings.filter((text) => text !== undefined))];
}

const awsOf = ({ aws }: Org): Place => aws;

function warning(quota: Quota, place: Place, orgs: readonly Org[]): string | undefined {
  const { service, what, per, mostIn = {}, access = 0, rotation = 0, client = 0 } = quota;
  const { notes = 0, secret = 0, monitoring: alerts = 0, trail = 0 } = quota;
  const most = mostIn[place.region] ?? quota.most;
  const isHere = ({ account, region }: Place) =>
    account === place.account && (per === "account" || region === place.region);
  const numbers = orgs.map(({ state, aws, oauthClients, secrets, monitoring }) => {
    const rotating = isHere(aws) && oauthClients.length + secrets.length > 0;
    const ofAll = oauthClients.length * (client + notes) + secrets.length * secret;
    const watched = isHere(aws) && monitoring !== undefined;
    return (
      (isHere(state.home) ? access : 0) +
      (rotating ? rotation + ofAll : 0) +
      (watched ? alerts : 0) +
      (watched && monitoring.trailLogGroup !== undefined ? trail : 0)
    );
  });
  const number = numbers.reduce((sum, each) => sum + each, 0);
  if (number < WARN_FROM * most) return undefined;
  const where = per === "region" ? ` in ${place.region}` : "";
  return `Account ${place.account} has ${number} ${what} of orgs${where}, and AWS allows ${most} by default. Raise the quota of ${service} for ${what}, or use another account for further orgs. docs/quotas.md has the numbers for each org.`;
}
