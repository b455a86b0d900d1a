import { awsProof } from "../../../lib/cli/project/vault-aws-proof";
import type { AwsLogin } from "./fake-aws-login";

// Behaviours of Vault's login by AWS, held on the fake, and by test/e2e/vault-aws.test.ts on a real server.

/** What the SDK finds in the environment. */
export interface AwsKeys {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN: string;
}

/** A server that the suite tests, with the role {@link AWS_ROLE} at `auth/aws`. */
export interface ContractAwsVault {
  readonly address: string;
  /** A session of the role's principal. */
  readonly keys: AwsKeys;
  /** A session of another principal. */
  readonly otherKeys: AwsKeys;
  stop(): Promise<void>;
}

export const AWS_ACCOUNT = "123456789012";
export const AWS_ROLE = "genesys-contract-deployer";
export const SERVER_ID = "vault.example.com";
/** Names of the IAM roles, whose sessions are both named `me`. */
export const PRINCIPAL = "ci-apply";
export const OTHER_PRINCIPAL = "ci-plan";

/** Calls `use` with AWS credentials, and with none where they are undefined. */
export async function withAwsKeys<Result>(
  keys: AwsKeys | undefined,
  use: () => Promise<Result>,
): Promise<Result> {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("AWS_")) delete process.env[name];
  }
  Object.assign(process.env, keys, {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nowhere",
    AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  });
  try {
    return await use();
  } finally {
    process.env = saved;
  }
}

/** One caller of the login. */
class Caller {
  constructor(private readonly server: ContractAwsVault) {}

  /** Logs in, after `change` has changed what is sent. */
  async logIn(
    {
      keys = this.server.keys,
      role = AWS_ROLE,
      serverId = SERVER_ID,
      stsRegion,
    }: { keys?: AwsKeys; role?: string; serverId?: string; stsRegion?: string } = {},
    change: (login: AwsLogin) => AwsLogin = (login) => login,
  ) {
    const auth = { method: "aws", ...(serverId && { serverId }), stsRegion } as const;
    const login = await withAwsKeys(keys, () => awsProof(auth, role));
    const answer = await fetch(`${this.server.address}/v1/auth/aws/login`, {
      method: "POST",
      body: JSON.stringify(change(login as AwsLogin)),
    });
    const body = (await answer.json()) as {
      readonly errors?: readonly string[];
      readonly auth?: { readonly metadata: Readonly<Record<string, string>> };
    };
    const { role_id: id, ...metadata } = body.auth?.metadata ?? {};
    return body.auth
      ? { status: answer.status, metadata, hasId: id !== undefined }
      : { status: answer.status, error: body.errors?.join() };
  }

  get keys(): AwsKeys {
    return this.server.keys;
  }

  get otherKeys(): AwsKeys {
    return this.server.otherKeys;
  }
}

const decoded = (text = "") => Buffer.from(text, "base64").toString();
const encoded = (text: string) => Buffer.from(text).toString("base64");

const withHeader =
  (name: string, value: string) =>
  (login: AwsLogin): AwsLogin => {
    const headers = { ...JSON.parse(decoded(login.iam_request_headers)), [name]: value };
    return { ...login, iam_request_headers: encoded(JSON.stringify(headers)) };
  };

const refused = (error: string) => ({ status: 400, error });
const HEADER = "X-Vault-AWS-IAM-Server-ID";
const fromSts = (code: string) => ({
  status: 400,
  error: expect.stringMatching(
    new RegExp(
      `^error making upstream request: received error code 403 from STS: <Err[^]*<Code>${code}</Code>`,
    ),
  ),
});

interface Behaviour {
  readonly title: string;
  readonly observe: (caller: Caller) => Promise<unknown>;
  readonly vault: unknown;
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    title: "the role's principal gets a token, whose metadata do not have the role's name",
    observe: (caller) => caller.logIn(),
    vault: { status: 200, metadata: { account_id: AWS_ACCOUNT, auth_type: "iam" }, hasId: true },
  },
  {
    title: "another principal",
    observe: (caller) => caller.logIn({ keys: caller.otherKeys }),
    vault: refused(
      `IAM Principal "arn:aws:sts::${AWS_ACCOUNT}:assumed-role/${OTHER_PRINCIPAL}/me" does not belong to the role "${AWS_ROLE}"`,
    ),
  },
  {
    title: "a role that does not exist",
    observe: (caller) => caller.logIn({ role: "nobody" }),
    vault: refused("entry for role nobody not found"),
  },
  {
    title: "the id of another server, and none",
    observe: async (caller) => [
      await caller.logIn({ serverId: "other.example.com" }),
      await caller.logIn({ serverId: "" }),
    ],
    vault: [
      refused(
        `error validating ${HEADER} header: expected "${SERVER_ID}" but got "other.example.com"`,
      ),
      refused(`error validating ${HEADER} header: missing header "${HEADER}"`),
    ],
  },
  {
    title: "the server's id, added by somebody who cannot sign",
    observe: (caller) => caller.logIn({ serverId: "" }, withHeader(HEADER, SERVER_ID)),
    vault: refused(`error validating ${HEADER} header: vault header wasn't signed`),
  },
  {
    title: "a login that is signed for another region, with a wrong secret, or by nobody",
    observe: async (caller) => {
      const { keys } = caller;
      return [
        await caller.logIn({ stsRegion: "eu-central-1" }),
        await caller.logIn({ keys: { ...keys, AWS_SECRET_ACCESS_KEY: "test-secret-wrong" } }),
        await caller.logIn({ keys: { ...keys, AWS_ACCESS_KEY_ID: "ASIAWRONG" } }),
      ];
    },
    vault: [
      {
        status: 400,
        error: expect.stringContaining("scoped to a valid region, not 'eu-central-1'"),
      },
      fromSts("SignatureDoesNotMatch"),
      fromSts("InvalidClientTokenId"),
    ],
  },
  {
    title: "another action, and a query",
    observe: async (caller) => [
      await caller.logIn({}, (login) => ({
        ...login,
        iam_request_body: encoded("Action=AssumeRole&Version=2011-06-15"),
      })),
      await caller.logIn({}, (login) => ({
        ...login,
        iam_request_url: encoded(`${decoded(login.iam_request_url)}?Action=AssumeRole`),
      })),
    ],
    vault: [refused("iam request body is invalid"), refused("invalid request")],
  },
  {
    title: "another header of AWS",
    observe: (caller) => caller.logIn({}, withHeader("x-amz-other", "value")),
    vault: { status: 400, error: expect.stringMatching(/^invalid request header: x-amz-other$/i) },
  },
];

export function holdAwsLoginContract(start: () => Promise<ContractAwsVault>): void {
  let server: ContractAwsVault;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  test.each(BEHAVIOURS)("$title", async ({ observe, vault }) => {
    expect(await observe(new Caller(server))).toEqual(vault);
  });
}
