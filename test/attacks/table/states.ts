import { org } from "../deployment";
import { ALLOWED, DENIED, type Group } from "../request";
import { context, of } from "../resources";

const { none, plainHttp, folder } = context;
const own = context.with(of.stateKey);

/** Objects of the state bucket: states, components, uploads, everything else. */
export const STATES: Group = {
  name: "states",
  // biome-ignore format: a table
  lines: [
    [["na plan", "na apply"], "s3:GetObject", of.state, none, ALLOWED, "its own state"],
    ["na plan", "s3:GetObject", of.component, none, ALLOWED, "a further stack of its own"],
    ["na apply", "s3:PutObject", of.state, own, ALLOWED, "its own state, its own key"],
    ["na plan", "s3:PutObject", of.state, own, DENIED, "a plan writes nothing"],
    ["na unlock", "s3:GetObject", of.state, none, DENIED, "it only removes locks"],
    ["na unlock", "s3:PutObject", of.state, own, DENIED, "it only removes locks"],
    ["na unlock", "s3:GetObject", of.component, none, DENIED, "it only removes locks"],
    [["na apply", "na apply, widened"], "s3:DeleteObject", of.state, none, DENIED, "no org role deletes a state"],
    [["na apply", "na apply, widened"], "s3:DeleteObjectVersion", of.state, none, DENIED, "versions restore a state"],
    [["na apply, widened", "administrator", "administrator, tagged na"], ["s3:GetObjectVersion", "s3:PutObjectAcl", "s3:PutObjectTagging"], of.state, none, DENIED, "no use that Terraform has for a state"],
    [["na-prod plan", "na-prod apply", "na-prod unlock", "na-prod apply, widened"], "s3:GetObject", of.state, none, DENIED, "another org's folder"],
    [["na-prod apply", "na-prod apply, widened"], "s3:PutObject", of.state, own, DENIED, "another org's folder, its key"],
    [["na-prod apply", "na-prod apply, widened"], "s3:PutObject", of.state, context.with(of.othersStateKey), DENIED, "another org's folder, own key"],
    ["na apply, widened", "s3:GetObject", of.othersState, none, DENIED, "na is not na-prod"],
    ["na apply", "s3:GetObject", of.othersState, none, DENIED, "na is not na-prod"],
    ["na apply", "s3:PutObject", of.otherFile, own, DENIED, "the folder is for states"],
    [["na-prod apply, tagged na", "administrator, tagged na"], ["s3:GetObject", "s3:DeleteObject"], of.state, none, DENIED, "tags are not a role's name"],
    [["na-prod apply, tagged na", "administrator, tagged na"], "s3:PutObject", of.state, own, DENIED, "tags are not a role's name"],
    [["administrator", "break-glass", "payroll team"], ["s3:GetObject", "s3:DeleteObject"], of.state, none, DENIED, "not a state admin"],
    [["administrator", "break-glass"], "s3:PutObject", of.state, own, DENIED, "not a state admin"],
    ["state admin", "s3:GetObject", of.state, none, ALLOWED, "it runs the home"],
    ["state admin", "s3:DeleteObjectVersion", of.state, none, ALLOWED, "it runs the home"],
    ["state admin", "s3:GetObject", of.state, plainHttp, DENIED, "HTTPS for everybody"],
    ["state admin", "s3:PutObject", of.state, none, DENIED, "encrypted, for everybody"],
    [["na rotator", "na rotator, widened", "na reconciler", "na scheduler", "consumer", "consumer, widened"], "s3:GetObject", of.state, none, DENIED, "no business with states"],
    [["stranger", "partner's namesake of na apply"], ["s3:GetObject", "s3:DeleteObject"], of.state, none, DENIED, "another account's role of that name"],
    ["partner apply", ["s3:GetObject"], of.partnersState, none, ALLOWED, "the registry names it"],
    ["partner apply", "s3:GetObject", of.state, none, DENIED, "named for another org"],
    ["partner, tagged na", ["s3:GetObject", "s3:DeleteObject"], of.state, none, DENIED, "its account chooses its tags"],
    ["partner, tagged na", "s3:PutObject", of.state, own, DENIED, "its account chooses its tags"],
    ["partner's other role", "s3:GetObject", of.partnersState, none, DENIED, "the registry names another role"],
    ["partner plan", "s3:PutObject", of.partnersState, own, DENIED, "a plan writes nothing"],
    [["na apply", "na apply, widened", "administrator", "partner apply"], "s3:GetObject", of.homesState, none, DENIED, "state admins only"],
    [["na apply", "na apply, widened", "administrator"], "s3:GetObject", of.accessState, none, DENIED, "state admins only"],
    [["na apply", "na apply, widened", "administrator"], "s3:PutObject", of.accessState, own, DENIED, "an org does not change its own access"],
    ["na apply", "s3:PutObject", of.state, none, DENIED, "without encryption"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.state, { "s3:x-amz-server-side-encryption": "AES256" }, DENIED, "with S3's keys"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.state, context.with(of.othersStateKey), DENIED, "with another org's key"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.state, context.with(of.homeKey), DENIED, "with the home's key"],
    ["partner apply", "s3:PutObject", of.partnersState, context.with(of.partnersKey), DENIED, "with a key of its own account"],
    [["na plan", "na apply"], "s3:GetObject", of.state, plainHttp, DENIED, "HTTPS for everybody"],
    ["na apply", "s3:AbortMultipartUpload", of.state, none, ALLOWED, "a failed upload of its large state"],
    ["na apply", "s3:AbortMultipartUpload", of.component, none, ALLOWED, "a failed upload of its large state"],
    [["na plan", "na unlock"], "s3:AbortMultipartUpload", of.state, none, DENIED, "it uploads nothing"],
    [["na-prod apply", "na-prod apply, widened"], "s3:AbortMultipartUpload", of.state, none, DENIED, "it would break another org's apply"],
    [["administrator", "administrator, tagged na", "na-prod apply, tagged na", "partner, tagged na", "stranger"], "s3:AbortMultipartUpload", of.state, none, DENIED, "it would break another's apply"],
    [["na plan", "na apply"], "s3:ListBucket", of.bucket, folder("na"), ALLOWED, "Terraform lists workspaces"],
    [["na plan", "na apply", "na unlock"], "s3:ListBucket", of.bucket, folder("na-prod"), DENIED, "another org's folder"],
    ["partner's other role", "s3:ListBucket", of.bucket, folder("abroad"), DENIED, "the registry names another role"],
  ],
};

/** Lock files, and the items of the lock table. */
export const LOCKS: Group = {
  name: "locks",
  // biome-ignore format: a table
  lines: [
    ["na apply", "s3:PutObject", of.lock, { ...own, ...context.newObject }, ALLOWED, "it takes its lock"],
    [["na apply", "na unlock"], ["s3:GetObject", "s3:DeleteObject"], of.lock, none, ALLOWED, "it frees its lock"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.lock, own, DENIED, "without If-None-Match it would overwrite"],
    ["na plan", "s3:DeleteObject", of.lock, none, DENIED, "a plan frees no lock"],
    ["na plan", "s3:PutObject", of.lock, { ...own, ...context.newObject }, DENIED, "a plan takes no lock"],
    ["na unlock", "s3:PutObject", of.lock, { ...own, ...context.newObject }, DENIED, "it only removes"],
    [["na-prod apply", "na-prod unlock", "na-prod apply, widened"], ["s3:GetObject", "s3:DeleteObject"], of.lock, none, DENIED, "another org's lock"],
    ["na-prod apply, widened", "s3:PutObject", of.lock, { ...own, ...context.newObject }, DENIED, "it would stop another org's applies"],
    [["na-prod apply, tagged na", "administrator, tagged na", "partner, tagged na", "administrator", "break-glass", "stranger"], "s3:DeleteObject", of.lock, none, DENIED, "two applies at once"],
    [["na apply", "na apply, widened", "na unlock"], "s3:DeleteObjectVersion", of.lock, none, DENIED, "versions are evidence"],
    ["na apply", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"], of.table, context.item("na"), ALLOWED, "its own lock"],
    ["na apply", "dynamodb:PutItem", of.table, context.item("na", "-md5"), ALLOWED, "its own digest"],
    [["na-prod apply", "na-prod unlock"], ["dynamodb:GetItem", "dynamodb:DeleteItem"], of.table, context.item("na"), DENIED, "another org's lock in the shared table"],
    ["na-prod apply", "dynamodb:PutItem", of.table, context.item("na", "-md5"), DENIED, "another org's digest"],
    ["na apply", "dynamodb:PutItem", of.table, { "dynamodb:LeadingKeys": ["state-bucket/orgs/na/terraform.tfstate", "state-bucket/orgs/na-prod/terraform.tfstate"], }, DENIED, "one item of its own, one of another org"],
    ["na plan", ["dynamodb:PutItem", "dynamodb:DeleteItem"], of.table, context.item("na"), DENIED, "a plan takes no lock"],
    ["na unlock", "dynamodb:PutItem", of.table, context.item("na"), DENIED, "it only removes"],
    ["na apply", ["dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:UpdateTable"], of.table, none, DENIED, "the table is the home's"],
    ["na apply", "dynamodb:PutItem", of.otherTable, context.item("na"), DENIED, "another team's table"],
  ],
};

const created = { ...own, ...context.newObject };

/** Records of runs. */
export const RECORDS: Group = {
  name: "records of runs",
  // biome-ignore format: a table
  lines: [
    [["na apply", "partner apply"], "s3:PutObject", of.othersRecord, { ...context.with(of.othersStateKey), ...context.newObject }, DENIED, "another org's run"],
    ["na apply", "s3:PutObject", of.record, created, ALLOWED, "its run begins"],
    [["na apply", "na unlock"], "s3:GetObject", of.record, none, ALLOWED, "whose lock it is"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.record, own, DENIED, "without If-None-Match it would overwrite, and so would an upload in parts or a copy"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.record, context.newObject, DENIED, "without encryption"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.record, { ...context.newObject, "s3:x-amz-server-side-encryption": "AES256" }, DENIED, "with S3's keys"],
    [["na apply", "na apply, widened"], "s3:PutObject", of.record, { ...context.with(of.othersStateKey), ...context.newObject }, DENIED, "with another org's key"],
    [["na apply", "na apply, widened", "na unlock"], ["s3:DeleteObject", "s3:DeleteObjectVersion"], of.record, none, DENIED, "a record stays"],
    [["na apply", "na apply, widened"], ["s3:PutObjectTagging", "s3:PutObjectAcl", "s3:PutObjectRetention"], of.record, none, DENIED, "a record stays as it is"],
    ["na apply", "s3:AbortMultipartUpload", of.record, none, DENIED, "it uploads no record in parts"],
    ["na apply", "s3:PutObject", of.recordsLock, created, DENIED, "a record has no lock"],
    ["na apply", "s3:DeleteObject", of.recordsLock, none, DENIED, "a record has no lock"],
    ["na plan", "s3:PutObject", of.record, created, DENIED, "a plan is not recorded"],
    ["na plan", "s3:GetObject", of.record, none, DENIED, "a plan needs no record"],
    ["na unlock", "s3:PutObject", of.record, created, DENIED, "it only removes locks"],
    [["na-prod apply", "na-prod unlock", "na-prod apply, widened"], "s3:PutObject", of.record, created, DENIED, "another org's record"],
    [["na-prod apply", "na-prod unlock", "na-prod apply, widened"], ["s3:GetObject", "s3:DeleteObject"], of.record, none, DENIED, "another org's record"],
    [["na-prod apply, tagged na", "administrator, tagged na", "administrator", "stranger", "partner, tagged na"], "s3:PutObject", of.record, created, DENIED, "not a role of na"],
    [["na-prod apply, tagged na", "administrator, tagged na", "administrator", "stranger", "partner, tagged na"], ["s3:GetObject", "s3:DeleteObject"], of.record, none, DENIED, "not a role of na"],
    ["partner apply", "s3:PutObject", of.partnersRecord, { ...context.with(org("abroad").state.kmsKeyArn ?? ""), ...context.newObject }, ALLOWED, "its run begins"],
    ["partner apply", "s3:PutObject", of.partnersRecord, context.with(org("abroad").state.kmsKeyArn ?? ""), DENIED, "without If-None-Match it would overwrite"],
    ["partner apply", "s3:DeleteObject", of.partnersRecord, none, DENIED, "a record stays"],
    ["state admin", "s3:PutObject", of.record, own, ALLOWED, "it runs the home; the earlier version stays"],
    ["state admin", "s3:DeleteObject", of.record, none, ALLOWED, "it runs the home; the version stays"],
    ["state admin", "s3:PutObject", of.record, context.newObject, DENIED, "encrypted, for everybody"],
  ],
};

const POSTURE = [
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketLogging",
  "s3:DeleteBucket",
];

/** The bucket itself, and its access logs. */
export const BUCKET: Group = {
  name: "bucket",
  // biome-ignore format: a table
  lines: [
    ["na plan", ["s3:GetBucketPolicy", "s3:GetBucketVersioning"], of.bucket, none, ALLOWED, "doctor compares it with the stack"],
    [["na apply", "na apply, widened", "administrator", "partner apply"], POSTURE, of.bucket, none, DENIED, "state admins only"],
    ["root user", "s3:PutBucketPolicy", of.bucket, none, DENIED, "AWS itself lets the root user delete the policy, in no other way"],
    ["state admin", "s3:PutBucketPolicy", of.bucket, none, ALLOWED, "it runs the home"],
    ["S3 log delivery", "s3:PutObject", of.accessLog, { "aws:SourceArn": of.bucket, "aws:SourceAccount": "111111111111" }, ALLOWED, "this bucket's logs"],
    ["S3 log delivery", "s3:PutObject", of.accessLog, { "aws:SourceArn": of.bucket, "aws:SourceAccount": "333333333333" }, DENIED, "a bucket of another account"],
    [["na apply", "partner apply", "stranger"], "s3:PutObject", of.accessLog, none, DENIED, "only S3 writes logs"],
  ],
};
