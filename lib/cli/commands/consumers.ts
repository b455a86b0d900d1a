import { Command } from "commander";
import { policyJson } from "../../aws/policy-document";
import { UserError } from "../../errors";
import { expectedFor } from "../../registry/checks/consumers";
import { reportWithCode } from "../project/report-with-code";
import { type Io, writeJson } from "../terminal/io";
import { jsonOption } from "../terminal/options";
import { renderTable } from "../terminal/table";
import { type ConsumerReads, readsIn } from "./consumers/reads-in";

/** The longest inline policy of a role (IAM: quotas). */
const MOST_CHARACTERS = 10_240;

/** `genesys-orgs consumers`. */
export const consumersCommand = (io: Io): Command =>
  new Command("consumers")
    .summary("list consumers, their secrets and their policies")
    .description("List the workloads that may read credentials, and the policy that each one needs")
    .argument("[consumer...]", "names of consumers, or ARNs of their roles (default: all)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Reads the registry alone. For one consumer, its policy for secrets is printed as well: attach it to the
role. A role that an organisation's stack creates gets it by grantRead. Without it, a role of another
account reads nothing.

Examples:
  genesys-orgs consumers
  genesys-orgs consumers crm-sync               its secrets, and the policy for its role
  genesys-orgs consumers crm-sync --json        the same for a program`,
    )
    .action((names: string[], options: { json?: boolean }) => consumers(io, names, options));

async function consumers(io: Io, names: string[], { json }: { json?: boolean }): Promise<void> {
  const all = readsIn(await reportWithCode(io, []));
  const chosen = names.length === 0 ? all : names.map((name) => find(all, name));
  if (json) return writeJson(io, { consumers: chosen.map(shown) });
  const rows = chosen.flatMap(({ name, role, owner = "", secrets, leases }) => {
    const reads = [
      ...secrets.map(({ org, secretName }) => [org, secretName]),
      ...leases.map(({ org, path }) => [org, `Vault: ${path}`]),
    ];
    return (reads.length === 0 ? [["-", "none"]] : reads).map((read) => [
      name,
      owner,
      roleName(role),
      ...read,
    ]);
  });
  io.stdout.write(
    renderTable(io, ["consumer", "owner", "role", "organisation", "secret or lease"], rows),
  );
  if (names.length === 0) return;
  for (const { name, policy } of chosen) {
    if (policy.length === 0) continue;
    io.stdout.write(`\n${JSON.stringify(document(policy), null, 2)}\n`);
    const { length } = policyJson(policy);
    if (length <= MOST_CHARACTERS) continue;
    io.stderr.write(
      `${name}: the policy has ${length} characters, and an inline policy of a role at most ${MOST_CHARACTERS}: attach it as several managed policies\n`,
    );
  }
}

/** @throws UserError when nobody has this name or role */
function find(all: readonly ConsumerReads[], wanted: string): ConsumerReads {
  const found = all.find(({ name, role }) => name === wanted || role === wanted);
  if (found) return found;
  const names = all.map(({ name }) => name);
  throw new UserError(`unknown consumer: ${wanted}: ${expectedFor(wanted, names)}`);
}

const document = (Statement: ConsumerReads["policy"]) => ({ Version: "2012-10-17", Statement });

const shown = ({ policy, ...consumer }: ConsumerReads) => ({
  ...consumer,
  policy: policy.length > 0 ? document(policy) : undefined,
});

/** The account and the name of a role: its ARN is long. */
const roleName = (arn: string): string => {
  const [, , , , account, role] = arn.split(":");
  return `${account} ${role?.replace(/^role\//, "")}`;
};
