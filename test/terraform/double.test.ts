import { readFileSync } from "node:fs";
import {
  canariesOf,
  findTerraform,
  loadSchemas,
  type ProviderCall,
  SecretScanner,
  Workspace,
  worldOf,
} from "../../lib/rehearsal";
import { errorsIn } from "../../lib/terraform/diagnostics";
import { orgReport } from "../rehearsal/reports";
import { describeWithTerraform } from "../support/terraform";

type Json = Record<string, unknown>;

const world = worldOf({ orgs: [orgReport("na-prod"), orgReport("eu-prod")] });
const secretOf = (org: string) =>
  world.clients.find((client) => client.org === org && !client.viewOnly)?.secret ?? "";

/** Reads an org's credential, and configures the providers with it. */
function stack(parts: Json = {}, credential = "deployer"): Json {
  const { provider, ...rest } = parts as { provider?: Json };
  return {
    terraform: {
      required_providers: {
        aws: { source: "hashicorp/aws" },
        genesyscloud: { source: "mypurecloud/genesyscloud" },
        vault: { source: "hashicorp/vault" },
      },
    },
    provider: {
      aws: [{ region: "us-east-1", default_tags: [{ tags: { owner: "team" } }] }],
      vault: [{ address: "https://vault.example.com" }],
      genesyscloud: [genesys("na-prod")],
      ...provider,
    },
    ephemeral: {
      vault_kv_secret_v2: Object.fromEntries(
        ["na-prod", "eu-prod"].map((org) => [
          org,
          { mount: "secret", name: `genesys/production/${org}/${credential}` },
        ]),
      ),
    },
    ...rest,
  };
}

function genesys(org: string, patch: Json = {}): Json {
  const data = `ephemeral.vault_kv_secret_v2.${org}.data`;
  return {
    aws_region: "us-east-1",
    oauthclient_id: `\${${data}["client_id"]}`,
    oauthclient_secret: `\${${data}["client_secret"]}`,
    ...patch,
  };
}

const role = (name: string, patch: Json = {}) => ({
  genesyscloud_auth_role: { role: { name, ...patch } },
});
const client = (patch: Json = {}) => ({
  genesyscloud_oauth_client: {
    client: { name: "Production-Crm", authorized_grant_type: "CLIENT-CREDENTIALS", ...patch },
  },
});
const secretVersion = (patch: Json) => ({
  aws_secretsmanager_secret: { s: { name: "/genesys/x" } },
  aws_secretsmanager_secret_version: {
    v: { secret_id: "${aws_secretsmanager_secret.s.id}", ...patch },
  },
});

describeWithTerraform("a stack against the doubles", () => {
  let workspace: Workspace;
  let calls: ProviderCall[];

  beforeEach(async () => {
    const terraform = await findTerraform();
    if (!terraform) throw new Error("Terraform was not found");
    calls = [];
    workspace = await Workspace.open({
      terraform,
      world,
      schemas: loadSchemas(),
      onCall: (call) => calls.push(call),
    });
  });

  afterEach(() => workspace.close());

  /** Runs a command on a stack, and returns its output; errors unframed, on one line. */
  async function run(json: Json, ...args: string[]): Promise<{ code: number; text: string }> {
    workspace.useJson(json);
    await workspace.run("init");
    const { code, stdout, stderr } = await workspace.run(...args);
    const errors = errorsIn(`${stderr}\n${stdout}`).replaceAll(/\s+/g, " ");
    return { code, text: errors || stdout };
  }

  async function apply(json: Json): Promise<string> {
    const { code, text } = await run(json, "apply", "-auto-approve");
    if (code !== 0) throw new Error(text);
    return text;
  }

  const refused = async (json: Json, ...args: string[]) => {
    const { code, text } = await run(json, ...args);
    expect(code).toBe(1);
    return text;
  };

  const secondPlan = async (json: Json) => {
    const { code, text } = await run(json, "plan", "-detailed-exitcode");
    return code === 0 ? "empty" : text;
  };

  const attributesOf = (type: string): Json => {
    const state = JSON.parse(readFileSync(workspace.stateFile, "utf8"));
    const found = state.resources.find((each: { type: string }) => each.type === type);
    return found.instances[0].attributes;
  };

  test("an applied stack has an empty second plan, and is destroyed completely", async () => {
    const json = stack({
      data: {
        genesyscloud_organizations_me: { me: {} },
        aws_iam_policy_document: { p: { statement: [{ actions: ["*"], resources: ["*"] }] } },
      },
      resource: {
        ...role("crm", {
          permission_policies: [{ domain: "routing", entity_name: "queue", action_set: ["view"] }],
        }),
        ...client({ roles: [{ role_id: "${genesyscloud_auth_role.role.id}" }] }),
        ...secretVersion({ secret_string: "not a secret" }),
        aws_secretsmanager_secret_policy: {
          p: {
            secret_arn: "${aws_secretsmanager_secret.s.arn}",
            policy: "${data.aws_iam_policy_document.p.json}",
          },
        },
        aws_ssm_parameter: { p: { name: "/a/b", type: "String", insecure_value: "x" } },
        aws_kms_key: { k: { description: "key" } },
        aws_kms_alias: { a: { name: "alias/a", target_key_id: "${aws_kms_key.k.key_id}" } },
        aws_iam_role: { r: { name: "r", assume_role_policy: "{}" } },
        aws_iam_role_policy: { p: { role: "${aws_iam_role.r.name}", policy: "{}" } },
        genesyscloud_routing_queue: { q: { name: "Support" } },
        genesyscloud_auth_division: { d: { name: "Service" } },
      },
    });
    await apply(json);
    expect(workspace.resources()).toHaveLength(12);
    expect(await secondPlan(json)).toBe("empty");
    expect(attributesOf("aws_secretsmanager_secret").tags_all).toEqual({ owner: "team" });
    expect((await run(json, "destroy", "-auto-approve")).code).toBe(0);
    expect(workspace.resources()).toEqual([]);
  });

  const lockTable = (patch: Json = {}) => ({
    aws_dynamodb_table: {
      locks: {
        name: "state-locks",
        billing_mode: "PAY_PER_REQUEST",
        hash_key: "LockID",
        attribute: [{ name: "LockID", type: "S" }],
        ...patch,
      },
    },
  });

  test("a home for state is planned, applied, planned again and destroyed", async () => {
    const bucket = "${aws_s3_bucket.state.id}";
    const json = stack({
      resource: {
        aws_kms_key: { k: {} },
        aws_s3_bucket: { state: { bucket: "state" }, logs: { bucket_prefix: "logs-" } },
        aws_s3_bucket_lifecycle_configuration: {
          state: {
            bucket,
            rule: [
              {
                id: "old",
                status: "Enabled",
                filter: [{}],
                noncurrent_version_expiration: [{ noncurrent_days: 90 }],
                abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
              },
              {
                id: "logs",
                status: "Enabled",
                filter: [{ prefix: "logs/" }],
                expiration: [{ days: 365 }],
                transition: [{ date: "2030-01-01T00:00:00Z", storage_class: "GLACIER" }],
              },
            ],
          },
        },
        aws_s3_bucket_logging: {
          state: { bucket, target_bucket: "${aws_s3_bucket.logs.id}", target_prefix: "state/" },
        },
        aws_s3_bucket_ownership_controls: {
          state: { bucket, rule: [{ object_ownership: "BucketOwnerEnforced" }] },
        },
        aws_s3_bucket_policy: {
          state: {
            bucket,
            policy: "${jsonencode({Statement = [{Resource = aws_s3_bucket.state.arn}]})}",
          },
        },
        aws_s3_bucket_public_access_block: { state: { bucket, block_public_acls: true } },
        aws_s3_bucket_server_side_encryption_configuration: {
          state: {
            bucket,
            rule: [
              {
                bucket_key_enabled: true,
                apply_server_side_encryption_by_default: [
                  { sse_algorithm: "aws:kms", kms_master_key_id: "${aws_kms_key.k.arn}" },
                ],
              },
            ],
          },
        },
        aws_s3_bucket_versioning: {
          state: { bucket, versioning_configuration: [{ status: "Enabled" }] },
        },
        ...lockTable({
          point_in_time_recovery: [{ enabled: true }],
          server_side_encryption: [{ enabled: true, kms_key_arn: "${aws_kms_key.k.arn}" }],
          deletion_protection_enabled: true,
        }),
        aws_iam_openid_connect_provider: {
          github: {
            url: "https://token.actions.githubusercontent.com",
            client_id_list: ["sts.amazonaws.com"],
          },
        },
        aws_iam_role: { r: { name: "r", assume_role_policy: "{}" } },
        aws_iam_policy: { p: { name: "p", policy: "{}" } },
        aws_iam_role_policy_attachment: {
          p: { role: "${aws_iam_role.r.name}", policy_arn: "${aws_iam_policy.p.arn}" },
        },
      },
    });
    await apply(json);
    expect(workspace.resources()).toHaveLength(15);
    expect(await secondPlan(json)).toBe("empty");
    expect(attributesOf("aws_s3_bucket_versioning").id).toBe("state");
    expect(attributesOf("aws_dynamodb_table").arn).toBe(
      "arn:aws:dynamodb:us-east-1:000000000000:table/state-locks",
    );
    expect((await run(json, "destroy", "-auto-approve")).code).toBe(0);
    expect(workspace.resources()).toEqual([]);
  });

  test("a table whose key is not an attribute is refused by the plan", async () => {
    const json = stack({ resource: lockTable({ hash_key: "LockId" }) });
    expect(await refused(json, "plan")).toContain(
      'all indexes must match a defined attribute. Unmatched indexes: ["LockId"]',
    );
  });

  test("a changed attribute is updated in place, and the plan after that is empty", async () => {
    const parameter = (insecure_value: string) =>
      stack({
        resource: { aws_ssm_parameter: { p: { name: "/a", type: "String", insecure_value } } },
      });
    await apply(parameter("one"));
    expect(await apply(parameter("two"))).toContain("0 added, 1 changed, 0 destroyed");
    expect(attributesOf("aws_ssm_parameter")).toMatchObject({ value: "two", version: 2 });
    expect(await secondPlan(parameter("two"))).toBe("empty");
  });

  test("a changed attribute that cannot be updated replaces the object, under a new id", async () => {
    const secret = (name: string) =>
      stack({ resource: { aws_secretsmanager_secret: { s: { name } } } });
    await apply(secret("/a"));
    const before = attributesOf("aws_secretsmanager_secret").arn;
    expect((await run(secret("/b"), "plan")).text).toMatch(/name .* # forces replacement/);
    expect(await apply(secret("/b"))).toContain("1 added, 0 changed, 1 destroyed");
    expect(attributesOf("aws_secretsmanager_secret").arn).not.toBe(before);
  });

  test("an object that was removed outside of Terraform is created again", async () => {
    const json = stack({ resource: role("crm") });
    await apply(json);
    workspace.close();
    // Other doubles, with an empty memory.
    const terraform = await findTerraform();
    if (!terraform) throw new Error("Terraform was not found");
    workspace = await Workspace.open({ terraform, world, schemas: loadSchemas() });
    expect(await apply(json)).toContain("1 added");
  });

  test.each<[string, Json, string]>([
    [
      "an unknown argument",
      role("crm", { base_url: "x" }),
      'No argument or block type is named "base_url"',
    ],
    [
      "a missing argument",
      { genesyscloud_oauth_client: { c: { name: "x" } } },
      'The argument "authorized_grant_type" is required',
    ],
    [
      "a value for a computed attribute",
      client({ client_id: "mine" }),
      `Can't configure a value for "client_id"`,
    ],
    [
      "arguments in conflict",
      secretVersion({ secret_string: "a", secret_string_wo: "b", secret_string_wo_version: 1 }),
      '"secret_string": conflicts with secret_string_wo',
    ],
    [
      "a write-only value without a version",
      secretVersion({ secret_string_wo: "b" }),
      "all of `secret_string_wo,secret_string_wo_version` must be specified",
    ],
    [
      "an unknown grant type",
      client({ authorized_grant_type: "CLIENT_CREDENTIALS" }),
      "expected authorized_grant_type to be one of",
    ],
    [
      "a token lifetime out of range",
      client({ access_token_validity_seconds: 60 }),
      "expected access_token_validity_seconds to be in the range (300 - 38880000), got 60",
    ],
    [
      "an ephemeral value in an ordinary argument",
      role("crm", { description: '${ephemeral.vault_kv_secret_v2.na-prod.data["client_id"]}' }),
      // Terraform and OpenTofu word it differently.
      "phemeral value",
    ],
  ])("%s is refused before anything is created", async (_what, resource, message) => {
    expect(await refused(stack({ resource }), "validate")).toContain(message);
  });

  test("a token pool out of range is refused", async () => {
    const provider = { genesyscloud: [genesys("na-prod", { token_pool_size: 51 })] };
    expect(await refused(stack({ provider, resource: role("crm") }), "validate")).toContain(
      "expected token_pool_size to be in the range (1 - 50), got 51",
    );
  });

  test("a wrong credential is refused", async () => {
    const provider = { genesyscloud: [genesys("na-prod", { oauthclient_secret: "guessed" })] };
    expect(await refused(stack({ provider, resource: role("crm") }), "plan")).toContain(
      "Auth Error: 401 - invalid_client",
    );
  });

  test("a Vault path that does not exist is refused", async () => {
    const ephemeral = {
      vault_kv_secret_v2: { "na-prod": { mount: "secret", name: "genesys/nothing" } },
    };
    expect(await refused(stack({ ephemeral, resource: role("crm") }), "plan")).toContain(
      "Vault response was nil",
    );
  });

  test("a planner's credential plans, but does not apply", async () => {
    const json = stack({ resource: role("crm") }, "planner");
    expect((await run(json, "plan")).code).toBe(0);
    expect(await refused(json, "apply", "-auto-approve")).toContain("API Error: 403");
    expect(workspace.resources()).toEqual([]);
  });

  test("an interrupted apply keeps the created objects in the state", async () => {
    workspace.close();
    const terraform = await findTerraform();
    if (!terraform) throw new Error("Terraform was not found");
    const stop = new AbortController();
    workspace = await Workspace.open({
      terraform,
      world,
      schemas: loadSchemas(),
      signal: stop.signal,
      delay: (method) => {
        if (method !== "ApplyResourceChange") return 0;
        setTimeout(() => stop.abort(), 100);
        return 60_000;
      },
    });
    const { code } = await run(stack({ resource: role("crm") }), "apply", "-auto-approve");
    expect(code).not.toBe(0);
    expect(workspace.resources()).toEqual(["genesyscloud_auth_role"]);
  }, 30_000);

  test("two configurations of a provider are kept apart", async () => {
    const json = stack({
      provider: { genesyscloud: [genesys("na-prod"), genesys("eu-prod", { alias: "eu" })] },
      data: {
        genesyscloud_organizations_me: { na: {}, eu: { provider: "genesyscloud.eu" } },
      },
      output: {
        na: { value: "${data.genesyscloud_organizations_me.na.name}" },
        eu: { value: "${data.genesyscloud_organizations_me.eu.name}" },
      },
    });
    const text = await apply(json);
    expect(text).toContain('eu = "eu-prod"');
    expect(text).toContain('na = "na-prod"');
  });

  describe("a secret", () => {
    const scan = () => new SecretScanner(canariesOf(world)).scanFolder(workspace.folder);
    const writeOnly = stack({
      resource: secretVersion({
        secret_string_wo: '${ephemeral.vault_kv_secret_v2.na-prod.data["client_secret"]}',
        secret_string_wo_version: 1,
      }),
    });

    test("that is ephemeral and write-only arrives, and is in no file", async () => {
      expect((await run(writeOnly, "plan", "-out=tfplan")).code).toBe(0);
      expect((await run(writeOnly, "apply", "tfplan")).code).toBe(0);
      const arrived = calls.find(
        ({ method, type }) =>
          method === "ApplyResourceChange" && type === "aws_secretsmanager_secret_version",
      );
      expect(arrived?.config?.secret_string_wo).toBe(secretOf("na-prod"));
      expect(attributesOf("aws_secretsmanager_secret_version")).toMatchObject({
        has_secret_string_wo: true,
        secret_string_wo: null,
      });
      expect(await secondPlan(writeOnly)).toBe("empty");
      expect(scan()).toEqual([]);
    });

    test("that comes from a data source is found in state and plan", async () => {
      const json = stack({
        data: {
          vault_kv_secret_v2: {
            d: { mount: "secret", name: "genesys/production/eu-prod/deployer" },
          },
        },
        resource: secretVersion({
          secret_string: '${jsonencode({s = data.vault_kv_secret_v2.d.data["client_secret"]})}',
        }),
      });
      expect((await run(json, "plan", "-out=tfplan")).code).toBe(0);
      expect((await run(json, "apply", "tfplan")).code).toBe(0);
      const found = scan();
      expect(new Set(found.map(({ org }) => org))).toEqual(new Set(["eu-prod"]));
      expect(new Set(found.map(({ file }) => file))).toEqual(
        new Set(["rehearsed.tfstate", "tfplan"]),
      );
      expect(found).toContainEqual(expect.objectContaining({ file: "tfplan", member: "tfplan" }));
    });

    test("of a new client that exposes it is found in the state", async () => {
      workspace.close();
      const terraform = await findTerraform();
      if (!terraform) throw new Error("Terraform was not found");
      const scanner = new SecretScanner([]);
      workspace = await Workspace.open({
        terraform,
        world,
        schemas: loadSchemas(),
        onSecret: (secret) => scanner.add(secret),
      });
      await apply(stack({ resource: client({ expose_client_secret: true }) }));
      expect(scanner.scanFolder(workspace.folder)).toMatchObject([
        { file: "rehearsed.tfstate", org: "na-prod", credential: "Production-Crm", form: "plain" },
      ]);
    });
  });
});
