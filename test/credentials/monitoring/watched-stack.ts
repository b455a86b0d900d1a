import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Testing } from "cdktf";
import {
  OAuthClientWithOffloadedSecret,
  type OrgEntry,
  OrgStack,
  SecretAccessMonitor,
  type SecretAccessMonitorProps,
} from "../../../lib";
import { temporaryFolder } from "../../support/folders";
import { sampleOrg, testApp } from "../../support/sample-org";

type Block = Readonly<Record<string, unknown>>;

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

/** A client of the registry that a role may read. */
export const CLIENT = {
  name: "crm-sync",
  permissions,
  consumers: ["arn:aws:iam::111111111111:role/crm-sync"],
};

/** A credential that is no OAuth client. */
export const SECRET_ENTRY = {
  name: "ticket-api",
  description: "Key of the ticket system",
  kind: "cxone-api-key",
  consumers: ["arn:aws:iam::111111111111:role/tickets"],
} as const;

/** The blocks of the stack of na-prod, whose accesses are watched. */
export function watchedStack(patch: Partial<OrgEntry> = {}, props?: SecretAccessMonitorProps) {
  const org = sampleOrg("na-prod", {
    oauthClients: [CLIENT],
    monitoring: props ? undefined : {},
    ...patch,
  });
  const stack = new OrgStack(testApp(temporaryFolder()), org);
  if (props) new SecretAccessMonitor(stack, "monitor", props);
  const clients = org.oauthClients.map(
    (client) => new OAuthClientWithOffloadedSecret(stack, client.name, client),
  );
  const synth = () => {
    const { resource = {} } = JSON.parse(Testing.synth(stack)) as {
      resource?: Record<string, Record<string, Block>>;
    };
    const all = (type: string) => Object.values(resource[type] ?? {});
    const named = (type: string, field: string, value: string) => {
      const block = all(type).find((each) => each[field] === value);
      if (!block) throw new Error(`no ${type} has ${value} as its ${field}`);
      return block;
    };
    return { all, named };
  };
  /** A role of the same stack that may read the first client's secret. */
  const grantRead = () => {
    const role = new IamRole(stack, "reader", { name: "reader", assumeRolePolicy: "{}" });
    clients[0]?.grantRead(role);
  };
  return { stack, synth, grantRead };
}

export const patternOf = (block: Block) => JSON.parse(String(block.event_pattern));
