import { reportOrg } from "../../lib/registry/report";
import { run } from "../cli/run";
import { startAwsHttp } from "../support/fakes/aws-http";
import { FakeClock } from "../support/fakes/fake-clock";
import { FakeSecretsManager } from "../support/fakes/fake-secrets-manager";
import { prepareAws } from "../support/fakes/prepared-aws";
import { fakeProject } from "../support/project";
import { arn, deployment, org, secretArn } from "./deployment";
import { githubCommands, gitlabCommands } from "./job-commands";
import { ALLOWED, answering } from "./request";
import { context, of } from "./resources";
import { token } from "./table/roles";
import { backendCalls, type Call, providerCalls, type Run } from "./terraform-calls";

// The jobs that `genesys-orgs ci` writes can do all that they are for, with the roles that the stacks create.

const prepared = prepareAws();
const deployed = deployment();
const answer = answering(deployed);
const NA = reportOrg(org("na"), "synthesized", "synthesized");
const PROJECT = { orgs: [NA] };

const terraform = (what: Run) => async (): Promise<Call[]> => [
  ...backendCalls(what),
  ...providerCalls(deployed.orgStacks.get("na") as never, what),
];

const deploy = async (): Promise<Call[]> => [
  ...(await terraform("apply")()),
  {
    action: "s3:PutObject",
    resource: of.record,
    context: { ...context.with(of.stateKey), ...context.newObject },
  },
  // After a lost answer.
  { action: "s3:GetObject", resource: of.record },
];

/** It talks to others than AWS. */
const nothing = async (): Promise<Call[]> => [];

/** All commands of jobs that are logged in to AWS, and the calls that each of them makes. */
const COMMANDS: Readonly<Record<string, () => Promise<readonly Call[]>>> = {
  'reader: plan "$ORG" --proposed proposed --json': terraform("plan"),
  'reader: plan "$ORG" --out reviewed --markdown': terraform("plan"),
  'reader: drift "$ORG" --markdown': terraform("plan"),
  'reader: secrets "$ORG" --live --check': callsOfSecrets,
  'reader: reconcile "$ORG"': callsOfReconcile,
  'reader: api-check "$ORG"': nothing,
  // In GitLab, all jobs log in to AWS.
  'reader: rotate "$ORG" master --dry-run': nothing,
  'writer: deploy "$ORG" --reviewed reviewed': deploy,
};

const jobs = [...githubCommands(), ...gitlabCommands()];

test("the calls of every command that a job with a role in AWS runs are known", () => {
  const known = jobs.flatMap(({ role, command }) => (role ? `${role}: ${command}` : []));
  expect([...new Set(known)].sort()).toEqual(Object.keys(COMMANDS).sort());
});

test("no other command of a job needs AWS", () => {
  const others = jobs.flatMap(({ role, command }) => (role ? [] : (command.split(" ")[0] ?? "")));
  expect([...new Set(others)].sort()).toEqual([
    "check",
    "ci",
    "diff",
    "rehearse",
    "rotate",
    "synth",
  ]);
});

test.each(Object.entries(COMMANDS))("%s: its role allows every call", async (command, callsOf) => {
  const who = command.startsWith("reader") ? "na plan" : "na apply";
  const calls = await callsOf();
  const denied: string[] = [];
  for (const { action, resource, context = {} } of calls) {
    const why = "a job needs it";
    const allowed = await answer({ who, action, resource, context, expected: ALLOWED, why });
    if (!allowed) denied.push(`${action} on ${resource}`);
  }
  expect([...new Set(denied)]).toEqual([]);
  if (callsOf !== nothing) expect(calls.length).toBeGreaterThan(0);
});

test("each role trusts the environment of the jobs that log in with it", async () => {
  const identified = githubCommands().filter(({ role }) => role);
  expect(identified.length).toBeGreaterThan(5);
  for (const { role, environment = "none" } of identified) {
    const claims = { sub: `repo:example/it:environment:${environment}`, environment };
    const allowed = await answer({
      who: "GitHub",
      action: "sts:AssumeRoleWithWebIdentity",
      resource: role === "reader" ? of.readerRole : of.writerRole,
      context: token(claims),
      expected: ALLOWED,
      why: "its own environment",
    });
    expect([role, environment, allowed]).toEqual([role, environment, true]);
  }
});

/** Runs the command against fakes, with all secrets but one, of which AWS says that it does not exist. */
async function callsOfSecrets(): Promise<Call[]> {
  const secrets = new FakeSecretsManager({ clock: new FakeClock() });
  const [missing, ...others] = NA.secrets;
  for (const { secretName } of others) secrets.create(secretName);
  const aws = await startAwsHttp({ secrets });
  const saved = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ENDPOINT_URL_SSM: aws.url,
  });
  try {
    const { stderr } = await run(fakeProject(PROJECT), ["secrets", "na", "--live", "--check"]);
    expect(stderr).toContain(`${missing?.name} is missing`);
  } finally {
    Object.assign(process.env, saved);
    await aws.stop();
  }
  return aws.calls.flatMap(({ operation, parameters }): Call | Call[] => {
    const [service, name] = operation.split(".");
    const { SecretId, Path } = parameters;
    switch (service) {
      case "AmazonSSM":
        return { action: `ssm:${name}`, resource: arn("ssm", `parameter${Path}`) };
      case "secretsmanager": {
        const action = `${service}:${name}`;
        if (SecretId === undefined) return { action, resource: "*" };
        const known = NA.secrets.find(({ secretName }) => `${SecretId}`.includes(secretName));
        const arns = [secretArn(known?.secretName ?? "of another team")];
        // Of a secret that does not exist, AWS may compare what the request says.
        if (`${SecretId}`.startsWith("arn:")) arns.push(`${SecretId}`);
        return arns.map((resource) => ({ action, resource }));
      }
      default:
        throw new Error(`which permission does ${operation} need?`);
    }
  });
}

async function callsOfReconcile(): Promise<Call[]> {
  prepared.answers.push({ body: { dryRun: true, work: [], problems: [], clients: {} } });
  await run(fakeProject(PROJECT), ["reconcile", "na"]);
  return prepared.calls.map(({ path }) => {
    const [, resource] = /^\/2015-03-31\/functions\/(.+)\/invocations$/.exec(path) ?? [];
    if (resource === undefined) throw new Error(`which permission does ${path} need?`);
    return { action: "lambda:InvokeFunction", resource };
  });
}
