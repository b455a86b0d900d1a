/** Metrics of an org's rotation, counted by one run of a function. */
export type Metrics = Readonly<
  Partial<
    Record<
      | "ManagedClients"
      | "OrphanedClients"
      | "OldestCredentialDays"
      | "OverdueCredentials"
      | "LostClients"
      | "ClientHeadroom"
      | "Actions"
      | "GiveUps",
      number
    >
  >
>;

/**
 * A line of the log from which CloudWatch takes metrics (embedded metric format).
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
