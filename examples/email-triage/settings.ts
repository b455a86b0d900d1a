/** What differs between the organisations. */
export interface Settings {
  /** Subdomain of Genesys Cloud's email domain. */
  readonly emailDomain: string;
  /** Genesys Cloud's email domain in the region. */
  readonly emailRegion: string;
  /** URL of the triage service. */
  readonly triageUrl: string;
  /** Id of the integration credential with the service's API key, created in Genesys Cloud. */
  readonly triageCredentialId: string;
  /** Users that Terraform creates. Those of production come from the directory (SCIM). */
  readonly testUsers: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string;
  }[];
}

export const settings: Readonly<Record<string, Settings>> = {
  dev: {
    emailDomain: "example-rail-dev",
    emailRegion: "pure.cloud",
    triageUrl: "https://triage.dev.example.com/topics",
    triageCredentialId: "5b0c8f2e-7a41-4d36-9c58-1e2f3a4b5c01",
    testUsers: [
      { id: "agent-one", name: "Agent One", email: "agent.one@dev.example.com" },
      { id: "agent-two", name: "Agent Two", email: "agent.two@dev.example.com" },
    ],
  },
  prod: {
    emailDomain: "example-rail",
    emailRegion: "mypurecloud.com",
    triageUrl: "https://triage.example.com/topics",
    triageCredentialId: "6c1d9e3f-8b52-4e47-8d69-2f3a4b5c6d02",
    testUsers: [{ id: "smoke-test", name: "Smoke Test", email: "smoke.test@example.com" }],
  },
};
