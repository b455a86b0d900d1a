import {
  missingPermission,
  notAllowed,
  notFound,
  page,
  type Reply,
  type Request,
} from "./organization/answers";
import {
  type Entity,
  exists,
  type Json,
  type Kind,
  MANAGED_KINDS,
  textOf,
} from "./organization/entity";
import { KINDS, kindOf } from "./organization/kinds";
import { answerElsewhere, answerPart, membersOf } from "./organization/parts";

// The configuration of one organisation, as the Platform API shows it: its SDK
// (purecloud-platform-client-v2 262) for names, the Terraform provider 1.84.1 for paths and pages. It
// shares no code with the code that is tested against it. Nothing can be written.

const PREFIX = "/api/v2/";

/** The objects of an organisation. `FakeGenesys` serves it. */
export class FakeOrganization {
  /** Requests that would have changed something, which answer 405: `PUT /api/v2/users/1`. */
  readonly writes: string[] = [];
  /** Kinds that the caller may not see. */
  readonly denied = new Set<Kind>();
  /** Ids of objects that no list has yet, while a request by id finds them. */
  readonly unlisted = new Set<string>();
  /**
   * Called after a page of a list was answered. If it adds an object {@link add first}, the next page
   * repeats one; if it removes one, the next page misses one. The lists of the Platform API do so.
   */
  afterPage?: (kind: Kind, pageNumber: number) => void;

  private readonly kinds = new Map<Kind, Map<string, Entity>>();

  constructor(
    readonly id = "11111111-1111-4111-8111-111111111111",
    readonly name = "Fake",
  ) {}

  /** All objects of a kind, in the order of its list. */
  all(kind: Kind): readonly Entity[] {
    return [...this.folder(kind).values()];
  }

  get(kind: Kind, id: string): Entity | undefined {
    return this.folder(kind).get(id);
  }

  /** The division that each organisation has from the start. */
  get homeDivision(): Entity | undefined {
    return this.all("auth_division").find(({ homeDivision }) => homeDivision === true);
  }

  /** How many objects Terraform could manage. */
  get size(): number {
    return MANAGED_KINDS.reduce((sum, kind) => sum + this.all(kind).filter(exists).length, 0);
  }

  add(kind: Kind, entity: Entity, where: "first" | "last" = "last"): Entity {
    const folder = this.folder(kind);
    const others = where === "first" ? [...folder.values()] : [];
    if (where === "first") folder.clear();
    for (const each of [entity, ...others]) folder.set(each.id, each);
    return entity;
  }

  remove(kind: Kind, id: string): void {
    this.folder(kind).delete(id);
  }

  /** A copy that shares nothing with this one, with all texts and lists as `change` returns them. */
  copy(change: (kind: Kind, entities: readonly Entity[]) => readonly Entity[] = (_, all) => all) {
    const copied = new FakeOrganization(this.id, this.name);
    for (const kind of this.kinds.keys()) {
      for (const entity of change(kind, structuredClone(this.all(kind)) as Entity[])) {
        copied.add(kind, entity);
      }
    }
    return copied;
  }

  /** An object as a request for it shows it. */
  shown(
    kind: Kind,
    entity: Entity,
    expanded: readonly string[] = [],
  ): { readonly [name: string]: Json } {
    const hidden = (KINDS[kind].expandable ?? []).filter((field) => !expanded.includes(field));
    const fields = Object.entries(entity).filter(
      ([name]) => !name.startsWith("$") && !hidden.includes(name),
    );
    return {
      ...Object.fromEntries(fields),
      ...this.counted(kind, entity),
      selfUri: `${PREFIX}${KINDS[kind].path}/${entity.id}`,
    };
  }

  /** Answers a request about an object; undefined if it is about something else. */
  handle(request: Request): Reply | undefined {
    if (!request.path.startsWith(PREFIX)) return undefined;
    const path = request.path.slice(PREFIX.length);
    const found = kindOf(path);
    if (!found) {
      const answer = answerElsewhere(this, { ...request, path });
      return answer && request.method !== "GET" ? this.refuseWrite(request) : answer;
    }
    const { kind, id, part } = found;
    if (request.method !== "GET") return this.refuseWrite(request);
    if (this.denied.has(kind)) return missingPermission(KINDS[kind].permission);
    if (id === undefined) return this.list(kind, request.query);
    const entity = this.found(kind, id);
    if (!entity) return notFound();
    if (part !== undefined) return answerPart(this, kind, entity, part, request);
    return { status: 200, body: this.shown(kind, entity, expandedBy(request.query)) };
  }

  /** Answers a request that would change an object, and keeps it. */
  refuseWrite({ method, path }: Request): Reply {
    this.writes.push(`${method} ${path}`);
    return notAllowed();
  }

  private found(kind: Kind, id: string): Entity | undefined {
    return kind === "auth_division" && id === "home" ? this.homeDivision : this.get(kind, id);
  }

  private list(kind: Kind, query: URLSearchParams): Reply {
    const { path, maxPageSize } = KINDS[kind];
    const expanded = expandedBy(query);
    const all = this.all(kind).filter(
      (entity) => !this.unlisted.has(entity.id) && isWanted(kind, entity, query),
    );
    const reply = page(all, query, { path, maxPageSize }, (entity) =>
      this.shown(kind, entity, expanded),
    );
    if (reply.status === 200) this.afterPage?.(kind, Number(query.get("pageNumber") ?? 1));
    return reply;
  }

  private counted(kind: Kind, entity: Entity): { readonly [name: string]: Json } {
    if (kind === "group") {
      return { memberCount: (entity.$individuals as readonly Json[] | undefined)?.length ?? 0 };
    }
    if (kind !== "routing_queue") return {};
    const members = membersOf(this, entity);
    return {
      memberCount: members.length,
      userMemberCount: members.filter(({ memberBy }) => memberBy === "user").length,
      joinedMemberCount: members.length,
    };
  }

  private folder(kind: Kind): Map<string, Entity> {
    const known = this.kinds.get(kind);
    if (known) return known;
    const folder = new Map<string, Entity>();
    this.kinds.set(kind, folder);
    return folder;
  }
}

/** Fields that a request asks for: `expand=skills,languages`, or the parameter several times. */
const expandedBy = (query: URLSearchParams) =>
  query.getAll("expand").flatMap((each) => each.split(","));

/** Whether an object passes the filters of a list. */
function isWanted(kind: Kind, entity: Entity, query: URLSearchParams): boolean {
  // Users who left are in the list only if it is asked for them.
  const state = query.get("state") ?? "active";
  if (kind === "user" && state !== "any" && entity.state !== state) return false;
  const ids = query.getAll("id").flatMap((each) => each.split(","));
  if (ids.length > 0 && !ids.includes(entity.id)) return false;
  const hasPeer = query.get("hasPeer");
  if (hasPeer !== null && hasPeer !== `${textOf(entity, "peerId") !== ""}`) return false;
  const name = (query.get("name") ?? "").replace(/^\*|\*$/g, "").toLowerCase();
  return textOf(entity, "name").toLowerCase().includes(name);
}
