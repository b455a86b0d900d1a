import { Command } from "commander";
import { UserError } from "../../../errors";
import { type Io, writeJson } from "../../terminal/io";
import { jsonOption } from "../../terminal/options";
import { checkDigest, type DigestCheck, type DigestProps } from "./digest/check-digest";

interface DigestOptions extends DigestProps {
  readonly json?: boolean;
}

/** `genesys-orgs state digest`. */
export const digestCommand = (io: Io): Command =>
  new Command("digest")
    .summary("compare a state with the digest in its lock table, and mend that")
    .description(
      "Compare an organisation's state with the digest that its lock table has of it, and mend the digest",
    )
    .argument("<org>", "name of an organisation")
    .option("--fix", "say what the digest should be; with --yes: write it")
    .option("--yes", "write it, if no lock is held")
    .option(
      "--table <name>",
      "look in this DynamoDB table, where the organisation's backend names none any more; what it has is removed",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
A broken digest is what Terraform means by "state data in S3 does not have the expected content". The
object may be what is broken: look at it, and restore a version of it, before you mend the digest.

Examples:
  genesys-orgs state digest na-prod
  genesys-orgs state digest na-prod --fix --yes
  genesys-orgs state digest na-prod --table genesys-state-lock-na-prod --fix --yes`,
    )
    .action((org: string, options: DigestOptions) => digest(io, org, options));

async function digest(io: Io, name: string, options: DigestOptions): Promise<void> {
  if (options.yes && !options.fix) throw new UserError("--yes goes with --fix");
  const check = await checkDigest(io, name, options);
  (options.json ? printJson : printText)(io, check);
  if (check.problem !== undefined && !options.fix) {
    throw new UserError(`${name}: ${check.problem}`);
  }
}

function printJson(io: Io, { found, problem, corrected, written }: DigestCheck): void {
  const { org, url, table, recorded, object, serial } = found;
  writeJson(io, {
    org,
    state: url,
    table,
    digest: recorded ?? null,
    object: object
      ? { md5: object.md5, bytes: object.bytes, serial, versionId: object.versionId }
      : null,
    problem,
    shouldBe: corrected,
    written,
  });
}

function printText(io: Io, { found, problem, corrected, written }: DigestCheck): void {
  const { org, url, table, recorded, object, serial } = found;
  const what =
    object && `${serial === undefined ? "no state" : `serial ${serial}`}, ${object.bytes} bytes`;
  io.stdout.write(`${org}: ${url}\n`);
  io.stdout.write(`  object: ${object ? `${object.md5} (${what})` : "none"}\n`);
  io.stdout.write(
    table === undefined
      ? "  digest: none; its backend names no table (--table names one that it had before)\n"
      : `  digest: ${recorded ?? "none"} (in the table ${table})\n`,
  );
  if (corrected !== undefined) {
    const change = corrected === null ? "removed" : `set to ${corrected}`;
    io.stdout.write(`the digest ${written ? "was" : "would be"} ${change}\n`);
  } else if (problem === undefined && recorded !== undefined) io.stdout.write("they agree\n");
}
