import type { CloudTrailClient, Event } from "@aws-sdk/client-cloudtrail";
import { askAws, loadCloudTrail } from "../aws/sdk";

/** Who read a secret, and when. */
export interface Reader {
  /** ARN of the role, the user or the service. */
  readonly principal: string;
  /** Time of the last read that was found. Milliseconds since 1970. */
  readonly lastAt: number;
  /** Number of reads that were found. */
  readonly reads: number;
}

/** The reads of secrets that CloudTrail has. */
export interface FoundReaders {
  /** Readers by the names of secrets. */
  readonly bySecret: ReadonlyMap<string, readonly Reader[]>;
  /** Whether there are more events than were read. */
  readonly incomplete: boolean;
}

/** Pages of 50 events that one question reads: CloudTrail answers two a second. */
const MOST_PAGES = 40;
const DAY = 24 * 3_600_000;

/**
 * Asks CloudTrail who read secrets. It keeps reads for 90 days, and shows one after some minutes.
 *
 * @param days how far to look back
 * @param now milliseconds since 1970
 * @throws UserError when AWS refuses
 */
export async function findReaders(
  client: CloudTrailClient,
  days: number,
  now: number,
): Promise<FoundReaders> {
  const { LookupEventsCommand } = loadCloudTrail();
  const bySecret = new Map<string, Map<string, Reader>>();
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "GetSecretValue" }],
      StartTime: new Date(now - days * DAY),
      NextToken,
    });
    const answer = await askAws("reading CloudTrail's events", client.send(command));
    for (const event of answer.Events ?? []) note(bySecret, event);
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return {
    bySecret: new Map([...bySecret].map(([name, readers]) => [name, [...readers.values()]])),
    incomplete: NextToken !== undefined,
  };
}

function note(bySecret: Map<string, Map<string, Reader>>, event: Event): void {
  const read = readIn(event);
  if (!read) return;
  const { secret, principal, at } = read;
  const readers = bySecret.get(secret) ?? new Map<string, Reader>();
  const before = readers.get(principal);
  const lastAt = Math.max(at, before?.lastAt ?? 0);
  readers.set(principal, { principal, lastAt, reads: (before?.reads ?? 0) + 1 });
  bySecret.set(secret, readers);
}

interface CloudTrailEvent {
  readonly errorCode?: string;
  readonly requestParameters?: { readonly secretId?: string } | null;
  readonly userIdentity?: {
    readonly arn?: string;
    readonly invokedBy?: string;
    readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } };
  };
}

function readIn({ CloudTrailEvent: text, EventTime }: Event) {
  let event: CloudTrailEvent;
  try {
    event = JSON.parse(text ?? "{}") as CloudTrailEvent;
  } catch {
    return undefined;
  }
  const { errorCode, requestParameters, userIdentity } = event;
  const secretId = requestParameters?.secretId;
  // A refused read read nothing.
  if (errorCode !== undefined || secretId === undefined) return undefined;
  const principal =
    userIdentity?.sessionContext?.sessionIssuer?.arn ??
    userIdentity?.arn ??
    userIdentity?.invokedBy ??
    "unknown";
  return { secret: secretNameIn(secretId), principal, at: EventTime?.getTime() ?? 0 };
}

/** Returns the name in a name or an ARN, as the caller typed it. */
export const secretNameIn = (secretId: string): string =>
  /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:(.+?)(-[A-Za-z0-9]{6})?$/.exec(secretId)?.[1] ??
  secretId;
