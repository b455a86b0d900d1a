import type { Command } from "commander";
import { UserError } from "../../errors";
import { requireTerraform, type TerraformRun } from "../../terraform/binary";
import { errorsIn } from "../../terraform/diagnostics";
import type { FolderTerraform } from "../../terraform/folder-terraform";
import { runOnState } from "../../terraform/run-on-state";
import {
  holderText,
  isoText,
  kindsOf,
  kindsText,
  type LockKind,
  lockJson,
  locksOn,
  RUNBOOK,
  type RunLock,
} from "../project/held-locks";
import { inTable, type OrgState, orgState } from "../project/org-backends";
import { type S3Backend, StateStore } from "../project/state-store";
import { type Io, writeJson } from "../terminal/io";
import { showSteps } from "../terminal/steps";

interface UnlockOptions {
  readonly table?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Milliseconds. */
const YOUNG = 15 * 60_000;

/** Adds `genesys-orgs unlock`. */
export function addUnlockCommand(program: Command, io: Io): void {
  program
    .command("unlock")
    .summary("remove the lock that a dead run left")
    .description("Remove the lock that a dead run left on an organisation's state")
    .argument("<org>", "name of an organisation")
    .argument("<lock id>", "id of the lock, as `genesys-orgs locks` and a refused run show it")
    .option("--yes", "remove it; without this it is only said what would go, and what to look at")
    .option("--force", "also a lock that is younger than 15 minutes")
    .option(
      "--table <name>",
      "also look in this DynamoDB table, where the organisation's backend names none any more",
    )
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
Runs \`terraform force-unlock\`, with your AWS credentials, as an unlocker, a writer or a state admin.
Nothing in a lock tells a dead run from a live one: look at the run before, at the state after.

Examples:
  genesys-orgs locks na-prod
  genesys-orgs unlock na-prod 3f1c9b1e-5a0c-4f1d-8d67-0f8f6f0f3f55
  genesys-orgs unlock na-prod 3f1c9b1e-5a0c-4f1d-8d67-0f8f6f0f3f55 --yes

Exit codes: 0 this lock is not held, or without --yes: it would be removed, 1 a mistake, a refusal or
a failure; start again.`,
    )
    .action((org: string, id: string, options: UnlockOptions) => unlock(io, org, id, options));
}

async function unlock(io: Io, name: string, id: string, options: UnlockOptions): Promise<void> {
  const { table, force = false, yes = false, json = false } = options;
  const state = await orgState(io, name, table);
  const store = new StateStore(inTable(state.backend, table));
  try {
    const held = await locksOn(store);
    const lock = withId(held, id);
    const now = (io.now ?? Date.now)();
    if (!lock && held.length > 0) throw new UserError(notTheId(state, held, id, now));
    if (lock && !force) refuseYoung(name, lock, now);
    const { outcome, left } =
      lock && yes
        ? await remove(io, state, store, lock)
        : { outcome: "nothing done" as const, left: held };
    const next = lock ? (yes ? checksAfter(state) : checksBefore(name, lock, force)) : [];
    (json ? printJson : printText)(io, { state, id, lock, left, outcome, next, now });
  } finally {
    store.close();
  }
}

const withId = (locks: readonly RunLock[], wanted: string): RunLock | undefined =>
  locks.find(({ id }) => id !== "" && id === wanted);

function notTheId({ org, backend }: OrgState, held: readonly RunLock[], id: string, now: number) {
  const lines = held.map((lock) => {
    const shown = lock.id || `a lock that cannot be read (${RUNBOOK})`;
    return `  ${shown} (${kindsText(lock, kindsOf(backend))}): ${holderText(lock, now)}`;
  });
  return `${org.name}: no lock has the id ${id}; what is held:\n${lines.join("\n")}`;
}

function refuseYoung(name: string, lock: RunLock, now: number): void {
  // One whose time is unknown, or in the future by another machine's clock, may be young.
  if (now - lock.created >= YOUNG) return;
  throw new UserError(
    `${name}: lock ${lock.id} (${holderText(lock, now)}) is not removed: a lock has no heartbeat; one younger than 15 minutes is most probably a live run's, and an older one may be, too. When you know that its run is dead, add --force`,
  );
}

/** What came of it, and what locks are held now. */
interface Removal {
  /** `gone`: it is not held any more, but it was not Terraform that removed it. */
  readonly outcome: "removed" | "gone" | "nothing done";
  readonly left: readonly RunLock[];
}

/**
 * Lets Terraform remove a lock, and looks whether it did: where one of two kinds is missing, or
 * may not be removed, Terraform fails with the other one removed.
 */
async function remove(
  io: Io,
  { org }: OrgState,
  store: StateStore,
  lock: RunLock,
): Promise<Removal> {
  const terraform = await requireTerraform(io, "it is what removes the lock");
  const steps = await showSteps(io);
  try {
    let left: RunLock[] = [];
    let remaining: RunLock | undefined = lock;
    let failure: string | undefined;
    // Once for what is held, and once for what that left.
    for (let round = 0; remaining && round < 2; round++) {
      steps.step(`${org.name}: terraform force-unlock (${remaining.kinds.join(", ")})`);
      failure = await forceUnlock(terraform, org.stack, store.backend, remaining);
      left = await locksOn(store);
      remaining = withId(left, lock.id);
    }
    if (!remaining) return { outcome: failure === undefined ? "removed" : "gone", left };
    const kinds = remaining.kinds.join(", ");
    throw new UserError(
      `${org.name}: lock ${lock.id} is still held (${kinds}):\n${failure ?? "Terraform says that it removed it"}`,
    );
  } finally {
    steps.stop();
  }
}

/** @returns what Terraform says went wrong; undefined when it removed the lock */
function forceUnlock(
  terraform: TerraformRun,
  stack: string,
  backend: S3Backend,
  { id, kinds }: RunLock,
): Promise<string | undefined> {
  const block = { s3: ofKinds(backend, kinds) };
  const unlock = async (onState: FolderTerraform) => {
    const { code, stderr } = await onState.try("force-unlock", "-force", "-no-color", id);
    return code === 0 ? undefined : errorsIn(stderr) || stderr.trim();
  };
  return runOnState(terraform, stack, block, unlock, { unread: true });
}

/** A backend that locks with these kinds alone. */
function ofKinds(backend: S3Backend, kinds: readonly LockKind[]): S3Backend {
  const { use_lockfile: _, dynamodb_table, ...place } = backend;
  return {
    ...place,
    ...(kinds.includes("s3") && { use_lockfile: true }),
    ...(kinds.includes("dynamodb") && { dynamodb_table }),
  };
}

function checksBefore(name: string, lock: RunLock, force: boolean): string[] {
  const host = lock.who.split("@").at(-1) || "its machine";
  return [
    `the run: a CI job of ${name} that began before ${isoText(lock.created)} and still runs, waits, or ends in its grace time is alive`,
    `the machine: Terraform may still run on ${host}; ask ${lock.who || "whoever may deploy it"}`,
    `the age says nothing: a lock has no heartbeat, and an apply may take hours`,
    `then: \`genesys-orgs unlock ${name} ${lock.id}${force ? " --force" : ""} --yes\``,
  ];
}

function checksAfter({ org, backend }: OrgState): string[] {
  const { bucket, key, dynamodb_table } = backend;
  return [
    ...(dynamodb_table === undefined
      ? []
      : [`\`genesys-orgs state digest ${org.name}\`: whether the table and the state agree`]),
    `\`terraform plan -refresh-only\` in cdktf.out/stacks/${org.stack}: what the dead run changed and did not save; what it made is not in the state, and a plan would make it again`,
    `the serial (\`terraform state pull\`) and \`aws s3api list-object-versions --bucket ${bucket} --prefix ${key}\`: whether the state is the one that the dead run should have left`,
    `restore a version where it is cut off or lost: ${RUNBOOK}`,
  ];
}

interface Ending extends Removal {
  readonly state: OrgState;
  readonly id: string;
  readonly lock: RunLock | undefined;
  readonly next: readonly string[];
  readonly now: number;
}

function printJson(io: Io, { state, id, lock, left, outcome, next, now }: Ending): void {
  writeJson(io, {
    org: state.org.name,
    id,
    ...(lock && { lock: lockJson(lock, state.backend, now) }),
    removed: outcome === "removed",
    held: left.map((each) => lockJson(each, state.backend, now)),
    next,
  });
}

function printText(io: Io, { state, lock, left, outcome, next, now }: Ending): void {
  const { name } = state.org;
  if (!lock) {
    io.stdout.write(`${name}: no lock is held\n`);
    return;
  }
  const expected = kindsOf(state.backend);
  const what = `lock ${lock.id} (${kindsText(lock, expected)}), ${holderText(lock, now)}`;
  io.stdout.write(`${name}: ${what}, ${RESULTS[outcome]}\n`);
  const done = outcome !== "nothing done";
  for (const other of done ? left : []) {
    io.stdout.write(
      `${name}: another lock is held: ${other.id || "unreadable"} (${kindsText(other, expected)}), ${holderText(other, now)}\n`,
    );
  }
  io.stdout.write(
    done ? "now look at what the run left:\n" : "first make sure that the run is dead:\n",
  );
  for (const line of next) io.stdout.write(`  - ${line}\n`);
}

const RESULTS: Readonly<Record<Removal["outcome"], string>> = {
  removed: "is removed",
  gone: "is gone, but Terraform did not remove it: its run ended just now, and so was alive, or somebody else removed it",
  "nothing done": "would be removed; nothing was done",
};
