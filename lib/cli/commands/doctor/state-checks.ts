import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { UserError } from "../../../errors";
import type { StateRole } from "../../../registry/model";
import { stateFolderOf } from "../../../registry/names";
import { RUNBOOK } from "../../project/held-locks";
import { whyNoStack } from "../../project/org-backends";
import type { HeldLock, StateObject } from "../../project/state-store";
import {
  type Check,
  Checklist,
  failed,
  notChecked,
  type Outcome,
  ok,
  TimeLimitError,
  within,
} from "./checklist";
import { ClockReading } from "./clock-reading";
import { type DoctorContext, type Identity, stateRoleOf } from "./context";
import { explainAws } from "./explain-aws";
import { PROBE, type ProbeLock, ProbeStore } from "./probe-store";

/** Milliseconds from which a probe was left by somebody who was interrupted. */
const STALE = 10 * 60_000;

/** Whether Terraform could read, lock and write the org's state with these credentials. */
export async function checkState(
  context: DoctorContext,
  caller: Promise<Identity | undefined>,
): Promise<Check[]> {
  const list = new Checklist("state", context.bounds);
  if (!context.backend) {
    list.add("backend", notChecked(`${context.org.name} has no stack: ${whyNoStack(context.org)}`));
    return list.checks;
  }
  const clock = new ClockReading(context.io.now);
  const store = new ProbeStore(context.backend, context.io.now, (date, sent) =>
    clock.note(date, sent),
  );
  try {
    // Who this is explains a refusal, and is a check of its own elsewhere.
    const identity = await within(context.bounds, caller).catch(() => undefined);
    await new StateChecks(context, store, list, identity).run();
    list.add("clock", clock.outcome(context.home.status === "external" ? "the store" : "AWS"));
  } finally {
    store.close();
  }
  return list.checks;
}

class StateChecks {
  constructor(
    private readonly context: DoctorContext,
    private readonly store: ProbeStore,
    private readonly list: Checklist,
    private readonly identity: Identity | undefined,
  ) {}

  async run(): Promise<void> {
    const role = stateRoleOf(this.context.org.name, this.identity);
    const { dynamodb_table: table } = this.store.backend;
    const folder = stateFolderOf(this.context.org.name);
    const listed = await this.check("bucket", async () => {
      await this.store.list(folder);
      return ok(`s3://${this.store.backend.bucket}/${folder}/ can be listed`);
    });
    const why = `the bucket could not be listed`;
    const reachable = listed.status === "ok";
    if (!reachable) {
      for (const check of ["object", "key", "lock", "probe"]) this.list.add(check, notChecked(why));
      if (table !== undefined) this.list.add("digest", notChecked(why));
      return;
    }
    const state = await this.checkObject(role === "unlocker");
    if (table !== undefined) await this.checkDigest(state, role === "unlocker");
    await this.checkLock(role);
  }

  private readonly explain = (error: Error) => explainAws(this.context, error, this.identity);

  private check(check: string, work: () => Promise<Outcome>): Promise<Outcome> {
    return this.list.run(check, work, this.explain);
  }

  private async checkObject(isUnlocker: boolean): Promise<StateObject | "unread" | undefined> {
    if (isUnlocker) {
      const why = notChecked("this is the unlocker, who never reads a state");
      this.list.add("object", why);
      this.list.add("key", why);
      return "unread";
    }
    let state: StateObject | "unread" | undefined = "unread";
    await this.check("object", async () => {
      state = await this.store.state();
      if (!state) return ok(`${this.store.url} is not there yet: nothing was applied`);
      return isJson(state.text)
        ? ok(`${this.store.url} can be read`)
        : failed(
            `${this.store.url} is no JSON: it was cut off, or something else wrote it`,
            "restore the version before (docs/state.md)",
          );
    });
    await this.check("key", () => this.checkKey(state));
    return state;
  }

  private async checkKey(state: StateObject | "unread" | undefined): Promise<Outcome> {
    const { home, backend } = this.context;
    if (state === "unread") return notChecked("the state could not be read");
    if (!state) return notChecked("there is no state yet");
    const [own, key] = [backend?.kms_key_id, await this.store.encryptedWith()];
    if (key === own && own !== undefined) return ok(`encrypted with ${own}`);
    if (home.status === "external") return notChecked("the store does not say what encrypts it");
    return failed(
      `${this.store.url} is encrypted with ${key ?? "no KMS key"}, and not with the organisation's own, ${own}`,
      "the next apply writes it with its own; or copy it over itself with that key (docs/state.md)",
    );
  }

  private async checkDigest(
    state: StateObject | "unread" | undefined,
    isUnlocker: boolean,
  ): Promise<void> {
    const { dynamodb_table: table } = this.store.backend;
    if (isUnlocker) {
      this.list.add("digest", notChecked("this is the unlocker, who sees no digest"));
      return;
    }
    await this.check("digest", async () => {
      const digest = await this.store.digest();
      if (digest === undefined) return ok(`${table} has none: Terraform compares nothing`);
      if (state === "unread") return notChecked("the state could not be read");
      if (digest === state?.md5) return ok(`${table} has the MD5 of the state`);
      return failed(
        `${table} says that the MD5 of the state is ${digest}, and it is ${state?.md5 ?? "not there"}: somebody wrote it without the table, or put a version back`,
        `if the state is the right one, \`genesys-orgs state digest ${this.context.org.name} --fix\``,
      );
    });
  }

  private async checkLock(role: StateRole | undefined): Promise<void> {
    if (role === "reader") {
      const why = notChecked("this is the reader, who does not lock");
      this.list.add("lock", why);
      this.list.add("probe", why);
      return;
    }
    const free = await this.check("lock", async () => {
      const held = await this.store.locks();
      const lock = held.find(({ operation }) => operation !== PROBE) ?? held[0];
      if (!lock) return ok("nobody holds it");
      const isProbe = lock.operation === PROBE;
      return isProbe && !this.context.readOnly ? this.clearProbes(held) : this.heldBy(lock);
    });
    const why = this.whyNoProbe(role, free);
    if (why !== undefined) this.list.add("probe", notChecked(why));
    else await this.list.settle("probe", () => this.probe(), this.explain);
  }

  private whyNoProbe(role: StateRole | undefined, lock: Outcome): string | undefined {
    if (this.context.readOnly) return "--read-only";
    if (role === "unlocker") return "this is the unlocker, who does not lock";
    return lock.status === "ok" ? undefined : "the lock is not known to be free";
  }

  private heldBy(lock: HeldLock): Outcome {
    const { org, io } = this.context;
    const age = Number.isNaN(lock.created)
      ? ""
      : `, for ${Math.max(0, Math.floor((io.now() - lock.created) / 60_000))} minutes`;
    if (lock.operation === PROBE) {
      return failed(
        `${lock.who} probes it, or was interrupted while doing so${age}`,
        "ask again without --read-only in 10 minutes: what is left of a probe then is removed",
      );
    }
    const unlock =
      lock.id === ""
        ? `remove the lock by hand: ${RUNBOOK}`
        : `\`genesys-orgs unlock ${org.name} ${lock.id}\``;
    return failed(
      `${lock.who || "somebody"} holds it with ${lock.operation || "an operation that it does not name"}${age} (lock id ${lock.id || "unknown"})`,
      `wait for that run; if it is dead, ${unlock}`,
    );
  }

  /** Removes what interrupted doctors left, when it is old enough to be sure. */
  private async clearProbes(held: readonly HeldLock[]): Promise<Outcome> {
    for (const lock of held) {
      // One without a date is not known to be old.
      if (!(this.context.io.now() - lock.created > STALE)) return this.heldBy(lock);
    }
    for (const { id } of held) await this.store.giveBack(id);
    const [{ who = "" } = {}] = held;
    return ok(`nobody holds it; what a probe of ${who} left was removed`);
  }

  /**
   * Takes the lock, reads it and gives it back: the only thing that a writer may write and remove.
   * It is given back however this ends.
   */
  private async probe(): Promise<Outcome> {
    const lock = this.newLock();
    const probe = new AbortController();
    const inTime = { limit: this.context.bounds.limit, signal: new AbortController().signal };
    try {
      // Not ended by Ctrl-C in the middle of a write: nobody knew what came of it.
      return await within(inTime, this.takeAndRead(lock, probe.signal));
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      const { name } = this.context.org;
      // Nobody can take back what the store has not got yet.
      return failed(
        `${error.message}; what was being written may still arrive, and then lock ${lock.ID} stays`,
        `look with \`genesys-orgs locks ${name}\`, and remove it with \`genesys-orgs unlock ${name} ${lock.ID} --force\``,
      );
    } finally {
      probe.abort();
      // Also when it was not taken: an answer may have got lost.
      await within(inTime, this.store.giveBack(lock.ID)).catch((error: Error) => {
        const { org, io } = this.context;
        const text = `the lock may be taken, and could not be given back: ${error.message}; fix: \`genesys-orgs unlock ${org.name} ${lock.ID}\``;
        // After Ctrl-C nobody sees the checks.
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
    const lost = notChecked("somebody took the lock just now");
    // In Terraform's order, so that one of two always gets both.
    if (file) {
      mayWrite();
      if (!(await this.store.takeLockFile(lock))) return lost;
      if ((await this.store.lockFile())?.id !== lock.ID) {
        return failed("the lock file is not what was just written", "ask again; look at the store");
      }
      mayWrite();
      if (await this.store.takeLockFile(lock)) {
        return failed(
          "the store lets a lock file be overwritten (it does not heed If-None-Match): lock mode s3 locks nothing there",
          'choose lock mode "dynamodb", or a store with conditional writes',
        );
      }
    }
    if (table !== undefined) {
      mayWrite();
      if (!(await this.store.takeLockItem(lock))) return lost;
      if ((await this.store.lockItem())?.id !== lock.ID) {
        return failed(`the item in ${table} is not what was just written`, "ask again");
      }
    }
    const what = [file ? "lock file" : "", table === undefined ? "" : `item in ${table}`];
    return ok(`taken, read and given back: ${what.filter(Boolean).join(", ")}`);
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

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
