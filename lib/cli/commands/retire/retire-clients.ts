import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import type { OrgReport } from "../../../registry/report";
import type {
  LiveClient,
  RetirementAnswer,
  RetirementRequest,
} from "../../../rotation/retirement-request";
import { functionArnOf } from "../../../rotation/rotation-names";
import { invokeFunction } from "../../project/invoke-function";
import type { Io } from "../../terminal/io";

const ASK_AGAIN_AFTER = 60_000;

/** In a row. A wait of two days meets some failures, but an expired login does not recover. */
const MOST_FAILURES = 10;

/** How to retire clients. */
export interface RetirementProps {
  /** Whether the clients are retired, or only listed. @default false */
  readonly yes?: boolean;
  /** Whether an earlier retirement is undone. @default false */
  readonly undo?: boolean;
  /** Whether to wait until all clients are deleted. @default false */
  readonly wait?: boolean;
}

/**
 * Has an org's reconciler retire the clients of credentials.
 *
 * @param credentials names; empty for all credentials of the org
 * @returns the credentials with their clients that are still alive
 */
export async function retireClients(
  io: Io,
  org: OrgReport,
  credentials: readonly string[],
  { yes = false, undo = false, wait = false }: RetirementProps,
): Promise<RetirementAnswer> {
  const call = (request: object) =>
    invokeFunction(functionArnOf(org, "reconciler"), request, io.signal);
  const ask = async (request: RetirementRequest) => (await call(request)) as RetirementAnswer;
  let answer = await ask({ retire: credentials, ...(undo && { undo }), dryRun: !yes });
  let failures = 0;
  while (wait && aliveIn(answer) > 0) {
    io.stderr.write(`${org.name}: ${areAlive(aliveIn(answer))}, waiting\n`);
    await sleep(ASK_AGAIN_AFTER, undefined, { signal: io.signal });
    try {
      // A run like a scheduled one, then a question: retiring again would undo somebody's --undo.
      await call({});
      answer = await ask({ retire: credentials, dryRun: true });
      failures = 0;
    } catch (error) {
      const isOver = io.signal.aborted || ++failures === MOST_FAILURES;
      if (isOver || !(error instanceof UserError)) throw error;
      io.stderr.write(`${error.message}\n`);
    }
    refuseUndone(org.name, answer);
  }
  return answer;
}

function refuseUndone(org: string, { credentials }: RetirementAnswer): void {
  const kept = credentials.filter(({ retiring }) => !retiring).map((each) => each.name);
  if (kept.length === 0) return;
  throw new UserError(
    `${org}: somebody undid the retirement of ${kept.join(", ")} in the meantime`,
  );
}

/** Without those that only a person may delete. */
const aliveIn = (answer: RetirementAnswer): number =>
  clientsIn(answer).filter(({ unproven }) => !unproven).length;

const clientsIn = ({ credentials }: RetirementAnswer): LiveClient[] =>
  credentials.flatMap(({ clients }) => clients);

/** Returns the ids of the clients that only a person may delete. */
export const unprovenIn = (answer: RetirementAnswer): string[] =>
  clientsIn(answer).flatMap(({ id, unproven }) => (unproven ? id : []));

/** For example `2 clients are alive`. */
export const areAlive = (count: number): string =>
  `${counted(count, "client")} ${count === 1 ? "is" : "are"} alive`;
