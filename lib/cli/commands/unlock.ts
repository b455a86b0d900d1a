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
import { type OrgBackend, orgBackend } from "../project/org-backends";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, yesOption } from "../terminal/options";
import { type Removal, type Unlocking, type UnlockProps, unlockState } from "./unlock/unlock-state";

interface UnlockOptions extends UnlockProps {
  readonly json?: boolean;
}

/** `genesys-orgs unlock`. */
export const unlockCommand = (io: Io): Command =>
  new Command("unlock")
    .summary("remove the lock that a dead run left")
    .description("Remove the lock that a dead run left on an organisation's state")
    .argument("<org>", "name of an organisation")
    .argument("<lock id>", "id of the lock, as `genesys-orgs locks` and a refused run show it")
    .addOption(yesOption())
    .option("--force", "also a lock that is younger than 15 minutes")
    .option(
      "--table <name>",
      "also look in this DynamoDB table, where the organisation's backend names none any more",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Runs \`terraform force-unlock\`, with your AWS credentials, as an unlocker, a writer or a state admin.
Nothing in a lock tells a dead run from a live one: look at the run before, at the state after.

Examples:
  genesys-orgs locks na-prod
  genesys-orgs unlock na-prod 3f1c9b1e-5a0c-4f1d-8d67-0f8f6f0f3f55
  genesys-orgs unlock na-prod 3f1c9b1e-5a0c-4f1d-8d67-0f8f6f0f3f55 --yes`,
    )
    .action((org: string, id: string, options: UnlockOptions) => unlock(io, org, id, options));

async function unlock(io: Io, name: string, id: string, options: UnlockOptions): Promise<void> {
  const place = await orgBackend(io, name, options.table);
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
    `the run: a CI job of ${name} that began before ${isoText(lock.created)} and still runs, waits, or ends in its grace time is alive`,
    `the machine: Terraform may still run on ${host}; ask ${lock.who || "whoever may deploy it"}`,
    `the age says nothing: a lock has no heartbeat, and an apply may take hours`,
    `then: \`genesys-orgs unlock ${name} ${lock.id}${force ? " --force" : ""} --yes\``,
  ];
}

function checksAfter({ org, backend }: OrgBackend): string[] {
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

interface Ending extends Unlocking {
  readonly place: OrgBackend;
  readonly id: string;
  readonly next: readonly string[];
}

function printJson(io: Io, { place, id, lock, left, outcome, next }: Ending): void {
  const json = (each: RunLock) => lockJson(each, place.backend, io.now());
  writeJson(io, {
    org: place.org.name,
    id,
    ...(lock && { lock: json(lock) }),
    removed: outcome === "removed",
    held: left.map(json),
    next,
  });
}

function printText(io: Io, { place, lock, left, outcome, next }: Ending): void {
  const { name } = place.org;
  if (!lock) {
    io.stdout.write(`${name}: no lock is held\n`);
    return;
  }
  const expected = kindsOf(place.backend);
  const what = `lock ${lock.id} (${kindsText(lock, expected)}), ${holderText(lock, io.now())}`;
  io.stdout.write(`${name}: ${what}, ${RESULTS[outcome]}\n`);
  const done = outcome !== "nothing done";
  for (const other of done ? left : []) {
    io.stdout.write(
      `${name}: another lock is held: ${other.id || "unreadable"} (${kindsText(other, expected)}), ${holderText(other, io.now())}\n`,
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
