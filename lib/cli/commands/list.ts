import { Command } from "commander";
import type { OrgReport } from "../../registry/report";
import { reportWithCode } from "../project/report-with-code";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { renderTable } from "../terminal/table";

/** `genesys-orgs list`. */
export const listCommand = (io: Io): Command =>
  new Command("list")
    .summary("list organisations and the names derived for them")
    .description("List organisations and the names that are derived for them")
    .argument("[org...]", "names of organisations (default: all)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  genesys-orgs list
  genesys-orgs list na-prod --json           all derived names, as one JSON document`,
    )
    .action((names: string[], options: { json?: boolean }) => list(io, names, options));

async function list(io: Io, names: string[], { json }: { json?: boolean }): Promise<void> {
  const report = await reportWithCode(io, names);
  const orgs = report.orgs.filter(({ name }) => names.length === 0 || names.includes(name));
  // Nothing was synthesized: the status would only mislead.
  const shown = orgs.map(({ status: _, ...org }) => org);
  if (json) writeJson(io, { orgs: shown });
  else io.stdout.write(renderTable(io, HEAD, orgs.map(row)));
}

const HEAD = [
  "organisation",
  "environment",
  "region",
  "state home",
  "state key",
  "lock",
  "key\nrecorded",
  "OAuth\nclients",
];

const recordedKey = ({ encryption, kmsKeyArn }: OrgReport): string => {
  if (encryption !== "kms") return `- (${encryption === "none" ? "not encrypted" : encryption})`;
  return kmsKeyArn ? "yes" : "no";
};

function row(org: OrgReport): string[] {
  return [
    org.name,
    org.environment,
    org.genesysRegion,
    org.stateHome,
    org.stateKey,
    org.lock,
    recordedKey(org),
    String(org.oauthClients.length + (org.brokeredClients?.length ?? 0)),
  ];
}
