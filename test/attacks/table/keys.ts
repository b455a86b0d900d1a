import { ACCOUNT, PARTNER, STRANGE } from "../deployment";
import { ALLOWED, DENIED, type Group } from "../request";
import { context, of } from "../resources";

const { none, aliases, throughS3, throughTable, throughSecretsManager } = context;
const USE = ["kms:Decrypt", "kms:GenerateDataKey"];
const forService = { "kms:GrantIsForAWSResource": "true" };

/** The keys of states: each org's, and the home's. */
export const STATE_KEYS: Group = {
  name: "keys of states",
  // biome-ignore format: a table
  lines: [
    ["na apply", USE, of.stateKey, throughS3(), ALLOWED, "its own state, through S3"],
    [["na plan", "na unlock"], "kms:Decrypt", of.stateKey, throughS3(), ALLOWED, "it reads through S3"],
    ["na plan", "kms:GenerateDataKey", of.stateKey, throughS3(), DENIED, "a plan writes nothing"],
    [["na plan, widened", "na apply, widened"], "kms:Decrypt", of.stateKey, none, DENIED, "never without S3"],
    [["na apply", "na apply, widened"], "kms:Decrypt", of.stateKey, throughS3("arn:aws:s3:::payroll"), DENIED, "another bucket"],
    [["na apply", "na apply, widened"], "kms:Decrypt", of.stateKey, throughS3(of.othersState), DENIED, "another org's object"],
    [["na-prod apply", "na-prod apply, widened", "na-prod plan"], USE, of.stateKey, throughS3(), DENIED, "another org's key"],
    [["administrator", "break-glass", "administrator, tagged na", "na-prod apply, tagged na", "payroll team"], USE, of.stateKey, throughS3(), DENIED, "not a role that the key names"],
    [["partner apply", "partner, tagged na", "partner's namesake of na apply", "stranger"], "kms:Decrypt", of.stateKey, throughS3(), DENIED, "another account's role"],
    ["root user", "kms:Decrypt", of.stateKey, none, DENIED, "it may only administer"],
    [["na apply", "na-prod apply"], ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"], of.stateKey, none, DENIED, "the state key is the access stack's"],
    ["na apply", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateAlias"], of.stateKey, aliases("alias/genesys-state/na"), DENIED, "another alias than the secrets' key"],
    ["na apply", "kms:TagResource", of.stateKey, none, DENIED, "no org role tags a key"],
    [["na apply, widened", "administrator", "state admin"], "kms:CreateGrant", of.stateKey, none, DENIED, "a grant would go around the policy"],
    ["state admin", "kms:CreateGrant", of.stateKey, { ...throughTable("x"), ...forService }, DENIED, "this key has no table"],
    ["state admin", "kms:Decrypt", of.stateKey, throughS3(), ALLOWED, "it restores states"],
    ["state admin", "kms:Decrypt", of.stateKey, none, DENIED, "never without S3"],
    [["administrator", "root user"], "kms:PutKeyPolicy", of.stateKey, none, ALLOWED, "docs/state.md: CloudTrail records it"],
    [["na apply", "na-prod unlock"], "kms:Decrypt", of.homeKey, throughTable("genesys-locks-home"), DENIED, "the key knows another table"],
    ["na apply", "kms:Decrypt", of.homeKey, throughS3(), DENIED, "the home's own state"],
    ["na apply, widened", USE, of.homeKey, throughS3(), DENIED, "the home's own state"],
    ["administrator", "kms:Decrypt", of.homeKey, throughS3(), DENIED, "state admins only"],
    ["administrator", "kms:Decrypt", of.homeKey, throughTable(of.table.split("/")[1] ?? ""), DENIED, "it has no org's tag"],
    ["administrator, tagged na", "kms:Decrypt", of.homeKey, throughTable(of.table.split("/")[1] ?? ""), ALLOWED, "docs/state.md: administrators give tags; the table has locks, and no state"],
    ["state admin", "kms:CreateGrant", of.homeKey, { ...throughTable("x"), ...forService }, ALLOWED, "DynamoDB keeps the lock table"],
    ["state admin", "kms:CreateGrant", of.homeKey, { ...throughTable("x"), "kms:GrantIsForAWSResource": "false" }, DENIED, "a grant for anybody"],
  ],
};

const SECRETS_ADMIN = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateKeyDescription"];
const claim = (name: string) => ({
  "aws:RequestTag/genesys-secrets-of": name,
  "aws:TagKeys": ["genesys-secrets-of"],
});
const SECRETS_ALIAS = "alias/genesys-secrets/na";

/** The keys of secrets, and of other teams: taking one over by tag, alias, policy or grant. */
export const SECRETS_KEYS: Group = {
  name: "keys of secrets and of others",
  // biome-ignore format: a table
  lines: [
    ["na apply", "kms:CreateKey", of.anyKey, none, ALLOWED, "its stack creates the key, without tags"],
    ["na apply", "kms:CreateKey", of.anyKey, claim("na"), DENIED, "a new key with tags needs TagResource"],
    ["na apply", SECRETS_ADMIN, of.secretsKey, aliases(SECRETS_ALIAS), ALLOWED, "its own key, by the alias"],
    ["na apply", SECRETS_ADMIN, of.secretsKey, none, ALLOWED, "its own key, by the key's policy"],
    ["na apply", ["kms:CreateAlias", "kms:DeleteAlias"], of.alias, none, ALLOWED, "its own alias"],
    ["na plan", "kms:GetKeyPolicy", of.secretsKey, aliases(SECRETS_ALIAS), ALLOWED, "a plan compares"],
    ["na plan", SECRETS_ADMIN, of.secretsKey, aliases(SECRETS_ALIAS), DENIED, "a plan changes nothing"],
    [["na apply", "na plan"], ["kms:TagResource", "kms:UntagResource"], of.secretsKey, claim("na"), DENIED, "no org role tags a key"],
    ["na apply", ["kms:TagResource", "kms:UntagResource"], of.payrollKey, claim("na"), DENIED, "a tag would claim another team's key"],
    ["na apply", ["kms:TagResource", "kms:UntagResource"], of.payrollKey, { ...claim("na"), ...aliases(SECRETS_ALIAS) }, DENIED, "not even under its alias"],
    ["na apply", SECRETS_ADMIN, of.payrollKey, { "aws:ResourceTag/genesys-secrets-of": "na" }, DENIED, "tags of earlier versions do not count"],
    ["na apply", SECRETS_ADMIN, of.payrollKey, aliases("alias/payroll"), DENIED, "another team's key"],
    ["na apply", ["kms:CreateAlias", "kms:UpdateAlias"], of.payrollKey, none, DENIED, "its alias would claim another team's key"],
    ["na apply", ["kms:CreateAlias", "kms:UpdateAlias"], of.payrollKey, aliases("alias/payroll"), DENIED, "its alias would claim another team's key"],
    ["na apply", ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"], of.othersAlias, none, DENIED, "another org's alias"],
    ["na apply", ["kms:CreateAlias", "kms:DeleteAlias"], of.payrollAlias, none, DENIED, "another team's alias"],
    ["na apply", "kms:DeleteAlias", of.stateAlias, none, DENIED, "the state key's alias"],
    ["na-prod apply", [...SECRETS_ADMIN, "kms:CreateAlias", "kms:GetKeyPolicy"], of.secretsKey, aliases(SECRETS_ALIAS), DENIED, "another org's key"],
    ["na-prod plan", "kms:GetKeyPolicy", of.secretsKey, aliases(SECRETS_ALIAS), DENIED, "another org's key"],
    ["na apply", SECRETS_ADMIN, of.othersSecretsKey, aliases("alias/genesys-secrets/na-prod"), DENIED, "na is not na-prod"],
    ["na apply", ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], of.secretsKey, none, DENIED, "it administers, and never decrypts"],
    [["na apply, widened", "administrator", "break-glass", "root user"], ["kms:CreateGrant", "kms:Decrypt"], of.secretsKey, none, DENIED, "only through Secrets Manager"],
    ["na apply", ["kms:CreateGrant", "kms:Decrypt", "kms:RetireGrant"], of.payrollKey, none, DENIED, "another team's key"],
    ["na rotator", USE, of.secretsKey, throughSecretsManager, ALLOWED, "it writes values"],
    ["na rotator", USE, of.secretsKey, none, DENIED, "only through Secrets Manager"],
    [["na rotator", "na rotator, widened"], "kms:Decrypt", of.payrollKey, none, DENIED, "the boundary has Secrets Manager only"],
    [["na-prod rotator", "na-prod reconciler"], "kms:PutKeyPolicy", of.secretsKey, none, DENIED, "it administers no key"],
    ["stranger", "kms:Decrypt", of.secretsKey, context.throughSecretsManagerOf(STRANGE), DENIED, "an account without a consumer"],
    ["consumer abroad", "kms:Decrypt", of.secretsKey, context.throughSecretsManagerOf(PARTNER), ALLOWED, "the account of a consumer"],
    ["consumer abroad", "kms:GenerateDataKey", of.secretsKey, context.throughSecretsManagerOf(PARTNER), DENIED, "consumers write nothing"],
    ["consumer abroad", "kms:Decrypt", of.secretsKey, none, DENIED, "only through Secrets Manager"],
    ["CloudWatch Logs", "kms:Encrypt", of.secretsKey, { "kms:EncryptionContext:aws:logs:arn": of.logGroup }, ALLOWED, "the rotator's log"],
    ["CloudWatch Logs", "kms:Decrypt", of.secretsKey, { "kms:EncryptionContext:aws:logs:arn": of.othersLogGroup }, DENIED, "another org's log"],
    ["administrator", "kms:PutKeyPolicy", of.secretsKey, { "kms:CallerAccount": ACCOUNT }, ALLOWED, "CloudTrail records it"],
  ],
};
