import { join, resolve } from "node:path";
import { counted } from "../../../counted";
import { inParallel } from "../../../in-parallel";
import type { HomeReport, OrgReport } from "../../../registry/report";
import { vaultOf } from "../../../registry/vault-mount";
import { functionNameOf, ROTATION_FUNCTIONS } from "../../../rotation/rotation-names";
import { removeFolder, temporaryFolder } from "../../../terraform/cleanup";
import { readStackJson } from "../../../terraform/stack-folder";
import { callerIdentity } from "../../project/caller-identity";
import { orgsNamed, synthesize } from "../../project/synthesize";
import { integratedClients, wantedGrants } from "../../project/wanted-grants";
import type { Io } from "../../terminal/io";
import { startProgress } from "../../terminal/progress";
import { checkAws } from "./aws-checks";
import type { Check, Group } from "./checklist";
import type { DoctorContext } from "./context";
import { checkGenesys } from "./genesys-checks";
import { checkSecrets } from "./secret-checks";
import { checkState } from "./state-checks";
import { StateHistory } from "./state-history";
import { checkVault, type VaultFindings } from "./vault-checks";

/** The checks to make, and how. */
export interface DiagnosisProps extends Pick<DoctorContext, "readOnly" | "assume"> {
  /** Names of orgs; empty for all. */
  readonly names: readonly string[];
  readonly groups: readonly Group[];
  /** Seconds for each check. */
  readonly timeLimit: number;
  /** File with the history of the states. @default - none */
  readonly history?: string;
  /** Organisations at the same time. */
  readonly concurrency: number;
}

/** The checks of one org. */
export interface Diagnosis {
  readonly org: OrgReport;
  readonly checks: readonly Check[];
}

/** Makes the checks of orgs. */
export async function diagnoseOrgs(io: Io, props: DiagnosisProps): Promise<Diagnosis[]> {
  const history =
    props.history === undefined ? undefined : StateHistory.read(resolve(io.cwd, props.history));
  const contexts = await contextsOf(io, props, history);
  const progress = await startProgress(io);
  let diagnoses: Diagnosis[];
  try {
    progress.step(`checking ${counted(contexts.length, "organisation")}`);
    diagnoses = await inParallel(contexts, props.concurrency, async (context) => ({
      org: context.org,
      checks: await diagnose(context, props.groups),
    }));
  } finally {
    progress.stop();
  }
  io.signal.throwIfAborted();
  if (!props.readOnly) history?.write();
  return diagnoses;
}

/** Synthesizes the orgs, and collects what their checks need. */
async function contextsOf(
  io: Io,
  props: DiagnosisProps,
  history: StateHistory | undefined,
): Promise<DoctorContext[]> {
  const { names, timeLimit, readOnly, assume } = props;
  const output = temporaryFolder("genesys-orgs-doctor-");
  try {
    const report = await synthesize(io, { output, names, quiet: true });
    return orgsNamed(report, names).map((org) => ({
      ...stackOf(org, output),
      history,
      io,
      bounds: { limit: timeLimit * 1000, signal: io.signal },
      org,
      ...homeOf(report.homes, org, output),
      readOnly,
      assume,
    }));
  } finally {
    removeFolder(output);
  }
}

function homeOf(
  homes: readonly HomeReport[],
  { stateHome }: OrgReport,
  output: string,
): Pick<DoctorContext, "home" | "bucketPolicy"> {
  const home = homes.find(({ name }) => name === stateHome) as HomeReport;
  if (home.status !== "synthesized") return { home };
  const { resource = {} } = readStackJson(join(output, "stacks", home.stack));
  const policies = Object.values(resource.aws_s3_bucket_policy ?? {}).map(({ policy }) =>
    String(policy),
  );
  // The bucket of the access logs has another one. Terraform reads `$${` as `${`.
  const ofStates = policies.find((policy) => policy.includes("DenyOtherFolders"));
  return { home, bucketPolicy: ofStates?.replaceAll("$${", "${") };
}

/** Reads what doctor needs of an org's stack. */
function stackOf(
  org: OrgReport,
  output: string,
): Pick<DoctorContext, "backend" | "declared" | "functions" | "wanted" | "integrated"> {
  if (org.status !== "synthesized")
    return { declared: new Set(), functions: [], wanted: [], integrated: [] };
  const stack = readStackJson(join(output, "stacks", org.stack));
  const { terraform, resource = {} } = stack;
  const declared = Object.entries(resource).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${type}.${name}`),
  );
  // Only the rotation's own: other functions of a stack may have code that no hash describes.
  const names = ROTATION_FUNCTIONS.map((part) => functionNameOf(org, part));
  const functions = Object.values(resource.aws_lambda_function ?? {})
    .map(({ function_name: name, source_code_hash: sha256 }) => ({
      name: String(name),
      sha256: String(sha256),
    }))
    .filter(({ name }) => names.includes(name));
  return {
    backend: terraform?.backend?.s3 as DoctorContext["backend"],
    declared: new Set(declared),
    functions,
    wanted: wantedGrants(org, stack),
    integrated: integratedClients(org, stack),
  };
}

/** Makes all checks of one org. Checks of an unwanted group are made if another group needs them. */
async function diagnose(context: DoctorContext, groups: readonly Group[]): Promise<Check[]> {
  const nobody = Promise.resolve(undefined);
  if (context.org.retired) return checkState(context, nobody);
  const wants = (...some: Group[]) => some.some((group) => groups.includes(group));
  const isOnAws = context.home.status !== "external";
  const identity = wants("aws", "state") && isOnAws ? callerIdentity(context.home.region) : nobody;
  // The checks that wait for it report what is wrong with it.
  identity.catch(() => {});
  const group = context.org.credentials ? "secrets" : "vault";
  const entries = wants(group, "genesys") ? checkEntries(context) : undefined;
  const checks = [
    wants("aws") ? checkAws(context, identity) : [],
    wants("state") ? checkState(context, identity) : [],
    wants(group) && entries ? entries.then((found) => found.checks) : [],
    wants("genesys") && entries ? entries.then((found) => checkGenesys(context, found)) : [],
  ];
  // Also after Ctrl-C: every probe releases its lock first.
  await Promise.allSettled(checks);
  return (await Promise.all(checks)).flat();
}

/** Checks the entries of the org's own credentials, in their place. */
const checkEntries = (context: DoctorContext): Promise<VaultFindings> =>
  context.org.credentials
    ? checkSecrets(context)
    : checkVault({ ...context, org: { ...context.org, vault: vaultOf(context.org) } });
