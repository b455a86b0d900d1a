import { FakeOrganization } from "../fakes/fake-organization";
import { MANAGED_KINDS, type ManagedKind } from "../fakes/organization/entity";
import * as access from "./generated/access";
import * as architect from "./generated/architect";
import { Build } from "./generated/build";
import * as people from "./generated/people";
import * as routing from "./generated/routing";
import { Random } from "./random";

export { withDifferences } from "./differences";
export { shuffled } from "./shuffled";

export interface GeneratedOrganizationProps {
  readonly seed: number;
  /**
   * How many objects Terraform could manage, of all kinds of `MANAGED_KINDS`: at least one of each. Its
   * flows, scripts, IVRs and sites come in addition.
   */
  readonly objects: number;
  /**
   * Whether two queues are each other's backup, which no Terraform configuration can say by references.
   * @default false
   */
  readonly cycle?: boolean;
  readonly name?: string;
}

/** Of a hundred and two objects, how many are of each kind. */
const SHARES: Readonly<Record<ManagedKind, number>> = {
  auth_division: 3,
  auth_role: 5,
  routing_skill: 12,
  routing_language: 3,
  routing_wrapupcode: 14,
  routing_queue: 18,
  user: 24,
  group: 5,
  architect_schedules: 5,
  architect_schedulegroups: 2,
  architect_emergencygroup: 1,
  location: 4,
  integration: 2,
  architect_datatable: 2,
  oauth_client: 2,
};

/** An organisation as a few years of work by hand leave it. The same props give the same one. */
export function generateOrganization(props: GeneratedOrganizationProps): FakeOrganization {
  const random = new Random(props.seed);
  const organization = new FakeOrganization(random.uuid(), props.name ?? `Generated ${props.seed}`);
  const build = new Build(organization, random);
  const count = counts(props.objects);
  // In the order of their references.
  access.divisions(build, count.auth_division);
  access.roles(build, count.auth_role);
  routing.skills(build, count.routing_skill);
  routing.languages(build, count.routing_language);
  people.locations(build, count.location);
  people.users(build, count.user);
  people.groups(build, count.group);
  routing.wrapupCodes(build, count.routing_wrapupcode);
  architect.named(build, 4 + Math.ceil(props.objects / 40));
  architect.schedules(build, count.architect_schedules);
  architect.scheduleGroups(build, count.architect_schedulegroups);
  architect.ivrs(build, 2 + Math.ceil(props.objects / 100));
  architect.emergencyGroups(build, count.architect_emergencygroup);
  routing.queues(build, count.routing_queue, props.cycle ?? false);
  access.roleConditions(build);
  architect.dataTables(build, count.architect_datatable);
  architect.integrations(build, count.integration);
  access.oauthClients(build, count.oauth_client);
  return organization;
}

function counts(objects: number): Readonly<Record<ManagedKind, number>> {
  if (objects < MANAGED_KINDS.length) {
    throw new Error(`an organisation has at least ${MANAGED_KINDS.length} objects, not ${objects}`);
  }
  const all = Object.values(SHARES).reduce((sum, share) => sum + share, 0);
  const result = Object.fromEntries(
    MANAGED_KINDS.map((kind) => [kind, Math.max(1, Math.floor((objects * SHARES[kind]) / all))]),
  ) as Record<ManagedKind, number>;
  const rest = () => objects - Object.values(result).reduce((sum, each) => sum + each, 0);
  // A small one has fewer of what there is most of.
  while (rest() < 0) {
    const most = MANAGED_KINDS.reduce((one, other) => (result[one] < result[other] ? other : one));
    result[most] -= 1;
  }
  result.user += rest();
  return result;
}
