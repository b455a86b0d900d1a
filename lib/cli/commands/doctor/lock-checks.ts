import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { UserError } from "../../../errors";
import type { StateRole } from "../../../registry/model";
import { lockText, RUNBOOK } from "../../project/held-locks";
import type { HeldLock } from "../../project/state-store";
import {
  type Checklist,
  type Explain,
  failed,
  notChecked,
  type Outcome,
  ok,
  TimeLimitError,
  within,
} from "./checklist";
import type { DoctorContext } from "./context";
import { PROBE, type ProbeLock, type ProbeStore } from "./probe-store";

/** Milliseconds: an older probe was left by an interrupted run. */
const STALE = 10 * 60_000;

/** The checks of a state's lock: who holds it, and whether it can be taken and released. */
export class LockChecks {
  constructor(
    private readonly context: DoctorContext,
    private readonly store: ProbeStore,
    private readonly list: Checklist,
    private readonly explain: Explain,
  ) {}

  /** @param role the org's role whose credentials these are */
  async run(role: StateRole | undefined): Promise<void> {
    if (role === "reader") {
      const why = notChecked("the reader may not lock");
      this.list.add("lock", why);
      this.list.add("probe", why);
      return;
    }
    const free = await this.list.run("lock", () => this.whetherFree(), this.explain);
    const why = this.whyNoProbe(role, free);
    if (why !== undefined) this.list.add("probe", notChecked(why));
    else await this.list.settle("probe", () => this.probe(), this.explain);
  }

  private async whetherFree(): Promise<Outcome> {
    const held = await this.store.locks();
    const lock = held.find(({ operation }) => operation !== PROBE) ?? held[0];
    if (!lock) return ok("not held");
    const isProbe = lock.operation === PROBE;
    return isProbe && !this.context.readOnly ? this.clearProbes(held) : this.heldBy(lock);
  }

  private whyNoProbe(role: StateRole | undefined, lock: Outcome): string | undefined {
    if (this.context.readOnly) return "skipped by --read-only";
    if (role === "unlocker") return "the unlocker may not lock";
    return lock.status === "ok" ? undefined : "the lock may be held";
  }

  private heldBy(lock: HeldLock): Outcome {
    const { org, io } = this.context;
    const held = lockText(lock, io.now());
    if (lock.operation === PROBE) {
      return failed(
        `${held}: another doctor is running, or was interrupted`,
        "run doctor again in 10 minutes without --read-only: it then removes the lock of an interrupted doctor",
      );
    }
    const unlock =
      lock.id === ""
        ? `remove the lock by hand: ${RUNBOOK}`
        : `run \`genesys-orgs unlock ${org.name} ${lock.id}\``;
    return failed(held, `wait for the run; if it is dead, ${unlock}`);
  }

  /** Removes the locks of interrupted doctors, if they are old enough. */
  private async clearProbes(held: readonly HeldLock[]): Promise<Outcome> {
    for (const lock of held) {
      // A lock without a date may be young.
      if (!(this.context.io.now() - lock.created > STALE)) return this.heldBy(lock);
    }
    for (const { id } of held) await this.store.release(id);
    const [{ who = "" } = {}] = held;
    return ok(`not held; the lock of an interrupted doctor by ${who} was removed`);
  }

  /**
   * Takes the lock, reads it and releases it: the only object, besides the state, that a writer may
   * write, and the only one that it may remove. The lock is released however the check ends.
   */
  private async probe(): Promise<Outcome> {
    const lock = this.newLock();
    const probe = new AbortController();
    const inTime = { limit: this.context.bounds.limit, signal: new AbortController().signal };
    try {
      // Ctrl-C does not stop a write halfway: its result would be unknown.
      return await within(inTime, this.takeAndRead(lock, probe.signal));
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      const { name } = this.context.org;
      // A write that has not arrived cannot be taken back.
      return failed(
        `${error.message}; the write may still arrive later, and leave lock ${lock.ID}`,
        `look for it with \`genesys-orgs locks ${name}\`, and remove it with \`genesys-orgs unlock ${name} ${lock.ID} --force\``,
      );
    } finally {
      probe.abort();
      // Also if it was not taken: the answer may have been lost.
      await within(inTime, this.store.release(lock.ID)).catch((error: Error) => {
        const { org, io } = this.context;
        const text = `the lock may be held, and could not be released: ${error.message}; fix: run \`genesys-orgs unlock ${org.name} ${lock.ID}\``;
        // After Ctrl-C the checks are not shown.
        if (io.signal.aborted) io.stderr.write(`${org.name}: ${text}\n`);
        throw new UserError(text);
      });
    }
  }

  private async takeAndRead(lock: ProbeLock, probe: AbortSignal): Promise<Outcome> {
    const mayWrite = () => {
      probe.throwIfAborted();
      this.context.io.signal.throwIfAborted();
    };
    const { use_lockfile: file, dynamodb_table: table } = this.store.backend;
    const lost = notChecked("another run took the lock at the same moment");
    // In Terraform's order, so that one of two runs always gets both.
    if (file) {
      mayWrite();
      if (!(await this.store.takeLockFile(lock))) return lost;
      if ((await this.store.lockFile())?.id !== lock.ID) {
        return failed(
          "the lock file differs from what was just written",
          "run doctor again; if the difference stays, check the store",
        );
      }
      mayWrite();
      if (await this.store.takeLockFile(lock)) {
        return failed(
          "the store overwrites lock files, since it ignores If-None-Match: lock mode s3 does not lock there",
          'choose lock mode "dynamodb", or a store with conditional writes',
        );
      }
    }
    if (table !== undefined) {
      mayWrite();
      if (!(await this.store.takeLockItem(lock))) return lost;
      if ((await this.store.lockItem())?.id !== lock.ID) {
        return failed(
          `the item in ${table} differs from what was just written`,
          "run doctor again",
        );
      }
    }
    const what = [file ? "lock file" : "", table === undefined ? "" : `item in ${table}`];
    return ok(`taken, read and released: ${what.filter(Boolean).join(", ")}`);
  }

  private newLock(): ProbeLock {
    const { io } = this.context;
    return {
      ID: randomUUID(),
      Operation: PROBE,
      Info: "genesys-orgs doctor: takes the lock for a moment",
      Who: `${io.env.USER ?? io.env.USERNAME ?? "unknown"}@${hostname()}`,
      Version: "",
      Created: new Date(io.now()).toISOString(),
      Path: `${this.store.backend.bucket}/${this.store.backend.key}`,
    };
  }
}
