import { Command } from "commander";
import { counted } from "../../counted";
import type { PreviewedWork, ReconciliationPreview } from "../../rotation/reconciliation-preview";
import { logGroupNameOf } from "../../rotation/rotation-names";
import { findOrg } from "../project/synthesize";
import { ReportedFailure } from "../terminal/failure";
import { type Io, writeJson } from "../terminal/io";
import { DRY_RUN, jsonOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { askReconciler } from "./reconcile/ask-reconciler";

/** The exit code if somebody must look at something. */
const ATTENTION = 2;

/** `genesys-orgs reconcile`. */
export const reconcileCommand = (io: Io): Command =>
  new Command("reconcile")
    .summary("show what an organisation's reconciler would do")
    .description(
      "Show what the next run of an organisation's reconciler would do, and what somebody must look at",
    )
    .argument("<org>", "name of an organisation")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Always a dry run: it calls the reconciler by its alias dry-run, with your AWS credentials, best those of
the reader of the state. They need lambda:InvokeFunction on this alias only. If the organisation has
aws.planRole, it assumes that role.

Work that is due waits for the next run, within an hour. Work is late if it has been due for six hours.

Exit codes: 0 nothing is late and there are no problems, 1 a mistake or a failure, 2 something is late or
there is a problem, 130 stopped by Ctrl-C.

Examples:
  genesys-orgs reconcile na-prod
  genesys-orgs reconcile na-prod --json`,
    )
    .action((org: string, options: { readonly json?: boolean }) => reconcile(io, org, options));

async function reconcile(io: Io, name: string, { json }: { readonly json?: boolean }) {
  const org = await findOrg(io, name);
  const preview = await askReconciler(io, org);
  if (json) writeJson(io, { org: name, reconciler: preview !== undefined, ...preview });
  else io.stdout.write(preview ? textOf(io, name, preview) : noReconciler(name));
  if (!preview) return;
  const isLate = preview.work.some(({ late }) => late);
  if (isLate || preview.problems.length > 0) throw new ReportedFailure(ATTENTION);
}

const noReconciler = (org: string): string =>
  `${org}: there is no reconciler, since no credential of its stack rotates\n`;

function textOf(io: Io, org: string, preview: ReconciliationPreview): string {
  const { work, problems, clients, onlyLogs } = preview;
  const late = work.filter((each) => each.late).length;
  const head = ["would", "credential", "client", "because"];
  const lines = [
    ...problems.map(({ credential, client, message }) =>
      [credential, client, message].filter((part) => part !== undefined).join(": "),
    ),
    ...(late > 0 && !onlyLogs
      ? [
          `hourly runs have not done what is late: see the log ${logGroupNameOf({ name: org }, "reconciler")}`,
        ]
      : []),
    ...(onlyLogs && work.length > 0
      ? ["rotation.dryRun is set in the registry, so the reconciler does nothing of this"]
      : []),
    `${counted(clients.present, "OAuth client")} of at most ${clients.most}, ${clients.managed} of them the rotator's, ${clients.orphaned} orphaned`,
    `the next run would do ${counted(work.length, "thing")}, ${late} late; ${counted(problems.length, "problem")}`,
    DRY_RUN,
  ];
  return [
    work.length > 0 ? renderTable(io, head, work.map(rowOf)) : "",
    ...lines.map((line) => `${org}: ${line}\n`),
  ].join("");
}

const rowOf = ({ kind, credential = "-", client = "-", reason, late }: PreviewedWork): string[] => [
  kind,
  credential,
  client,
  late ? `${reason} (late)` : reason,
];
