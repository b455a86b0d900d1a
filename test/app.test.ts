import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assetHash, lambdaZip } from "../lib/rotation/constructs/lambda-zip";
import { temporaryFolder } from "./support/folders";
import { filesOf, ROOT, synthesizeApp } from "./support/synthesized-app";

const ORGS = ["apac-prod", "eu-prod", "na-dev", "na-prod", "na-staging"];
const STACKS = [
  ...ORGS.map((org) => `org-${org}`),
  ...ORGS.map((org) => `state-access-${org}`),
  "state-nonproduction",
  "state-production",
  ...ORGS.map((org) => `vault-access-${org}`),
];

let files: Record<string, string>;
beforeAll(() => {
  const outdir = temporaryFolder();
  const { status, stderr } = synthesizeApp(outdir);
  expect([status, stderr]).toEqual([0, ""]);
  files = filesOf(outdir);
});

const stackOf = (stack: string) => JSON.parse(files[`stacks/${stack}/cdk.tf.json`] ?? "{}");

/**
 * A stack as a reviewer wants to see it: without cdktf's own metadata, and with documents inside
 * strings spelled out.
 */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value === "string" && /^\{(".*)?\}$/s.test(value)) return readable(JSON.parse(value));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (key !== "//") return [[key, readable(inner)]];
      return "waivers" in inner ? [[key, { waivers: inner.waivers }]] : [];
    }),
  );
}

/** Without the sums of the functions' code, which are another with every change of it. */
function withoutSums(text: string): string {
  return (["rotator", "reconciler"] as const).reduce((masked, part) => {
    const { sha256 } = lambdaZip(part);
    return masked.replaceAll(sha256, `SHA-256 of ${part}`).replaceAll(assetHash(sha256), part);
  }, text);
}

test("every home and every org has its stacks", () => {
  expect(Object.keys(files).filter((file) => file.endsWith(".tf.json"))).toEqual(
    STACKS.map((stack) => `stacks/${stack}/cdk.tf.json`),
  );
});

// UPDATE_SNAPSHOTS=1 npm test -- test/app.test.ts
test.each(STACKS)("what changes in %s is seen in test/snapshots", (stack) => {
  const snapshot = join(ROOT, "test/snapshots", `${stack}.json`);
  const now = withoutSums(`${JSON.stringify(readable(stackOf(stack)), null, 2)}\n`);
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(snapshot, now);
  expect(existsSync(snapshot)).toBe(true);
  expect(now).toBe(readFileSync(snapshot, "utf8"));
});

test("two syntheses write the same bytes, whatever the environment", () => {
  const outdir = temporaryFolder();
  synthesizeApp(outdir, { TZ: "Australia/Adelaide", LANG: "de_DE.UTF-8", HOME: temporaryFolder() });
  expect(filesOf(outdir)).toEqual(files);
});

test("the functions' code is once in the output, and every stack finds it from its folder", () => {
  const zips = (["reconciler", "rotator"] as const).map((part) => {
    const { sha256 } = lambdaZip(part);
    return { file: `assets/${assetHash(sha256)}/${part}.zip`, sha256 };
  });
  const inOutput = Object.keys(files).filter((file) => file.endsWith(".zip"));
  expect(inOutput.sort()).toEqual(zips.map(({ file }) => file).sort());
  const used = ORGS.flatMap((org) => {
    const functions = stackOf(`org-${org}`).resource.aws_lambda_function ?? {};
    return Object.values<Record<string, string>>(functions).map((each) => ({
      file: join(`stacks/org-${org}`, `${each.filename}`),
      sha256: each.source_code_hash,
    }));
  });
  expect(used.length).toBeGreaterThan(zips.length);
  for (const each of used) expect(zips).toContainEqual(each);
});

test("na-prod's state is its own: encrypted with a full key ARN, and locked twice", () => {
  const { terraform } = stackOf("org-na-prod");
  expect(terraform.backend).toEqual({
    s3: {
      bucket: "example-genesys-state-production",
      key: "orgs/na-prod/terraform.tfstate",
      region: "us-east-1",
      encrypt: true,
      kms_key_id: expect.stringMatching(/^arn:aws:kms:us-east-1:111111111111:key\/[0-9a-f-]{36}$/),
      use_lockfile: true,
      dynamodb_table: "genesys-state-lock-na-prod",
      allowed_account_ids: ["111111111111"],
    },
  });
});

test.each(ORGS)(
  "%s reads Vault for the run alone, and keeps no client and no value in Terraform",
  (org) => {
    const stack = stackOf(`org-${org}`);
    expect(Object.keys(stack.ephemeral)).toEqual(["vault_kv_secret_v2"]);
    expect(Object.keys(stack.data)).not.toContain("vault_kv_secret_v2");
    expect(Object.keys(stack.resource)).not.toContain("genesyscloud_oauth_client");
    // The one value that Terraform carries is the rotator's own, and it keeps it nowhere.
    const versions = Object.keys(stack.resource.aws_secretsmanager_secret_version ?? {});
    expect(versions.filter((name) => !name.startsWith("rotation_master"))).toEqual([]);
  },
);
