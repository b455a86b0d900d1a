import { counted } from "../../counted";
import type { StoredCredential } from "../credential-records";
import { DEFAULT_LIMITS } from "../limits";
import { type Reconciliation, reconcile } from "../reconcile";
import type { ReconciliationProps } from "../run-props";
import { SecretsManagerStore } from "../secrets-manager-store";
import type { Dependencies } from "./dependencies";
import { Master } from "./master";
import { Parameters } from "./parameters";
import { logAction, reportPlan, reportResult } from "./report";

/** The reconciliation of one org, with what its functions have in common. */
export class OrgReconciliation {
  readonly master: Master;
  readonly parameters: Parameters;
  readonly secrets: SecretsManagerStore;

  constructor(readonly dependencies: Dependencies) {
    this.master = new Master(dependencies);
    this.parameters = new Parameters(dependencies.parameters, dependencies.configuration);
    this.secrets = new SecretsManagerStore(dependencies.secrets);
  }

  /** Returns the inputs of a run. */
  async propsFor(credentials: readonly StoredCredential[]): Promise<ReconciliationProps> {
    const { configuration, clock } = this.dependencies;
    const { org, organizationId, mostClients, secretArnPrefix, dryRun, windows } = configuration;
    return {
      api: await this.master.provenApi(),
      apiAs: this.master.apiAs.bind(this.master),
      secrets: this.secrets,
      records: this.parameters,
      credentials,
      org: { name: org, id: organizationId },
      secretPrefix: secretArnPrefix,
      clock,
      windows,
      limits: { ...DEFAULT_LIMITS, mostClients },
      dryRun,
      onPlan: (plan) => reportPlan(this.dependencies, plan),
      onAction: (action) => logAction(this.dependencies, action),
    };
  }

  /**
   * Does one run, and reports it.
   * @param isScheduled whether it also tries current values and starts rotations
   */
  async run(credentials: readonly StoredCredential[], isScheduled = true): Promise<Reconciliation> {
    const rest = { proves: isScheduled, starts: isScheduled };
    const result = await reconcile({ ...(await this.propsFor(credentials)), ...rest });
    reportResult(this.dependencies, result, this.master.giveUps());
    return result;
  }
}

/** Returns the message of an error for the failures of a run; undefined if there are none. */
export function failuresIn(failures: readonly string[]): string | undefined {
  if (failures.length === 0) return undefined;
  return `${counted(failures.length, "part")} of the run failed: ${failures.join("; ")}`;
}
