import { counted } from "../../../counted";
import type { InventoryEntry } from "../../../inventory/inventory";
import { day } from "../../../inventory/judge";

/** The credentials of some orgs at one time. */
export interface Inventory {
  readonly entries: readonly InventoryEntry[];
  /** Whether AWS was asked. */
  readonly live: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const DAY = 24 * 3_600_000;

/** The six answers in words; an empty one is not known. */
export interface Answers {
  readonly age: string;
  readonly next: string;
  readonly attempt: string;
  readonly clients: string;
  readonly read: string;
}

/** @param now milliseconds since 1970 */
export function answersOf({ live, rotation }: InventoryEntry, now: number): Answers {
  if (!live) return { age: "", next: "", attempt: "", clients: "", read: "" };
  const { rotatedAt, startsAt, deadline, lastAttempt, clients, lastAccessedOn, readers } = live;
  const next = rotation === "automatic" ? (startsAt ?? deadline) : deadline;
  return {
    age: rotatedAt === undefined ? "" : counted(Math.floor((now - rotatedAt) / DAY), "day"),
    next: next === undefined ? "" : day(next),
    attempt: lastAttempt ? `${lastAttempt.result} on ${day(lastAttempt.at)}` : "",
    clients: clientsText(clients),
    read: readers ? readersText(readers) : (lastAccessedOn ?? ""),
  };
}

function clientsText(clients: NonNullable<InventoryEntry["live"]>["clients"]): string {
  const count = (state: string) => clients.filter((client) => client.state === state).length;
  return (["active", "inactive"] as const)
    .flatMap((state) => (count(state) > 0 ? `${count(state)} ${state}` : []))
    .join(", ");
}

const readersText = (readers: NonNullable<NonNullable<InventoryEntry["live"]>["readers"]>) =>
  readers.length === 0
    ? "nobody"
    : readers
        .map(({ principal, lastAt }) => `${shortPrincipal(principal)} on ${day(lastAt)}`)
        .join(", ");

/** Returns the part of an ARN that differs within an account. */
const shortPrincipal = (arn: string): string => arn.replace(/^arn:[\w-]+:\w+:[\w-]*:\d*:/, "");
