import { Command } from "commander";
import { shardsIn } from "../../../ci/github";
import { MOST_JOBS, numbered } from "../../../ci/github/steps";
import { orgsOf, rotatable, shardsOf, targetOf } from "../../../ci/pipeline";
import type { OrgReport } from "../../../registry/report";
import { listOrgs } from "../../project/synthesize";
import { changedSinceOption, selectStacks, withOutput } from "../../runs/select-stacks";
import type { Io } from "../../terminal/io";

/** `genesys-orgs ci targets`. */
export const targetsCommand = (io: Io): Command =>
  new Command("targets")
    .summary("print the organisations that jobs of GitHub Actions work on")
    .description(
      "Print the organisations that jobs of GitHub Actions work on: all, and those of each stage, as lines for $GITHUB_OUTPUT",
    )
    .addOption(changedSinceOption())
    .action(({ changedSince }: { changedSince?: string }) => printTargets(io, changedSince));

async function printTargets(io: Io, changedSince: string | undefined): Promise<void> {
  const report = await listOrgs(io);
  const stacks = await withOutput(io, () => selectStacks(io, { names: [], changedSince }));
  const orgs = [...new Map(stacks.map(({ org }) => [org.name, org])).values()];
  const shards = shardsIn(report);
  const print = (name: string, chosen: readonly OrgReport[], count: number) => {
    const targets = chosen.map((org) => targetOf(org, report));
    const parts = shardsOf(targets, { shards: count, most: MOST_JOBS });
    numbered(name, count).forEach((output, index) => {
      io.stdout.write(`${output}=${JSON.stringify(parts[index])}\n`);
    });
  };
  print("all", orgs, shards.all);
  print("rotatable", rotatable(orgs), shards.all);
  for (const { stage, shards: count } of shards.stages) {
    print(stage.name, orgsOf(orgs, stage), count);
  }
}
