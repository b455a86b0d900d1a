import {
  type DoctorWorld,
  linesOf,
  refusal,
  startDoctorWorld,
  type WorldProps,
  WRITER,
} from "./doctor-world";

const DEPLOY = "arn:aws:iam::222222222222:role/deploy";
const PLAN = "arn:aws:iam::222222222222:role/plan";
const elsewhere = {
  aws: { account: "222222222222", region: "us-east-1", deployRole: DEPLOY, planRole: PLAN },
};

let world: DoctorWorld;
afterEach(() => world?.stop());
const begin = async (props: WorldProps = {}) => {
  world = await startDoctorWorld(props);
};
const look = async (...args: string[]) => {
  const ran = await world.doctor(["--only", "aws", ...args]);
  return { ...linesOf(ran), code: ran.code };
};

test("without credentials neither AWS nor the state is checked, which is a failure", async () => {
  await begin();
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"]) {
    delete process.env[name];
  }
  process.env.HOME = world.project;
  const ran = await world.doctor(["--only", "aws,state"]);
  const why = "not checked: there are no AWS credentials: log in, or set AWS_PROFILE";
  expect(linesOf(ran)).toMatchObject({ "aws identity": why, "state bucket": why });
  expect(ran).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("nothing could be checked"),
  });
});

test("an account under which Terraform does not run", async () => {
  await begin();
  const arn = "arn:aws:iam::999999999999:user/me";
  Object.assign(world.caller, { arn, account: "999999999999" });
  expect(await look()).toMatchObject({
    code: 1,
    "aws identity": `failed: ${arn} belongs to account 999999999999, but Terraform may use this state only in 111111111111; fix: log in to 111111111111, or add your role to state.crossAccountRoles of na-prod`,
  });
});

test.each([
  ["ExpiredToken", "the AWS credentials have expired; fix: log in again"],
  [
    "InvalidClientTokenId",
    "AWS does not know these credentials; fix: log in again, or set AWS_PROFILE",
  ],
])("credentials that AWS refuses with %s", async (code, line) => {
  await begin();
  world.faults.sts = () => refusalOfSts(403, code);
  expect(await look()).toMatchObject({ code: 1, "aws identity": `failed: ${line}` });
});

test("an answer that is not from AWS", async () => {
  await begin();
  const body = Buffer.from("<html><body>please log in</body></html>");
  world.faults.sts = () => ({ status: 200, headers: { "content-type": "text/html" }, body });
  expect(await look()).toMatchObject({
    code: 1,
    "aws identity": expect.stringMatching(/^failed: asking AWS for the caller's identity: /),
  });
});

describe("roles of the organisation's account", () => {
  test("are assumed with --assume alone, and only the one that is the caller's", async () => {
    await begin({ org: elsewhere });
    expect(await look()).toEqual({
      code: 0,
      "aws identity": `ok: ${WRITER}`,
      "aws deployRole": `not checked: ${DEPLOY} was not tried: add --assume to try it`,
      "aws planRole": `not checked: the reader assumes ${PLAN}, but these are the credentials of the writer`,
    });
    expect(await look("--assume")).toMatchObject({
      code: 0,
      "aws deployRole": `ok: ${DEPLOY} can be assumed`,
    });
  });

  test("that do not trust the caller", async () => {
    await begin({ org: elsewhere });
    world.faults.sts = ({ body }) =>
      `${body}`.includes("AssumeRole") ? refusalOfSts(403, "AccessDenied") : undefined;
    expect(await look("--assume")).toMatchObject({
      code: 1,
      "aws deployRole": `failed: ${WRITER} may not assume ${DEPLOY}, or the role does not exist; fix: let the role trust these credentials (docs/rotation.md), or correct aws.deployRole of na-prod`,
    });
  });
});

function refusalOfSts(status: number, code: string) {
  const { headers } = refusal(status, code, "");
  const body = Buffer.from(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  );
  return { status, headers, body };
}

describe("the code of the functions", () => {
  const SHA = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
  const functions = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, { function_name: name, source_code_hash: SHA }]));
  const answer = (status: number, body: object, type = "") => ({
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": type },
    body: Buffer.from(JSON.stringify(body)),
  });
  const code = async (fault?: (url: string) => ReturnType<typeof answer>) => {
    await begin({
      stack: {
        resource: {
          aws_lambda_function: functions(
            "genesys-na-prod-rotator",
            "genesys-na-prod-reconciler",
            "someone-elses",
          ),
        },
      },
    });
    world.faults.lambda = fault && (({ url }) => fault(decodeURIComponent(url)));
    const { code: exit, ...lines } = await look();
    return [exit, (lines as Record<string, string>)["aws code"]];
  };
  const has = (CodeSha256: string) => answer(200, { Configuration: { CodeSha256 } });

  test("is that of the stack", async () => {
    expect(await code(() => has(SHA))).toEqual([
      0,
      "ok: genesys-na-prod-rotator, genesys-na-prod-reconciler: the code is that of the stack",
    ]);
  });

  test("that somebody swapped is a failure, though no plan shows it", async () => {
    const swapped = (url: string) => has(url.includes("genesys-na-prod-rotator") ? "other" : SHA);
    expect(await code(swapped)).toEqual([
      1,
      "failed: the code of genesys-na-prod-rotator is not that of the stack: the stack was not applied with this version, or somebody changed the code by a direct call; fix: look into CloudTrail for UpdateFunctionCode; if nobody deployed another version, run `genesys-orgs deploy na-prod` and replace the master and all credentials (docs/rotation.md)",
    ]);
  });

  test("is not checked before the first deploy, and where it may not be read", async () => {
    expect(await code()).toEqual([0, "not checked: the functions do not exist yet"]);
    await world.stop();
    const [exit, line] = await code(() => answer(403, {}, "AccessDeniedException"));
    expect([exit, line]).toEqual([
      0,
      expect.stringMatching(/^not checked: these credentials may not read the functions: /),
    ]);
  });
});

test("a log that would have secrets is named", async () => {
  await begin();
  process.env.TF_LOG = "debug";
  const ran = await world.doctor(["--only", "aws"]).finally(() => delete process.env.TF_LOG);
  expect({ code: ran.code, ...linesOf(ran) }).toMatchObject({
    code: 1,
    "aws log":
      "failed: TF_LOG would write secrets to Terraform's log; fix: remove it from the environment, or set info",
  });
});
