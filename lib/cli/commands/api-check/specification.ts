import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../errors";
import { endpointsOf } from "../../../genesys/login";
import { proxiedFetch } from "../../../http/proxy";
import type { GenesysRegion } from "../../../registry/genesys-regions";
import { cacheFolder } from "../../project/cache-folder";
import { replaceFile } from "../../project/replace-file";
import type { Io } from "../../terminal/io";

/** Milliseconds for the document, which has about 10 MB. */
const TIME_LIMIT = 120_000;

/** The API's description of itself. */
export interface Specification {
  readonly document: unknown;
  /** Where it comes from, for messages. */
  readonly source: string;
}

/**
 * Fetches the description of a region's API, which is public. If it has not changed since the last time,
 * the copy in the user's cache is used.
 *
 * @throws UserError when it cannot be read
 */
export async function fetchSpecification(io: Io, region: GenesysRegion): Promise<Specification> {
  const url = `${endpointsOf(region).api}/api/v2/docs/swagger`;
  const file = join(cacheFolder(io.env), `platform-api-${region}.json`);
  const cached = readCopy(file);
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(TIME_LIMIT)]);
  let status: number;
  let text: string;
  let etag: string | null;
  try {
    const headers = {
      accept: "application/json",
      ...(cached && { "if-none-match": cached.etag }),
    };
    const answer = await proxiedFetch(url, { headers, signal });
    status = answer.status;
    etag = answer.headers.get("etag");
    text = await answer.text();
  } catch (error) {
    io.signal.throwIfAborted();
    throw new UserError(`${url} cannot be read: ${causeOf(error)}. ${OFFLINE}`);
  }
  if (status === 304 && cached) return { document: cached.document, source: `${url} (unchanged)` };
  if (status !== 200) throw new UserError(`${url} cannot be read: HTTP ${status}. ${OFFLINE}`);
  const document = parse(text, url);
  if (etag !== null) keep(file, { etag, document });
  return { document, source: url };
}

const OFFLINE = "--spec <file> compares with a copy that you have";

/**
 * Reads a stored description.
 * @throws UserError when it cannot be read
 */
export function readSpecification(file: string): Specification {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return { document: parse(text, file), source: file };
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its text may be that of a proxy, and say anything.
    throw new UserError(`${source} is not JSON. A proxy may have answered in place of the API`);
  }
}

const causeOf = (error: unknown): string => {
  const { message, cause } = error as Error & { readonly cause?: Error };
  return cause?.message ?? message;
};

interface Copy {
  readonly etag: string;
  readonly document: unknown;
}

function readCopy(file: string): Copy | undefined {
  try {
    const copy = JSON.parse(readFileSync(file, "utf8")) as Partial<Copy> | null;
    return typeof copy?.etag === "string" && copy.document ? (copy as Copy) : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs time, and nothing else. */
function keep(file: string, copy: Copy): void {
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    replaceFile(file, JSON.stringify(copy), 0o600);
  } catch {
    // The next run fetches it again.
  }
}
