import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../../../errors";
import { checkPolicies } from "../../../policies/check";
import { refusalsOf } from "../../../policies/proposal/refusals";
import { SynthesizedStack } from "../../../policies/synthesized-stack";
import type { OrgReport } from "../../../registry/report";
import { removeFolder } from "../../../terraform/cleanup";
import { STACK_FILE } from "../../../terraform/stack-folder";
import type { OrgStackFolder } from "../../runs/for-each-org";
import type { FailedPlan } from "../../runs/plan-text";
import { REPORTS } from "../../runs/select-stacks";
import type { Io } from "../../terminal/io";

/** Stacks that somebody proposes, in the place of the deployed ones. */
export interface ProposedStacks {
  readonly stacks: readonly OrgStackFolder[];
  /** Stacks that must not be planned with the organisation's credentials. */
  readonly refused: readonly FailedPlan[];
}

/**
 * Takes the Terraform JSON of stacks from a folder that somebody else has synthesized, such as a pull
 * request. Everything else is that of this project: the organisations, the rules, and which stacks there
 * are. Only the JSON and assets are copied: another file could configure Terraform.
 *
 * @param deployed the stacks of this project
 * @throws UserError if the folder is not that of a synthesis
 */
export function proposedStacks(
  io: Io,
  folder: string,
  deployed: readonly OrgStackFolder[],
): ProposedStacks {
  const source = resolve(io.cwd, folder);
  if (!existsSync(join(source, "stacks"))) {
    throw new UserError(
      `--proposed ${folder}: it has no folder stacks: write it with \`genesys-orgs synth --output <folder>\``,
    );
  }
  const target = join(io.cwd, REPORTS, "proposed");
  removeFolder(join(target, "assets"));
  copyFiles(join(source, "assets"), join(target, "assets"));
  const stacks: OrgStackFolder[] = [];
  const refused: FailedPlan[] = [];
  for (const own of deployed) {
    const { proposed, reasons } = judge(own, join(source, "stacks", own.stack, STACK_FILE));
    if (reasons.length > 0) {
      refused.push({ org: own.org.name, stack: own.stack, error: refusal(own, reasons) });
      continue;
    }
    const to = join(target, "stacks", own.stack);
    mkdirSync(to, { recursive: true });
    // What was checked, and not the file: Terraform also reads a section that is in it twice.
    writeFileSync(join(to, STACK_FILE), JSON.stringify(proposed));
    stacks.push({ ...own, folder: to });
  }
  return { stacks, refused };
}

interface Judgement {
  readonly proposed?: unknown;
  readonly reasons: readonly string[];
}

function judge({ org, folder }: OrgStackFolder, file: string): Judgement {
  if (!isFile(file)) return { reasons: ["the proposal does not have it"] };
  let proposed: unknown;
  try {
    proposed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return { reasons: [`its JSON is not valid: ${(error as Error).message}`] };
  }
  const deployed = JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8"));
  try {
    return { proposed, reasons: reasonsAgainst(org, deployed, proposed) };
  } catch (error) {
    if (error instanceof RangeError) return { reasons: ["its JSON is nested too deeply"] };
    throw error;
  }
}

function reasonsAgainst(org: OrgReport, deployed: unknown, proposed: unknown): string[] {
  const refusals = refusalsOf(deployed, proposed);
  // The rules see only what has the usual shape.
  if (refusals.length > 0) return refusals;
  const excused = findingsIn(deployed, org);
  return [...findingsIn(proposed, org)]
    .filter(([text, block]) => excused.get(text) !== block)
    .map(([text]) => text);
}

/**
 * Returns the errors of the policy rules, each with the JSON of its blocks. The proposal's own synthesis may
 * have left them out, and its waivers are not reviewed. A finding of the deployed stack is excused for the same
 * block only.
 */
function findingsIn(stack: unknown, org: OrgReport): Map<string, string> {
  const { blocks } = new SynthesizedStack(stack);
  const jsonAt = (address: string) =>
    JSON.stringify(blocks.filter((block) => block.address === address).map(({ body }) => body));
  return new Map(
    checkPolicies(stack, { org: policyOrg(org), ignoresWaivers: true })
      .filter(({ severity }) => severity === "error")
      .map(({ rule, address, message }) => [`${address} ${message} (${rule})`, jsonAt(address)]),
  );
}

const policyOrg = ({ name, environment, encryption, kmsKeyArn, organizationId }: OrgReport) => ({
  name,
  environment,
  encryption,
  kmsKeyArn,
  organizationId,
});

const refusal = ({ stack }: OrgStackFolder, reasons: readonly string[]): string =>
  `${stack} is planned after the merge only, since ${reasons.join("; ")}`;

const isFile = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Copies files and folders. A link could lead out of the folder. */
function copyFiles(from: string, to: string): void {
  if (!existsSync(from)) return;
  cpSync(from, to, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
}
