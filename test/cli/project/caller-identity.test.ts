import { callerIdentity, principalOf } from "../../../lib/cli/project/caller-identity";
import { type Front, serve } from "../../support/loopback-front";
import { type IdentityProps, identityHandler } from "../../support/loopback-identity";
import { useLoopbackCredentials } from "../../support/loopback-store";

useLoopbackCredentials();

const IAM = "arn:aws:iam::111111111111:";
const RESERVED = `${IAM}role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef`;
const session = (role: string) => `arn:aws:sts::111111111111:assumed-role/${role}/me`;

let aws: Front;
afterEach(() => aws.stop());

/** Asks who the caller is, in an account with some roles. */
async function ask(given: Partial<IdentityProps>, candidates: readonly string[]) {
  aws = await serve(identityHandler({ caller: session("Admin"), roles: [], ...given }));
  process.env.AWS_ENDPOINT_URL_STS = aws.url;
  process.env.AWS_ENDPOINT_URL_IAM = aws.url;
  return principalOf(await callerIdentity("eu-west-1"), candidates, "eu-west-1");
}

test.each([
  ["in no folder", `${IAM}role/Admin`, "Admin"],
  ["with a path", `${IAM}role/team/Admin`, "Admin"],
  ["of IAM Identity Center", RESERVED, "AWSReservedSSO_Ops_0123456789abcdef"],
])("a session of a role %s is that role", async (_, role, name) => {
  expect(await ask({ caller: session(name), roles: [role] }, [role])).toBe(role);
});

test.each([
  [`${IAM}role/Admin`, [`${IAM}role/team/Admin`]],
  [`${IAM}role/team/Admin`, [`${IAM}role/Admin`]],
  [`${IAM}role/other/Admin`, [`${IAM}role/Admin`, `${IAM}role/team/Admin`]],
])("the role %s is not a role of the same name with another path", async (role, candidates) => {
  expect(await ask({ roles: [role] }, candidates)).toBe(role);
});

test("no role is asked for if no candidate has the name of the session's role", async () => {
  for (const candidates of [
    [`${IAM}role/SuperAdmin`],
    [`${IAM}user/Admin`],
    ["arn:aws:iam::222222222222:role/Admin"],
  ]) {
    expect(await ask({ mayGetRole: false }, candidates)).toBe(session("Admin"));
    await aws.stop();
  }
});

test("a user's ARN has its path", async () => {
  const caller = `${IAM}user/team/me`;
  expect(await ask({ caller, mayGetRole: false }, [`${IAM}user/me`])).toBe(caller);
});

test("a role that may not be read is not guessed", async () => {
  const role = `${IAM}role/team/Admin`;
  await expect(ask({ roles: [role], mayGetRole: false }, [role])).rejects.toThrow(
    `reading the path of the role Admin, which ${session("Admin")} does not show: AccessDenied: User: ${session("Admin")} is not authorized to perform: iam:GetRole on resource: role Admin. Allow iam:GetRole on this role`,
  );
});

test("a role that was deleted is not guessed", async () => {
  await expect(ask({}, [`${IAM}role/Admin`])).rejects.toThrow(
    "NoSuchEntityException: The role with name Admin cannot be found.",
  );
});
