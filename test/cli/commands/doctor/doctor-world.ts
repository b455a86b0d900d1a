import { SYSTEM_CLOCK } from "../../../../lib/http/clock";
import type { OrgReport } from "../../../../lib/registry/report";
import { homeReport, orgReport } from "../../../rehearsal/reports";
import { FakeGenesys, type FakeGenesysProps } from "../../../support/fakes/fake-genesys";
import {
  FakeVault,
  type FakeVaultProps,
  VAULT_TOKEN,
  vaultHandler,
} from "../../../support/fakes/fake-vault";
import { startGenesysHttp } from "../../../support/fakes/genesys-http";
import { routeFetch } from "../../../support/fakes/route-fetch";
import { callDynamoDb } from "../../../support/loopback-dynamodb";
import { forwardTo, type Handler, type StoreAnswer, serve } from "../../../support/loopback-front";
import { type LoopbackStoreProps, startLoopbackStore } from "../../../support/loopback-store";
import { fakeProject } from "../../../support/project";
import { HOME, keyArn } from "../../../support/sample-org";
import { type Ran, run } from "../../run";

/** Answers a request in the place of the store; undefined: the store does. */
export type Fault = (
  request: Parameters<Handler>[0],
) => StoreAnswer | undefined | Promise<StoreAnswer | undefined>;

export interface WorldProps {
  readonly org?: Partial<OrgReport>;
  readonly home?: Partial<ReturnType<typeof homeReport>>;
  /** The home's stack. @default - this run does not synthesize it */
  readonly homeStack?: object;
  /** Blocks of the org's stack, without `terraform`. */
  readonly stack?: object;
  readonly backend?: Readonly<Record<string, unknown>>;
  readonly store?: LoopbackStoreProps;
  readonly genesys?: Omit<FakeGenesysProps, "clock">;
  readonly vault?: Omit<FakeVaultProps, "clock">;
}

export const WRITER = "arn:aws:sts::111111111111:assumed-role/genesys-na-prod-state-writer/me";
export const KEY = "orgs/na-prod/terraform.tfstate";
const TABLE = `genesys-state-lock.${HOME.name}`;

/** An org with everything that it needs, all of it on loopback, and all of it well. */
export async function startDoctorWorld(props: WorldProps = {}) {
  const store = await startLoopbackStore(props.store);
  const { endpoints } = store.backendSettings as { endpoints: Record<"s3" | "dynamodb", string> };
  const at = (url: string) => forwardTo(Number(new URL(url).port));
  const faults: { s3?: Fault; dynamodb?: Fault; sts?: Fault; lambda?: Fault } = {};
  const caller = { arn: WRITER, account: HOME.account };
  const withFault =
    (service: keyof typeof faults, next: Handler): Handler =>
    async (request) =>
      (await faults[service]?.(request)) ?? next(request);
  const posture = { ...POSTURE };
  const s3 = configured(posture, at(endpoints.s3));
  const dynamodb = at(endpoints.dynamodb);
  const fronts = await Promise.all([
    serve(withFault("s3", s3)),
    serve(withFault("dynamodb", dynamodb)),
    serve(withFault("sts", sts(caller))),
    serve(withFault("lambda", async () => NO_FUNCTION)),
  ]);
  const [s3Url, dynamodbUrl, stsUrl, lambdaUrl] = fronts.map(({ url }) => url);

  const {
    bucket = HOME.bucket,
    kms_key_id = keyArn(1),
    dynamodb_table = TABLE,
  } = props.backend ?? {};
  const place = { bucket, kmsKeyArn: kms_key_id, lockTable: dynamodb_table } as Partial<OrgReport>;
  const org = orgReport("na-prod", {}, { lock: "both", ...place, ...props.org });
  const genesys = new FakeGenesys({
    clock: SYSTEM_CLOCK,
    orgId: org.organizationId,
    ...props.genesys,
  });
  const vault = new FakeVault({ clock: SYSTEM_CLOCK, ...props.vault });
  const role = (roleId: string, divisionId = "*") => ({ roleId, divisionId });
  const clients = {
    deployer: genesys.seed({ name: "CI deployer", roleDivisions: [role("edit"), role("view")] }),
    planner: genesys.seed({ name: "CI planner", roleDivisions: [role("view")] }),
    master: genesys.seed({
      name: "master",
      roleDivisions: [role("edit"), role("view"), role("clients"), role("crm")],
    }),
    rotated: genesys.seed({
      name: "Production-CrmSync#1",
      description: `arn:aws:secretsmanager:us-east-1:111111111111:secret:${org.secretPrefix}crm-sync-AbCdEf`,
      roleDivisions: [role("crm", "home")],
    }),
    stranger: genesys.seed({ name: "not ours", roleDivisions: [role("everything")] }),
  };
  for (const credential of ["deployer", "planner", "master"] as const) {
    const { id, secret } = clients[credential];
    vault.write(org.vault[credential], {
      client_id: id,
      client_secret: secret,
      org_id: org.organizationId,
    });
  }
  const genesysHttp = await startGenesysHttp(genesys);
  const vaultHttp = await serve(vaultHandler(vault));
  const routes = routeFetch({
    ...genesysHttp.routesOf("mypurecloud.com"),
    "https://vault.example.com": vaultHttp.url,
  });

  const backend = {
    bucket: HOME.bucket,
    key: KEY,
    region: HOME.region,
    encrypt: true,
    kms_key_id: keyArn(1),
    use_lockfile: true,
    dynamodb_table: TABLE,
    allowed_account_ids: [HOME.account],
    use_path_style: true,
    endpoints: { s3: s3Url, dynamodb: dynamodbUrl },
    ...props.backend,
  };
  const project = fakeProject({
    orgs: [org],
    homes: [
      homeReport("home", {
        bucket: HOME.bucket,
        kmsKeyArn: keyArn(0),
        status: props.homeStack ? "synthesized" : "not selected",
        ...props.home,
      }),
    ],
    stacks: props.homeStack && { "state-home": props.homeStack },
    stackOf: () => ({ ...props.stack, terraform: { backend: { s3: backend } } }),
  });
  const saved = { ...process.env };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "TEST",
    AWS_SECRET_ACCESS_KEY: "test-secret-of-aws",
    AWS_ENDPOINT_URL_STS: stsUrl,
    AWS_ENDPOINT_URL_LAMBDA: lambdaUrl,
    AWS_EC2_METADATA_DISABLED: "true",
  });
  // Nobody waits before a second try.
  const random = jest.spyOn(Math, "random").mockReturnValue(0);

  const object = (method: string, key: string, body = "", headers = {}) =>
    s3({ method, url: `/${HOME.bucket}/${key}`, headers, body: Buffer.from(body) });
  const item = (id: string, attributes: Record<string, string>) =>
    callDynamoDb(dynamodb, "PutItem", {
      TableName: TABLE,
      Item: {
        LockID: { S: `${HOME.bucket}/${id}` },
        ...Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { S: value }]),
        ),
      },
    });
  return {
    org,
    project,
    backend,
    genesys,
    vault,
    clients,
    faults,
    posture,
    caller,
    log: store.log,
    putObject: (key: string, body: string, kms = keyArn(1)) =>
      object("PUT", key, body, { [KMS_KEY]: kms }),
    putEncrypted: (key: string, body: string, headers: Record<string, string>) =>
      object("PUT", key, body, headers),
    putItem: item,
    locks: () => store.locksOf(KEY),
    /** All that is in bucket and table. */
    contents: async () => {
      const list = await s3({
        method: "GET",
        url: `/${HOME.bucket}?list-type=2`,
        headers: {},
        body: Buffer.alloc(0),
      });
      const keys = [...list.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
      const objects = await Promise.all(
        keys.map(async (key) => [key, (await object("GET", key ?? "")).body.toString()]),
      );
      const { Items } = await callDynamoDb(dynamodb, "Scan", { TableName: TABLE });
      return { objects, items: Items };
    },
    /** Runs doctor; its output never has a secret. */
    doctor: async (args: readonly string[] = [], now?: () => number, env = {}) => {
      const given = { VAULT_TOKEN, USER: "me", ...env };
      const ran = await run(project, ["doctor", ...args], given, now);
      expect(`${ran.stdout}${ran.stderr}`).not.toContain("test-secret");
      expect(`${ran.stdout}${ran.stderr}`).not.toContain("token-");
      return ran;
    },
    stop: async () => {
      random.mockRestore();
      process.env = saved;
      routes.restore();
      await Promise.all([
        genesysHttp.stop(),
        vaultHttp.stop(),
        ...fronts.map((each) => each.stop()),
      ]);
      await store.stop();
    },
  };
}

export type DoctorWorld = Awaited<ReturnType<typeof startDoctorWorld>>;

/** Each line of a check, by its name: `ok: …`. */
export function linesOf({ stdout }: Ran): Record<string, string> {
  const lines = stdout.split("\n").map((line) => {
    const [, status, check, text] =
      /^(ok|failed|not checked) +na-prod ([^:]+): (.*)$/.exec(line) ?? [];
    return [check ?? "", `${status}: ${text}`] as const;
  });
  return Object.fromEntries(lines.filter(([check]) => check !== ""));
}

/** An answer of S3 or STS that refuses. */
export const refusal = (status: number, code: string, message: string): StoreAnswer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`),
});

/** Configuration of a bucket, by the query of the request: what the home's stack writes. */
const POSTURE: Record<string, string> = {
  versioning: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
  encryption: `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${keyArn(0)}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
  lifecycle:
    "<LifecycleConfiguration><Rule><ID>old-versions</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><NoncurrentVersionExpiration><NoncurrentDays>365</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>",
  policy: '{"Statement":[]}',
};

/** Answers questions about the bucket's configuration, which the store does not know. */
function configured(posture: Readonly<Record<string, string>>, next: Handler): Handler {
  return async (request) => {
    const [, name = ""] = /^\/[^/?]+\/?\?(\w+)/.exec(request.url) ?? [];
    const body = request.method === "GET" ? posture[name] : undefined;
    if (body === undefined) return next(request);
    const type = name === "policy" ? "application/json" : "application/xml";
    return { status: 200, headers: { "content-type": type }, body: Buffer.from(body) };
  };
}

const NO_FUNCTION: StoreAnswer = {
  status: 404,
  headers: { "content-type": "application/json", "x-amzn-errortype": "ResourceNotFoundException" },
  body: Buffer.from("{}"),
};

const KMS_KEY = "x-amz-server-side-encryption-aws-kms-key-id";

function sts(caller: { readonly arn: string; readonly account: string }): Handler {
  return async ({ body }) => {
    const [, action] = /Action=(\w+)/.exec(body.toString()) ?? [];
    const result =
      action === "AssumeRole"
        ? "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>test-secret-assumed</SecretAccessKey><SessionToken>test-secret-session</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>"
        : `<Arn>${caller.arn}</Arn><UserId>TEST</UserId><Account>${caller.account}</Account>`;
    const xmlns = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: Buffer.from(
        `<${action}Response ${xmlns}><${action}Result>${result}</${action}Result></${action}Response>`,
      ),
    };
  };
}
