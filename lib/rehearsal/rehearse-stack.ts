import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { LockMode } from "../registry/model";
import type { ChildResult } from "../terraform/child";
import { failureText, onlyVerifiesChecks, plannedChanges } from "../terraform/diagnostics";
import { readStackJson, type StackJson } from "../terraform/stack-folder";
import type { ProviderSchemas } from "./double/core/load-schemas";
import { isExcepted, type RecordedException } from "./exceptions";
import { checkFetchedModules } from "./preflight";
import { refuseProvisionersOfModules } from "./provisioners";
import { describeFinding, type SecretFinding, type SecretScanner } from "./secret-scan";
import type { Workspace } from "./workspace";

/** One synthesized stack to rehearse. */
export interface RehearsalStack {
  /** Id of the stack. */
  readonly stack: string;
  /** Name of the org that the stack belongs to. Undefined for a state home. */
  readonly org?: string;
  /** Folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  /**
   * Place of the state by the registry, which the stack must agree with.
   * @default - any place
   */
  readonly expected?: { readonly bucket: string; readonly stateKey: string };
}

/** A step of a rehearsal. */
export type StepName =
  | "init"
  | "validate"
  | "plan"
  | "apply"
  | "second plan"
  | "scan"
  | "destroy"
  | "second scan";

/** The result of one step. */
export interface StepResult {
  readonly step: StepName;
  readonly ok: boolean;
  /** Wall-clock time. */
  readonly seconds: number;
}

/** The result of rehearsing one stack. */
export interface StackRehearsal {
  readonly stack: string;
  readonly org?: string;
  /** Object key of the state, as it is in the JSON. */
  readonly stateKey: string;
  /** Undefined if the state is not in S3. */
  readonly lock?: LockMode;
  /** Number of managed objects in the state after the apply. */
  readonly resources: number;
  /** The steps that ran. After a step that fails, only a scan follows. */
  readonly steps: readonly StepResult[];
  /** Undefined if the rehearsal did not get that far. */
  readonly secondPlanEmpty?: boolean;
  /** Bytes of secrets in state, plans, backups and logs. */
  readonly secretBytes: number;
  readonly findings: readonly SecretFinding[];
  /** Wall-clock time of all steps together. */
  readonly seconds: number;
  /** Places of states that the stack reads and that no rehearsed stack has: their outputs were made up. */
  readonly madeUpStates: readonly string[];
  /**
   * Types whose schemas were derived from the installed bindings, which do not show everything: limits
   * and values of the provider's own were not judged.
   */
  readonly derivedSchemas: readonly string[];
  /**
   * Addresses of the resources that take existing objects over. The objects were made up from the
   * configuration, so the plan does not show how the real ones differ from it.
   */
  readonly madeUpImports: readonly string[];
  /**
   * The waivers with an end. Those of GO-SECRET-IN-STATE let the values of variables be in states and
   * plans; `secretBytes` and `findings` do not have these values.
   */
  readonly exceptions: readonly RecordedException[];
  /** Reason of a failure. Undefined if everything is in order. */
  readonly error?: string;
  /** Whether the rehearsal was stopped before its end. */
  readonly interrupted?: boolean;
  /** The working folder, if it was kept. */
  readonly folder?: string;
}

/** Properties of {@link rehearseStack}. */
export interface RehearseStackProps {
  readonly stack: RehearsalStack;
  readonly workspace: Workspace;
  /** File that answers each `terraform_remote_state`, by its name. */
  readonly remoteStates: ReadonlyMap<string, string>;
  /** Called with the file of the state after the apply. */
  readonly onApplied: (state: string) => void;
  readonly scanner: SecretScanner;
  readonly exceptions: readonly RecordedException[];
  readonly schemas: ProviderSchemas;
  readonly onStep: (step: StepName) => void;
  readonly signal?: AbortSignal;
  /** Addresses of the modules whose provisioners may run. */
  readonly provisioners?: readonly string[];
}

type Outcome = Pick<
  StackRehearsal,
  "resources" | "steps" | "secondPlanEmpty" | "secretBytes" | "findings" | "error"
>;

/** Rehearses one stack in an open workspace, until the first step that fails. */
export async function rehearseStack(props: RehearseStackProps): Promise<Outcome> {
  const { stack, workspace, scanner, exceptions, onStep, signal } = props;
  const owner = ownerOf(stack);
  const steps: StepResult[] = [];
  const findings: SecretFinding[] = [];
  let resources = 0;
  let secondPlanEmpty: boolean | undefined;

  const step = async (name: StepName, action: () => Promise<void> | void) => {
    signal?.throwIfAborted();
    onStep(name);
    const start = performance.now();
    let ok = false;
    try {
      await action();
      ok = true;
    } finally {
      steps.push({ step: name, ok, seconds: (performance.now() - start) / 1000 });
    }
  };
  const terraform = async (...args: string[]) => expectSuccess(args, await workspace.run(...args));
  const scan = (...also: SecretFinding[]) => {
    const found = [...also, ...scanner.scanFolder(workspace.folder)].filter(
      (finding) => !isExcepted(finding, exceptions, owner),
    );
    const known = new Set(findings.map(describeFinding));
    findings.push(...found.filter((finding) => !known.has(describeFinding(finding))));
    if (findings.length === 0) return;
    throw new StepFailure(
      `secrets were found in the files of ${stack.stack}:\n${findings.map(describeFinding).join("\n")}`,
    );
  };

  let error: string | undefined;
  try {
    workspace.useStack(stack.folder, props.remoteStates);
    await step("init", async () => {
      await terraform("init");
      refuseProvisionersOfModules(workspace.folder, props.provisioners);
      checkFetchedModules(workspace.folder, props.schemas);
    });
    await step("validate", () => terraform("validate"));
    await step("plan", async () => {
      await terraform("plan", "-out=first.tfplan");
      if (existsSync(join(workspace.folder, "first.tfplan"))) return;
      throw new StepFailure("terraform plan ended with success, but wrote no plan");
    });
    await step("apply", async () => {
      await terraform("apply", "first.tfplan");
      expectResources(readStackJson(stack.folder), workspace.addresses());
    });
    resources = workspace.resources().length;
    if (existsSync(workspace.stateFile)) props.onApplied(workspace.stateFile);
    await step("second plan", async () => {
      const args = ["plan", "-detailed-exitcode", "-out=second.tfplan"];
      const result = await workspace.run(...args);
      if (result.code !== 2) expectSuccess(args, result);
      secondPlanEmpty = result.code === 0 || onlyVerifiesChecks(result.stdout);
      if (secondPlanEmpty) return;
      const changes = plannedChanges(result.stdout).join("\n");
      throw new StepFailure(`the plan after the apply is not empty:\n${changes}`);
    });
    await step("scan", () => scan(...scanAssets(stack.folder, scanner)));
    await step("destroy", async () => {
      workspace.allowDestroy();
      await terraform("destroy", "-auto-approve");
      const left = workspace.resources();
      if (left.length > 0)
        throw new StepFailure(`the destroy left objects in the state: ${left.join(", ")}`);
    });
    await step("second scan", () => scan());
  } catch (failure) {
    if (signal?.aborted) throw failure;
    error = failure instanceof Error ? failure.message : String(failure);
    // The files of a failed run may hold a secret, too.
    if (!steps.some(({ step: name }) => name === "scan")) {
      await step("scan", () => scan()).catch((found: Error) => {
        error = `${error}\n\n${found.message}`;
      });
    }
  }
  const secretBytes = findings.reduce((sum, { bytes }) => sum + bytes, 0);
  return { resources, steps, secondPlanEmpty, secretBytes, findings, error };
}

class StepFailure extends Error {}

/** Returns the name of the org that the variables of a stack belong to. */
export const ownerOf = ({ stack, org = stack }: RehearsalStack): string => org;

/** The workspace has only a link to the assets. They may contain the values of secret variables. */
function scanAssets(folder: string, scanner: SecretScanner): SecretFinding[] {
  const assets = join(folder, "assets");
  if (!existsSync(assets)) return [];
  const name = ({ file }: SecretFinding) => join("assets", file);
  return scanner.scanFolder(assets).map((found) => ({ ...found, file: name(found) }));
}

/** A Terraform that does nothing also ends with success. */
function expectResources({ resource = {} }: StackJson, made: readonly string[]): void {
  const missing = Object.entries(resource)
    .flatMap(([type, byName]) =>
      Object.entries(byName)
        // Their number may be 0.
        .filter(([, { count, for_each }]) => count === undefined && for_each === undefined)
        .map(([name]) => `${type}.${name}`),
    )
    .filter((address) => !made.includes(address));
  if (missing.length === 0) return;
  throw new StepFailure(
    `terraform apply ended with success, but these resources are not in the state: ${missing.join(", ")}`,
  );
}

function expectSuccess(args: readonly string[], result: ChildResult): void {
  if (result.code === 0) return;
  throw new StepFailure(`terraform ${args[0]} failed:\n${failureText(result)}`);
}
