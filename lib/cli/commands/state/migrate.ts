import { Command } from "commander";
import { counted } from "../../../counted";
import { type Io, writeJson } from "../../terminal/io";
import { dryRunOption, jsonOption, yesOption } from "../../terminal/options";
import { type Migration, type MigrationProps, migrateOrg } from "./migrate/migrate-org";

interface MigrateOptions extends MigrationProps {
  readonly json?: boolean;
}

/** `genesys-orgs state migrate`. */
export const migrateCommand = (io: Io): Command =>
  new Command("migrate")
    .summary("move an existing state into its place in the home")
    .description("Move an organisation's existing Terraform state into its place in the home")
    .argument("<org>", "name of an organisation")
    .requiredOption("--from <source>", "the state: path of a file, or s3://<bucket>/<key>")
    .option("--from-region <region>", "region of the source's bucket (default: the home's)")
    .option("--from-table <table>", "DynamoDB table in which runs there lock: it is looked at")
    .option("--backup-dir <folder>", "where a copy of the state is kept", ".genesys-orgs/backups")
    .addOption(yesOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The source is read, and never changed. The place in the home has to be empty: Terraform writes the
state there, under the org's lock and key; then it is read back and compared. What was killed is
finished by the same command. Your AWS credentials are used, for the source as well.

Examples:
  genesys-orgs state migrate na-prod --from ../na-prod/terraform.tfstate
  genesys-orgs state migrate na-prod --from ../na-prod/terraform.tfstate --yes
  genesys-orgs state migrate na-prod --from s3://old-states/genesys/na-prod.tfstate \\
    --from-region eu-west-1 --from-table terraform-locks --yes`,
    )
    .action((org: string, options: MigrateOptions) => migrate(io, org, options));

async function migrate(io: Io, name: string, options: MigrateOptions): Promise<void> {
  const migration = await migrateOrg(io, name, options);
  (options.json ? printJson : printText)(io, migration);
}

function nextOf({ move, outcome }: Migration): string[] {
  if (outcome === "planned") return [];
  const { org, source } = move;
  const old = source.place ? `${source.name}, with its -md5 item in a lock table,` : source.name;
  return [
    `\`cdktf diff ${org.stack}\`; deploy when it destroys nothing that is to stay`,
    `remove ${old} after the first deploy, so that nobody runs there again`,
  ];
}

function printJson(io: Io, migration: Migration): void {
  const { org, source, state, target, backup } = migration.move;
  const { lineage, serial, terraformVersion, resources, instances, outputs } = state;
  writeJson(io, {
    org: org.name,
    outcome: migration.outcome,
    source: {
      from: source.name,
      region: source.place?.region,
      lockTable: source.place?.dynamodb_table,
    },
    state: { lineage, serial, terraformVersion, resources, instances, outputs },
    target: { url: target.url, lock: org.lock, lockTable: org.lockTable },
    backup,
    notes: migration.notes,
    next: nextOf(migration),
  });
}

function printText(io: Io, migration: Migration): void {
  const { org, source, state, target, backup } = migration.move;
  const { lineage, serial, terraformVersion, resources, instances, outputs } = state;
  const isThere = migration.outcome === "already there";
  const lines = [
    `source: ${source.name}`,
    `target: ${target.url}`,
    `lineage: ${lineage}`,
    `serial: ${serial}${isThere ? "" : `, and ${serial + 1} in the home`}`,
    `resources: ${resources} (${counted(instances, "instance")}), ${counted(outputs.length, "output")}`,
    `written by: Terraform ${terraformVersion}`,
    `lock: ${org.lockTable === undefined ? org.lock : `${org.lock} (table ${org.lockTable})`}`,
    `backup: ${backup}`,
    ...migration.notes.map((note) => `note: ${note}`),
    `${org.name}: ${RESULTS[migration.outcome]}`,
    ...nextOf(migration).map((step, index) => `${index === 0 ? "next" : "then"}: ${step}`),
  ];
  io.stdout.write(`${lines.join("\n")}\n`);
}

const RESULTS: Readonly<Record<Migration["outcome"], string>> = {
  planned: "nothing was done; --yes moves it",
  moved: "moved, read back and compared; the source is as it was",
  "already there": "it is there already, and the same; nothing is left to do",
};
