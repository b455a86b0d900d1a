import { Command } from "commander";
import { counted } from "../../../counted";
import { type Io, writeJson } from "../../terminal/io";
import { DRY_RUN_WITHOUT_YES, dryRunOption, jsonOption, yesOption } from "../../terminal/options";
import { type Migration, type MigrationProps, migrateOrg } from "./migrate/migrate-org";

interface MigrateOptions extends MigrationProps {
  readonly json?: boolean;
}

/** `genesys-orgs state migrate`. */
export const migrateCommand = (io: Io): Command =>
  new Command("migrate")
    .summary("move an existing state into its state home")
    .description(
      "Move the existing Terraform state of an organisation into its place in the state home",
    )
    .argument("<org>", "name of an organisation")
    .requiredOption("--from <source>", "the existing state: path of a file, or s3://<bucket>/<key>")
    .option(
      "--from-region <region>",
      "region of the existing state's bucket (default: that of the home)",
    )
    .option("--from-table <table>", "DynamoDB lock table of the existing state; it is only read")
    .option("--backup-dir <folder>", "folder for a copy of the state", ".genesys-orgs/backups")
    .option(
      "--replace-providers",
      "let the moved state name the providers of the stack in place of its own",
    )
    .addOption(yesOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The existing state is only read, never changed. Its place in the home must be empty. Terraform writes
the state there, with the organisation's lock and KMS key; then the command reads it back and compares
it. If the command is stopped or killed, start it again: it continues. It uses your AWS credentials,
also for the existing state.

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
  const old = source.place ? `${source.name}, and its -md5 item in a lock table,` : source.name;
  return [
    `run \`cdktf diff ${org.stack}\`, and deploy if it destroys nothing that you need`,
    `after the first deploy remove ${old} so that nobody uses it again`,
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
    ...(migration.outcome === "planned" ? [DRY_RUN_WITHOUT_YES] : []),
  ];
  io.stdout.write(`${lines.join("\n")}\n`);
}

const RESULTS: Readonly<Record<Migration["outcome"], string>> = {
  planned: "the state would be moved",
  moved: "the state was moved, read back and compared; the source is unchanged",
  "already there": "the same state is already in the home; nothing to do",
};
