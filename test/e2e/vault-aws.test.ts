import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { buildCommands } from "../support/built-command";
import {
  AWS_ACCOUNT,
  AWS_ROLE,
  type AwsKeys,
  holdAwsLoginContract,
  OTHER_PRINCIPAL,
  PRINCIPAL,
  SERVER_ID,
} from "../support/fakes/aws-login-contract";
import { type AwsPrincipal, stsProblem } from "../support/fakes/fake-aws-login";
import { forwardTo, type Handler, serve } from "../support/loopback-front";
import { type Moto, startMoto } from "../support/moto";
import { applyAccess, orgInVault } from "../support/vault/apply-access";
import { EntriesWorld } from "../support/vault/entries-world";
import { VAULT_SERVER_MISSING, VaultServer } from "../support/vault/vault-server";

// A real Vault, with moto as the IAM and the STS that it asks. Moto takes any signature, so a front checks it.
const VAULTS_OWN = { accessKeyId: "TEST", secretAccessKey: "test-secret-of-vault" };

const arnOf = (role: string) => `arn:aws:iam::${AWS_ACCOUNT}:role/${role}`;

/** A Vault with the login by AWS. */
interface AwsVault {
  readonly vault: VaultServer;
  /** By the name of the IAM role. */
  readonly keys: Readonly<Record<string, AwsKeys>>;
}

/** What is stopped after the tests, the last first. */
const started: { stop(): Promise<void> }[] = [];

function stopLater<Started extends { stop(): Promise<void> }>(one: Started): Started {
  started.push(one);
  return one;
}

async function startAwsVault(roles: readonly string[]): Promise<AwsVault> {
  const moto = stopLater(await startMoto());
  const keys: Record<string, AwsKeys> = {};
  const principals: Record<string, AwsPrincipal> = {};
  for (const role of roles) {
    const session = await createSession(moto, role);
    keys[role] = session;
    principals[session.AWS_ACCESS_KEY_ID] = {
      secretKey: session.AWS_SECRET_ACCESS_KEY,
      sessionToken: session.AWS_SESSION_TOKEN,
      arn: arnOf(role),
    };
  }
  const sts = stopLater(await serve(checkSignatures(principals, moto)));
  const vault = stopLater(await VaultServer.start());
  await vault.mountKv("secret");
  await vault.must("POST", "sys/auth/aws", { type: "aws" });
  await vault.must("POST", "auth/aws/config/client", {
    access_key: VAULTS_OWN.accessKeyId,
    secret_key: VAULTS_OWN.secretAccessKey,
    iam_endpoint: moto.url,
    sts_endpoint: sts.url,
    iam_server_id_header_value: SERVER_ID,
  });
  return { vault, keys };
}

function checkSignatures(principals: Readonly<Record<string, AwsPrincipal>>, moto: Moto): Handler {
  const next = forwardTo(Number(new URL(moto.url).port));
  return async (request) => {
    const { host = "", ...headers } = request.headers as Record<string, string>;
    // Vault asks on its own behalf, for the account of a role's principal.
    if (headers.authorization?.includes(`=${VAULTS_OWN.accessKeyId}/`)) return next(request);
    const sent = { host, path: "/", headers, body: request.body.toString() };
    const problem = stsProblem(sent, { principals });
    if (problem === undefined) return next(request);
    return { status: 403, headers: { "content-type": "text/xml" }, body: Buffer.from(problem) };
  };
}

/** Creates an IAM role, and assumes it. */
async function createSession(moto: Moto, role: string): Promise<AwsKeys> {
  const client = { endpoint: moto.url, region: "us-east-1", credentials: VAULTS_OWN };
  const iam = new IAMClient(client);
  const sts = new STSClient(client);
  await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: "{}" }));
  const { Credentials: session } = await sts.send(
    new AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName: "me" }),
  );
  return {
    AWS_ACCESS_KEY_ID: session?.AccessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey ?? "",
    AWS_SESSION_TOKEN: session?.SessionToken ?? "",
  };
}

if (!process.env.VAULT_SERVER) {
  test.skip(VAULT_SERVER_MISSING, () => {});
} else {
  afterAll(async () => {
    for (const one of started.reverse()) await one.stop();
  });

  // What the fake is held against.
  holdAwsLoginContract(async () => {
    const { vault, keys } = await startAwsVault([PRINCIPAL, OTHER_PRINCIPAL]);
    await vault.must("POST", `auth/aws/role/${AWS_ROLE}`, {
      auth_type: "iam",
      bound_iam_principal_arn: [arnOf(PRINCIPAL)],
    });
    return {
      address: vault.address,
      keys: keys[PRINCIPAL] as AwsKeys,
      otherKeys: keys[OTHER_PRINCIPAL] as AwsKeys,
      stop: async () => {},
    };
  });

  describe("the commands", () => {
    const JOBS = { planner: "ci-plan", deployer: "ci-apply", rotate: "ci-rotate" } as const;
    let aws: AwsVault;
    let world: EntriesWorld;

    beforeAll(async () => {
      buildCommands();
      aws = await startAwsVault(Object.values(JOBS));
      const auth = { method: "aws", serverId: SERVER_ID } as const;
      world = stopLater(await EntriesWorld.start(aws.vault, auth));
      (world.org.vault as { skipChildToken: boolean }).skipChildToken = true;
      const principals = Object.fromEntries(
        Object.entries(JOBS).map(([job, role]) => [job, [arnOf(role)]]),
      );
      const org = orgInVault(world.org.name, auth);
      await applyAccess(aws.vault, org, { ci: { identity: "aws", principals } });
    });

    const as = (job: keyof typeof JOBS, more: NodeJS.ProcessEnv = {}) => ({
      VAULT_TOKEN: "",
      // The login is for Vault's STS, and not for the caller's.
      AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
      AWS_REGION: "eu-central-1",
      ...aws.keys[JOBS[job]],
      ...more,
    });

    test("doctor logs in as the AWS role of the job that runs Terraform, also if there is a token", async () => {
      const { name } = world.org;
      const deployer = await world.doctor(as("deployer", { VAULT_TOKEN: world.token }));
      expect([deployer.code, deployer.output]).toEqual([
        0,
        expect.stringContaining(`role genesys-${name}-deployer`),
      ]);
      expect(deployer.output).toContain(
        `vault planner: the role genesys-${name}-deployer does not need the planner's entry`,
      );
      const planner = await world.doctor(as("planner", { TF_VAR_genesys_credential: "planner" }));
      expect([planner.code, planner.output]).toEqual([
        0,
        expect.stringContaining(`role genesys-${name}-planner`),
      ]);
    });

    test("rotate logs in with its own role", async () => {
      expect(await world.rotate("deployer", as("rotate"))).toMatchObject({ code: 0 });
      expect((await world.read("deployer")).version).toBe(2);
    });

    test("a login as another job is refused, and says why", async () => {
      const { name } = world.org;
      const wrong = await world.doctor(as("planner"));
      expect([wrong.code, wrong.output]).toEqual([
        1,
        expect.stringContaining(
          `refuses a login at auth/aws/login as genesys-${name}-deployer: the caller's AWS identity is not in the role's bound_iam_principal_arn`,
        ),
      ]);
      const rotate = await world.rotate("deployer", as("deployer"));
      expect([rotate.code, rotate.output]).toEqual([
        1,
        expect.stringContaining(
          `as genesys-${name}-rotate: the caller's AWS identity is not in the role's bound_iam_principal_arn: use AWS credentials of a role that is`,
        ),
      ]);
      expect((await world.read("deployer")).version).toBe(2);
    });

    test("rotate takes a token that the caller has set, since AWS credentials may be for something else", async () => {
      const version = (await world.read("planner")).version;
      const env = as("planner", { VAULT_TOKEN: world.token });
      expect(await world.rotate("planner", env)).toMatchObject({ code: 0 });
      expect((await world.read("planner")).version).toBe(version + 1);
    });

    /** Runs doctor with another login in the registry. */
    async function doctorWith(auth: object, env: NodeJS.ProcessEnv): Promise<string> {
      const { vault } = world.org as { vault: { auth: object } };
      const saved = vault.auth;
      vault.auth = { method: "aws", serverId: SERVER_ID, ...auth };
      try {
        const { code, output } = await world.doctor(env);
        expect(code).toBe(1);
        return output;
      } finally {
        vault.auth = saved;
      }
    }

    test.each([
      ["the id of another server", { serverId: "other.example.com" }, "set vault.auth.serverId"],
      ["no id of a server", { serverId: undefined }, "set vault.auth.serverId"],
      ["another region", { stsRegion: "eu-central-1" }, "set vault.auth.stsRegion"],
      ["a mount that does not exist", { mount: "aws-ci" }, "nothing is mounted there"],
      ["a role that does not exist", { role: "nobody" }, "this role does not exist"],
    ])("doctor names %s", async (_what, auth, text) => {
      expect(await doctorWith(auth, as("deployer"))).toContain(text);
    });

    test("doctor names credentials that AWS does not know, and a signature that AWS refuses", async () => {
      const unknown = as("deployer", { AWS_SESSION_TOKEN: "test-secret-expired" });
      expect(await doctorWith({}, unknown)).toContain("log in to AWS again");
      const wrong = as("deployer", { AWS_SECRET_ACCESS_KEY: "test-secret-wrong" });
      expect(await doctorWith({}, wrong)).toContain(
        "could not learn from AWS STS who the caller is",
      );
    });
  });
}
