import { Command } from "commander";
import {
  holderText,
  isoText,
  kindsOf,
  kindsText,
  lockJson,
  RUNBOOK,
  type RunLock,
} from "../project/held-locks";
import { backendsOf, type OrgBackend, stackText } from "../project/org-backends";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption, yesOption } from "../terminal/options";
import {
  placeOfLock,
  type Removal,
  type Unlocking,
  type UnlockProps,
  unlockState,
} from "./unlock/unlock-state";

interface UnlockOptions extends UnlockProps {
  readonly json?: boolean;
}

/** `genesys-orgs unlock`. */
export const unlockCommand = (io: Io): Command =>
  new Command("unlock")
    .summary("remove the lock that a dead run has left")
    .description("Remove the lock that a dead run has left on an organisation's state")
    .argument("<org>", "name of an organisation")
    .argument(
      "<lock id>",
      "id of the lock, as shown by `genesys-orgs locks` and by a run that was refused",
    )
    .addOption(yesOption())
    .option("--force", "remove the lock even if it is younger than 15 minutes")
    .option(
      "--table <name>",
      "also look in this DynamoDB table, if the organisation's backend no longer names one",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Runs \`terraform force-unlock\` with your AWS credentials, which must be those of an unlocker, a writer
or a state admin. A lock does not show whether its run is dead: check the run before you remove the
lock, and the state afterwards.

Examples:
  genesys-orgs locks na-prod
  genesys-orgs unlock na-prod 3f1c9b1e-5a0c-4f1d-8d67-0f8f6f0f3f55
  genesys-orgs unlock na-prod 3f1c9b1e-5a0c-4f1d-8d67-0f8f6f0f3f55 --yes`,
    )
    .action((org: string, id: string, options: UnlockOptions) => unlock(io, org, id, options));

async function unlock(io: Io, name: string, id: string, options: UnlockOptions): Promise<void> {
  const { backends } = await backendsOf(io, name, options.table);
  const place = await placeOfLock(backends, id, options.table);
  const unlocking = await unlockState(io, place, id, options);
  const next = nextOf(place, unlocking, options);
  (options.json ? printJson : printText)(io, { ...unlocking, place, id, next });
}

function nextOf(place: OrgBackend, { lock }: Unlocking, { yes, force }: UnlockOptions): string[] {
  if (!lock) return [];
  return yes ? checksAfter(place) : checksBefore(place.org.name, lock, force);
}

function checksBefore(name: string, lock: RunLock, force = false): string[] {
  const host = lock.who.split("@").at(-1) || "its machine";
  return [
    `a CI job of ${name} that started before ${isoText(lock.created)} may still be running, waiting, or in its grace period`,
    `Terraform may still be running on ${host}: ask ${lock.who || "the people who deploy it"}`,
    `the age proves nothing: a lock has no heartbeat, and an apply may take hours`,
    `if the run is dead: \`genesys-orgs unlock ${name} ${lock.id}${force ? " --force" : ""} --yes\``,
  ];
}

function checksAfter({ org, stack, backend }: OrgBackend): string[] {
  const { bucket, key, dynamodb_table } = backend;
  return [
    ...(dynamodb_table === undefined
      ? []
      : [`\`genesys-orgs state digest ${org.name}\` compares the lock table with the state`]),
    `\`terraform plan -refresh-only\` in cdktf.out/stacks/${stack} shows changes that the dead run did not save; objects that it created are not in the state, and a plan would create them again`,
    `\`terraform state pull\` shows the serial, and \`aws s3api list-object-versions --bucket ${bucket} --prefix ${key}\` the versions: the state must be the one that the dead run should have left`,
    `if the state is truncated or lost, restore an earlier version: ${RUNBOOK}`,
  ];
}

interface Ending extends Unlocking {
  readonly place: OrgBackend;
  readonly id: string;
  readonly next: readonly string[];
}

function printJson(io: Io, { place, id, lock, left, outcome, next }: Ending): void {
  const json = (each: RunLock) => lockJson(each, place.backend, io.now());
  writeJson(io, {
    org: place.org.name,
    stack: place.stack,
    id,
    ...(lock && { lock: json(lock) }),
    removed: outcome === "removed",
    held: left.map(json),
    next,
  });
}

function printText(io: Io, { place, lock, left, outcome, next }: Ending): void {
  const name = stackText(place);
  if (!lock) {
    io.stdout.write(`${name}: no lock is held\n`);
    return;
  }
  const expected = kindsOf(place.backend);
  const what = `lock ${lock.id} (${kindsText(lock, expected)}), ${holderText(lock, io.now())}`;
  io.stdout.write(`${name}: ${what}: ${RESULTS[outcome]}\n`);
  const done = outcome !== "nothing done";
  for (const other of done ? left : []) {
    io.stdout.write(
      `${name}: another lock is held: ${other.id || "unreadable"} (${kindsText(other, expected)}), ${holderText(other, io.now())}\n`,
    );
  }
  io.stdout.write(
    done ? "now check what the run has left:\n" : "first make sure that the run is dead:\n",
  );
  for (const line of next) io.stdout.write(`  - ${line}\n`);
  if (!done) io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
}

const RESULTS: Readonly<Record<Removal["outcome"], string>> = {
  removed: "was removed",
  gone: "is gone, but Terraform did not remove it: either its run was alive and has just ended, or somebody else removed the lock",
  "nothing done": "would be removed",
};
