import type { Kind } from "./entity";

/** How the Platform API offers one kind of object. */
export interface KindRules {
  /** Path of the list below `/api/v2/`; an object is one level deeper. */
  readonly path: string;
  readonly permission: string;
  /**
   * The largest page. For most lists no document has it; then it is the size that the Terraform provider
   * 1.84.1 asks for, which is known to work.
   */
  readonly maxPageSize: number;
  /** Fields that an answer has only if the request asks for them. */
  readonly expandable?: readonly string[];
}

export const KINDS: Readonly<Record<Kind, KindRules>> = {
  auth_division: {
    path: "authorization/divisions",
    permission: "authorization:division:view",
    maxPageSize: 100,
  },
  auth_role: {
    path: "authorization/roles",
    permission: "authorization:role:view",
    maxPageSize: 100,
  },
  routing_skill: { path: "routing/skills", permission: "routing:skill:view", maxPageSize: 500 },
  routing_language: {
    path: "routing/languages",
    permission: "routing:language:view",
    maxPageSize: 100,
  },
  routing_wrapupcode: {
    path: "routing/wrapupcodes",
    permission: "routing:wrapupCode:view",
    maxPageSize: 100,
  },
  routing_queue: { path: "routing/queues", permission: "routing:queue:view", maxPageSize: 500 },
  user: {
    path: "users",
    permission: "directory:user:view",
    maxPageSize: 500,
    expandable: [
      "skills",
      "languages",
      "locations",
      "profileSkills",
      "certifications",
      "employerInfo",
    ],
  },
  group: { path: "groups", permission: "directory:group:view", maxPageSize: 500 },
  architect_schedules: {
    path: "architect/schedules",
    permission: "routing:schedule:view",
    maxPageSize: 100,
  },
  architect_schedulegroups: {
    path: "architect/schedulegroups",
    permission: "routing:scheduleGroup:view",
    maxPageSize: 100,
  },
  architect_emergencygroup: {
    path: "architect/emergencygroups",
    permission: "routing:emergencyGroup:view",
    maxPageSize: 100,
  },
  location: { path: "locations", permission: "directory:location:view", maxPageSize: 100 },
  integration: {
    path: "integrations",
    permission: "integrations:integration:view",
    maxPageSize: 100,
  },
  architect_datatable: {
    path: "flows/datatables",
    permission: "architect:datatable:view",
    maxPageSize: 100,
    expandable: ["schema"],
  },
  oauth_client: { path: "oauth/clients", permission: "oauth:client:view", maxPageSize: 25 },
  flow: { path: "flows", permission: "architect:flow:view", maxPageSize: 100 },
  script: { path: "scripts", permission: "scripter:script:view", maxPageSize: 500 },
  architect_ivr: {
    path: "architect/ivrs",
    permission: "routing:callRoute:view",
    maxPageSize: 100,
  },
  telephony_providers_edges_site: {
    path: "telephony/providers/edges/sites",
    permission: "telephony:plugin:all",
    maxPageSize: 100,
  },
};

/** Kinds with the longest path first, since `flows` begins like `flows/datatables`. */
const BY_LENGTH = (Object.entries(KINDS) as [Kind, KindRules][]).sort(
  ([, one], [, other]) => other.path.length - one.path.length,
);

/** Paths that begin like those of a kind and belong to something else. */
const OTHERS = /^integrations\/(credentials|types)(\/|$)/;

/** The kind that a path is about, the object's id, and the rest of the path. */
export function kindOf(
  path: string,
): { readonly kind: Kind; readonly id?: string; readonly part?: string } | undefined {
  if (OTHERS.test(path)) return undefined;
  for (const [kind, rules] of BY_LENGTH) {
    if (path === rules.path) return { kind };
    if (!path.startsWith(`${rules.path}/`)) continue;
    const [id = "", ...rest] = path.slice(rules.path.length + 1).split("/");
    return {
      kind,
      id: decodeURIComponent(id),
      ...(rest.length > 0 ? { part: rest.join("/") } : {}),
    };
  }
  return undefined;
}
