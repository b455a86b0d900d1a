import type { Environment, LockMode, Org } from "./model";

/** File that every synthesis writes beside its stacks, for commands and CI. */
export const REPORT_FILE = "genesys-orgs.json";

/** What a synthesis knows of the registry: all orgs, and what became of each. */
export interface RegistryReport {
  readonly version: 1;
  readonly orgs: readonly OrgReport[];
}

/** One org with its derived names; never a secret. */
export interface OrgReport {
  readonly name: string;
  readonly environment: Environment;
  readonly organizationId: string;
  readonly genesysRegion: string;
  readonly owner: string;
  /** Id of the org's stack, and name of its folder under `stacks/`. */
  readonly stack: string;
  readonly stateHome: string;
  readonly bucket: string;
  readonly stateKey: string;
  readonly lock: LockMode;
  readonly lockTable?: string;
  readonly kmsKeyArn?: string;
  readonly vault: {
    readonly address: string;
    readonly namespace?: string;
    readonly mount: string;
    readonly deployer: string;
    readonly planner: string;
  };
  readonly aws: { readonly account: string; readonly region: string };
  readonly project: string;
  readonly secretPrefix: string;
  readonly oauthClients: readonly string[];
  /**
   * `synthesized`; `not selected` by the filter of this synthesis; or `no recorded key`: left
   * out until its access stack was applied and recorded.
   */
  readonly status: "synthesized" | "not selected" | "no recorded key";
}

/** An org as the report shows it. */
export function reportOrg(org: Org, status: OrgReport["status"]): OrgReport {
  return {
    name: org.name,
    environment: org.environment,
    organizationId: org.organizationId,
    genesysRegion: org.genesysRegion,
    owner: org.owner,
    stack: org.stackId,
    stateHome: org.state.home.name,
    bucket: org.state.home.bucket,
    stateKey: org.state.key,
    lock: org.state.lockMode,
    lockTable: org.state.lockTable,
    kmsKeyArn: org.state.kmsKeyArn,
    vault: {
      address: org.vault.address,
      namespace: org.vault.namespace,
      mount: org.vault.mount,
      deployer: org.vault.entries.deployer,
      planner: org.vault.entries.planner,
    },
    aws: { account: org.aws.account, region: org.aws.region },
    project: org.project,
    secretPrefix: org.secretPrefix,
    oauthClients: org.oauthClients.map((client) => client.name),
    status,
  };
}
