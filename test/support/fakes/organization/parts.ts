import type { FakeOrganization } from "../fake-organization";
import { notFound, page, type Reply, type Request } from "./answers";
import { type Entity, itemsOf, type Json, type Kind, referenceOf } from "./entity";

// What the Platform API offers about an object at a path of its own.

/** A member of a queue. */
export interface QueueMember {
  readonly id: string;
  readonly ringNumber: number;
}

/** Everybody in a queue: its own members, and those of its groups, whom it lists as well. */
export function membersOf(
  organization: FakeOrganization,
  queue: Entity,
): (QueueMember & { readonly memberBy: "user" | "group" })[] {
  const own = itemsOf<QueueMember>(queue, "$members");
  const ids = new Set(own.map(({ id }) => id));
  const groups = itemsOf<{ readonly id: string; readonly type: string }>(queue, "memberGroups");
  const byGroup = groups
    .filter(({ type }) => type === "GROUP")
    .flatMap(({ id }) => itemsOf<string>(organization.get("group", id), "$individuals"))
    .filter((id) => !ids.has(id));
  return [
    ...own.map((member) => ({ ...member, memberBy: "user" as const })),
    ...[...new Set(byGroup)].map((id) => ({ id, ringNumber: 1, memberBy: "group" as const })),
  ];
}

/** Answers a request about a part of an object. */
export function answerPart(
  organization: FakeOrganization,
  kind: Kind,
  entity: Entity,
  part: string,
  request: Request,
): Reply {
  const known = PARTS[kind]?.[part];
  return known ? known(organization, entity, request) : notFound();
}

type Part = (organization: FakeOrganization, entity: Entity, request: Request) => Reply;

const PARTS: Partial<Record<Kind, Readonly<Record<string, Part>>>> = {
  routing_queue: {
    members: (organization, queue, { query, path }) => {
      const wanted = query.get("memberBy");
      const members = membersOf(organization, queue).filter(
        ({ memberBy }) => wanted === null || memberBy === wanted,
      );
      // This list does not say how many there are.
      const paging = { path: below(path), maxPageSize: 100, counts: false };
      return page(members, query, paging, ({ id, ringNumber, memberBy }) => ({
        ...named(organization, "user", id),
        user: named(organization, "user", id),
        ringNumber,
        joined: true,
        memberBy,
        selfUri: `${path}/${id}`,
      }));
    },
    wrapupcodes: (organization, queue, { query, path }) =>
      page(
        itemsOf<string>(queue, "$wrapupCodes"),
        query,
        { path: below(path), maxPageSize: 100 },
        (id) => {
          const code = organization.get("routing_wrapupcode", id);
          return code ? organization.shown("routing_wrapupcode", code) : { id };
        },
      ),
  },
  group: {
    // All of them at once: the members and, if the group includes them, the owners.
    individuals: (organization, group) => ({
      status: 200,
      body: {
        entities: itemsOf<string>(group, "$individuals").map((id) =>
          named(organization, "user", id),
        ),
      },
    }),
    members: (organization, group, { query, path }) =>
      page(
        itemsOf<string>(group, "$individuals"),
        query,
        { path: below(path), maxPageSize: 100 },
        (id) => named(organization, "user", id),
      ),
  },
  user: {
    routingskills: (_, user, { query, path }) =>
      page(itemsOf(user, "skills"), query, { path: below(path), maxPageSize: 50 }, (item) => item),
    routinglanguages: (_, user, { query, path }) =>
      page(
        itemsOf(user, "languages"),
        query,
        { path: below(path), maxPageSize: 50 },
        (item) => item,
      ),
  },
  integration: {
    "config/current": (_, integration) => ({
      status: 200,
      body: {
        id: integration.id,
        ...(integration.$config as object),
        selfUri: `/api/v2/integrations/${integration.id}/config/current`,
      },
    }),
  },
};

/** Paths elsewhere that are about a user or a group. */
const ELSEWHERE: readonly (readonly [RegExp, Kind, (entity: Entity) => Json])[] = [
  [/^voicemail\/userpolicies\/([^/]+)$/, "user", ({ $voicemailPolicy }) => $voicemailPolicy ?? {}],
  [
    /^voicemail\/groups\/([^/]+)\/policy$/,
    "group",
    ({ $voicemailPolicy }) => $voicemailPolicy ?? { enabled: false },
  ],
  [
    /^routing\/users\/([^/]+)\/utilization$/,
    "user",
    // Most users have the settings of the organisation.
    ({ $utilization }) => $utilization ?? { level: "Organization", utilization: {} },
  ],
];

/** Answers a request at a path that does not begin with the object's own. */
export function answerElsewhere(
  organization: FakeOrganization,
  { path, query }: Request,
): Reply | undefined {
  if (path === "telephony/providers/edges/extensionpools") {
    return page([], query, { path, maxPageSize: 100 }, () => ({}));
  }
  for (const [pattern, kind, answer] of ELSEWHERE) {
    const [, id] = pattern.exec(path) ?? [];
    if (id === undefined) continue;
    const entity = organization.get(kind, decodeURIComponent(id));
    return entity ? { status: 200, body: answer(entity) } : notFound();
  }
  return undefined;
}

const below = (path: string) => path.replace("/api/v2/", "");

function named(organization: FakeOrganization, kind: Kind, id: string): { [name: string]: Json } {
  const entity = organization.get(kind, id);
  return {
    id,
    name: entity?.name ?? null,
    ...(kind === "user" ? { email: entity?.email ?? null } : {}),
    ...(referenceOf(entity, "division") ? { division: entity?.division ?? null } : {}),
    selfUri: `/api/v2/users/${id}`,
  };
}
