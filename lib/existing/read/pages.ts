import { counted } from "../../counted";
import { ApiError } from "../../http/api-error";
import type { Entity } from "../types/mapping";
import type { Listing } from "../types/object-type";

/**
 * Reads one path of the API.
 *
 * @param again asks the API, although an answer is known
 */
export type Get = (path: string, again?: boolean) => Promise<unknown>;

/** How often a list is read before it counts as incomplete: somebody may change it meanwhile. */
const ATTEMPTS = 3;

/**
 * Reads all pages of a list.
 *
 * @throws ApiError if the list has not as many objects as it says, also when it is read again
 */
export async function readPages(get: Get, listing: Listing): Promise<Entity[]> {
  let missing = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { entities, total } = await readOnce(get, listing, attempt > 1);
    if (entities.length >= total) return entities;
    missing = `${entities.length} of ${counted(total, "object")}`;
  }
  const call = `GET ${listing.path.split("?")[0]}`;
  throw new ApiError(
    `${call}: the list is incomplete: it has ${missing}. Somebody changes it at the moment: try again later`,
    call,
    200,
    undefined,
    undefined,
    ATTEMPTS,
    false,
  );
}

interface Page {
  readonly entities?: readonly Entity[];
  readonly total?: number;
  readonly pageCount?: number;
  readonly nextUri?: string | null;
}

async function readOnce(
  get: Get,
  listing: Listing,
  again: boolean,
): Promise<{ entities: Entity[]; total: number }> {
  const { path, paging = "pages", pageSize = 100 } = listing;
  const isNumbered = paging === "pages" || paging === "pages without a total";
  // An object can move to another page while the pages are read.
  const byId = new Map<unknown, Entity>();
  let total = 0;
  let next = isNumbered ? pagePath(path, pageSize, 1) : path;
  for (let number = 1; ; number++) {
    const page = (await get(next, again)) as Page | null;
    const { entities: found = [], pageCount = 1, nextUri } = page ?? {};
    const known = byId.size;
    for (const entity of found) byId.set(entity.id, entity);
    if (paging === "pages" || paging === "next page") total = Math.max(total, page?.total ?? 0);
    const isLast = {
      pages: number >= pageCount,
      "pages without a total": found.length < pageSize,
      // Pages in a circle bring nothing new.
      "next page": !nextUri || byId.size === known,
      none: true,
    }[paging];
    if (isLast) return { entities: [...byId.values()], total };
    next = isNumbered ? pagePath(path, pageSize, number + 1) : pathOf(nextUri ?? "");
  }
}

const pagePath = (path: string, pageSize: number, number: number): string =>
  `${path}${path.includes("?") ? "&" : "?"}pageSize=${pageSize}&pageNumber=${number}`;

/** Returns the path of a next page, which is asked for on the API's own host, whatever host it names. */
function pathOf(nextUri: string): string {
  const { pathname, search } = new URL(nextUri, "https://api.invalid");
  return `${pathname}${search}`;
}
