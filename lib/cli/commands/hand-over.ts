import { Command, Option } from "commander";
import { UserError } from "../../errors";
import { ApiError, BreakerOpenError } from "../../http/api-error";
import type { Accepted } from "../../rotation/hand-over/judge";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption, yesOption } from "../terminal/options";
import { type Progress, startProgress } from "../terminal/progress";
import {
  handOver,
  isDone,
  readHandOver,
  refuseObjections,
  replacingNamed,
} from "./hand-over/hand-over-client";
import { handOverDocument, handOverText, type Outcome } from "./hand-over/hand-over-text";
import { listClients } from "./hand-over/list-clients";
import { listDocument, listText } from "./hand-over/list-text";
import { readFacts } from "./hand-over/read-facts";

interface HandOverOptions extends Accepted {
  readonly delete?: boolean;
  readonly undo?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `genesys-orgs hand-over`. */
export const handOverCommand = (io: Io): Command =>
  new Command("hand-over")
    .summary("hand an OAuth client made by hand over to the rotator")
    .description(
      "List the OAuth clients that were made by hand, and retire the one that a credential of the registry replaces",
    )
    .argument("<org>", "name of an organisation")
    .argument("[credential]", "name of a credential with `replaces` (default: list all clients)")
    .addOption(yesOption())
    .addOption(new Option("--delete", "delete the client, which is inactive").conflicts("undo"))
    .option("--undo", "activate the client again that this command made inactive")
    .option("--even-if-used", "although it was used lately, or nobody knows whether it was")
    .option("--fewer-permissions", "although the new client may do less")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Without a credential, it lists the clients for client credentials, and prints a registry entry for each one
that was made by hand. With one, it shows whether the new client works, has the same permissions, and
whether the old one is still used. With --yes it makes the old client inactive: tokens that were issued
work until they expire. --delete does the rest, once no token can work any more. It never touches a client
that the registry does not name in replaces, or that is not made by hand.

Reads Genesys Cloud as the planner, and changes it as the master. Uses your Vault token or the login that
the registry names for rotate, and your AWS credentials (the org's states, and as \`secrets --live\`).

Exit codes: 0 success, 1 a mistake, a failure or a refusal, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs hand-over na-prod                           list the clients made by hand
  genesys-orgs hand-over na-prod crm-sync                  show how far it is
  genesys-orgs hand-over na-prod crm-sync --yes            make the old client inactive
  genesys-orgs hand-over na-prod crm-sync --undo --yes     and active again
  genesys-orgs hand-over na-prod crm-sync --delete --yes   delete it, days later`,
    )
    .action((org: string, credential: string | undefined, options: HandOverOptions) =>
      withProgress(io, org, (progress) =>
        credential === undefined
          ? list(io, org, options, progress)
          : handOverOne(io, org, credential, options, progress),
      ),
    );

async function withProgress(
  io: Io,
  org: string,
  work: (progress: Progress) => Promise<void>,
): Promise<void> {
  const progress = await startProgress(io);
  try {
    await work(progress);
  } catch (error) {
    const isOfCall = [UserError, ApiError, BreakerOpenError].some((kind) => error instanceof kind);
    if (!isOfCall) throw error;
    const { message } = error as Error;
    throw new UserError(message.startsWith(org) ? message : `${org}: ${message}`);
  } finally {
    progress.stop();
  }
}

async function list(
  io: Io,
  name: string,
  options: HandOverOptions,
  progress: Progress,
): Promise<void> {
  const { yes, delete: deletes, undo, evenIfUsed, fewerPermissions, json } = options;
  if (yes || deletes || undo || evenIfUsed || fewerPermissions) {
    throw new UserError("name the credential whose client is to be changed");
  }
  const facts = await readFacts(io, name, "planner", progress);
  progress.step(`${name}: listing the organisation's clients`);
  const listed = await listClients(facts);
  progress.stop();
  if (json) writeJson(io, listDocument(facts.org, listed));
  else io.stdout.write(listText(io, facts.org, listed));
}

async function handOverOne(
  io: Io,
  name: string,
  credentialName: string,
  options: HandOverOptions,
  progress: Progress,
): Promise<void> {
  const { yes = false, json } = options;
  const step = options.undo ? "undo" : options.delete ? "delete" : "deactivate";
  const facts = await readFacts(io, name, yes ? "master" : "planner", progress);
  const credential = replacingNamed(facts, credentialName);
  progress.step(`${name}: reading how much ${credential.replaces} is used`);
  const before = await readHandOver(facts, credential);
  let changed = false;
  let state = before;
  if (before && yes && !isDone(step, before.old)) {
    refuseObjections(facts, step, before, options);
    io.signal.throwIfAborted();
    const after = await handOver(facts, credential, step, before);
    state = after && { ...before, old: after };
    changed = after !== undefined || step === "delete";
  } else if (!before && yes && step === "undo") {
    throw new UserError(`${name}: the client ${credential.replaces} no longer exists`);
  }
  progress.stop();
  const outcome: Outcome = {
    org: facts.org,
    credential,
    step,
    state,
    changed,
    yes,
    accepted: options,
  };
  if (json) writeJson(io, handOverDocument(outcome));
  else io.stdout.write(handOverText(outcome));
}
