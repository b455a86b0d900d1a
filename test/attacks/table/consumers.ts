import { PARTNER } from "../deployment";
import { ALLOWED, DENIED, type Group } from "../request";
import { context, of } from "../resources";

const { none, rotatedBy, forSecret } = context;
const READ = "secretsmanager:GetSecretValue";
const DECRYPT = "kms:Decrypt";

const PUT = "secretsmanager:PutSecretValue";
const due = { "events:source": ["genesys-orgs"], "events:detail-type": ["Credential Due"] };

/** Credentials that are not OAuth clients: keys of third parties, copies from Vault, webhooks' secrets. */
export const OTHER_SECRETS: Group = {
  name: "other secrets",
  // biome-ignore format: a table
  lines: [
    ["sync", READ, of.ticketsSecret, none, ALLOWED, "its own secret, with AWS's own key"],
    ["copy", READ, of.studioSecret, none, ALLOWED, "its own secret"],
    ["copy", DECRYPT, of.secretsKey, forSecret(of.studioSecret), ALLOWED, "the org's key is for all its roots"],
    ["sync", READ, of.studioSecret, none, DENIED, "another workload's secret"],
    ["copy", READ, of.ticketsSecret, none, DENIED, "another workload's secret"],
    ["break-glass", READ, of.ticketsSecret, none, ALLOWED, "the registry names it"],
    [["na apply", "na apply, widened", "na plan", "administrator", "other workload", "na-prod rotator, widened", "stranger"], READ, of.ticketsSecret, none, DENIED, "only consumers read"],
    [["na rotator", "na reconciler"], READ, of.ticketsSecret, context.stage("AWSCURRENT"), DENIED, "nothing to do with its value"],
    ["na reconciler", READ, of.hookSecret, context.stage("AWSCURRENT"), DENIED, "it logs in with OAuth clients only"],
    ["na rotator", READ, of.hookSecret, rotatedBy("na", "AWSCURRENT"), ALLOWED, "the next value has the previous one"],
    ["na rotator", PUT, of.hookSecret, rotatedBy("na"), ALLOWED, "it makes the value"],
    [["administrator", "na apply, widened", "break-glass"], PUT, of.hookSecret, none, DENIED, "only the rotator makes the value"],
    ["na rotator", PUT, of.ticketsSecret, none, DENIED, "its owner puts the value"],
    ["administrator", PUT, of.ticketsSecret, none, ALLOWED, "its owner puts the value"],
    ["na apply", PUT, of.studioSecret, none, ALLOWED, "Terraform copies it from Vault"],
    ["na apply", PUT, of.ticketsSecret, none, DENIED, "Terraform copies nothing there"],
    [["na plan", "na-prod apply", "na reconciler"], PUT, of.studioSecret, none, DENIED, "they write nothing there"],
    ["na apply", ["secretsmanager:CreateSecret", "secretsmanager:PutResourcePolicy"], of.ticketsSecret, none, ALLOWED, "its stack makes the container"],
    ["na apply", "secretsmanager:PutResourcePolicy", of.othersTickets, none, DENIED, "na is not na-prod"],
    ["na-prod apply", ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteSecret"], of.ticketsSecret, none, DENIED, "another org's secret"],
    ["na reconciler", ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"], of.ticketsSecret, none, ALLOWED, "it knows when it is due"],
    ["na reconciler", "secretsmanager:DescribeSecret", of.othersTickets, none, DENIED, "na is not na-prod"],
    ["na reconciler", "events:PutEvents", of.bus, due, ALLOWED, "a reminder"],
    ["na reconciler", "events:PutEvents", of.bus, { ...due, "events:source": ["aws.secretsmanager"] }, DENIED, "it would forge events"],
    ["na reconciler", "events:PutEvents", of.bus, { ...due, "events:detail-type": ["Something Else"] }, DENIED, "reminders only"],
    [["na rotator", "na-prod reconciler", "na apply"], "events:PutEvents", of.bus, due, DENIED, "only the reconciler reminds"],
    ["na reconciler", "ssm:PutParameter", of.reminded, none, ALLOWED, "the day of its last reminder"],
    [["na reconciler", "na rotator"], "ssm:PutParameter", of.managed, none, DENIED, "when it is due is Terraform's to say"],
    ["na apply", "ssm:PutParameter", of.managed, none, ALLOWED, "Terraform writes it"],
    ["na apply", "ssm:PutParameter", of.reminded, none, DENIED, "only the reconciler reminds"],
    ["na apply", "events:PutRule", of.dueRule, due, ALLOWED, "reminders"],
    ["na apply", "events:PutRule", of.dueRule, { ...due, "events:source": ["aws.iam"] }, DENIED, "events of another service"],
    ["na apply", "events:PutTargets", of.dueRule, { "events:TargetArn": [of.topic] }, ALLOWED, "the topic of the alarms"],
    ["na apply", "events:PutTargets", of.dueRule, { "events:TargetArn": [of.othersTopic] }, DENIED, "another team's topic"],
    ["na-prod apply", "events:PutRule", of.dueRule, due, DENIED, "another org's rule"],
  ],
};

/**
 * Workloads with the policy that `genesys-orgs consumers` prints for them, each against the secrets of
 * the others. A secret that nobody's stack made has no policy of its own: there, the workload's policy
 * stands alone.
 */
export const CONSUMERS: Group = {
  name: "consumers",
  // biome-ignore format: a table
  lines: [
    ["sync", [READ, "secretsmanager:DescribeSecret"], of.syncSecret, none, ALLOWED, "its own secret"],
    ["sync", DECRYPT, of.secretsKey, forSecret(of.syncSecret), ALLOWED, "its own secret's key"],
    ["copy", READ, of.copySecret, none, ALLOWED, "its own secret"],
    ["sync", READ, of.copySecret, none, DENIED, "crm-sync-copy is not crm-sync"],
    ["copy", READ, of.syncSecret, none, DENIED, "crm-sync is not crm-sync-copy"],
    ["sync", READ, of.backupSecret, none, DENIED, "a longer name, with six characters more"],
    ["sync", READ, of.suffixSecret, none, DENIED, "a name that ends as AWS's suffix does"],
    ["sync", READ, of.longerSecret, none, DENIED, "a longer name"],
    ["sync", READ, of.rootedSecret, none, DENIED, "the same name below another root"],
    ["sync", READ, of.secret, none, DENIED, "another workload's secret"],
    [["sync, widened", "consumer", "consumer, widened"], READ, of.copySecret, none, DENIED, "the secret's policy does not name it"],
    ["sync, as a user", READ, of.syncSecret, none, DENIED, "a user of the role's name"],
    [["sync", "sync, widened"], READ, of.othersSync, none, DENIED, "another project's secret of that name"],
    ["prod-sync", READ, of.othersSync, none, ALLOWED, "its own secret"],
    ["prod-sync", READ, of.syncSecret, none, DENIED, "another project's secret of that name"],
    ["stage-sync", READ, of.stageSync, none, ALLOWED, "its own secret"],
    ["stage-sync", READ, of.syncSecret, none, DENIED, "staging reads no production"],
    ["sync", READ, of.stageSync, none, DENIED, "production reads no staging"],
    [["sync", "sync, widened", "copy", "prod-sync", "stage-sync", "sync abroad"], READ, of.master, none, DENIED, "only the functions read the master"],
    ["sync", ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage", "secretsmanager:RotateSecret", "secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy"], of.syncSecret, none, DENIED, "it only reads"],
    // Another account: its policy and the secret's must both allow it, and so the key's.
    ["sync abroad", READ, of.syncSecret, none, ALLOWED, "both policies name it"],
    ["sync abroad, without a policy", READ, of.syncSecret, none, DENIED, "its account has not allowed it"],
    ["sync abroad", READ, of.copySecret, none, DENIED, "another workload's secret"],
    ["sync abroad", DECRYPT, of.secretsKey, forSecret(of.syncSecret, PARTNER), ALLOWED, "the key knows its account"],
    ["sync abroad, without a policy", DECRYPT, of.secretsKey, forSecret(of.syncSecret, PARTNER), DENIED, "its account has not allowed it"],
    ["sync abroad", DECRYPT, of.stageSecretsKey, forSecret(of.syncSecret, PARTNER), DENIED, "a key that does not know its account"],
    ["sync abroad", DECRYPT, of.secretsKey, forSecret(of.copySecret, PARTNER), DENIED, "its policy has one secret"],
    // The key, around Secrets Manager and for other secrets.
    [["sync", "sync, widened", "break-glass"], DECRYPT, of.secretsKey, none, DENIED, "only through Secrets Manager"],
    [["sync", "sync, widened"], DECRYPT, of.secretsKey, context.withoutContext, DENIED, "no secret is named"],
    ["sync, widened", DECRYPT, of.secretsKey, forSecret(of.othersSync), DENIED, "the key is for the org's secrets alone"],
    ["sync, widened", DECRYPT, of.secretsKey, forSecret(of.payrollSecret), DENIED, "the key is for the org's secrets alone"],
    ["sync, widened", DECRYPT, of.secretsKey, context.throughAnotherRegion(of.syncSecret), DENIED, "another region's Secrets Manager"],
    ["sync", DECRYPT, of.payrollKey, forSecret(of.othersSync), DENIED, "another secret's key, for another secret"],
    ["sync", DECRYPT, of.payrollKey, none, DENIED, "never without Secrets Manager"],
    ["sync", "kms:GenerateDataKey", of.secretsKey, none, DENIED, "it writes nothing"],
    // Keepers and emergencies.
    ["break-glass", READ, of.syncSecret, none, ALLOWED, "the registry names it"],
    ["break-glass", READ, of.copySecret, none, ALLOWED, "the registry names it"],
    ["break-glass", DECRYPT, of.secretsKey, forSecret(of.syncSecret), ALLOWED, "the registry names it"],
    ["break-glass", READ, of.master, none, DENIED, "the master's value is in Vault"],
    ["break-glass", READ, of.othersSync, none, DENIED, "the other org does not name it"],
    ["na rotator", READ, of.syncSecret, rotatedBy("na", "AWSCURRENT"), ALLOWED, "it replaces it"],
    ["na rotator", READ, of.syncSecret, rotatedBy("na", "AWSPENDING"), ALLOWED, "it adopts its pending value"],
    ["na rotator", READ, of.syncSecret, rotatedBy("na", "AWSPREVIOUS"), DENIED, "it has no use for it"],
    ["na rotator", READ, of.syncSecret, none, DENIED, "a read names its stage"],
  ],
};
