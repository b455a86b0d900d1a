import { type Check, type Document, isAllowed, type Principal } from "./evaluate";

// The order in which AWS evaluates, as it documents it, on the smallest policies: IAM User Guide,
// "Policy evaluation logic" and "How IAM evaluates condition operators"; KMS Developer Guide, "Key
// policies in AWS KMS".
const HERE = "111111111111";
const THERE = "222222222222";
const OBJECT = "arn:aws:s3:::bucket/orgs/a/state";
const KEY = `arn:aws:kms:us-east-1:${HERE}:key/00000000-0000-4000-8000-000000000001`;

type Statement = Record<string, unknown>;
const policy = (...Statement: Statement[]): Document => ({ Statement });
const allow = (more: Statement = {}) => ({ Effect: "Allow", Action: "*", Resource: "*", ...more });
const deny = (more: Statement = {}) => ({ ...allow(more), Effect: "Deny" });
const anybody = { Principal: "*" };
const account = (number: string) => ({ Principal: { AWS: `arn:aws:iam::${number}:root` } });

const who = (number: string, policies: Document[], context: Record<string, string> = {}) => ({
  arn: `arn:aws:sts::${number}:assumed-role/role/session`,
  context: { "aws:PrincipalArn": `arn:aws:iam::${number}:role/role`, ...context },
  policies,
});
const getObject: Check = { action: "s3:GetObject", resource: OBJECT, account: HERE };
const decrypt: Check = { action: "kms:Decrypt", resource: KEY, account: HERE };
const assume: Check = {
  action: "sts:AssumeRole",
  resource: `arn:aws:iam::${HERE}:role/writer`,
  account: HERE,
};
const CONTEXT = { StringLike: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::bucket/a/*" } };

type Evaluation = [what: string, expected: boolean, Principal, Check, Document?];

const wide = who(HERE, [policy(allow())]);
const bare = who(HERE, []);
const when = (Condition: object): Document => policy(deny({ ...anybody, Condition }));
const tagged = (Resource: string): Document => policy(deny({ ...anybody, Resource }));
const OWN = "arn:aws:s3:::bucket/orgs/${aws:PrincipalTag/org}/*";
const OWN_OR_NONE = "arn:aws:s3:::bucket/orgs/${aws:PrincipalTag/org, 'none'}/*";
const ofA = who(HERE, [policy(allow())], { "aws:PrincipalTag/org": "a" });

const EVALUATIONS: Evaluation[] = [
  ["nothing is allowed by default", false, bare, getObject],
  ["an allow of the principal's own is enough", true, wide, getObject],
  ["a deny beats an allow", false, who(HERE, [policy(allow(), deny())]), getObject],
  ["a deny of the resource beats it as well", false, wide, getObject, policy(deny(anybody))],
  [
    "in one account, an allow of the resource for the role is enough",
    true,
    bare,
    getObject,
    policy(allow({ Principal: { AWS: `arn:aws:iam::${HERE}:role/role` } })),
  ],
  [
    "one for the account leaves it to the account's own policies",
    false,
    bare,
    getObject,
    policy(allow(account(HERE))),
  ],
  [
    "between accounts, both have to allow: both do",
    true,
    who(THERE, [policy(allow())]),
    getObject,
    policy(allow(account(THERE))),
  ],
  [
    "between accounts: the resource does not",
    false,
    who(THERE, [policy(allow())]),
    getObject,
    policy(allow(account(HERE))),
  ],
  [
    "between accounts: the principal has no allow",
    false,
    who(THERE, []),
    getObject,
    policy(allow(account(THERE))),
  ],
  ["a key opens to nobody whom its policy does not name", false, wide, decrypt, policy()],
  ["a key's account may leave it to IAM", true, wide, decrypt, policy(allow(account(HERE)))],
  ["which then has to allow it", false, bare, decrypt, policy(allow(account(HERE)))],
  [
    "a key's own allow may ask for more",
    false,
    wide,
    decrypt,
    policy(
      allow({
        ...account(HERE),
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      }),
    ),
  ],
  [
    "between accounts, a key and the caller's own policies have to allow",
    true,
    who(THERE, [policy(allow())]),
    decrypt,
    policy(allow(account(THERE))),
  ],
  [
    "between accounts: the key does not",
    false,
    who(THERE, [policy(allow())]),
    decrypt,
    policy(allow(account(HERE))),
  ],
  [
    "what a key's condition says of the context holds: it is another",
    false,
    wide,
    { ...decrypt, context: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other" } },
    policy(allow({ ...account(HERE), Condition: CONTEXT })),
  ],
  [
    "what a key's condition says of the context holds: it is the same",
    true,
    wide,
    { ...decrypt, context: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::bucket/a/state" } },
    policy(allow({ ...account(HERE), Condition: CONTEXT })),
  ],
  [
    "what a key's condition says of the context holds: there is none",
    false,
    wide,
    decrypt,
    policy(allow({ ...account(HERE), Condition: CONTEXT })),
  ],
  ["a role's trust has to allow, in its own account as well", false, wide, assume, policy()],
  [
    "a role's trust in the account leaves it to IAM",
    true,
    wide,
    assume,
    policy({ Effect: "Allow", ...account(HERE), Action: "sts:AssumeRole" }),
  ],
  [
    "a role's trust in one action is none in another",
    false,
    wide,
    { ...assume, action: "sts:TagSession" },
    policy({ Effect: "Allow", ...account(HERE), Action: "sts:AssumeRole" }),
  ],
  [
    "another action is not meant",
    true,
    wide,
    getObject,
    policy(deny({ ...anybody, Action: "s3:Put*" })),
  ],
  [
    "NotAction means all others",
    false,
    wide,
    getObject,
    policy({ Effect: "Deny", ...anybody, NotAction: "s3:PutObject", Resource: "*" }),
  ],
  [
    "NotResource means all others",
    false,
    wide,
    getObject,
    policy({
      Effect: "Deny",
      ...anybody,
      Action: "s3:*",
      NotResource: "arn:aws:s3:::bucket/orgs/b/*",
    }),
  ],
  [
    "and not itself",
    true,
    wide,
    getObject,
    policy({
      Effect: "Deny",
      ...anybody,
      Action: "s3:*",
      NotResource: "arn:aws:s3:::bucket/orgs/a/*",
    }),
  ],
  ["a variable is the caller's tag", false, ofA, getObject, tagged(OWN)],
  ["a variable without a value matches nothing", true, wide, getObject, tagged(OWN)],
  ["a variable's default stands in for it", true, wide, getObject, tagged(OWN_OR_NONE)],
  [
    "a variable's default matches what is called so",
    false,
    wide,
    { ...getObject, resource: "arn:aws:s3:::bucket/orgs/none/state" },
    tagged(OWN_OR_NONE),
  ],
  [
    "StringNotEquals is true of a key that is missing",
    false,
    wide,
    { ...getObject, action: "s3:PutObject" },
    when({ StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } }),
  ],
  [
    "StringEquals is not",
    true,
    wide,
    { ...getObject, action: "s3:PutObject" },
    when({ StringEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } }),
  ],
  [
    "StringEqualsIfExists is",
    false,
    wide,
    { ...getObject, action: "s3:PutObject" },
    when({ StringEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" } }),
  ],
  [
    "StringNotLike is true of a key that is missing",
    false,
    wide,
    { ...getObject, action: "s3:PutObject" },
    when({ StringNotLike: { "s3:x-amz-server-side-encryption": "aws:*" } }),
  ],
  [
    "Null true is a key that is missing",
    false,
    wide,
    getObject,
    when({ Null: { "aws:PrincipalTag/org": "true" } }),
  ],
  [
    "Null true is no key that is there",
    true,
    ofA,
    getObject,
    when({ Null: { "aws:PrincipalTag/org": "true" } }),
  ],
  [
    "ArnNotEquals knows the pattern of a role's path",
    true,
    wide,
    getObject,
    when({ ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${HERE}:role/r*` } }),
  ],
  [
    "ArnNotEquals is true of another role",
    false,
    wide,
    getObject,
    when({ ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${HERE}:role/other` } }),
  ],
  [
    "all conditions of a statement have to hold",
    true,
    wide,
    getObject,
    when({
      ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/other" },
      Bool: { "aws:SecureTransport": "false" },
    }),
  ],
  [
    "ForAllValues is true of a key that is missing",
    false,
    wide,
    {
      action: "dynamodb:GetItem",
      resource: `arn:aws:dynamodb:us-east-1:${HERE}:table/t`,
      account: HERE,
    },
    when({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"] } }),
  ],
  [
    "ForAllValues is false where one value is another",
    true,
    wide,
    {
      action: "dynamodb:GetItem",
      resource: `arn:aws:dynamodb:us-east-1:${HERE}:table/t`,
      account: HERE,
      context: { "dynamodb:LeadingKeys": ["a", "b"] },
    },
    when({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"] } }),
  ],
];

test.each(EVALUATIONS)("%s", async (...[, expected, principal, check, resourcePolicy]) => {
  expect(await isAllowed(principal, check, resourcePolicy)).toBe(expected);
});

test("a key that the evaluator does not know is an error, and not left out", async () => {
  const context = { "s3:no-such-key": "value" };
  await expect(isAllowed(wide, { ...getObject, context })).rejects.toThrow(
    "s3:GetObject: the evaluator does not know s3:no-such-key",
  );
});
