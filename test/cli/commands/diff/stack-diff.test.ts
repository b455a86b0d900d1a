import { stackDiffOf } from "../../../../lib/cli/commands/diff/stack-diff";
import { cutValues } from "../../../../lib/cli/runs/cut-values";

const text = (json: object) => ({ org: "na", text: JSON.stringify(json), assets: new Map() });
const diffOf = (before: object, after: object) => stackDiffOf("org-na", text(before), text(after));
const weakenedBy = (before: object, after: object) =>
  diffOf(before, after)?.weakened.map(({ address, control, what }) => [address, control, what]);
const changesOf = (before: object, after: object) =>
  diffOf(before, after)?.changes.map(({ address, action, movedFrom }) => [
    address,
    action,
    ...(movedFrom ? [movedFrom] : []),
  ]);

const backend = (s3: object) => ({ terraform: { backend: { s3 } } });
const aws = (version: string, source = "hashicorp/aws") => ({
  terraform: { required_providers: { aws: { source, version } } },
});
const guarded =
  '${(lower(data.genesyscloud_organizations_me.guard.id) == "4f7c") ? ephemeral.v.x.data.id : cidrhost("no", 0)}';
const genesys = (body: object) => ({ provider: { genesyscloud: [body] } });
const queue = (body: object, name = "one") => ({
  resource: { genesyscloud_routing_queue: { [name]: body } },
});

test.each<[string, object, object, [string, string, string]]>([
  [
    "encryption of the backend",
    backend({ encrypt: true }),
    backend({}),
    ["terraform.backend.s3", "encryption", "the backend no longer asks for encryption"],
  ],
  [
    "key of the state",
    backend({ kms_key_id: "arn:1" }),
    backend({ kms_key_id: "arn:2" }),
    ["terraform.backend.s3", "encryption", "the state gets another key, or none"],
  ],
  [
    "lock",
    backend({ use_lockfile: true }),
    backend({ use_lockfile: false }),
    ["terraform.backend.s3", "lock", "the state is no longer locked"],
  ],
  [
    "place of the state",
    backend({ bucket: "a", key: "k" }),
    backend({ bucket: "b", key: "k" }),
    ["terraform.backend.s3", "state", "the state is in another place (bucket)"],
  ],
  [
    "no backend",
    backend({ bucket: "a" }),
    {},
    ["terraform.backend.s3", "state", "the state is no longer kept there"],
  ],
  [
    "older provider",
    aws(">= 6.26.0, < 7.0.0"),
    aws(">= 6.9.0, < 7.0.0"),
    ["terraform", "version", "older versions of provider aws are allowed"],
  ],
  [
    "provider without a version",
    aws(">= 6.26.0"),
    aws(""),
    ["terraform", "version", "older versions of provider aws are allowed"],
  ],
  [
    "provider from elsewhere",
    aws(">= 6.26.0"),
    aws(">= 6.26.0", "example/aws"),
    ["terraform", "version", "provider aws comes from another source"],
  ],
  [
    "older Terraform",
    { terraform: { required_version: ">= 1.11.0" } },
    { terraform: { required_version: ">= 1.9" } },
    ["terraform", "version", "older versions of Terraform are allowed"],
  ],
  [
    "the guard",
    genesys({ oauthclient_id: guarded }),
    genesys({ oauthclient_id: "${ephemeral.v.x.data.id}" }),
    [
      "provider.genesyscloud",
      "guard",
      "its credential is no longer compared with the organisation",
    ],
  ],
  [
    "the provider's address",
    genesys({}),
    genesys({ gateway: [{ host: "evil.example.com" }] }),
    ["provider.genesyscloud", "guard", "its credential goes another way (gateway)"],
  ],
  [
    "a condition of an ephemeral resource",
    { ephemeral: { v: { x: { lifecycle: { postcondition: [{ condition: "${true}" }] } } } } },
    { ephemeral: { v: { x: {} } } },
    ["ephemeral.v.x", "guard", "it has fewer conditions"],
  ],
  [
    "protection from destruction",
    queue({ lifecycle: { prevent_destroy: true } }),
    queue({ lifecycle: {} }),
    ["genesyscloud_routing_queue.one", "deletion protection", "Terraform may destroy it"],
  ],
  [
    "a waiver of a block",
    queue({}),
    queue({ "//": { waivers: { "GO-X": "the reason of it" } } }),
    ["genesyscloud_routing_queue.one", "waiver", "GO-X is waived: the reason of it"],
  ],
  [
    "a waiver of a new block",
    {},
    queue({ "//": { waivers: { "GO-X": "the reason of it" } } }),
    ["genesyscloud_routing_queue.one", "waiver", "GO-X is waived: the reason of it"],
  ],
  [
    "a waiver of the stack",
    {},
    { "//": { waivers: { "GO-X": "the reason of it" } } },
    ["stack", "waiver", "GO-X is waived: the reason of it"],
  ],
  [
    "a sensitive variable",
    { variable: { x: { sensitive: true } } },
    { variable: { x: { type: "string" } } },
    ["var.x", "secret", "the variable is no longer sensitive"],
  ],
  [
    "a window of deletion that is left out",
    { resource: { aws_secretsmanager_secret: { x: {} } } },
    { resource: { aws_secretsmanager_secret: { x: { recovery_window_in_days: 7 } } } },
    [
      "aws_secretsmanager_secret.x",
      "deletion protection",
      "a deleted secret can be restored for less time",
    ],
  ],
])("it is weaker: %s", (_, before, after, weakened) => {
  expect(weakenedBy(before, after)).toEqual([weakened]);
});

test.each<[string, object, object]>([
  ["a newer provider", aws(">= 6.26.0"), aws(">= 6.100.0")],
  [
    "a window that is the default",
    { resource: { aws_kms_key: { x: { deletion_window_in_days: 30 } } } },
    { resource: { aws_kms_key: { x: {} } } },
  ],
  [
    "a lock file besides a table",
    backend({ dynamodb_table: "t" }),
    backend({ dynamodb_table: "t", use_lockfile: true }),
  ],
  ["encryption", backend({}), backend({ encrypt: true })],
  ["a lock", backend({ use_lockfile: false }), backend({ use_lockfile: true })],
  ["protection", queue({}), queue({ lifecycle: { prevent_destroy: true } })],
  ["an ended waiver", queue({ "//": { waivers: { "GO-X": "the reason of it" } } }), queue({})],
  ["a new provider", {}, genesys({ oauthclient_id: guarded })],
])("it is not weaker: %s", (_, before, after) => {
  expect(weakenedBy(before, after)).toEqual([]);
});

describe("addresses", () => {
  const from = "genesyscloud_routing_queue.one";
  const to = "genesyscloud_routing_queue.two";

  test("another address replaces the object", () => {
    expect(changesOf(queue({ name: "One" }), queue({ name: "One" }, "two"))).toEqual([
      [to, "replace", from],
    ]);
  });

  test("a block that moves it does not, also where others refer to it", () => {
    const output = (name: string) => ({ output: { id: { value: `\${${name}.id}` } } });
    const before = { ...queue({ name: "One" }), ...output(from) };
    const after = { ...queue({ name: "One" }, "two"), ...output(to), moved: [{ from, to }] };
    expect(changesOf(before, after)).toEqual([[to, "move", from]]);
  });

  test("another object at another address is a new one", () => {
    expect(changesOf(queue({ name: "One" }), queue({ name: "Two" }, "two"))).toEqual([
      [from, "delete"],
      [to, "create"],
    ]);
  });

  test("a block `removed` may leave the object alone", () => {
    const removed = [{ from, lifecycle: { destroy: false } }];
    expect(changesOf(queue({ name: "One" }), { removed })).toEqual([[from, "forget"]]);
  });
});

test.each<[string, object, object, string]>([
  ["aws_ssm_parameter", { name: "a" }, { name: "b" }, "replace"],
  ["aws_ssm_parameter", { name: "a", value: "1" }, { name: "a", value: "2" }, "update"],
  ["genesyscloud_flow", { name: "a" }, { name: "b" }, "update"],
])("%s: %j to %j: %s", (type, before, after, action) => {
  const resource = (body: object) => ({ resource: { [type]: { x: body } } });
  expect(changesOf(resource(before), resource(after))).toEqual([[`${type}.x`, action]]);
});

describe("attributes", () => {
  const pathsOf = (before: object, after: object) =>
    diffOf(queue(before), queue(after))?.changes[0]?.attributes.map(({ path }) => path);
  const statements = (...names: string[]) => ({
    policy: JSON.stringify({ Statement: names.map((Sid) => ({ Sid, Effect: "Deny" })) }),
  });

  test("a new statement of a policy does not shift the others", () => {
    expect(pathsOf(statements("B"), statements("A", "B"))).toEqual([
      "policy.Statement[A].Effect",
      "policy.Statement[A].Sid",
    ]);
  });

  test("a list in another order is a change", () => {
    expect(pathsOf({ list: ["a", "b"] }, { list: ["b", "a"] })).toEqual(["list.0", "list.1"]);
  });

  test("paths and versions in comments are no change", () => {
    const path = (path: string) => queue({ name: "One", "//": { metadata: { path } } });
    expect(diffOf(path("a"), path("b"))).toBeUndefined();
  });

  test("of long values, the part is shown that differs", () => {
    const long = "x".repeat(500);
    const { before = "", after = "" } = cutValues({ before: `${long}a`, after: `${long}b` });
    expect([before.length, before.at(-1), after.at(-1)]).toEqual([22, "a", "b"]);
  });
});

test("an asset with the same path and another content is a change", () => {
  const side = (hash: string) => ({ ...text({}), assets: new Map([["assets/code.zip", hash]]) });
  expect(stackDiffOf("org-na", side("1"), side("2"))?.changes).toMatchObject([
    { address: "assets", attributes: [{ path: "assets/code.zip" }] },
  ]);
});
