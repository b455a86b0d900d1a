import { ALLOWED, DENIED, type Group } from "../request";
import { context, of } from "../resources";

const { none, rotatedBy, stage } = context;
const [READ, PUT] = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"];
const MOVE = "secretsmanager:UpdateSecretVersionStage";

/** Values of secrets, their labels, their containers. */
export const SECRETS: Group = {
  name: "secrets",
  // biome-ignore format: a table
  lines: [
    [["consumer", "consumer abroad"], READ, of.secret, stage("AWSCURRENT"), ALLOWED, "the secret's policy names it"],
    ["other workload", READ, of.secret, none, DENIED, "the secret's policy does not name it"],
    [["na apply", "na plan", "na apply, widened", "administrator", "state admin", "root user", "payroll team"], READ, of.secret, none, DENIED, "only consumers and the functions read"],
    [["na apply", "na apply, widened", "administrator", "consumer, widened", "break-glass"], READ, of.master, none, DENIED, "only the functions read the master"],
    [["consumer", "consumer abroad"], READ, of.othersMaster, none, DENIED, "only the functions read the master"],
    [["stranger", "stranger's crm", "partner apply"], READ, of.secret, none, DENIED, "another account's role"],
    [["na-prod rotator", "na-prod reconciler", "na-prod rotator, widened"], READ, of.secret, rotatedBy("na-prod", "AWSCURRENT"), DENIED, "another org's functions"],
    [["na-prod rotator", "na-prod reconciler", "na-prod rotator, widened"], READ, of.master, none, DENIED, "another org's functions"],
    [["na rotator", "na reconciler"], READ, of.othersMaster, none, DENIED, "na is not na-prod"],
    [["na rotator", "na rotator, widened"], READ, of.payrollSecret, none, DENIED, "another team's secret"],
    ["na rotator", READ, of.secret, rotatedBy("na", "AWSPENDING"), ALLOWED, "it adopts its pending value"],
    ["na rotator", READ, of.secret, rotatedBy("na", "AWSPREVIOUS"), DENIED, "it has no use for it"],
    ["na rotator", READ, of.secret, rotatedBy("na"), DENIED, "a read names its stage"],
    ["na rotator", READ, of.secret, rotatedBy("na-prod", "AWSCURRENT"), DENIED, "a secret that another function rotates"],
    ["na rotator", READ, of.secretByHand, stage("AWSCURRENT"), DENIED, "a secret that nobody rotates"],
    ["na reconciler", READ, of.secret, stage("AWSCURRENT"), ALLOWED, "it proves the current value"],
    ["na reconciler", READ, of.secret, stage("AWSPENDING"), DENIED, "it proves the current value alone"],
    ["na reconciler", READ, of.secretByHand, stage("AWSCURRENT"), ALLOWED, "docs/rotation.md: it reads the current values of its org"],
    ["na reconciler", READ, of.othersSecret, stage("AWSCURRENT"), DENIED, "na is not na-prod"],
    [["na rotator", "na reconciler"], READ, of.master, none, ALLOWED, "their own credential"],
    ["na rotator", [PUT, MOVE], of.secret, rotatedBy("na"), ALLOWED, "a rotation"],
    ["na rotator", [PUT, MOVE], of.secretByHand, none, DENIED, "a secret that nobody rotates"],
    ["na rotator", [PUT, MOVE], of.master, none, DENIED, "Terraform writes the master"],
    ["na rotator", [PUT, MOVE], of.othersSecret, rotatedBy("na-prod"), DENIED, "na is not na-prod"],
    [["na apply", "na apply, widened", "administrator", "break-glass", "state admin", "root user", "consumer, widened"], PUT, of.secret, none, DENIED, "only the rotator puts a value"],
    [["na reconciler", "na plan", "na unlock", "consumer"], [PUT, MOVE], of.secret, rotatedBy("na"), DENIED, "they write nothing"],
    [["na-prod apply", "na-prod rotator", "na-prod rotator, widened"], [PUT, MOVE], of.secret, rotatedBy("na-prod"), DENIED, "another org's secret"],
    ["na apply", MOVE, of.secret, none, DENIED, "it moves the master's labels alone"],
    ["administrator", MOVE, of.secret, none, ALLOWED, "docs/rotation.md: a rollback moves labels"],
    [["stranger", "consumer abroad", "partner apply"], [PUT, MOVE], of.secret, none, DENIED, "another account"],
    ["na apply", PUT, of.master, none, ALLOWED, "Terraform copies it from Vault"],
    ["administrator", PUT, of.master, none, ALLOWED, "whoever may apply: an administrator may run Terraform"],
    [["na apply", "na rotator"], [PUT, MOVE, READ], of.masterCopy, none, DENIED, "another secret than the master"],
    ["na-prod apply", [PUT, MOVE], of.master, none, DENIED, "another org's master"],
    [["na plan", "na reconciler", "na rotator"], PUT, of.master, none, DENIED, "they write nothing there"],
    ["na apply", "secretsmanager:UpdateSecret", of.secret, none, ALLOWED, "docs/rotation.md: whoever applies may overwrite"],
    ["na apply", ["secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy", "secretsmanager:RotateSecret"], of.secret, none, ALLOWED, "its stack manages the container"],
    ["na apply", ["secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy", "secretsmanager:RotateSecret", "secretsmanager:UpdateSecret"], of.othersSecret, none, DENIED, "na is not na-prod"],
    ["na apply", ["secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy", "secretsmanager:UpdateSecret"], of.payrollSecret, none, DENIED, "another team's secret"],
    ["na plan", ["secretsmanager:RotateSecret", "secretsmanager:CancelRotateSecret", "secretsmanager:DeleteSecret", "secretsmanager:PutResourcePolicy"], of.secret, none, DENIED, "a plan changes nothing"],
    [["na rotator", "na rotator, widened", "na reconciler"], ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteSecret", "secretsmanager:CancelRotateSecret"], of.secret, rotatedBy("na"), DENIED, "the container is Terraform's"],
    [["na plan", "na apply", "na reconciler", "consumer"], "secretsmanager:ListSecrets", of.anySecret, none, DENIED, "AWS would tell the names of all orgs' secrets"],
    ["na plan", ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"], of.secret, none, ALLOWED, "docs/inventory.md: dates and labels"],
    ["na plan", ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"], of.othersSecret, none, DENIED, "na is not na-prod"],
    ["na scheduler", [READ, PUT], of.secret, none, DENIED, "it only starts the reconciler"],
  ],
};

const WRITE = ["ssm:PutParameter", "ssm:DeleteParameter"];

/** Specifications, statuses and retirement marks in SSM. */
export const PARAMETERS: Group = {
  name: "parameters",
  // biome-ignore format: a table
  lines: [
    ["na apply", WRITE, of.specification, none, ALLOWED, "Terraform writes it"],
    ["na plan", "ssm:GetParameter", of.specification, none, ALLOWED, "a plan compares"],
    ["na plan", WRITE, of.specification, none, DENIED, "a plan changes nothing"],
    [["na rotator", "na reconciler", "na rotator, widened"], WRITE, of.specification, none, DENIED, "roles and lifetimes are Terraform's to say"],
    ["na rotator", "ssm:GetParameters", of.specification, none, ALLOWED, "it mints by it"],
    ["na reconciler", "ssm:PutParameter", of.status, none, ALLOWED, "its own notes"],
    ["na reconciler", "ssm:DeleteParameter", of.status, none, ALLOWED, "its notes of a credential that was destroyed"],
    ["na reconciler", WRITE, of.retirement, none, ALLOWED, "it retires and undoes"],
    [["na apply", "na plan"], WRITE, of.status, none, DENIED, "only the reconciler knows the clients"],
    ["na apply", WRITE, of.retirement, none, DENIED, "only the reconciler retires"],
    ["na rotator", WRITE, of.status, none, DENIED, "only the reconciler notes"],
    ["na rotator", WRITE, of.retirement, none, DENIED, "only the reconciler retires"],
    [["na-prod apply", "na-prod rotator", "na-prod reconciler"], [...WRITE, "ssm:GetParameters"], of.specification, none, DENIED, "another org's parameter"],
    ["na-prod reconciler", WRITE, of.status, none, DENIED, "another org's notes"],
    ["na-prod reconciler", WRITE, of.retirement, none, DENIED, "it would retire another org's clients"],
    [["na apply", "na reconciler"], [...WRITE, "ssm:GetParameters"], of.othersSpecification, none, DENIED, "na is not na-prod"],
    ["na reconciler", "ssm:PutParameter", of.othersStatus, none, DENIED, "na is not na-prod"],
    ["na reconciler", "ssm:PutParameter", of.othersRetirement, none, DENIED, "na is not na-prod"],
    [["na apply", "na reconciler", "na rotator, widened"], [...WRITE, "ssm:GetParameters"], of.payrollParameter, none, DENIED, "another team's parameter"],
    [["na plan", "na reconciler"], "ssm:GetParametersByPath", of.notes, none, ALLOWED, "docs/inventory.md: what rotator and reconciler noted"],
    [["na plan", "na reconciler"], "ssm:GetParametersByPath", of.othersNotes, none, DENIED, "na is not na-prod"],
    [["na plan", "na reconciler"], "ssm:GetParametersByPath", of.allNotes, none, DENIED, "it would read the notes of all orgs"],
    [["na-prod plan", "na-prod reconciler"], "ssm:GetParametersByPath", of.notes, none, DENIED, "another org's notes"],
    [["na apply", "na rotator", "na unlock"], "ssm:GetParametersByPath", of.notes, none, DENIED, "it has no use for them"],
    ["na scheduler", "ssm:GetParameters", of.specification, none, DENIED, "it only starts the reconciler"],
  ],
};
