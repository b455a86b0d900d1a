import type { Json } from "./entity";

/** A request, as `FakeGenesys` gives it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** The members that every error has. */
const error = (status: number, code: string, message: string, more: object = {}): Reply => ({
  status,
  body: {
    message,
    code,
    status,
    ...more,
    contextId: "33333333-3333-4333-8333-333333333333",
    details: [],
    errors: [],
  },
});

export const notFound = (): Reply =>
  error(404, "not.found", "The requested resource was not found.");

export const notAllowed = (): Reply =>
  error(405, "method.not.allowed", "HTTP 405 Method Not Allowed");

export const missingPermission = (permission: string): Reply => {
  const message = `Unable to perform the requested action. You are missing the following permission(s): ${permission}`;
  return error(403, "missing.permissions", message, { messageParams: { permissions: permission } });
};

const badPage = (message: string): Reply => error(400, "bad.request", message);

/** How a list is divided into pages. */
export interface Paging {
  readonly path: string;
  readonly maxPageSize: number;
  /** Whether the answer says how many there are. @default true */
  readonly counts?: boolean;
}

/** One page of a list. */
export function page<Item>(
  all: readonly Item[],
  query: URLSearchParams,
  { path, maxPageSize, counts = true }: Paging,
  shown: (item: Item) => Json,
): Reply {
  const size = Number(query.get("pageSize") ?? 25);
  const number = Number(query.get("pageNumber") ?? 1);
  if (!Number.isInteger(size) || size < 1 || size > maxPageSize) {
    return badPage(`The page size must be between 1 and ${maxPageSize}, not ${size}`);
  }
  if (!Number.isInteger(number) || number < 1) {
    return badPage(`The page number must be at least 1, not ${number}`);
  }
  const count = Math.ceil(all.length / size);
  const uri = (page: number) => {
    const parameters = new URLSearchParams(query);
    parameters.set("pageSize", `${size}`);
    parameters.set("pageNumber", `${page}`);
    return `/api/v2/${path}?${parameters}`;
  };
  return {
    status: 200,
    body: {
      entities: all.slice((number - 1) * size, number * size).map(shown),
      pageSize: size,
      pageNumber: number,
      ...(counts ? { total: all.length, pageCount: count } : {}),
      firstUri: uri(1),
      ...(counts && count > 0 ? { lastUri: uri(count) } : {}),
      selfUri: uri(number),
      ...(number < count ? { nextUri: uri(number + 1) } : {}),
      ...(number > 1 ? { previousUri: uri(number - 1) } : {}),
    },
  };
}
