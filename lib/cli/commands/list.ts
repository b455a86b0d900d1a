import type { Command } from "commander";
import type { OrgReport } from "../../registry/report";
import { listOrgs, refuseNames } from "../project/synthesize";
import { type Io, writeJson } from "../terminal/io";
import { renderTable } from "../terminal/table";

/** Adds `genesys-orgs list`. */
export function addListCommand(program: Command, io: Io): void {
  program
    .command("list")
    .summary("list organisations with the names that follow")
    .description("List organisations with the names that follow from the registry")
    .argument("[org...]", "names of organisations (default: all)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      `
Examples:
  genesys-orgs list
  genesys-orgs list na-prod --json

Exit codes: 0 well, 1 a mistake.`,
    )
    .action(async (names: string[], options: { json?: boolean }) => {
      const report = await listOrgs(io);
      refuseNames(names, report);
      const orgs = report.orgs.filter(({ name }) => names.length === 0 || names.includes(name));
      // This asked for no synthesis at all: its status would only mislead.
      const shown = orgs.map(({ status: _, ...org }) => org);
      if (options.json) writeJson(io, { orgs: shown });
      else io.stdout.write(renderTable(io, head, orgs.map(row)));
    });
}

const head = [
  "organisation",
  "environment",
  "region",
  "state home",
  "state key",
  "lock",
  "key\nrecorded",
  "OAuth\nclients",
];

function row(org: OrgReport): string[] {
  return [
    org.name,
    org.environment,
    org.genesysRegion,
    org.stateHome,
    org.stateKey,
    org.lock,
    org.kmsKeyArn ? "yes" : "no",
    String(org.oauthClients.length),
  ];
}
