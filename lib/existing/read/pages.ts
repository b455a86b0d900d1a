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
}

async function readOnce(
  get: Get,
  { path, paging = "pages", pageSize = 100 }: Listing,
  again: boolean,
): Promise<{ entities: Entity[]; total: number }> {
  // An object can move to another page while the pages are read.
  const byId = new Map<unknown, Entity>();
  let total = 0;
  for (let number = 1; ; number++) {
    const page = (await get(
      paging === "none" ? path : pagePath(path, pageSize, number),
      again,
    )) as Page | null;
    const found = page?.entities ?? [];
    for (const entity of found) byId.set(entity.id, entity);
    total = Math.max(total, page?.total ?? 0);
    const isLast =
      paging === "none" ||
      (paging === "pages" ? number >= (page?.pageCount ?? 1) : found.length < pageSize);
    if (isLast) return { entities: [...byId.values()], total: paging === "pages" ? total : 0 };
  }
}

const pagePath = (path: string, pageSize: number, number: number): string =>
  `${path}${path.includes("?") ? "&" : "?"}pageSize=${pageSize}&pageNumber=${number}`;
