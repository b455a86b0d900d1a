import { Testing } from "cdktf";
import { AccessStack, deployPolicy, type Org, OwnCredentialSecrets, planPolicy } from "../../lib";
import { executionPolicy } from "../../lib/rotation/execution-policies";
import { functionArnOf } from "../../lib/rotation/rotation-names";
import { temporaryFolder } from "../support/folders";
import { type Document, isAllowed, type Principal } from "../support/policies/evaluate";
import { entry, testApp } from "../support/sample-org";
import { accessStack, homeRegistry, resources } from "../support/state-stacks";

const OPERATOR = "arn:aws:iam::111111111111:role/operator";
const own = { vault: undefined, credentials: { source: "aws-secrets-manager" } } as const;
const orgOf = (patch = {}): Org =>
  homeRegistry([entry("na-prod", 1, { ...own, ...patch })]).get("na-prod");
const org = orgOf({ credentials: { ...own.credentials, operators: [OPERATOR] } });
const stack = accessStack(org);
const nameOf = (credential: string) => `/genesys/production/na-prod/_${credential}`;

test("an org's own credentials get their containers, without values, in the org's region", () => {
  const { region } = { region: "eu-central-1" };
  const far = accessStack(orgOf({ aws: { account: "111111111111", region } }));
  const secrets = resources(far, "aws_secretsmanager_secret");
  expect(secrets.map(({ name, region: at }) => [name, at])).toEqual(
    ["deployer", "master", "planner"].map((each) => [nameOf(each), region]),
  );
  expect(resources(far, "aws_secretsmanager_secret_policy").map((each) => each.region)).toEqual(
    Array(3).fill(region),
  );
  expect(resources(far, "aws_kms_key").map((each) => each.region)).toContain(region);
  expect(resources(far, "aws_secretsmanager_secret_version")).toEqual([]);
});

test("a retired org keeps them", () => {
  expect(
    resources(accessStack(orgOf({ retired: true })), "aws_secretsmanager_secret"),
  ).toHaveLength(3);
});

test("there are none for an org with Vault, or with an account of its own", () => {
  const vault = homeRegistry([entry("na-prod", 1)]).get("na-prod");
  const elsewhere = orgOf({
    aws: {
      account: "222222222222",
      region: "us-east-1",
      deployRole: "arn:aws:iam::222222222222:role/deploy",
      planRole: "arn:aws:iam::222222222222:role/plan",
    },
    credentials: {
      source: "aws-secrets-manager",
      operators: ["arn:aws:iam::222222222222:role/operator"],
    },
  });
  for (const each of [vault, elsewhere]) {
    expect(resources(accessStack(each), "aws_secretsmanager_secret")).toEqual([]);
  }
  const other = new AccessStack(testApp(temporaryFolder()), vault);
  expect(() => new OwnCredentialSecrets(other, "secrets", { org: vault })).toThrow(
    "na-prod keeps its own credentials in Vault",
  );
  const stackOfOwn = new AccessStack(testApp(temporaryFolder()), elsewhere);
  new OwnCredentialSecrets(stackOfOwn, "secrets", { org: elsewhere });
  expect(
    resources(JSON.parse(Testing.synth(stackOfOwn)), "aws_secretsmanager_secret"),
  ).toHaveLength(3);
});

describe("who may do what", () => {
  const document = (Statement: readonly object[]): Document => ({ Statement });
  const policyOf = (credential: string): Document => {
    const found = Object.entries(stack.resource.aws_secretsmanager_secret_policy ?? {}).find(
      ([name]) => name.includes(`_${credential}_`),
    );
    return JSON.parse(String(found?.[1].policy));
  };
  const role = (arn: string, ...policies: Document[]): Principal => ({
    arn: arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/").concat("/session"),
    context: { "aws:PrincipalArn": arn },
    policies,
  });
  const roleArn = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
  const everything = document([{ Effect: "Allow", Action: "*", Resource: "*" }]);
  const secretArn = (credential: string) =>
    `arn:aws:secretsmanager:us-east-1:111111111111:secret:${nameOf(credential)}-AbCdEf`;
  const functionOf = (part: "rotator" | "reconciler") =>
    document(
      executionPolicy(
        org,
        part,
        `${secretArn("master").slice(0, -6)}??????`,
        "arn:aws:kms:us-east-1:111111111111:key/*",
      ),
    );
  const may = (principal: Principal, action: string, credential: string) =>
    isAllowed(
      principal,
      {
        action: `secretsmanager:${action}`,
        resource: secretArn(credential),
        account: "111111111111",
        context:
          action === "GetSecretValue"
            ? {
                "secretsmanager:VersionStage": "AWSCURRENT",
                "secretsmanager:resource/AllowRotationLambdaArn": functionArnOf(org, "reconciler"),
              }
            : {},
      },
      policyOf(credential),
    );
  const ALL = ["deployer", "planner", "master"] as const;
  const readBy = async (principal: Principal) => {
    const read = await Promise.all(ALL.map((each) => may(principal, "GetSecretValue", each)));
    return ALL.filter((_, index) => read[index]);
  };
  const deploy = role(org.roles.writer && roleArn(org.roles.writer), document(deployPolicy(org)));
  const plan = role(roleArn(org.roles.reader), document(planPolicy(org)));

  test.each<[string, Principal, readonly string[]]>([
    ["the role that deploys", deploy, ["deployer"]],
    ["the role that plans", plan, ["planner"]],
    ["the rotator", role(roleArn(org.roles.rotator), functionOf("rotator")), ["master"]],
    ["the reconciler", role(roleArn(org.roles.reconciler), functionOf("reconciler")), ["master"]],
    ["an operator", role(OPERATOR, everything), ALL],
    [
      "another org's role, whatever it is allowed",
      role(roleArn("genesys-eu-prod-state-writer"), everything),
      [],
    ],
    ["an administrator", role(roleArn("administrator"), everything), []],
  ])("%s reads", async (_who, principal, expected) => {
    expect(await readBy(principal)).toEqual(expected);
  });

  test.each([
    "PutSecretValue",
    "PutResourcePolicy",
    "UpdateSecretVersionStage",
    "DeleteSecret",
    "UpdateSecret",
    "TagResource",
    "UntagResource",
    "CancelRotateSecret",
  ])("%s is for operators and state admins", async (action) => {
    const who = [
      role(OPERATOR, everything),
      role(roleArn("admin"), everything),
      deploy,
      role(roleArn("other"), everything),
    ];
    for (const credential of ALL) {
      const allowed = await Promise.all(who.map((each) => may(each, action, credential)));
      expect(allowed).toEqual([true, true, false, false]);
    }
  });
});
