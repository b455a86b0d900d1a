import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { UserError } from "../../../errors";
import type { StateRole } from "../../../registry/model";
import { stateFolderOf } from "../../../registry/names";
import { readState } from "../../../terraform/terraform-state";
import type { Identity } from "../../project/caller-identity";
import { lockText, RUNBOOK } from "../../project/held-locks";
import { whyNoStack } from "../../project/org-backends";
import type { HeldLock, StateObject } from "../../project/state-store";
import { checkPosture } from "./bucket-posture";
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
import { type DoctorContext, stateRoleOf } from "./context";
import { explainAws } from "./explain-aws";
import { PROBE, type ProbeLock, ProbeStore } from "./probe-store";

/** Milliseconds: an older probe was left by an interrupted run. */
const STALE = 10 * 60_000;

/** Checks whether Terraform could read, lock and write the org's state with these credentials. */
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
    // The identity explains a refusal here; it has a check of its own elsewhere.
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
    const place = this.place();
    const listed = await this.check("bucket", async () => {
      await this.store.list(folder);
      return ok(`s3://${this.store.backend.bucket}/${folder}/ can be listed`);
    });
    const reached = listed.status === "ok";
    const why = "the bucket could not be listed";
    this.list.add("place", reached || place.status === "failed" ? place : notChecked(why));
    if (!reached) {
      for (const check of ["object", "key", "content", "lock", "probe"]) {
        this.list.add(check, notChecked(why));
      }
      if (table !== undefined) this.list.add("digest", notChecked(why));
      return;
    }
    const state = await this.checkObject(role === "unlocker");
    if (table !== undefined) await this.checkDigest(state, role === "unlocker");
    await this.checkLock(role);
    await this.check("posture", () => checkPosture(this.context));
  }

  private readonly explain = (error: Error) => explainAws(this.context, error, this.identity);

  private check(check: string, work: () => Promise<Outcome>): Promise<Outcome> {
    return this.list.run(check, work, this.explain);
  }

  private async checkObject(isUnlocker: boolean): Promise<StateObject | "unread" | undefined> {
    if (isUnlocker) {
      const why = notChecked("the unlocker may not read states");
      for (const check of ["object", "key", "content"]) this.list.add(check, why);
      return "unread";
    }
    let state: StateObject | "unread" | undefined = "unread";
    await this.check("object", async () => {
      state = await this.store.state();
      if (!state) return ok(`${this.store.url} does not exist yet: nothing was applied`);
      return isJson(state.text)
        ? ok(`${this.store.url} can be read`)
        : failed(
            `${this.store.url} is not valid JSON: it was truncated, or not written by Terraform`,
            "restore the previous version (docs/state.md)",
          );
    });
    await this.check("key", () => this.checkKey(state));
    await this.check("content", async () => this.content(state));
    return state;
  }

  /** Compares the backend in the stack's JSON with the registry: a waived rule would allow another. */
  private place(): Outcome {
    const { org, backend } = this.context;
    const is = [backend?.bucket, backend?.key, backend?.kms_key_id, backend?.dynamodb_table];
    const should = [org.bucket, org.stateKey, org.kmsKeyArn, org.lockTable];
    const names = ["bucket", "key", "kms_key_id", "dynamodb_table"];
    const wrong = names.flatMap((name, index) =>
      is[index] === should[index] ? [] : [`${name} is ${is[index]}, and not ${should[index]}`],
    );
    if (wrong.length === 0) return ok(`${this.store.url}, as in the registry`);
    return failed(
      `the backend of ${org.stack} is not the registry's: ${wrong.join("; ")}`,
      "remove the override of the backend, and apply nothing before",
    );
  }

  /** Compares what the state says about itself with the registry and with the last run. */
  private content(object: StateObject | "unread" | undefined): Outcome {
    const { org, declared, history } = this.context;
    if (object === "unread") return notChecked("the state could not be read");
    if (!object) return history?.withoutState(org.name) ?? notChecked("there is no state yet");
    const state = readState(this.store.url, object.text);
    const own = org.organizationId.toLowerCase();
    const others = state.organizationIds.filter((id) => id !== own);
    if (others.length > 0) {
      return failed(
        `${this.store.url} is the state of organisation ${others.join(", ")}, but ${org.name} is ${own}: another organisation's state is in its place`,
        "apply nothing; restore the last good version of the object (docs/state.md)",
      );
    }
    const whose =
      state.organizationIds.length > 0 ? `of organisation ${own}` : "of no organisation yet";
    if (!history) return ok(`${whose}, serial ${state.serial}`);
    const followed = history.follow(org.name, state, declared);
    return followed.status === "ok" ? ok(`${whose}, ${followed.detail}`) : followed;
  }

  private async checkKey(state: StateObject | "unread" | undefined): Promise<Outcome> {
    const { home, backend } = this.context;
    if (state === "unread") return notChecked("the state could not be read");
    if (!state) return notChecked("there is no state yet");
    const [own, key] = [backend?.kms_key_id, await this.store.encryptedWith()];
    if (key === own && own !== undefined) return ok(`encrypted with ${own}`);
    if (home.status === "external")
      return notChecked("the store does not report the encryption key");
    return failed(
      `${this.store.url} is encrypted with ${key ?? "no KMS key"}, and not with the org's own key ${own}`,
      "apply the stack, or copy the object over itself with that key (docs/state.md)",
    );
  }

  private async checkDigest(
    state: StateObject | "unread" | undefined,
    isUnlocker: boolean,
  ): Promise<void> {
    const { dynamodb_table: table } = this.store.backend;
    if (isUnlocker) {
      this.list.add("digest", notChecked("the unlocker may not read digests"));
      return;
    }
    await this.check("digest", async () => {
      const digest = await this.store.digest();
      if (digest === undefined) return ok(`${table} has no digest, so Terraform compares nothing`);
      if (state === "unread") return notChecked("the state could not be read");
      if (digest === state?.md5) return ok(`${table} has the MD5 of the state`);
      return failed(
        `${table} has the digest ${digest}, but ${state ? `the MD5 of the state is ${state.md5}` : "the state does not exist"}: a run without the table wrote the state, or an earlier version was restored`,
        `if the state is the right one, run \`genesys-orgs state digest ${this.context.org.name} --fix\``,
      );
    });
  }

  private async checkLock(role: StateRole | undefined): Promise<void> {
    if (role === "reader") {
      const why = notChecked("the reader may not lock");
      this.list.add("lock", why);
      this.list.add("probe", why);
      return;
    }
    const free = await this.check("lock", async () => {
      const held = await this.store.locks();
      const lock = held.find(({ operation }) => operation !== PROBE) ?? held[0];
      if (!lock) return ok("not held");
      const isProbe = lock.operation === PROBE;
      return isProbe && !this.context.readOnly ? this.clearProbes(held) : this.heldBy(lock);
    });
    const why = this.whyNoProbe(role, free);
    if (why !== undefined) this.list.add("probe", notChecked(why));
    else await this.list.settle("probe", () => this.probe(), this.explain);
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

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
