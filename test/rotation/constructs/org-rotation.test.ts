import { TerraformHclModule, TerraformStack, Testing } from "cdktf";
import {
  OAuthClientWithOffloadedSecret,
  type OAuthClientWithOffloadedSecretProps,
  type Org,
  type OrgEntry,
  OrgStack,
} from "../../../lib";
import type { RotationWindow } from "../../../lib/registry/rotation-window";
import { lambdaZip } from "../../../lib/rotation/constructs/lambda-zip";
import { temporaryFolder } from "../../support/folders";
import { sampleOrg, testApp } from "../../support/sample-org";

type Block = Readonly<Record<string, unknown>>;

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];

function synthesized(
  entry: Partial<OrgEntry> = {},
  ...clients: Partial<OAuthClientWithOffloadedSecretProps>[]
) {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg("na-prod", entry));
  for (const client of clients.length > 0 ? clients : [{}]) {
    const props = { org: stack.org, name: "crm-sync", permissions, ...client };
    new OAuthClientWithOffloadedSecret(stack, props.name, props);
  }
  const json = JSON.parse(Testing.synth(stack)) as {
    resource: Record<string, Record<string, Block>>;
    ephemeral: Record<string, Record<string, Block>>;
  };
  const all = (type: string) => Object.values(json.resource[type] ?? {});
  const named = (type: string, part: string) => {
    const [, block] =
      Object.entries(json.resource[type] ?? {}).find(([name]) => name.includes(part)) ?? [];
    if (!block) throw new Error(`there is no ${type} ${part}`);
    return block;
  };
  return { ...json, all, named };
}

describe("resources with one name in AWS are created once", () => {
  const client = (stack: TerraformStack, org: Org, name: string) => () =>
    new OAuthClientWithOffloadedSecret(stack, `${name}-here`, { org, name, permissions });

  test("a credential has one client, even outside the registry", () => {
    const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg("na-prod"));
    client(stack, stack.org, "crm-sync")();
    const again = () =>
      new OAuthClientWithOffloadedSecret(stack, "again", {
        org: stack.org,
        name: "crm-sync",
        permissions,
      });
    expect(again).toThrow(
      "org-na-prod/again: na-prod already has the OAuth client Production-CrmSync, for the credential crm-sync: remove one of the two, or give it another name",
    );
  });

  test("an org's clients are all in one stack", () => {
    const app = testApp(temporaryFolder());
    const stack = new OrgStack(app, sampleOrg("na-prod"));
    client(stack, stack.org, "crm-sync")();
    const further = new TerraformStack(app, "org-na-prod-telephony");
    expect(client(further, stack.org, "exporter")).toThrow(
      "org-na-prod-telephony/rotation: the stack org-na-prod already rotates the clients of na-prod: create all of them in one stack",
    );
  });

  test("no org's clients are created by the rotator of another, in any kind of stack", () => {
    const stack = new TerraformStack(testApp(temporaryFolder()), "mine");
    client(stack, sampleOrg("na-prod"), "crm-sync")();
    expect(client(stack, sampleOrg("eu-prod"), "exporter")).toThrow(
      "mine/exporter-here: the stack mine rotates the clients of na-prod, but this client belongs to eu-prod: create it in the stack of its own org",
    );
  });
});

const statementsOf = (block: Block) => JSON.parse(String(block.policy)).Statement;

describe("the functions", () => {
  test("are one of each in a stack, however many clients it has", () => {
    const { all } = synthesized({}, { name: "crm-sync" }, { name: "exporter" });
    expect(all("aws_lambda_function").map(({ function_name }) => function_name)).toEqual([
      "genesys-na-prod-reconciler",
      "genesys-na-prod-rotator",
    ]);
    expect(all("aws_secretsmanager_secret_rotation")).toHaveLength(2);
  });

  test("the reconciler has an alias for dry runs, which schedule and events do not use", () => {
    const { all } = synthesized();
    expect(all("aws_lambda_alias")).toMatchObject([
      {
        name: "dry-run",
        function_name: expect.stringContaining("rotation_reconciler"),
        function_version: "$LATEST",
      },
    ]);
    const callers = [
      "aws_scheduler_schedule",
      "aws_cloudwatch_event_target",
      "aws_lambda_permission",
      "aws_secretsmanager_secret_rotation",
    ].map(all);
    expect(JSON.stringify(callers)).toContain("aws_lambda_function.rotation_reconciler");
    expect(JSON.stringify(callers)).not.toMatch(/aws_lambda_alias|qualifier|dry-run/);
  });

  test.each(["rotator", "reconciler"] as const)("%s runs the code of this package", (part) => {
    const { named } = synthesized();
    expect(named("aws_lambda_function", part)).toMatchObject({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: expect.stringMatching(new RegExp(`^\\.\\./\\.\\./assets/\\w{32}/${part}\\.zip$`)),
      source_code_hash: lambdaZip(part).sha256,
      timeout: 300,
    });
  });

  test("know the org by names and ids, and no secret", () => {
    const proxy = "http://proxy.example.com:3128";
    const rotation = { mostClients: 80, warnClients: 40, dryRun: true, proxy };
    const { named } = synthesized({ rotation });
    expect(named("aws_lambda_function", "reconciler").environment).toEqual({
      variables: {
        ORG: "na-prod",
        ORGANIZATION_ID: "11111111-1111-4111-8111-111111111111",
        GENESYS_REGION: "us-east-1",
        SECRET_ARN_PREFIX:
          "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/",
        MASTER_SECRET_ARN: expect.stringMatching(/^\$\{aws_secretsmanager_secret\.rotation_master/),
        MOST_CLIENTS: "80",
        WARN_CLIENTS: "40",
        DRY_RUN: "true",
        HTTPS_PROXY: proxy,
        NODE_USE_ENV_PROXY: "1",
      },
    });
  });

  test("the reconciler, which starts rotations, knows in which windows", () => {
    const windows: RotationWindow[] = [{ days: ["saturday"], from: "22:00", to: "04:00" }];
    const { named } = synthesized({ rotation: { windows } });
    const variables = (part: string) =>
      (named("aws_lambda_function", part).environment as { variables: object }).variables;
    expect(variables("reconciler")).toMatchObject({ ROTATION_WINDOWS: JSON.stringify(windows) });
    expect(variables("rotator")).not.toHaveProperty("ROTATION_WINDOWS");
  });

  test("keep an encrypted log for a year", () => {
    const { all } = synthesized();
    expect(all("aws_cloudwatch_log_group")).toEqual([
      expect.objectContaining({
        name: "/aws/lambda/genesys-na-prod-reconciler",
        retention_in_days: 365,
        kms_key_id: expect.stringContaining("aws_kms_key.rotation_secrets-key"),
      }),
      expect.objectContaining({ name: "/aws/lambda/genesys-na-prod-rotator" }),
    ]);
  });

  test("have roles within the boundary of the org's access stack", () => {
    const { all } = synthesized();
    const boundary = "arn:aws:iam::111111111111:policy/genesys-na-prod-boundary";
    expect(
      all("aws_iam_role").map(({ name, permissions_boundary }) => [name, permissions_boundary]),
    ).toEqual([
      ["genesys-na-prod-reconciler", boundary],
      ["genesys-na-prod-rotator", boundary],
      ["genesys-na-prod-scheduler", boundary],
    ]);
  });

  test("have roles within the boundary that the registry names, in another account", () => {
    const permissionsBoundary = "arn:aws:iam::222222222222:policy/boundary";
    const aws = { account: "222222222222", region: "eu-west-1", permissionsBoundary };
    const { all } = synthesized({ aws });
    expect(new Set(all("aws_iam_role").map((role) => role.permissions_boundary))).toEqual(
      new Set([permissionsBoundary]),
    );
  });
});

test("only Secrets Manager may call the rotator, for the org's secrets of this account", () => {
  const { named } = synthesized();
  expect(named("aws_lambda_permission", "invoke")).toMatchObject({
    principal: "secretsmanager.amazonaws.com",
    source_account: "111111111111",
    source_arn:
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/*",
  });
});

test("the reconciler runs every hour, and notes when a label of one of the org's secrets moves", () => {
  const { named } = synthesized();
  expect(named("aws_scheduler_schedule", "schedule")).toMatchObject({
    schedule_expression: "rate(1 hour)",
  });
  expect(JSON.parse(String(named("aws_cloudwatch_event_rule", "label").event_pattern))).toEqual({
    source: ["aws.secretsmanager"],
    "detail-type": ["Secret Label Updated"],
    resources: [
      {
        prefix: "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/",
      },
    ],
  });
});

describe("the first rotation, which starts at once", () => {
  const dependencies = () => {
    const { named } = synthesized();
    return named("aws_secretsmanager_secret_rotation", "crm-sync").depends_on as string[];
  };

  test.each([
    ["the permission to call the rotator", "aws_lambda_permission.rotation_invoke"],
    ["the rotator's own permissions", "aws_iam_role_policy.rotation_rotator"],
    ["the master's value", "aws_secretsmanager_secret_version.rotation_master"],
    ["who may read the master's value", "aws_secretsmanager_secret_policy.rotation_master"],
    ["the specification", "aws_ssm_parameter.crm-sync"],
    ["who may read the value", "aws_secretsmanager_secret_policy.crm-sync"],
  ])("waits for %s", (_, address) => {
    expect(dependencies()).toContainEqual(expect.stringContaining(address));
  });

  test("and its specification names class, owner and days of grace", () => {
    const classification = {
      sensitivity: "critical",
      rotationDays: 30,
      owner: "crm-team",
    } as const;
    const { named } = synthesized({}, { classification });
    expect(JSON.parse(`${named("aws_ssm_parameter", "crm-sync").value}`)).toMatchObject({
      ...classification,
      graceDays: 1,
    });
  });

  test("is followed by others, as often as the classification says", () => {
    const rules = (rotationDays: number) =>
      synthesized({}, { classification: { rotationDays } }).named(
        "aws_secretsmanager_secret_rotation",
        "crm-sync",
      ).rotation_rules;
    expect(rules(90)).toEqual({ schedule_expression: "rate(90 days)" });
    expect(rules(1)).toEqual({ schedule_expression: "rate(1 day)" });
  });
});

describe("the key of the secrets", () => {
  const keyPolicy = (consumers: string[]) =>
    statementsOf(synthesized({}, { consumers }).named("aws_kms_key", "secrets-key"));
  const accountsOf = (Sid: string, consumers: string[] = []) =>
    keyPolicy(consumers).find((statement: { Sid: string }) => statement.Sid === Sid).Condition
      .StringEquals["kms:CallerAccount"];

  test("encrypts every secret of the org, including the master's", () => {
    const { all } = synthesized();
    expect(new Set(all("aws_secretsmanager_secret").map((secret) => secret.kms_key_id)).size).toBe(
      1,
    );
  });

  test("is used for reading by the consumers' accounts, and for writing only by the org's own", () => {
    const consumers = ["arn:aws:iam::333333333333:role/a", "arn:aws:iam::222222222222:role/b"];
    expect(accountsOf("Read", consumers)).toEqual(["111111111111", "222222222222", "333333333333"]);
    expect(accountsOf("Write", consumers)).toEqual(["111111111111"]);
  });

  test("can only be used through Secrets Manager, except for the functions' logs", () => {
    const services = keyPolicy([])
      .filter(({ Sid }: { Sid: string }) => !["Administer", "Deploy", "Plan"].includes(Sid))
      .map(
        ({ Principal, Condition }: Record<string, Record<string, Record<string, unknown>>>) =>
          Principal?.Service ?? Condition?.StringEquals?.["kms:ViaService"],
      );
    expect(services).toEqual([
      "secretsmanager.us-east-1.amazonaws.com",
      "secretsmanager.us-east-1.amazonaws.com",
      "secretsmanager.us-east-1.amazonaws.com",
      "logs.us-east-1.amazonaws.com",
    ]);
  });
});

describe("the alarms", () => {
  test("ring for failures, overdue credentials, silence, many clients and dead letters", () => {
    expect(
      synthesized()
        .all("aws_cloudwatch_metric_alarm")
        .map((alarm) => alarm.alarm_name),
    ).toEqual([
      "genesys-na-prod-client-lost",
      "genesys-na-prod-clients",
      "genesys-na-prod-credential-refused",
      "genesys-na-prod-dead-letters",
      "genesys-na-prod-reconciler-silent",
      "genesys-na-prod-rotation-failed",
      "genesys-na-prod-rotation-off",
      "genesys-na-prod-rotation-overdue",
      "genesys-na-prod-rotation-unfinished",
      "genesys-na-prod-unproven-clients",
    ]);
  });

  test("call the actions that the registry names", () => {
    const topic = "arn:aws:sns:us-east-1:111111111111:pager";
    const { all } = synthesized({ rotation: { alarmActions: [topic] } });
    for (const alarm of all("aws_cloudwatch_metric_alarm")) {
      expect(alarm).toMatchObject({ alarm_actions: [topic], ok_actions: [topic] });
    }
  });

  test("for silence counts the ends of runs, and not their beginnings", () => {
    expect(synthesized().named("aws_cloudwatch_metric_alarm", "reconciler-silent")).toMatchObject({
      // Printed after the last action.
      metric_name: "Actions",
      statistic: "SampleCount",
      treat_missing_data: "breaching",
    });
  });

  test("for many clients starts at the warning level, counted down from the limit", () => {
    const { named } = synthesized({ rotation: { mostClients: 80, warnClients: 60 } });
    expect(named("aws_cloudwatch_metric_alarm", "clients")).toMatchObject({
      metric_name: "ClientHeadroom",
      comparison_operator: "LessThanOrEqualToThreshold",
      threshold: 20,
    });
  });
});

test("nothing of a stack is destroyed before the reconciler has said that no client is alive", () => {
  const { resource } = synthesized({}, { name: "crm-sync" }, { name: "exporter" });
  const guard = Object.entries(resource.aws_lambda_invocation ?? {}).find(([name]) =>
    name.startsWith("rotation_"),
  );
  const others = Object.entries(resource)
    .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`))
    .filter((address) => address !== `aws_lambda_invocation.${guard?.[0]}`);
  expect([...((guard?.[1].depends_on ?? []) as string[])].sort()).toEqual(others.sort());
});

test("nor are the resources of a module", () => {
  const stack = new OrgStack(testApp(temporaryFolder()), sampleOrg("na-prod"));
  new OAuthClientWithOffloadedSecret(stack, "crm", { org: stack.org, name: "crm", permissions });
  new TerraformHclModule(stack, "flows", { source: "example/flows/genesyscloud" });
  const { resource } = JSON.parse(Testing.synth(stack));
  const guards: [string, Block][] = Object.entries(resource.aws_lambda_invocation);
  const [, guard] = guards.find(([name]) => name.startsWith("rotation_")) ?? [];
  expect(guard?.depends_on).toContain("module.flows");
});

test("a credential alone is not destroyed before its own clients are retired", () => {
  const { named } = synthesized();
  const guard = named("aws_lambda_invocation", "crm-sync");
  expect(JSON.parse(String(guard.input))).toEqual({ credential: "crm-sync" });
  expect(guard.depends_on).toEqual([
    expect.stringMatching(/^aws_secretsmanager_secret_rotation\.crm-sync/),
  ]);
});

describe("in a network of its own", () => {
  const network = {
    subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
    securityGroupIds: ["sg-0a1b2c3d"],
    egressAddresses: ["198.51.100.7"],
  };
  const allowedAddresses = ["203.0.113.0/24"];
  const specificationOf = (entry: Partial<OrgEntry>) => {
    const { all } = synthesized(entry, { allowedAddresses });
    return JSON.parse(String(all("aws_ssm_parameter")[0]?.value));
  };

  test("both functions are connected to it, and their code may not change it", () => {
    const { all, named } = synthesized({ rotation: { network } });
    for (const { vpc_config } of all("aws_lambda_function")) {
      expect(vpc_config).toEqual({
        subnet_ids: network.subnetIds,
        security_group_ids: network.securityGroupIds,
      });
    }
    const statements = statementsOf(named("aws_iam_role_policy", "rotator"));
    expect(statements).toContainEqual(
      expect.objectContaining({
        Sid: "NetworkNotByCode",
        Effect: "Deny",
        Condition: {
          ArnEquals: {
            "lambda:SourceFunctionArn": ["rotator", "reconciler"].map(
              (part) => `arn:aws:lambda:us-east-1:111111111111:function:genesys-na-prod-${part}`,
            ),
          },
        },
      }),
    );
  });

  test("without one, they are in no network, and have no permission for one", () => {
    const { all, named } = synthesized();
    expect(all("aws_lambda_function").map(({ vpc_config }) => vpc_config)).toEqual([
      undefined,
      undefined,
    ]);
    expect(String(named("aws_iam_role_policy", "rotator").policy)).not.toContain("ec2:");
  });

  test("a client's addresses and its own are in the specification, as soon as the field is known", () => {
    const allowed = ["203.0.113.0/24", "198.51.100.7"];
    expect(
      specificationOf({ rotation: { network, allowedAddressesField: "allowedIps" } }),
    ).toMatchObject({ addresses: { field: "allowedIps", allowed } });
    expect(specificationOf({ rotation: { network } })).not.toHaveProperty("addresses");
  });

  test("a client of code with addresses needs it", () => {
    expect(() => synthesized({}, { allowedAddresses })).toThrow(
      "na-prod: OAuth client crm-sync: allowedAddresses is set: set rotation.network",
    );
  });

  test("until the field is known, each synthesis warns", () => {
    const stack = new OrgStack(
      testApp(temporaryFolder()),
      sampleOrg("na-prod", { rotation: { network } }),
    );
    const client = { name: "crm-sync", permissions, allowedAddresses };
    const { node } = new OAuthClientWithOffloadedSecret(stack, "crm-sync", client);
    expect(node.metadata.map(({ data }) => data)).toEqual([
      expect.stringContaining("allowedAddresses are recorded, and not sent to Genesys Cloud"),
    ]);
  });
});

test("with the master in Secrets Manager, the functions read it there, and Terraform copies nothing", () => {
  const { all, named } = synthesized({
    vault: undefined,
    credentials: { source: "aws-secrets-manager" },
  });
  const master =
    "arn:aws:secretsmanager:us-east-1:111111111111:secret:/genesys/production/na-prod/_master";
  for (const { environment } of all("aws_lambda_function")) {
    expect(environment).toMatchObject({ variables: { MASTER_SECRET_ARN: master } });
  }
  expect(all("aws_secretsmanager_secret_version")).toEqual([]);
  for (const part of ["rotator", "reconciler"]) {
    const { Statement } = JSON.parse(String(named("aws_iam_role_policy", part).policy));
    const of = (sid: string) => Statement.find(({ Sid }: { Sid: string }) => Sid === sid);
    expect(of("Master")).toMatchObject({ Resource: [`${master}-??????`] });
    expect(of("MasterKey")).toMatchObject({
      Action: ["kms:Decrypt"],
      Condition: { StringLike: { "kms:EncryptionContext:SecretARN": `${master}-??????` } },
    });
  }
});
