import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, type AppConfig, type IStackSynthesizer, TerraformStack } from "cdktf";
import {
  createdBrokeredClients,
  createdClients,
  createdSecrets,
} from "../credentials/created-clients";
import { UserError, withoutFileErrors } from "../errors";
import type { Home, Org } from "../registry/model";
import { componentStateKeyOf } from "../registry/names";
import { nextSteps } from "../registry/next-step";
import type { OrgRegistry } from "../registry/org-registry";
import {
  type AccessReport,
  type ComponentReport,
  type HomeReport,
  type OrgReport,
  REPORT_FILE,
  type RegistryReport,
  reportHome,
  reportOrg,
  withCreated,
  withStacks,
} from "../registry/report";
import { disableCreationStacks } from "../stack/framework/creation-stack";
import { TARGET_VERSIONS } from "../versions";
import { refuseToDropStacks } from "./filtered-output";
import { doubledClients, missingClients, missingSecrets } from "./missing-clients";
import { OrgStack } from "./org-stack";
import { enforceOnOthers, waysBetweenOrgs } from "./other-stacks";
import { SynthesizedStates } from "./shared-states";

/** Environment variable with the names of the orgs to synthesize, separated by commas. */
export const ONLY_VARIABLE = "GENESYS_ORGS_ONLY";

/** The variable's value for no orgs. */
const NO_ORGS = "-";

/** Properties of an {@link OrgsApp}. */
export interface OrgsAppProps extends AppConfig {
  readonly registry: OrgRegistry;
}

/**
 * The CDKTF app of a registry, with three lists of the stacks to create. `GENESYS_ORGS_ONLY` limits
 * them to the named orgs, without the homes that orgs share. The app leaves out stacks that cannot be
 * created yet, and prints a line with the next commands.
 */
export class OrgsApp extends App {
  readonly registry: OrgRegistry;
  /** Homes to create a {@link HomeStack} for. */
  readonly homes: readonly Home[];
  /** Orgs to create an {@link AccessStack} and a {@link VaultAccessStack} for, with the retired orgs. */
  readonly orgsInHomes: readonly Org[];
  /** Orgs to create an {@link OrgStack} for. */
  readonly orgs: readonly Org[];
  private readonly selected: Selection;
  private readonly report: RegistryReport;

  constructor({ registry, ...config }: OrgsAppProps) {
    disableCreationStacks();
    // CDK Terrain checks its output against these versions; cdktf ignores them.
    super({ ...config, context: { targetVersions: TARGET_VERSIONS, ...config.context } });
    this.registry = registry;
    const selected = selection(registry);
    this.selected = selected;
    const { homes, orgs } = registry;
    this.report = {
      version: 1,
      homes: homes.map((home) => reportHome(home, homeStatus(home, selected))),
      orgs: orgs.map((org) =>
        reportOrg(org, orgStatus(org, selected), accessStatus(org, selected)),
      ),
      consumers: registry.consumers,
      otherStacks: [],
    };
    this.homes = homes.filter((home) => homeStatus(home, selected) === "synthesized");
    this.orgsInHomes = orgs.filter((org) => accessStatus(org, selected) === "synthesized");
    this.orgs = orgs.filter((org) => orgStatus(org, selected) === "synthesized");
  }

  override synth(): void {
    if (this.selected) refuseToDropStacks(this);
    const problems: UserError[] = [];
    const stacks = this.node.findAll().filter(TerraformStack.isStack);
    const states = new SynthesizedStates();
    for (const stack of stacks) {
      states.watch(stack);
      enforceOnOthers(stack);
      stack.synthesizer = collectingProblems(stack.synthesizer, problems);
    }
    const clients = createdClients(this);
    const brokered = createdBrokeredClients(this);
    // Runs before cdktf writes the manifest, so a failed synthesis leaves no new manifest.
    this.node.addValidation({
      validate: () => {
        const found = [
          ...waysBetweenOrgs(stacks),
          ...states.shared(),
          ...missingClients(stacks, clients, brokered),
          ...doubledClients(clients, brokered),
          ...missingSecrets(stacks, createdSecrets(this)),
        ];
        problems.push(...found.map((problem) => new UserError(problem)));
        return problems.map(({ message }) => message);
      },
    });
    try {
      super.synth();
    } catch (error) {
      if (problems.length === 0) throw error;
      throw new UserError(problems.map(({ message }) => message).join("\n"));
    }
    const created = stacks.map(({ node }) => node.id);
    const report = withCreated(
      withStacks(this.report, created, componentsOf(stacks)),
      clients,
      createdSecrets(this),
    );
    writeFileSync(join(this.outdir, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
    for (const { name, stack, status } of report.orgs) {
      if (status !== "no stack") continue;
      process.stderr.write(`${name} is left out: the app does not create the stack ${stack}\n`);
    }
    const leftOut = this.registry.orgs.filter(
      (org) => orgStatus(org, this.selected) === "no recorded key",
    );
    for (const line of nextSteps(leftOut)) process.stderr.write(`${line}\n`);
  }
}

/**
 * Runs an app: `build` adds the stacks, and then they are synthesized. A mistake of the user prints
 * one message, and sets the exit code to 1.
 *
 * @param loadRegistry loads the registry; its mistakes are reported like any other mistake
 */
export function synthesizeOrgs(
  loadRegistry: () => OrgRegistry,
  build: (app: OrgsApp) => void,
): void {
  try {
    const app = new OrgsApp({ registry: loadRegistry() });
    build(app);
    app.synth();
  } catch (caught) {
    const error = withoutFileErrors(caught);
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Returns the names of the orgs to synthesize; undefined for all. */
function selection(registry: OrgRegistry): ReadonlySet<string> | undefined {
  const only = process.env[ONLY_VARIABLE];
  // In CI, an unset variable is often empty.
  if (only === undefined || only.trim() === "") return undefined;
  if (only === NO_ORGS) return new Set();
  const names = new Set<string>(registry.orgs.map(({ name }) => name));
  const wanted = only
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = wanted.filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new UserError(
      `${ONLY_VARIABLE} names orgs that the registry does not have: ${unknown.join(", ")}. Choose from: ${[...names].join(", ")}`,
    );
  }
  return new Set(wanted);
}

type Selection = ReturnType<typeof selection>;

function homeStatus(home: Home, selected: Selection): HomeReport["status"] {
  if (home.storage) return "external";
  return selected ? "not selected" : "synthesized";
}

function accessStatus(org: Org, selected: Selection): AccessReport["status"] {
  const { home } = org.state;
  if (home.storage) return "external";
  if (selected && !selected.has(org.name)) return "not selected";
  return home.kmsKeyArn ? "synthesized" : "no recorded home";
}

function orgStatus(org: Org, selected: Selection): OrgReport["status"] {
  if (org.retired) return "retired";
  if (selected && !selected.has(org.name)) return "not selected";
  const { encryption, kmsKeyArn } = org.state;
  return encryption !== "kms" || kmsKeyArn ? "synthesized" : "no recorded key";
}

/** Returns the further stacks of orgs, by the names of the orgs. */
function componentsOf(stacks: readonly TerraformStack[]): Map<string, ComponentReport[]> {
  const components = new Map<string, ComponentReport[]>();
  for (const stack of stacks.filter(OrgStack.isOrgStack)) {
    const { org, component: name, node } = stack;
    if (name === undefined) continue;
    const report = { name, stack: node.id, stateKey: componentStateKeyOf(org.name, name) };
    components.set(org.name, [...(components.get(org.name) ?? []), report]);
  }
  return components;
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
