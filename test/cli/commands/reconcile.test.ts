import type { OrgReport } from "../../../lib/registry/report";
import type { ReconciliationPreview } from "../../../lib/rotation/reconciliation-preview";
import { orgReport } from "../../rehearsal/reports";
import { prepareAws } from "../../support/fakes/prepared-aws";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const ALIAS = "arn:aws:lambda:us-east-1:111111111111:function:genesys-na-prod-reconciler:dry-run";
const INVOCATION = `/2015-03-31/functions/${ALIAS}/invocations`;
/** Even a function that does not know the alias does nothing for it. */
const HARMLESS = { retire: [], dryRun: true };
const { calls, answers } = prepareAws();

interface Project {
  readonly org?: Partial<OrgReport>;
  /** Whether the org's stack has the function. @default true */
  readonly rotates?: boolean;
}

const reconcile = ({ org = {}, rotates = true }: Project = {}, ...args: string[]) =>
  run(
    fakeProject({
      orgs: [orgReport("na-prod", {}, org)],
      stackOf: () => ({
        resource: rotates
          ? { aws_lambda_function: { r: { function_name: "genesys-na-prod-reconciler" } } }
          : {},
      }),
    }),
    ["reconcile", "na-prod", ...args],
  );

const deactivation = {
  kind: "deactivate a client",
  credential: "crm-sync",
  client: "client-1",
  reason: "another version is the current one",
  late: false,
} as const;

const answer = (patch: Partial<ReconciliationPreview> = {}) => ({
  body: {
    dryRun: true,
    onlyLogs: false,
    work: [],
    problems: [],
    clients: { present: 3, most: 500, managed: 2, orphaned: 0 },
    ...patch,
  } satisfies ReconciliationPreview,
});

const COUNTS = "na-prod: 3 OAuth clients of at most 500, 2 of them the rotator's, 0 orphaned\n";
const NOTHING = `${COUNTS}na-prod: the next run would do 0 things, 0 late; 0 problems\nna-prod: dry run: nothing was changed\n`;

test("asks only the alias, and for nothing that could change anything", async () => {
  answers.push(answer());
  expect(await reconcile()).toEqual({ code: 0, stdout: NOTHING, stderr: "" });
  expect(calls).toEqual([{ path: INVOCATION, request: HARMLESS }]);
});

test("work that waits for the next run is shown, and is no finding", async () => {
  answers.push(answer({ work: [deactivation] }));
  const { code, stdout } = await reconcile();
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /deactivate a client.*crm-sync.*client-1.*another version is the current one +│/,
  );
  expect(stdout).toContain("na-prod: the next run would do 1 thing, 0 late; 0 problems\n");
});

test("late work is a finding, and the log is named", async () => {
  answers.push(answer({ work: [deactivation, { ...deactivation, late: true }] }));
  const { code, stdout, stderr } = await reconcile();
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  expect(stdout).toContain("another version is the current one (late)");
  expect(stdout).toContain(
    "na-prod: hourly runs have not done what is late: see the log /aws/lambda/genesys-na-prod-reconciler\n",
  );
  expect(stdout).toContain("would do 2 things, 1 late; 0 problems\n");
});

test("problems are findings, each with what it concerns", async () => {
  const problems = [
    { credential: "crm-sync", message: "its latest rotation failed" },
    { client: "client-9", message: "nothing proves that the rotator created it" },
    { message: "exporter: there is no specification" },
  ];
  answers.push(answer({ problems }));
  const { code, stdout } = await reconcile();
  expect(code).toBe(2);
  expect(stdout).toBe(
    [
      "na-prod: crm-sync: its latest rotation failed\n",
      "na-prod: client-9: nothing proves that the rotator created it\n",
      "na-prod: exporter: there is no specification\n",
      NOTHING.replace("0 problems", "3 problems"),
    ].join(""),
  );
});

test("with rotation.dryRun, nobody does the work", async () => {
  answers.push(answer({ onlyLogs: true, work: [{ ...deactivation, late: true }] }));
  const { code, stdout } = await reconcile();
  expect(code).toBe(2);
  expect(stdout).toContain(
    "na-prod: rotation.dryRun is set in the registry, so the reconciler does nothing of this\n",
  );
  expect(stdout).not.toContain("see the log");
});

test("--json prints one document, with the same exit code", async () => {
  const problems = [{ credential: "crm-sync", message: "it is overdue" }];
  answers.push(answer({ work: [deactivation], problems }));
  const { code, stdout } = await reconcile({}, "--json");
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    org: "na-prod",
    reconciler: true,
    ...answer({ work: [deactivation], problems }).body,
  });
});

describe("a missing alias", () => {
  const missing = {
    status: 404,
    headers: { "x-amzn-errortype": "ResourceNotFoundException" },
    body: { Message: "Function not found" },
  };

  test("of an org with a reconciler is one that was not deployed yet", async () => {
    answers.push(missing);
    expect(await reconcile()).toEqual({
      code: 1,
      stdout: "",
      stderr: `na-prod: genesys-na-prod-reconciler could not be called: ${ALIAS} does not exist; deploy the org's stack first\n`,
    });
  });

  test("of an org without rotation is no failure", async () => {
    answers.push(missing, missing);
    expect(await reconcile({ rotates: false })).toEqual({
      code: 0,
      stdout: "na-prod: there is no reconciler, since no credential of its stack rotates\n",
      stderr: "",
    });
    const { code, stdout } = await reconcile({ rotates: false }, "--json");
    expect({ code, json: JSON.parse(stdout) }).toEqual({
      code: 0,
      json: { version: 1, org: "na-prod", reconciler: false },
    });
  });
});

describe("tells in one line that", () => {
  test.each([
    [
      "the caller lacks the permission",
      {
        status: 403,
        headers: { "x-amzn-errortype": "AccessDeniedException" },
        body: { Message: "User is not authorized" },
      },
      `na-prod: genesys-na-prod-reconciler could not be called: lambda:InvokeFunction on ${ALIAS} is denied; use the credentials of the org's reader, in the org's AWS account\n`,
    ],
    [
      "a run would fail",
      {
        headers: { "X-Amz-Function-Error": "Unhandled" },
        body: { errorType: "Error", errorMessage: "na-prod: the master secret has no org_id" },
      },
      "na-prod: genesys-na-prod-reconciler failed: na-prod: the master secret has no org_id\n",
    ],
    [
      "the function is that of an earlier release",
      { body: { credentials: [] } },
      "na-prod: genesys-na-prod-reconciler is that of an earlier release, which has no dry run of its own: deploy the org's stack\n",
    ],
    [
      "the function answered nothing",
      { body: {} },
      "na-prod: genesys-na-prod-reconciler is that of an earlier release, which has no dry run of its own: deploy the org's stack\n",
    ],
  ])("%s", async (_, prepared, stderr) => {
    answers.push(prepared);
    expect(await reconcile()).toEqual({ code: 1, stdout: "", stderr });
  });
});

describe("for an org with a planRole,", () => {
  const planRole = "arn:aws:iam::222222222222:role/genesys-na-prod-plan";
  const aws = { account: "222222222222", region: "eu-west-1", deployRole: "d", planRole };

  test("it calls with that role", async () => {
    answers.push({
      headers: { "content-type": "text/xml" },
      body: "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>k</SecretAccessKey><SessionToken>t</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    });
    answers.push(answer());
    expect(await reconcile({ org: { aws } })).toMatchObject({ code: 0 });
    expect(calls).toEqual([
      {
        path: "/",
        request: expect.objectContaining({
          Action: "AssumeRole",
          RoleArn: planRole,
          RoleSessionName: "genesys-orgs-reconcile",
        }),
      },
      {
        path: INVOCATION.replace("us-east-1:111111111111", "eu-west-1:222222222222"),
        request: HARMLESS,
      },
    ]);
  });

  test("it names the role that it may not assume", async () => {
    answers.push({
      status: 403,
      headers: { "content-type": "text/xml" },
      body: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>",
    });
    expect(await reconcile({ org: { aws } })).toEqual({
      code: 1,
      stdout: "",
      stderr: `na-prod: assuming ${planRole}: AccessDenied: not authorized. To call genesys-na-prod-reconciler, use the credentials of the org's reader, which aws.planRole must trust (docs/rotation.md, "Permissions")\n`,
    });
  });
});

test("an unknown organisation is named, and nothing is called", async () => {
  const project = fakeProject({ orgs: [orgReport("na-prod")] });
  const { code, stderr } = await run(project, ["reconcile", "na-prd"]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining("unknown organisation: na-prd"),
  });
  expect(calls).toEqual([]);
});
