import { performance } from "node:perf_hooks";
import { UserError } from "../errors";
import { inParallel } from "../in-parallel";
import { binaryName, findTerraform, type TerraformBinary } from "../terraform/binary";
import type { StackJson } from "../terraform/stack-folder";
import { loadSchemas, type ProviderSchemas } from "./double/core/load-schemas";
import type { Delay } from "./double/core/server";
import { readStack, secretVariables } from "./preflight";
import {
  type RehearsalStack,
  rehearseStack,
  type StackRehearsal,
  type StepName,
} from "./rehearse-stack";
import { SecretScanner } from "./secret-scan";
import { Workspace } from "./workspace";
import { type Canary, canariesOf, canary, type World } from "./world";

/** What to rehearse, and how. */
export interface RehearseProps {
  readonly stacks: readonly RehearsalStack[];
  readonly world: World;
  /** @default - the package's own */
  readonly schemas?: ProviderSchemas;
  /** @default - the one on PATH */
  readonly terraform?: TerraformBinary;
  /**
   * Stacks at the same time.
   * @default - the number of cores
   */
  readonly concurrency?: number;
  /** Stops the rehearsal cleanly: what runs is interrupted, what waits does not start. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: RehearsalEvent) => void;
  /**
   * Keeps the working folders; each result names its own.
   * @default false
   */
  readonly keep?: boolean;
  /**
   * Values of Terraform variables.
   * @default - `genesys_credential` is `deployer`
   */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Whether Terraform's trace log is written, and scanned for secrets.
   * @default false
   */
  readonly trace?: boolean;
  /** How long the doubles take to answer. */
  readonly delay?: Delay;
}

/** What happens during a rehearsal. */
export type RehearsalEvent =
  | { readonly kind: "step"; readonly stack: string; readonly step: StepName }
  | { readonly kind: "done"; readonly stack: string; readonly result: StackRehearsal };

/**
 * Runs real Terraform on synthesized stacks, against provider doubles: no account, no credential,
 * no download. Stacks run in parallel, and one that fails does not stop the others.
 * @returns one result per stack, in their order; after an abort, those that did not end are marked.
 * @throws UserError when there is no usable Terraform.
 */
export async function rehearse(props: RehearseProps): Promise<StackRehearsal[]> {
  const terraform = props.terraform ?? (await findTerraform());
  if (!terraform) throw new UserError(`${binaryName()} is not on PATH`);
  const schemas = props.schemas ?? loadSchemas();
  // One for all: what a double hands out in one stack's run is looked for in the others', too.
  const scanner = new SecretScanner(canariesOf(props.world));
  return inParallel(props.stacks, props.concurrency, async (stack) => {
    const result = await rehearseOne(stack, props, terraform, schemas, scanner);
    if (!result.interrupted) props.onProgress?.({ kind: "done", stack: stack.stack, result });
    return result;
  });
}

async function rehearseOne(
  stack: RehearsalStack,
  props: RehearseProps,
  terraform: TerraformBinary,
  schemas: ProviderSchemas,
  scanner: SecretScanner,
): Promise<StackRehearsal> {
  const { folder: _, ...common } = stack;
  const unfinished = { ...common, resources: 0, steps: [], secretBytes: 0, findings: [] };
  const { signal, keep = false } = props;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  let workspace: Workspace | undefined;
  const kept = () => (keep ? workspace?.folder : undefined);
  const interrupted = () => ({
    ...unfinished,
    seconds: seconds(),
    interrupted: true,
    error: "interrupted",
    folder: kept(),
  });
  if (signal?.aborted) return interrupted();

  try {
    const secrets = variableCanaries(stack, readStack(stack.folder, schemas), props.world);
    // A shorter one of the caller's is in every file, by chance.
    for (const secret of secrets) if (secret.value.length >= 8) scanner.add(secret);
    workspace = await Workspace.open({
      terraform,
      schemas,
      world: props.world,
      variables: {
        genesys_credential: "deployer",
        ...Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
        ...props.variables,
      },
      trace: props.trace,
      delay: props.delay,
      signal,
      onSecret: (secret) => scanner.add(secret),
    });
    const onStep = (step: StepName) =>
      props.onProgress?.({ kind: "step", stack: stack.stack, step });
    const outcome = await rehearseStack({ stack, workspace, scanner, onStep, signal });
    return { ...common, ...outcome, seconds: seconds(), folder: kept() };
  } catch (error) {
    if (signal?.aborted) return interrupted();
    return { ...unfinished, seconds: seconds(), error: (error as Error).message, folder: kept() };
  } finally {
    workspace?.close(keep);
  }
}

/**
 * Values of the variables that are secrets: the caller's own (`TF_VAR_*`), which may have to fit
 * what a stack asks of them, or canaries. Terraform keeps them in plan files, unless a variable is
 * `ephemeral`.
 */
function variableCanaries(
  { stack, org = stack }: RehearsalStack,
  json: StackJson,
  { seed }: World,
): (Canary & { readonly name: string })[] {
  return secretVariables(json).map((name) => {
    const credential = `variable ${name}`;
    const value = process.env[`TF_VAR_${name}`] ?? canary(seed, org, credential);
    return { name, org, credential, value };
  });
}
