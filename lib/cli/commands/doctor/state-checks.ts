import { stateFolderOf } from "../../../registry/names";
import { readState } from "../../../terraform/terraform-state";
import type { Identity } from "../../project/caller-identity";
import { whyNoStack } from "../../project/org-backends";
import type { StateObject } from "../../project/state-store";
import { checkPosture } from "./bucket-posture";
import { type Check, Checklist, failed, notChecked, type Outcome, ok, within } from "./checklist";
import { ClockReading } from "./clock-reading";
import { type DoctorContext, stateRoleOf } from "./context";
import { explainAws } from "./explain-aws";
import { LockChecks } from "./lock-checks";
import { ProbeStore } from "./probe-store";

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

/** The checks of one state: whether it is there, is the org's own, and can be locked. */
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
    await new LockChecks(this.context, this.store, this.list, this.explain).run(role);
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
    const { bucket, key, encrypt, kms_key_id, dynamodb_table } = backend ?? {};
    const is = [bucket, key, encrypt, kms_key_id, dynamodb_table];
    const encrypted = org.encryption !== "none";
    const should = [org.bucket, org.stateKey, encrypted, org.kmsKeyArn, org.lockTable];
    const names = ["bucket", "key", "encrypt", "kms_key_id", "dynamodb_table"];
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
    const { home, org, backend } = this.context;
    if (state === "unread") return notChecked("the state could not be read");
    if (!state) return notChecked("there is no state yet");
    if (org.encryption === "none")
      return notChecked(`storage.encryption of home ${home.name} is none`);
    const { SSEKMSKeyId: key, ServerSideEncryption: kind } = await this.store.stateEncryption();
    const own = backend?.kms_key_id;
    if (org.encryption === "sse-s3" && kind === "AES256")
      return ok("encrypted with the store's own key");
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
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
