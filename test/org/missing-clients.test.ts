import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  OAuthClientWithOffloadedSecret,
  type OrgEntry,
  OrgStack,
  type OrgStackProps,
  OrgsApp,
} from "../../lib";
import type { OrgReport } from "../../lib/registry/report";
import { temporaryFolder } from "../support/folders";
import { entry, registryOf } from "../support/sample-org";

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const oauthClients: OrgEntry["oauthClients"] = [
  { name: "crm-sync", permissions },
  { name: "wfm-reports", permissions },
];

/** Synthesizes an org whose registry has two clients, and returns the clients of the report. */
const synth = (create: readonly string[], props: OrgStackProps = {}): readonly string[] =>
  reported(create, props).oauthClients;

function reported(create: readonly string[], props: OrgStackProps = {}): OrgReport {
  const outdir = temporaryFolder();
  const registry = registryOf(entry("na-prod", 1, { oauthClients }));
  const app = new OrgsApp({ registry, outdir });
  for (const org of app.orgs) {
    const stack = new OrgStack(app, org, props);
    for (const name of create)
      new OAuthClientWithOffloadedSecret(stack, name, { name, permissions });
  }
  app.synth();
  return JSON.parse(readFileSync(join(outdir, "genesys-orgs.json"), "utf8")).orgs[0];
}

test("a client of the registry that no stack creates fails synth", () => {
  expect(() => synth(["crm-sync"])).toThrow(
    "na-prod: no stack creates the OAuth clients wfm-reports of the registry. Add an OAuthClientWithOffloadedSecret for each of org.oauthClients, or name them in clientsElsewhere of the OrgStack",
  );
});

test("a client of the registry may be created elsewhere, by its name", () => {
  expect(synth(["crm-sync"], { clientsElsewhere: ["wfm-reports"] })).toEqual([
    "crm-sync",
    "wfm-reports",
  ]);
});

test("clientsElsewhere must name clients of the registry", () => {
  expect(() => synth(["crm-sync"], { clientsElsewhere: ["wfm-reports", "wfm"] })).toThrow(
    "na-prod: clientsElsewhere names wfm, but the registry has no such OAuth client. Correct the name or remove it",
  );
});

test("the report has the clients that only code names", () => {
  expect(synth(["crm-sync", "wfm-reports", "extra"])).toEqual(["crm-sync", "wfm-reports", "extra"]);
});

test("the report has each secret once, by the code that creates it", () => {
  const { secrets } = reported(["crm-sync", "extra"], { clientsElsewhere: ["wfm-reports"] });
  expect(secrets.map(({ name }) => name).sort()).toEqual(["crm-sync", "extra", "wfm-reports"]);
  expect(secrets.find(({ name }) => name === "extra")).toEqual({
    name: "extra",
    secretName: "/genesys/production/na-prod/extra",
    kind: "genesys-read-only",
    sensitivity: "high",
    rotationDays: 180,
    owner: "team",
    consumers: [],
    rotation: "automatic",
  });
});
