import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Fn, TerraformStack, TerraformVariable } from "cdktf";
import { AuthDivision } from "../../genesyscloud/auth-division";
import { RoutingQueue } from "../../genesyscloud/routing-queue";
import {
  CredentialSecret,
  OAuthClientWithOffloadedSecret,
  type OAuthClientWithOffloadedSecretProps,
  OrgRotation,
  OrgStack,
  TerraformManagedOAuthClient,
  UserError,
} from "../../lib";
import { temporaryFolder } from "../support/folders";
import { sampleOrg, testApp } from "../support/sample-org";
import { synthesize } from "../support/synthesized-stack";

type Json = { [key: string]: Json } & Json[] & string;

const permissions = [{ domain: "routing", entity: "queue", actions: ["view"] }];
const LITERAL = "arn:aws:iam::222222222222:role/crm";

const newStack = () => new OrgStack(testApp(temporaryFolder()), sampleOrg());

const roleIn = (stack: TerraformStack, id = "consumer") =>
  new IamRole(stack, id, { name: id, assumeRolePolicy: "{}" });

const clientIn = (stack: OrgStack, props: Partial<OAuthClientWithOffloadedSecretProps> = {}) =>
  new OAuthClientWithOffloadedSecret(stack, "crm-sync", {
    name: "crm-sync",
    permissions,
    ...props,
  });

const resources = (stack: OrgStack): Record<string, Record<string, Json>> =>
  (JSON.parse(JSON.stringify(synthesize(stack))) as Json).resource as never;

const named = (byName: Record<string, Json> | undefined, start: string): Json =>
  Object.entries(byName ?? {}).find(([name]) => name.startsWith(start))?.[1] as Json;

const preconditions = (resource: Json): Json => (resource.lifecycle?.precondition ?? []) as Json;

describe("a role of the same stack as consumer", () => {
  const synthesized = () => {
    const stack = newStack();
    clientIn(stack, { consumers: [LITERAL, roleIn(stack).arn] });
    return resources(stack);
  };

  test("is named by the secret's policy, and Terraform checks that it is one role", () => {
    const policy = named(synthesized().aws_secretsmanager_secret_policy, "crm-sync");
    const [allowed] = JSON.parse(policy.policy as string).Statement;
    expect(allowed.Principal.AWS).toEqual([LITERAL, "${aws_iam_role.consumer.arn}"]);
    expect(preconditions(policy)).toEqual([
      {
        condition: expect.stringMatching(
          /^\$\{can\(regex\("\^arn:aws.*role\/.*", aws_iam_role\.consumer\.arn\)\)\}$/,
        ),
        error_message:
          "Consumer 2 of the secret /genesys/production/na-prod/crm-sync must be the full ARN of one IAM role, without wildcards.",
      },
    ]);
  });

  test("has its account admitted to the key, once, after Terraform checked that it is one role", () => {
    const key = named(synthesized().aws_kms_key, "rotation_secrets-key");
    const { policy } = key;
    expect(preconditions(key)).toMatchObject([
      { condition: expect.stringContaining("aws_iam_role.consumer.arn") },
    ]);
    expect(policy).toContain(
      '"kms:CallerAccount" = sort(distinct(["111111111111", "222222222222", element(split(":", aws_iam_role.consumer.arn), 4)]))',
    );
  });

  test("leaves the policies of literal consumers as they are: plain JSON, without preconditions", () => {
    const stack = newStack();
    clientIn(stack, { consumers: [LITERAL] });
    const { aws_kms_key, aws_secretsmanager_secret_policy } = resources(stack);
    expect(() =>
      JSON.parse(named(aws_kms_key, "rotation_secrets-key").policy as string),
    ).not.toThrow();
    const policy = named(aws_secretsmanager_secret_policy, "crm-sync");
    expect(preconditions(policy)).toEqual([]);
  });
});

test("a division of the same stack is granted by its id, and Terraform refuses * in its place", () => {
  const stack = newStack();
  const division = new AuthDivision(stack, "service", { name: "Service" });
  clientIn(stack, { divisions: [division.id] });
  const parameter = named(resources(stack).aws_ssm_parameter, "crm-sync");
  const { roleDivisions } = JSON.parse(parameter.value as string);
  expect(roleDivisions.map(({ divisionId }: Json) => divisionId)).toEqual([
    "${genesyscloud_auth_division.service.id}",
  ]);
  expect(preconditions(parameter)).toMatchObject([
    {
      condition: expect.stringContaining("genesyscloud_auth_division.service.id"),
      error_message: "Division 1 of the OAuth client Production-CrmSync must be an id, a UUID.",
    },
  ]);
});

test("a queue of the same stack in a permission's condition is checked by Terraform", () => {
  const stack = newStack();
  const queue = new RoutingQueue(stack, "sales", { name: "Sales" });
  const operands = [{ type: "QUEUE", queueId: queue.id }] as const;
  const terms = [{ variable: "Conversation.queues", operator: "IN", operands }] as const;
  clientIn(stack, {
    permissions: [
      {
        domain: "routing",
        entity: "queue",
        actions: ["view"],
        conditions: { conjunction: "AND", terms },
      },
    ],
  });
  const role = named(resources(stack).genesyscloud_auth_role, "crm-sync");
  expect(role.permission_policies?.[0]?.conditions).toEqual({
    conjunction: "AND",
    terms: [
      {
        variable_name: "Conversation.queues",
        operator: "IN",
        operands: [{ type: "QUEUE", queue_id: "${genesyscloud_routing_queue.sales.id}" }],
      },
    ],
  });
  expect(preconditions(role)).toMatchObject([
    {
      error_message: "The ids in the conditions of Production-CrmSync's permissions must be UUIDs.",
    },
  ]);
});

test("a token as the value in a permission's condition is checked by Terraform", () => {
  const stack = newStack();
  const value = new TerraformVariable(stack, "limit", { type: "string" }).stringValue;
  const operands = [{ type: "SCALAR", value }] as const;
  const conditions = {
    conjunction: "AND",
    terms: [{ variable: "Conversation.size", operator: "LE", operands }],
  } as const;
  clientIn(stack, {
    permissions: [{ domain: "routing", entity: "queue", actions: ["view"], conditions }],
  });
  expect(preconditions(named(resources(stack).genesyscloud_auth_role, "crm-sync"))).toEqual([
    {
      condition: '${can(regex("^.{1,200}$", var.limit))}',
      error_message:
        "The values in the conditions of Production-CrmSync's permissions must have 1 to 200 characters.",
    },
  ]);
});

test("literals next to tokens are checked as strictly as without them, by their own places", () => {
  const stack = newStack();
  const { arn } = roleIn(stack);
  expect(() => clientIn(stack, { consumers: [arn, "arn:aws:iam::1:role/*"] })).toThrow(
    /na-prod, OAuth client crm-sync: consumers\[1\] is "arn:aws:iam::1:role\/\*"/,
  );
  expect(() => clientIn(newStack(), { divisions: [] })).toThrow("divisions is an empty list");
});

test.each<[string, (stack: OrgStack) => Partial<OAuthClientWithOffloadedSecretProps>, string]>([
  [
    "a name",
    (stack) => ({ name: roleIn(stack).name }),
    "org-na-prod/crm-sync: name is a token, which is not known before apply; write the value itself",
  ],
  [
    "a lifetime",
    () => ({ accessTokenValiditySeconds: Fn.max([300, 600]) as unknown as number }),
    "accessTokenValiditySeconds is a token, which is not known before apply",
  ],
  [
    "an action of a permission",
    (stack) => ({
      permissions: [{ domain: "routing", entity: "queue", actions: [roleIn(stack).name] }],
    }),
    "permissions[0].actions[0] is a token, which is not known before apply; write the value itself",
  ],
  [
    "a whole list",
    (stack) => ({
      consumers: new TerraformVariable(stack, "arns", { type: "list(string)" }).listValue,
    }),
    "consumers is a token, which is not known before apply; write a list, whose items may be tokens",
  ],
])("a token in place of %s is refused at synth", (_, props, message) => {
  const stack = newStack();
  const given = props(stack);
  expect(() => clientIn(stack, given)).toThrow(UserError);
  expect(() => clientIn(newStack(), given)).toThrow(message);
});

describe("the organisation", () => {
  test("is the stack's own, unless given", () => {
    const stack = newStack();
    expect(clientIn(stack).client.secretName).toBe("/genesys/production/na-prod/crm-sync");
    const managed = new TerraformManagedOAuthClient(stack, "wallboard", {
      name: "wallboard",
      grant: "CODE",
      redirectUris: ["https://example.com/callback"],
    });
    expect(managed.client.nameInput).toBe("Production-Wallboard");
  });

  test("must be given in a stack that belongs to none", () => {
    const stack = new TerraformStack(testApp(temporaryFolder()), "other");
    expect(() => clientIn(stack as OrgStack)).toThrow(
      "other/crm-sync: the stack belongs to no organisation. Move this construct to an OrgStack, or set org",
    );
  });
});

describe("an OrgRotation that is created before the first client", () => {
  test("takes tokens for boundary and alarm actions, and Terraform refuses no boundary", () => {
    const stack = newStack();
    const boundary = new IamPolicy(stack, "boundary", { name: "boundary", policy: "{}" });
    const topic = new TerraformVariable(stack, "topic", { type: "string" }).stringValue;
    const rotation = new OrgRotation(stack, "rotation", {
      permissionsBoundary: boundary.arn,
      alarmActions: [topic],
    });
    clientIn(stack);
    expect(OrgRotation.of(stack, stack.org)).toBe(rotation);
    const { aws_iam_role, aws_cloudwatch_metric_alarm } = resources(stack);
    const roles = Object.entries(aws_iam_role ?? {}).filter(([name]) =>
      name.startsWith("rotation"),
    );
    expect(roles).toHaveLength(3);
    for (const [, role] of roles) {
      expect(role.permissions_boundary).toBe("${aws_iam_policy.boundary.arn}");
      expect(preconditions(role)).toMatchObject([
        {
          error_message: "na-prod: permissionsBoundary must be the full ARN of an IAM policy.",
        },
      ]);
    }
    for (const alarm of Object.values(aws_cloudwatch_metric_alarm ?? {})) {
      expect(alarm.alarm_actions).toEqual(["${var.topic}"]);
    }
  });

  test.each(["", "boundary", "arn:aws:iam::111111111111:role/boundary"])(
    "refuses the literal boundary %j at synth",
    (permissionsBoundary) => {
      expect(() => new OrgRotation(newStack(), "rotation", { permissionsBoundary })).toThrow(
        `na-prod: permissionsBoundary is "${permissionsBoundary}": give the full ARN of an IAM policy`,
      );
    },
  );

  test("refuses a literal alarm action that is not an ARN", () => {
    const alarmActions = ["topic"];
    expect(() => new OrgRotation(newStack(), "rotation", { alarmActions })).toThrow(
      'na-prod: alarmActions[0] is "topic": give the full ARN of an alarm\'s target',
    );
  });

  test("warns of a boundary that the org's deploy role may not use", () => {
    const warnings = (permissionsBoundary?: string) => {
      const rotation = new OrgRotation(newStack(), "rotation", { permissionsBoundary });
      return rotation.node.metadata.map(({ data }) => data);
    };
    expect(warnings("arn:aws:iam::111111111111:policy/other")).toEqual([
      expect.stringMatching(
        /^na-prod: permissionsBoundary is arn:aws:iam::111111111111:policy\/other, but the registry's/,
      ),
    ]);
    expect(warnings(sampleOrg().aws.permissionsBoundary)).toEqual([]);
    expect(warnings()).toEqual([]);
  });

  test("is found under any id, and is one for an organisation", () => {
    const stack = newStack();
    const rotation = new OrgRotation(stack, "credentials");
    clientIn(stack);
    expect(stack.node.tryFindChild("rotation")).toBeUndefined();
    expect(OrgRotation.of(stack, stack.org)).toBe(rotation);
    expect(() => new OrgRotation(stack, "again")).toThrow("already rotates the clients of na-prod");
  });
});

describe("grantRead", () => {
  const granted = () => {
    const stack = newStack();
    const role = roleIn(stack);
    const client = clientIn(stack, { consumers: [LITERAL] });
    client.grantRead(role);
    client.grantRead(role);
    return resources(stack);
  };

  test("names the role in the secret's policy and admits it to the key", () => {
    const { aws_secretsmanager_secret_policy, aws_kms_key } = granted();
    const policy = named(aws_secretsmanager_secret_policy, "crm-sync");
    const [allowed, denied] = JSON.parse(policy.policy as string).Statement;
    expect(allowed.Principal.AWS).toEqual([LITERAL, "${aws_iam_role.consumer.arn}"]);
    expect(denied.Condition.ArnNotEquals["aws:PrincipalArn"]).toContain(
      "${aws_iam_role.consumer.arn}",
    );
    expect(preconditions(policy)).toHaveLength(1);
    expect(named(aws_kms_key, "rotation_secrets-key").policy).toContain(
      "aws_iam_role.consumer.arn",
    );
  });

  test("gives the role one policy, for this secret and, through Secrets Manager, its key", () => {
    const policies = Object.entries(granted().aws_iam_role_policy ?? {}).filter(([name]) =>
      name.startsWith("crm-sync"),
    );
    expect(policies).toHaveLength(1);
    const [, { role, name, policy }] = policies[0] as [string, Json];
    expect(role).toBe("${aws_iam_role.consumer.name}");
    expect(name).toBe("genesys-production-na-prod-crm-sync");
    expect(JSON.parse(policy as string).Statement).toEqual([
      {
        Sid: "ReadCredentials",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [expect.stringMatching(/^\$\{aws_secretsmanager_secret\.crm-sync.*\.arn\}$/)],
      },
      {
        Sid: "DecryptCredentials",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [expect.stringMatching(/^\$\{aws_kms_key\.rotation_secrets-key.*\.arn\}$/)],
        Condition: {
          StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
          StringLike: {
            "kms:EncryptionContext:SecretARN": [
              expect.stringMatching(/^\$\{aws_secretsmanager_secret\.crm-sync.*\.arn\}$/),
            ],
          },
        },
      },
    ]);
  });

  test("of a consumer names the role once", () => {
    const stack = newStack();
    const role = roleIn(stack);
    clientIn(stack, { consumers: [role.arn, role.arn] }).grantRead(role);
    const { aws_secretsmanager_secret_policy, aws_kms_key } = resources(stack);
    const policy = named(aws_secretsmanager_secret_policy, "crm-sync");
    const [allowed] = JSON.parse(policy.policy as string).Statement;
    expect(allowed.Principal.AWS).toEqual(["${aws_iam_role.consumer.arn}"]);
    expect(preconditions(policy)).toHaveLength(1);
    expect(preconditions(named(aws_kms_key, "rotation_secrets-key"))).toHaveLength(1);
  });

  test("refuses a role of another stack", () => {
    const stack = newStack();
    const other = new TerraformStack(stack.node.root, "other");
    expect(() => clientIn(stack).grantRead(roleIn(other))).toThrow(
      "the role other/consumer belongs to the stack other. Add its ARN to consumers",
    );
  });

  test("of a secret without a key of its own leaves the key out", () => {
    const stack = newStack();
    const secret = new CredentialSecret(stack, "plain", {
      secretName: "/genesys/production/na-prod/plain",
      description: "",
      consumers: [],
      keepers: [],
    });
    secret.grantRead(roleIn(stack));
    const { policy } = named(resources(stack).aws_iam_role_policy, "plain");
    expect(JSON.parse(policy as string).Statement).toHaveLength(1);
  });
});
