import { performance } from "node:perf_hooks";
import { UserError } from "../errors";
import { inParallel } from "../in-parallel";
import { binaryName, findTerraform, type TerraformBinary } from "../terraform/binary";
import { readStackJson, type StackJson } from "../terraform/stack-folder";
import { loadSchemas, type ProviderSchemas } from "./double/core/load-schemas";
import type { Delay } from "./double/core/server";
import { importsOf } from "./imports";
import { readStack, secretVariables } from "./preflight";
import {
  ownerOf,
  type RehearsalStack,
  rehearseStack,
  type StackRehearsal,
  type StepName,
} from "./rehearse-stack";
import { RemoteStates, type StateOwner } from "./remote-states";
import { type BindingsPackage, installedBindings } from "./schemas/installed-bindings";
import { SecretScanner } from "./secret-scan";
import { checkExpectedPlace, sharedStates, statePlaceOf } from "./state-places";
import { Workspace } from "./workspace";
import { type Canary, canariesOf, canary, type World } from "./world";

/** Properties of {@link rehearse}. */
export interface RehearseProps {
  readonly stacks: readonly RehearsalStack[];
  readonly world: World;
  /** @default - the schemas of the package */
  readonly schemas?: ProviderSchemas;
  /**
   * Folder of the project. The schemas of further types are derived from the bindings
   * (`@cdktf/provider-*`, `@cdktn/provider-*`) that are installed for it.
   * @default - the working directory
   */
  readonly project?: string;
  /** @default - the binary on PATH */
  readonly terraform?: TerraformBinary;
  /**
   * Number of stacks at the same time.
   * @default - the number of cores
   */
  readonly concurrency?: number;
  /** Stops the rehearsal cleanly: running stacks are interrupted, waiting ones do not start. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: RehearsalEvent) => void;
  /**
   * Whether the working folders are kept. Each result then names its folder.
   * @default false
   */
  readonly keep?: boolean;
  /**
   * Values of Terraform variables.
   * @default - `genesys_credential` is `deployer`
   */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Whether Terraform writes its trace log, which is then scanned for secrets.
   * @default false
   */
  readonly trace?: boolean;
  /**
   * Addresses of the resources and modules whose provisioners may run. They run for real.
   * @default - none: a stack with a provisioner fails
   */
  readonly provisioners?: readonly string[];
  /** Time that the doubles take to answer. */
  readonly delay?: Delay;
  /**
   * Returns the time, which decides whether a waiver has ended. Milliseconds since 1970.
   * @default - now
   */
  readonly now?: () => number;
}

/** Progress of a rehearsal. */
export type RehearsalEvent =
  | { readonly kind: "step"; readonly stack: string; readonly step: StepName }
  | { readonly kind: "done"; readonly stack: string; readonly result: StackRehearsal };

/**
 * Runs real Terraform on synthesized stacks, against provider doubles: no account, no credential,
 * no download. Stacks run in parallel. A stack that fails does not stop the others.
 * @returns One result per stack, in the order of the stacks. After an abort, unfinished stacks are
 * marked as interrupted.
 * @throws UserError if Terraform is not on PATH.
 */
export async function rehearse(props: RehearseProps): Promise<StackRehearsal[]> {
  const terraform = props.terraform ?? (await findTerraform());
  if (!terraform) throw new UserError(`${binaryName()} is not on PATH`);
  const schemas = props.schemas ?? loadSchemas();
  const bindings = installedBindings(props.project ?? process.cwd());
  // One for all stacks: a secret that a double hands out for one must not be in the files of another.
  const scanner = new SecretScanner(canariesOf(props.world));
  const stacks = props.stacks.map((stack) => ({ ...stack, json: jsonOf(stack.folder) }));
  const states = new RemoteStates(stacks);
  const collisions = sharedStates(props.stacks);
  const shared = { ...props, terraform, schemas, bindings, scanner, states, collisions };
  try {
    // A stack that waits for another one's state takes the place of a running one: the other began before.
    const results = await inParallel(states.inOrder(stacks), props.concurrency, async (stack) => {
      const result = await rehearseOne(stack, shared);
      states.end(stack.stack);
      if (!result.interrupted) props.onProgress?.({ kind: "done", stack: stack.stack, result });
      return result;
    });
    const byStack = new Map(results.map((result) => [result.stack, result]));
    return props.stacks.flatMap(({ stack }) => byStack.get(stack) ?? []);
  } finally {
    states.close();
  }
}

interface Shared extends RehearseProps {
  readonly terraform: TerraformBinary;
  readonly schemas: ProviderSchemas;
  readonly bindings: readonly BindingsPackage[];
  readonly scanner: SecretScanner;
  readonly states: RemoteStates;
  readonly collisions: ReturnType<typeof sharedStates>;
}

/** Returns an empty stack if the file cannot be read: the rehearsal of that stack says so. */
function jsonOf(folder: string): StackJson {
  try {
    return readStackJson(folder);
  } catch {
    return {};
  }
}

async function rehearseOne(
  { json: _json, ...stack }: RehearsalStack & StateOwner,
  props: Shared,
): Promise<StackRehearsal> {
  const { terraform, scanner, states, collisions } = props;
  const { folder: _, expected, ...names } = stack;
  let common = { ...names, stateKey: expected?.stateKey ?? "unknown" };
  const unfinished = {
    resources: 0,
    steps: [],
    secretBytes: 0,
    findings: [],
    madeUpStates: [],
    derivedSchemas: [],
    madeUpImports: [],
    exceptions: [],
  };
  const { signal, keep = false, provisioners } = props;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  let workspace: Workspace | undefined;
  const kept = () => (keep ? workspace?.folder : undefined);
  const interrupted = () => ({
    ...common,
    ...unfinished,
    seconds: seconds(),
    interrupted: true,
    error: "interrupted",
    folder: kept(),
  });
  if (signal?.aborted) return interrupted();

  try {
    const { json, schemas, derived, exceptions } = readStack(stack.folder, props);
    const { bucket, ...place } = statePlaceOf(json);
    common = { ...names, ...place };
    const collision = collisions.get(stack.stack);
    if (collision) throw collision;
    checkExpectedPlace(stack, { bucket, ...place });
    const secrets = variableCanaries(stack, json, props.world);
    // A shorter value of the caller would be in every file, by chance.
    for (const secret of secrets) if (secret.value.length >= 8) scanner.add(secret);
    const { files: remoteStates, madeUp } = await states.answersFor({ stack: stack.stack, json });
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
    const outcome = await rehearseStack({
      stack,
      workspace,
      scanner,
      exceptions,
      schemas,
      remoteStates,
      onApplied: (state) => states.keep(stack.stack, state),
      onStep,
      signal,
      provisioners,
    });
    return {
      ...common,
      ...outcome,
      madeUpStates: madeUp,
      derivedSchemas: derived,
      madeUpImports: importsOf(json).map(({ to }) => to),
      exceptions,
      seconds: seconds(),
      folder: kept(),
    };
  } catch (error) {
    if (signal?.aborted) return interrupted();
    return {
      ...common,
      ...unfinished,
      seconds: seconds(),
      error: (error as Error).message,
      folder: kept(),
    };
  } finally {
    workspace?.close(keep);
  }
}

/**
 * Returns values of the secret variables: the caller's own (`TF_VAR_*`), since a stack may validate
 * them, or canaries. Terraform keeps them in plan files, unless a variable is `ephemeral`.
 */
function variableCanaries(
  stack: RehearsalStack,
  json: StackJson,
  { seed }: World,
): (Canary & { readonly name: string })[] {
  const org = ownerOf(stack);
  return secretVariables(json).map((name) => {
    const credential = `variable ${name}`;
    const own = process.env[`TF_VAR_${name}`];
    const value = own ?? canary(seed, org, credential);
    return { name, org, credential, value, whole: own !== undefined };
  });
}
