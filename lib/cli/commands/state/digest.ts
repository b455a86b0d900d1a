import { Command } from "commander";
import { UserError } from "../../../errors";
import { type Io, writeJson } from "../../terminal/io";
import { DRY_RUN_WITHOUT_YES, jsonOption } from "../../terminal/options";
import { checkDigest, type DigestCheck, type DigestProps } from "./digest/check-digest";

interface DigestOptions extends DigestProps {
  readonly json?: boolean;
}

/** `genesys-orgs state digest`. */
export const digestCommand = (io: Io): Command =>
  new Command("digest")
    .summary("compare a state with its digest in the lock table, and fix the digest")
    .description(
      "Compare an organisation's state with its digest in the lock table, and fix the digest",
    )
    .argument("<org>", "name of an organisation")
    .option("--fix", "correct the digest; without --yes this is a dry run")
    .option("--yes", "with --fix: write the correct digest, if no lock is held")
    .option(
      "--table <name>",
      "look in this DynamoDB table, if the organisation's backend no longer names one; --fix removes the digest from it",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Terraform reports a wrong digest as "state data in S3 does not have the expected content". But the state
itself may be wrong: check it first, and restore an earlier version if necessary. Without --fix a wrong
digest is a failure (exit code 1).

Examples:
  genesys-orgs state digest na-prod
  genesys-orgs state digest na-prod --fix
  genesys-orgs state digest na-prod --fix --yes
  genesys-orgs state digest na-prod --table genesys-state-lock-na-prod --fix --yes`,
    )
    .action((org: string, options: DigestOptions) => digest(io, org, options));

async function digest(io: Io, name: string, options: DigestOptions): Promise<void> {
  if (options.yes && !options.fix) throw new UserError("--yes needs --fix");
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
    object &&
    `${serial === undefined ? "not a valid state" : `serial ${serial}`}, ${object.bytes} bytes`;
  io.stdout.write(`${org}: ${url}\n`);
  io.stdout.write(`  object: ${object ? `${object.md5} (${what})` : "none"}\n`);
  io.stdout.write(
    table === undefined
      ? "  digest: none; the backend names no lock table (--table names an earlier one)\n"
      : `  digest: ${recorded ?? "none"} (in the table ${table})\n`,
  );
  if (corrected !== undefined) {
    const change = corrected === null ? "removed" : `set to ${corrected}`;
    io.stdout.write(`the digest ${written ? "was" : "would be"} ${change}\n`);
    if (!written) io.stdout.write(`${DRY_RUN_WITHOUT_YES}\n`);
  } else if (problem === undefined && recorded !== undefined) {
    io.stdout.write("the digest is the MD5 of the object\n");
  }
}
