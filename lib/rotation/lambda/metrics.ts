/** Metrics of an org's rotation from one run of a function. */
export type Metrics = Readonly<
  Partial<
    Record<
      | "ManagedClients"
      | "OrphanedClients"
      | "UnprovenClients"
      | "OldestCredentialDays"
      | "OverdueCredentials"
      | "UnfinishedRotations"
      | "UnrotatedCredentials"
      | "LostClients"
      | "RefusedCredentials"
      | "ClientHeadroom"
      | "Actions"
      | "GiveUps",
      number
    >
  >
>;

/**
 * Returns a log line from which CloudWatch reads metrics (embedded metric format).
 * @param now milliseconds since 1970
 */
export const metricsLine = (org: string, now: number, metrics: Metrics): string =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: "GenesysOrgs",
          Dimensions: [["Org"]],
          Metrics: Object.keys(metrics).map((Name) => ({
            Name,
            Unit: Name === "OldestCredentialDays" ? "None" : "Count",
          })),
        },
      ],
    },
    Org: org,
    ...metrics,
  });
