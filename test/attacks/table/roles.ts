import { ALLOWED, DENIED, type Group } from "../request";
import { context, of } from "../resources";

const { none, bounded, passedTo } = context;

/** IAM: roles, their boundaries and policies. */
export const ROLES: Group = {
  name: "roles and boundaries",
  // biome-ignore format: a table
  lines: [
    ["na apply", ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"], of.rotatorRole, bounded(of.boundary), ALLOWED, "within the boundary"],
    ["na apply", "iam:UpdateAssumeRolePolicy", of.rotatorRole, none, ALLOWED, "docs/rotation.md: whoever applies may change the trust"],
    ["na apply", ["iam:CreateRole", "iam:PutRolePolicy"], of.rotatorRole, none, DENIED, "without a boundary"],
    ["na apply", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"], of.rotatorRole, bounded(of.othersBoundary), DENIED, "within another org's boundary"],
    ["na apply", ["iam:CreateRole", "iam:PutRolePermissionsBoundary"], of.rotatorRole, bounded(of.administratorAccess), DENIED, "a boundary that bounds nothing"],
    ["na apply", "iam:DeleteRolePermissionsBoundary", of.rotatorRole, bounded(of.boundary), DENIED, "the boundary stays"],
    ["na apply", "iam:AttachRolePolicy", of.rotatorRole, { ...bounded(of.boundary), "iam:PolicyARN": of.administratorAccess }, DENIED, "its stack attaches nothing"],
    ["na apply", ["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:SetDefaultPolicyVersion"], of.boundary, none, DENIED, "the boundary is the access stack's"],
    ["na apply", ["iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:TagRole"], of.writerRole, none, DENIED, "its tags and its trust are the access stack's"],
    ["na apply", "iam:PutRolePolicy", of.writerRole, bounded(of.boundary), DENIED, "it does not widen itself"],
    ["na apply", ["iam:UpdateAssumeRolePolicy", "iam:TagRole"], of.readerRole, none, DENIED, "its tags and its trust are the access stack's"],
    ["na apply", "iam:PutRolePolicy", of.readerRole, bounded(of.boundary), DENIED, "its plan role stays a reader"],
    ["na apply", ["iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:TagRole"], of.othersRotatorRole, none, DENIED, "na is not na-prod"],
    ["na apply", "iam:PutRolePolicy", of.othersRotatorRole, bounded(of.othersBoundary), DENIED, "na is not na-prod"],
    ["na apply", ["iam:UpdateAssumeRolePolicy", "iam:TagRole"], of.othersWriterRole, none, DENIED, "another org's apply role"],
    ["na apply", "iam:PutRolePolicy", of.othersWriterRole, bounded(of.boundary), DENIED, "another org's apply role"],
    ["na apply", "iam:PutRolePolicy", of.adminRole, bounded(of.boundary), DENIED, "the state admin's role"],
    ["na apply", "iam:CreateAccessKey", of.newUser, none, DENIED, "its stack has no users"],
    ["na apply", "iam:CreateUser", of.newUser, bounded(of.boundary), DENIED, "its stack has no users"],
    ["na apply", "iam:PassRole", of.rotatorRole, passedTo("lambda"), ALLOWED, "the functions' role"],
    ["na apply", "iam:PassRole", of.rotatorRole, passedTo("ec2"), DENIED, "another service would act as the rotator"],
    ["na apply", "iam:PassRole", of.adminRole, passedTo("lambda"), DENIED, "a function would act as state admin"],
    ["na apply", "iam:PassRole", of.othersRotatorRole, passedTo("lambda"), DENIED, "na is not na-prod"],
    ["na plan", ["iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], of.rotatorRole, bounded(of.boundary), DENIED, "a plan changes nothing"],
    ["na plan", "iam:PassRole", of.rotatorRole, passedTo("lambda"), DENIED, "a plan changes nothing"],
    [["na rotator", "na rotator, widened", "na reconciler"], ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"], of.rotatorRole, bounded(of.boundary), DENIED, "the boundary has no IAM"],
    ["na rotator, widened", ["iam:CreateUser"], of.newUser, none, DENIED, "the boundary has no IAM"],
    ["na rotator, widened", "sts:AssumeRole", of.writerRole, none, DENIED, "the boundary has no STS"],
    ["na-prod apply", ["iam:PutRolePolicy", "iam:DeleteRole", "iam:UpdateAssumeRolePolicy"], of.rotatorRole, bounded(of.boundary), DENIED, "another org's role"],
  ],
};

const HOST = "token.actions.githubusercontent.com";
/** The claims of a token of GitHub. */
export const token = (patch: Readonly<Record<string, string>> = {}) => {
  const claims: Record<string, string> = {
    aud: "sts.amazonaws.com",
    sub: "repo:example/it:environment:apply-na",
    repository_id: "7",
    environment: "apply-na",
    ...patch,
  };
  return Object.fromEntries(
    Object.entries(claims).map(([claim, value]) => [`${HOST}:${claim}`, value]),
  );
};
const ASSUME = "sts:AssumeRole";
const WEB = "sts:AssumeRoleWithWebIdentity";

/** Who becomes a role. */
export const TRUST: Group = {
  name: "trust",
  // biome-ignore format: a table
  lines: [
    ["GitHub", WEB, of.writerRole, token(), ALLOWED, "the environment of its applies"],
    ["GitHub", WEB, of.writerRole, token({ sub: "repo:example/it:environment:plan-na", environment: "plan-na" }), DENIED, "the environment of its plans"],
    ["GitHub", WEB, of.writerRole, token({ sub: "repo:example/it:environment:apply-na-prod", environment: "apply-na-prod" }), DENIED, "another org's environment"],
    ["GitHub", WEB, of.writerRole, token({ sub: "repo:example/it:ref:refs/heads/main" }), DENIED, "a branch without the environment"],
    ["GitHub", WEB, of.writerRole, token({ sub: "repo:example/it:pull_request" }), DENIED, "a pull request"],
    ["GitHub", WEB, of.writerRole, token({ sub: "repo:attacker/it:environment:apply-na" }), DENIED, "a fork"],
    ["GitHub", WEB, of.writerRole, token({ repository_id: "9" }), DENIED, "a new repository of the old name"],
    ["GitHub", WEB, of.writerRole, token({ aud: "https://github.com/example" }), DENIED, "a token for somebody else"],
    [["administrator", "break-glass", "payroll team", "na-prod apply, widened", "consumer, widened"], ASSUME, of.writerRole, none, DENIED, "the trust names others"],
    [["partner apply", "partner's namesake of na apply", "stranger"], ASSUME, of.writerRole, none, DENIED, "another account"],
    ["state admin", ASSUME, of.writerRole, none, DENIED, "with GitHub, nobody else is named"],
    [["state admin", "administrator", "na-prod apply, widened"], "sts:TagSession", of.writerRole, { "aws:RequestTag/genesys-org": "na-prod" }, DENIED, "session tags would replace the role's"],
    ["GitHub", "sts:TagSession", of.writerRole, { "aws:RequestTag/genesys-org": "na-prod" }, DENIED, "session tags would replace the role's"],
    ["Lambda", ASSUME, of.rotatorRole, none, ALLOWED, "the function's role"],
    ["Lambda", ASSUME, of.schedulerRole, none, DENIED, "the schedule's role"],
    ["Scheduler", ASSUME, of.schedulerRole, { "aws:SourceAccount": "111111111111" }, ALLOWED, "the org's account"],
    ["Scheduler", ASSUME, of.schedulerRole, { "aws:SourceAccount": "333333333333" }, DENIED, "a schedule of another account"],
    [["EC2", "EventBridge", "Secrets Manager"], ASSUME, of.rotatorRole, none, DENIED, "another service"],
    [["administrator", "na apply", "na apply, widened", "na-prod rotator, widened", "stranger"], ASSUME, of.rotatorRole, none, DENIED, "only Lambda becomes the rotator"],
  ],
};
