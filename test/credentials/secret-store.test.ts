import { join } from "node:path";
import { Testing } from "cdktf";
import { ManagedSecret, OAuthClientWithOffloadedSecret, OrgRegistry, OrgStack } from "../../lib";
import { PLACEHOLDERS_VARIABLE } from "../../lib/registry/placeholder-keys";
import { temporaryFolder } from "../support/folders";
import { testApp } from "../support/sample-org";
import type { Synthesized } from "../support/state-stacks";

// The six kinds of credentials of a contact centre, each in one row: examples/secret-store.
const org = rehearsed().get("contact-centre");

/** The example's registry, whose keys nobody has recorded. */
function rehearsed() {
  jest.replaceProperty(process, "env", {
    ...process.env,
    CDKTF_OUTDIR: "out",
    [PLACEHOLDERS_VARIABLE]: "out",
  });
  return OrgRegistry.load(join(__dirname, "../../examples/secret-store/orgs"));
}

type Block = Readonly<Record<string, unknown>>;

function synthesized(): Synthesized {
  const stack = new OrgStack(testApp(temporaryFolder()), org);
  for (const client of org.oauthClients) {
    new OAuthClientWithOffloadedSecret(stack, client.name, client);
  }
  for (const secret of org.secrets) new ManagedSecret(stack, secret.name, { secret });
  return JSON.parse(Testing.synth(stack));
}

const { resource } = synthesized();
const blocks = (type: string): [string, Block][] => Object.entries(resource[type] ?? {});
const prefix = "/genesys/production/contact-centre/";

/** What synth makes of the credential. */
function rowOf(credential: string) {
  const [id, secret] =
    blocks("aws_secretsmanager_secret").find(([, { name }]) =>
      `${name}`.endsWith(`/${credential}`),
    ) ?? [];
  const { tags, name, recovery_window_in_days: recovery, kms_key_id: key } = secret ?? {};
  const [, rotation] =
    blocks("aws_secretsmanager_secret_rotation").find(([, block]) =>
      `${block.secret_id}`.includes(`.${id}.`),
    ) ?? [];
  const record = (kind: string) => {
    const [, parameter] =
      blocks("aws_ssm_parameter").find(
        ([, block]) => block.name === `${prefix}${credential}/${kind}`,
      ) ?? [];
    return parameter && (JSON.parse(`${parameter.value}`) as Block);
  };
  const managed = record("managed");
  return {
    name,
    tags: tags && Object.values(tags).join(" "),
    schedule: (rotation?.rotation_rules as Block | undefined)?.schedule_expression,
    overdue: managed
      ? `after ${managed.graceDays}`
      : record("specification") && "after the class's",
    reminders: managed?.rotates === false ? managed.owner : undefined,
    recovery,
    key: secret && (key === undefined ? "AWS" : "org"),
  };
}

test.each([
  [
    "workforce-sync",
    {
      name: `${prefix}workforce-sync`,
      tags: "platform-engineering 90 critical",
      schedule: "rate(90 days)",
      overdue: "after the class's",
      reminders: undefined,
      recovery: 30,
      key: "org",
    },
  ],
  [
    "analytics-exporter",
    {
      name: `${prefix}analytics-exporter`,
      tags: "platform-engineering 180 high",
      schedule: "rate(180 days)",
      overdue: "after the class's",
      reminders: undefined,
      recovery: 30,
      key: "org",
    },
  ],
  [
    "studio-deployer",
    {
      name: "/cxone/production/contact-centre/studio-deployer",
      tags: "platform-engineering 90 critical",
      schedule: undefined,
      overdue: "after 1",
      reminders: "platform-engineering",
      recovery: 30,
      key: "org",
    },
  ],
  [
    "ticket-api",
    {
      name: "/zendesk/production/contact-centre/ticket-api",
      tags: "integration-team 180 medium",
      schedule: undefined,
      overdue: "after 3",
      reminders: "integration-team",
      recovery: 14,
      key: "AWS",
    },
  ],
  [
    "call-hooks",
    {
      name: `${prefix}call-hooks`,
      tags: "integration-team 90 medium",
      schedule: "rate(90 days)",
      overdue: "after 3",
      reminders: undefined,
      recovery: 14,
      key: "AWS",
    },
  ],
  [
    "service-mesh",
    {
      name: undefined,
      tags: undefined,
      schedule: undefined,
      overdue: undefined,
      reminders: undefined,
      recovery: undefined,
      key: undefined,
    },
  ],
])("%s has the name, the tags, the schedule and the alarm of its class", (credential, row) => {
  expect(rowOf(credential)).toEqual(row);
});

test("the certificates of the service mesh are recorded, with who replaces them", () => {
  const mesh = org.secrets.find(({ name }) => name === "service-mesh");
  expect(mesh).toMatchObject({
    kind: "certificate",
    classification: { sensitivity: "low", owner: "infra-team" },
    rotatedElsewhere: "Istio",
  });
  expect(mesh).not.toHaveProperty("value", expect.anything());
  expect(JSON.stringify(resource)).not.toContain("service-mesh");
});
