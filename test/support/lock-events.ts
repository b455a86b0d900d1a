import type { Exchange } from "./loopback-front";

/** What happened to a lock. */
export interface LockEvent {
  readonly what: "taken" | "refused" | "holder read" | "not found" | "released";
  readonly where: "s3" | "dynamodb";
  /** `<bucket>/<key>` of the state. */
  readonly lockId: string;
}

type What = LockEvent["what"];

/** What happened to locks, by the log of a store. */
export function lockEventsIn(log: readonly Exchange[]): LockEvent[] {
  return log.flatMap((exchange) => inS3(exchange) ?? inDynamoDb(exchange) ?? []);
}

function inS3([{ method, url }, { status }]: Exchange): LockEvent | undefined {
  const lockId = /^\/(.+)\.tflock(\?|$)/.exec(url)?.[1];
  if (lockId === undefined) return undefined;
  const what: Record<string, What> = {
    "PUT 200": "taken",
    "PUT 412": "refused",
    "GET 200": "holder read",
    "GET 404": "not found",
    "DELETE 204": "released",
  };
  return event(what[`${method} ${status}`], "s3", lockId, `${method} ${url}: ${status}`);
}

function inDynamoDb([{ headers, body }, answer]: Exchange): LockEvent | undefined {
  const target = headers["x-amz-target"];
  if (target === undefined) return undefined;
  const { Item, Key } = JSON.parse(body.toString());
  const lockId: string = (Item ?? Key).LockID.S;
  // The checksum of the state, next to its lock.
  if (lockId.endsWith("-md5")) return undefined;
  const operation = String(target).split(".")[1];
  const { __type = "", Item: found } = JSON.parse(answer.body.toString());
  const refused = __type.endsWith("#ConditionalCheckFailedException");
  const what: Record<string, What> = {
    "PutItem 200": "taken",
    ...(refused && { "PutItem 400": "refused" }),
    "GetItem 200": found ? "holder read" : "not found",
    "DeleteItem 200": "released",
  };
  const exchange = `${operation} ${answer.status}`;
  return event(what[exchange], "dynamodb", lockId, `${exchange} ${answer.body}`);
}

function event(
  what: What | undefined,
  where: LockEvent["where"],
  lockId: string,
  exchange: string,
): LockEvent {
  if (what === undefined) throw new Error(`${lockId}: not known of a lock: ${exchange}`);
  return { what, where, lockId };
}
