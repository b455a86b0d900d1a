import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, type AppConfig, type IStackSynthesizer, TerraformStack } from "cdktf";
import { UserError } from "../errors";
import type { Org } from "../registry/model";
import type { OrgRegistry } from "../registry/org-registry";
import { type OrgReport, REPORT_FILE, type RegistryReport, reportOrg } from "../registry/report";
import { disableCreationStacks } from "./creation-stack";
import { refuseToDropStacks } from "./filtered-output";
import { TARGET_VERSIONS } from "./provider-versions";

/** Environment variable with the names of the orgs to synthesize, comma-separated. */
export const ONLY_VARIABLE = "GENESYS_ORGS_ONLY";

/** Properties of an {@link OrgsApp}. */
export interface OrgsAppProps extends AppConfig {
  readonly registry: OrgRegistry;
}

/**
 * The CDKTF app of a registry. `orgs` are those to make stacks for: all, or the ones that
 * `GENESYS_ORGS_ONLY` names; without those that have no recorded key yet, of which it prints what
 * to do next.
 */
export class OrgsApp extends App {
  /** The orgs to make stacks for. */
  readonly orgs: readonly Org[];
  private readonly report: RegistryReport;

  constructor({ registry, ...config }: OrgsAppProps) {
    disableCreationStacks();
    // CDK Terrain checks what it writes against these; cdktf does not read them.
    super({ ...config, context: { targetVersions: TARGET_VERSIONS, ...config.context } });
    const selected = selection(registry);
    const status = (org: Org): OrgReport["status"] => {
      if (!selected.has(org.name)) return "not selected";
      return org.state.kmsKeyArn ? "synthesized" : "no recorded key";
    };
    this.report = { version: 1, orgs: registry.orgs.map((org) => reportOrg(org, status(org))) };
    this.orgs = registry.orgs.filter((org) => status(org) === "synthesized");
  }

  override synth(): void {
    if (process.env[ONLY_VARIABLE] !== undefined) refuseToDropStacks(this);
    const problems: UserError[] = [];
    for (const stack of this.node.findAll().filter(TerraformStack.isStack)) {
      stack.synthesizer = collectingProblems(stack.synthesizer, problems);
    }
    // Before cdktf writes the manifest, so that a failed synthesis leaves no new one.
    this.node.addValidation({ validate: () => problems.map(({ message }) => message) });
    try {
      super.synth();
    } catch (error) {
      if (problems.length === 0) throw error;
      throw new UserError(problems.map(({ message }) => message).join("\n"));
    }
    writeFileSync(join(this.outdir, REPORT_FILE), `${JSON.stringify(this.report, null, 2)}\n`);
    for (const org of this.report.orgs.filter(({ status }) => status === "no recorded key")) {
      process.stderr.write(
        `${org.name} is left out: the registry's record has no KMS key for it. Create one in home ${org.stateHome}, then add homes.${org.stateHome}.orgs.${org.name}.kmsKeyArn to the record\n`,
      );
    }
  }
}

/**
 * Runs an app: `build` adds the stacks, then they are synthesized. A mistake of the user is
 * printed as one message, and sets the exit code to 1.
 *
 * @param loadRegistry called inside, so that a bad registry is reported like any other mistake
 */
export function synthesizeOrgs(
  loadRegistry: () => OrgRegistry,
  build: (app: OrgsApp) => void,
): void {
  try {
    const app = new OrgsApp({ registry: loadRegistry() });
    build(app);
    app.synth();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function selection(registry: OrgRegistry): ReadonlySet<string> {
  const names = new Set<string>(registry.orgs.map(({ name }) => name));
  const only = process.env[ONLY_VARIABLE];
  if (only === undefined) return names;
  const wanted = only.split(",").filter((name) => name !== "");
  const unknown = wanted.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new UserError(
      `${ONLY_VARIABLE} names ${unknown.join(", ")}, which the registry does not have. It has: ${[...names].join(", ")}`,
    );
  }
  return new Set(wanted);
}

function collectingProblems(
  synthesizer: IStackSynthesizer,
  problems: UserError[],
): IStackSynthesizer {
  return {
    synthesize(session) {
      try {
        synthesizer.synthesize(session);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems.push(error);
      }
    },
  };
}
