import type { Org } from "../../lib";
import { claims, type Row, type Scene } from "../support/policies/rows";
import { GITHUB, PARTNER_KEY } from "../support/policies/world";
import { rowsOfTableWalls, rowsOfWalls } from "./wall-rows";

const ROLES = ["reader", "writer", "unlocker"] as const;

/** What holds for every org that has roles. */
export function rowsOfOrg(scene: Scene, org: Org): Row[] {
  const { who, does, may, mayNot } = scene;
  const { name, state } = org;
  const [reader, writer, unlocker] = [
    who.role("reader", name),
    who.role("writer", name),
    who.role("unlocker", name),
  ];
  const rows = [
    may(`${name}'s reader reads its state`, reader, does.readState(org)),
    mayNot(`${name}'s reader writes its state`, reader, does.writeState(org)),
    mayNot(`${name}'s reader takes its lock`, reader, does.lock(org)),
    mayNot(`${name}'s reader removes its lock`, reader, does.unlock(org)),
    may(
      `${name}'s writer aborts the upload of a large state`,
      writer,
      does.object("AbortMultipartUpload", state.key),
    ),
    ...[
      "BucketPolicy",
      "BucketVersioning",
      "EncryptionConfiguration",
      "LifecycleConfiguration",
    ].flatMap((part) => [
      may(`${name}'s reader reads ${part}`, reader, does.configuration(`Get${part}`)),
      mayNot(`${name}'s reader changes ${part}`, reader, does.configuration(`Put${part}`)),
    ]),
    mayNot(
      `${name}'s reader aborts an upload`,
      reader,
      does.object("AbortMultipartUpload", state.key),
    ),
    may(`${name}'s writer reads its state`, writer, does.readState(org)),
    may(`${name}'s writer writes its state`, writer, does.writeState(org)),
    may(`${name}'s writer takes its lock`, writer, does.lock(org)),
    may(`${name}'s writer reads who holds its lock`, writer, does.readLock(org)),
    may(`${name}'s writer removes its lock`, writer, does.unlock(org)),
    ...rowsOfComponent(scene, org),
    mayNot(`${name}'s writer deletes its state`, writer, does.object("DeleteObject", state.key)),
    may(`${name}'s unlocker reads who holds its lock`, unlocker, does.readLock(org)),
    may(`${name}'s unlocker removes its lock`, unlocker, does.unlock(org)),
    mayNot(`${name}'s unlocker reads its state`, unlocker, does.readState(org)),
    mayNot(`${name}'s unlocker writes its state`, unlocker, does.writeState(org)),
    mayNot(`${name}'s unlocker takes its lock`, unlocker, does.lock(org)),
    ...ROLES.flatMap((role) => [
      may(`${name}'s ${role} lists workspaces`, who.role(role, name), does.list("env:/")),
      may(`${name}'s ${role} lists its folder`, who.role(role, name), does.list(`orgs/${name}/`)),
      mayNot(`${name}'s ${role} lists another folder`, who.role(role, name), does.list("orgs/x/")),
      mayNot(
        `${name}'s ${role} uses its key for another org's object`,
        who.role(role, name),
        does.keyThroughS3("Decrypt", org, `${does.bucket}/orgs/x/terraform.tfstate`),
      ),
    ]),
    ...rowsOfKey(scene, org),
    ...rowsOfWalls(scene, org),
  ];
  if (state.lockTable === undefined) return rows;
  return [
    ...rows,
    ...rowsOfTableWalls(scene, org),
    may(`${name}'s reader reads the digest`, reader, does.digestItem("GetItem", org)),
    mayNot(`${name}'s reader reads the lock's item`, reader, does.lockItem("GetItem", org)),
    mayNot(`${name}'s reader puts the lock's item`, reader, does.lockItem("PutItem", org)),
    may(`${name}'s writer puts the lock's item`, writer, does.lockItem("PutItem", org)),
    may(`${name}'s writer reads the lock's item`, writer, does.lockItem("GetItem", org)),
    may(`${name}'s writer deletes the lock's item`, writer, does.lockItem("DeleteItem", org)),
    may(`${name}'s writer puts the digest`, writer, does.digestItem("PutItem", org)),
    may(`${name}'s unlocker reads the lock's item`, unlocker, does.lockItem("GetItem", org)),
    may(`${name}'s unlocker deletes the lock's item`, unlocker, does.lockItem("DeleteItem", org)),
    mayNot(`${name}'s unlocker puts the lock's item`, unlocker, does.lockItem("PutItem", org)),
    mayNot(`${name}'s unlocker reads the digest`, unlocker, does.digestItem("GetItem", org)),
    may(`a state admin creates ${name}'s table`, who.stateAdmin, does.createTable(org)),
    may(`a state admin reads ${name}'s lock`, who.stateAdmin, does.lockItem("GetItem", org)),
    mayNot(
      `an administrator deletes ${name}'s lock`,
      who.administrator,
      does.lockItem("DeleteItem", org),
    ),
    mayNot(
      `${name}'s writer uses the table's key for another table`,
      writer,
      does.keyThroughTable("Decrypt", org, `${state.lockTable}-2`),
    ),
  ];
}

/** What holds for the state of an org's further stack, and for everything else in its folder. */
function rowsOfComponent({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  const { name, state } = org;
  const [reader, writer, unlocker] = [
    who.role("reader", name),
    who.role("writer", name),
    who.role("unlocker", name),
  ];
  const key = `orgs/${name}/network/terraform.tfstate`;
  const id = `${state.home.bucket}/${key}`;
  const own = does.ownKey(org);
  const locks = { ...own, ifNoneMatch: true };
  const table = [
    may(`${name}'s writer locks a component in the table`, writer, does.item("PutItem", org, id)),
    may(`${name}'s unlocker frees it there`, unlocker, does.item("DeleteItem", org, id)),
    may(`${name}'s writer puts its digest`, writer, does.item("PutItem", org, `${id}-md5`)),
    may(`${name}'s reader reads its digest`, reader, does.item("GetItem", org, `${id}-md5`)),
    mayNot(`${name}'s reader reads its lock`, reader, does.item("GetItem", org, id)),
    mayNot(`${name}'s unlocker reads its digest`, unlocker, does.item("GetItem", org, `${id}-md5`)),
  ];
  return [
    may(`${name}'s reader reads a component's state`, reader, does.read(org, key)),
    mayNot(`${name}'s reader writes a component's state`, reader, does.write(key, own)),
    may(`${name}'s writer reads a component's state`, writer, does.read(org, key)),
    may(`${name}'s writer writes a component's state`, writer, does.write(key, own)),
    mayNot(
      `${name}'s writer deletes a component's state`,
      writer,
      does.object("DeleteObject", key),
    ),
    may(`${name}'s writer locks a component`, writer, does.write(`${key}.tflock`, locks)),
    may(`${name}'s unlocker reads a component's lock`, unlocker, does.read(org, `${key}.tflock`)),
    may(
      `${name}'s unlocker frees a component`,
      unlocker,
      does.object("DeleteObject", `${key}.tflock`),
    ),
    mayNot(`${name}'s unlocker reads a component's state`, unlocker, does.read(org, key)),
    mayNot(
      `${name}'s writer writes another component of another org`,
      writer,
      does.write("orgs/x/network/terraform.tfstate", own),
    ),
    ...(state.lockTable === undefined ? [] : table),
  ];
}

/** What holds for every org's key, also when the org is retired. */
function rowsOfKey({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  const { name } = org;
  return [
    may(
      `the root user changes the policy of ${name}'s key`,
      who.root,
      does.key("PutKeyPolicy", org),
    ),
    mayNot(`the root user decrypts with ${name}'s key`, who.root, does.key("Decrypt", org)),
    mayNot(`an administrator reads ${name}'s state`, who.administrator, does.readState(org)),
    mayNot(
      `an administrator reads with ${name}'s key through S3`,
      who.administrator,
      does.keyThroughS3("Decrypt", org, does.bucket),
    ),
    mayNot(
      `an administrator writes with ${name}'s key through S3`,
      who.administrator,
      does.keyThroughS3("GenerateDataKey", org, does.bucket),
    ),
    may(`a state admin reads ${name}'s state`, who.stateAdmin, does.readState(org)),
    may(`a state admin writes ${name}'s state`, who.stateAdmin, does.writeState(org)),
    mayNot(
      `a state admin decrypts with ${name}'s key alone`,
      who.stateAdmin,
      does.key("Decrypt", org),
    ),
  ];
}

/** The writer of one org against the others, and against its own walls. */
export function rowsOfWriter({ who, does, org, may, mayNot }: Scene): Row[] {
  const writer = who.role("writer", "shared");
  const [own, neighbour, table] = [org("shared"), org("neighbour"), org("table")];
  const homeKey = { key: own.state.home.kmsKeyArn, keyPolicy: "key of the home" };
  const lockFile = `${own.state.key}.tflock`;
  return [
    mayNot("reads another org's state", writer, does.readState(table)),
    mayNot("reads another org's lock", writer, does.readLock(table)),
    mayNot("writes another org's state, with that org's key", writer, does.writeState(table)),
    mayNot(
      "writes another org's state, with its own key",
      writer,
      does.writeState(table, does.ownKey(own)),
    ),
    mayNot("takes another org's lock", writer, does.lock(table)),
    mayNot("overwrites another org's lock", writer, does.lock(table, does.ownKey(table))),
    mayNot("removes another org's lock", writer, does.unlock(table)),
    mayNot("lists another org's folder", writer, does.list("orgs/table/")),
    mayNot(
      "puts another org's lock item in the shared table",
      writer,
      does.lockItem("PutItem", neighbour),
    ),
    mayNot("deletes another org's lock item there", writer, does.lockItem("DeleteItem", neighbour)),
    mayNot("puts another org's digest there", writer, does.digestItem("PutItem", neighbour)),
    mayNot("puts a lock item in another org's own table", writer, does.lockItem("PutItem", table)),
    mayNot(
      "uses another org's key through S3",
      writer,
      does.keyThroughS3("Decrypt", table, does.bucket),
    ),
    mayNot("uses another org's key itself", writer, does.key("Decrypt", table)),
    mayNot("uses its own key itself, without S3", writer, does.key("Decrypt", own)),
    mayNot(
      "uses its own key through S3 for another org's object",
      writer,
      does.keyThroughS3("Decrypt", own, `${does.bucket}/${table.state.key}`),
    ),
    may("reads its state from before there was a bucket key", writer, does.readOldState(own)),
    mayNot("writes its state under the home's key", writer, does.writeState(own, homeKey)),
    mayNot(
      "writes its state under another org's key",
      writer,
      does.writeState(own, does.ownKey(table)),
    ),
    mayNot("writes its state without encryption", writer, does.writeState(own, {})),
    mayNot(
      "writes its state with keys of S3",
      writer,
      does.writeState(own, { encryption: "AES256" }),
    ),
    mayNot(
      "writes its state over plain HTTP",
      writer,
      does.writeState(own, { ...does.ownKey(own), http: true }),
    ),
    mayNot("overwrites its lock", writer, does.lock(own, does.ownKey(own))),
    mayNot(
      "writes something else in its folder",
      writer,
      does.write("orgs/shared/other", does.ownKey(own)),
    ),
    mayNot(
      "deletes a version of its state",
      writer,
      does.object("DeleteObjectVersion", own.state.key),
    ),
    mayNot("deletes a version of its lock", writer, does.object("DeleteObjectVersion", lockFile)),
    mayNot("reads the home's state", writer, does.readHomeObject("home/terraform.tfstate")),
    mayNot(
      "reads the state of its access",
      writer,
      does.readHomeObject("access/shared/terraform.tfstate"),
    ),
    mayNot(
      "writes the state of its access",
      writer,
      does.writeHomeObject("access/shared/terraform.tfstate"),
    ),
    mayNot("changes the bucket's policy", writer, does.configuration("PutBucketPolicy")),
    mayNot("changes its key's policy", writer, does.key("PutKeyPolicy", own)),
    mayNot("decrypts with the home's key", writer, does.homeKey("Decrypt")),
    // Terraform asks whether a state is there: without this, S3 says 403 and not 404.
    may("sees whether an object is there", writer, does.list()),
  ].map((row) => ({ ...row, what: `shared's writer ${row.what}` }));
}

/** Those who run the home, and those who only think so. */
export function rowsOfAdmins({ who, does, may, mayNot }: Scene, one: Org, another: Org): Row[] {
  const { stateAdmin, administrator, root } = who;
  const own = { key: "arn:aws:kms:us-east-1:111111111111:key/of-the-administrator" };
  const disguised = who.disguised(another.name);
  return [
    may(
      "a state admin changes the bucket's policy",
      stateAdmin,
      does.configuration("PutBucketPolicy"),
    ),
    may("a state admin changes versioning", stateAdmin, does.configuration("PutBucketVersioning")),
    may(
      "a state admin deletes a version",
      stateAdmin,
      does.object("DeleteObjectVersion", one.state.key),
    ),
    may("a state admin deletes a state", stateAdmin, does.object("DeleteObject", one.state.key)),
    may("a state admin removes a lock", stateAdmin, does.unlock(one)),
    may("a state admin overwrites a lock", stateAdmin, does.lock(one, does.ownKey(one))),
    may(
      "a state admin writes the home's state",
      stateAdmin,
      does.writeHomeObject("home/terraform.tfstate"),
    ),
    may(
      "a state admin reads the home's state",
      stateAdmin,
      does.readHomeObject("home/terraform.tfstate"),
    ),
    may(
      "a state admin writes a state of access",
      stateAdmin,
      does.writeHomeObject(one.state.access.stateKey),
    ),
    may("a state admin changes the home's key policy", stateAdmin, does.homeKey("PutKeyPolicy")),
    mayNot("a state admin decrypts with the home's key alone", stateAdmin, does.homeKey("Decrypt")),
    mayNot("a state admin lists over plain HTTP", stateAdmin, does.listOverHttp()),
    mayNot("a state admin deletes over plain HTTP", stateAdmin, does.deleteOverHttp("home/x")),
    mayNot("a state admin writes without encryption", stateAdmin, does.write("home/x", {})),
    mayNot(
      "a state admin writes with keys of S3",
      stateAdmin,
      does.write("home/x", { encryption: "AES256" }),
    ),
    mayNot(
      "a state admin gives a grant to no AWS service",
      stateAdmin,
      does.key("CreateGrant", another),
    ),
    may("the root user changes the home's key policy", root, does.homeKey("PutKeyPolicy")),
    mayNot("the root user decrypts with the home's key", root, does.homeKey("Decrypt")),
    may("an administrator lists names", administrator, does.list()),
    may(
      "an administrator reads the bucket's configuration",
      administrator,
      does.configuration("GetBucketPolicy"),
    ),
    may(
      "an administrator changes a key's policy, which is in CloudTrail",
      administrator,
      does.key("PutKeyPolicy", one),
    ),
    mayNot(
      "an administrator changes the bucket's policy",
      administrator,
      does.configuration("PutBucketPolicy"),
    ),
    mayNot(
      "an administrator turns versioning off",
      administrator,
      does.configuration("PutBucketVersioning"),
    ),
    mayNot(
      "an administrator changes the lifecycle",
      administrator,
      does.configuration("PutLifecycleConfiguration"),
    ),
    mayNot(
      "an administrator deletes the bucket",
      administrator,
      does.configuration("DeleteBucket"),
    ),
    mayNot("an administrator removes a lock", administrator, does.unlock(one)),
    mayNot(
      "an administrator deletes a state",
      administrator,
      does.object("DeleteObject", one.state.key),
    ),
    mayNot(
      "an administrator reads the home's state",
      administrator,
      does.readHomeObject("home/terraform.tfstate"),
    ),
    mayNot("an administrator writes a state", administrator, does.writeState(one)),
    mayNot(
      "an administrator with an org's tags reads its state",
      disguised,
      does.readState(another),
    ),
    mayNot(
      "an administrator with an org's tags removes another's lock",
      disguised,
      does.unlock(one),
    ),
    mayNot(
      "an administrator with an org's tags deletes a version",
      disguised,
      does.object("DeleteObjectVersion", another.state.key),
    ),
    mayNot(
      "an administrator with an org's tags writes under a key of their own",
      disguised,
      does.writeState(another, own),
    ),
    mayNot("an administrator with an org's tags removes its lock", disguised, does.unlock(another)),
    mayNot(
      "an administrator with an org's tags lists nothing but names: its lock is not read",
      disguised,
      does.object("GetObject", `${another.state.key}.tflock`),
    ),
    mayNot(
      "an administrator with an org's name, and a key of the account, as tags overwrites its state",
      who.disguisedWithKey(another.name, own.key),
      does.writeState(another, own),
    ),
    mayNot(
      "a session of one org's writer with another org's tags removes its lock",
      who.taggedSession(one.name, another.name),
      does.unlock(another),
    ),
    mayNot(
      "a session of one org's writer with another org's tags reads its state",
      who.taggedSession(one.name, another.name),
      does.object("GetObject", another.state.key),
    ),
    // Names and tags are the administrators' to give: see "What is not protected" in docs/state.md.
    may(
      "a role with an org's role name removes its lock",
      who.widened("writer", another.name),
      does.unlock(another),
    ),
    may(
      "a role with an org's role name, and a key of the account as tag, overwrites its state",
      who.namesakeWithKey(another.name, own.key),
      does.writeState(another, own),
    ),
    mayNot(
      "a role with an org's role name writes its state under another key than its tag's",
      who.widened("writer", another.name),
      does.writeState(another, own),
    ),
    mayNot(
      "a role with an org's role name, and another account's key as tag, writes its state",
      who.namesakeWithKey(another.name, PARTNER_KEY),
      does.writeState(another, { key: PARTNER_KEY }),
    ),
    mayNot(
      "a role with an org's role name deletes its state",
      who.widened("writer", another.name),
      does.object("DeleteObject", another.state.key),
    ),
    mayNot(
      "a role with an org's role name deletes a version of its state",
      who.widened("writer", another.name),
      does.object("DeleteObjectVersion", another.state.key),
    ),
    mayNot(
      "a role with an org's role name changes the bucket's versioning",
      who.widened("writer", another.name),
      does.configuration("PutBucketVersioning"),
    ),
    mayNot(
      "a role with an org's role name removes another's lock",
      who.widened("writer", another.name),
      does.unlock(one),
    ),
    mayNot(
      "an administrator with an org's tags deletes its state",
      disguised,
      does.object("DeleteObject", another.state.key),
    ),
    may(
      "a state admin writes under another account's key",
      stateAdmin,
      does.write("home/x", { key: PARTNER_KEY }),
    ),
    may(
      "an administrator reads what S3 does with old versions",
      administrator,
      does.configuration("GetLifecycleConfiguration"),
    ),
    mayNot(
      "an administrator decrypts with the home's key through S3",
      administrator,
      does.homeKeyThroughS3("Decrypt"),
    ),
    mayNot(
      "an administrator with an org's tags aborts its upload",
      disguised,
      does.object("AbortMultipartUpload", another.state.key),
    ),
    mayNot(
      "an administrator lists the access logs over plain HTTP",
      administrator,
      does.logsOverHttp("ListBucket"),
    ),
    mayNot(
      "an administrator deletes an access log over plain HTTP",
      administrator,
      does.logsOverHttp("DeleteObject", "/log"),
    ),
    may("S3 delivers the bucket's access logs", who.logDelivery, does.deliverLog(does.bucket)),
    mayNot(
      "S3 delivers another bucket's access logs",
      who.logDelivery,
      does.deliverLog("arn:aws:s3:::other"),
    ),
    mayNot(
      "S3 delivers the logs of a bucket that has this name in another account",
      who.logDelivery,
      does.deliverLog(does.bucket, "999999999999"),
    ),
  ];
}

/** Roles of another account that is trusted, and of one that is not. */
export function rowsOfOtherAccounts({ who, does, org, may, mayNot }: Scene): Row[] {
  const {
    partner,
    partnerReader,
    untaggedPartner,
    disguisedPartner,
    disguisedWithOwnKey,
    stranger,
  } = who;
  const [file, shared] = [org("file"), org("shared")];
  const objectArn = `${does.bucket}/${file.state.key}`;
  return [
    may("a partner's writer lists the folder", partner, does.list("orgs/file/")),
    may("a partner's writer reads the state", partner, does.readState(file)),
    may(
      "a partner's writer reads a state from before there was a bucket key",
      partner,
      does.readOldState(file),
    ),
    may("a partner's writer writes the state", partner, does.writeState(file)),
    may(
      "a partner's writer aborts the upload of a large state",
      partner,
      does.object("AbortMultipartUpload", file.state.key),
    ),
    mayNot(
      "a partner's writer aborts an upload of another org",
      partner,
      does.object("AbortMultipartUpload", shared.state.key),
    ),
    may("a partner's writer takes the lock", partner, does.lock(file)),
    may("a partner's writer removes the lock", partner, does.unlock(file)),
    may(
      "a partner's writer uses the key through S3, context bucket",
      partner,
      does.keyThroughS3("GenerateDataKey", file, does.bucket),
    ),
    may(
      "a partner's writer uses the key through S3, context object",
      partner,
      does.keyThroughS3("GenerateDataKey", file, objectArn),
    ),
    mayNot(
      "a partner's writer uses the key for another org's object",
      partner,
      does.keyThroughS3("Decrypt", file, `${does.bucket}/${shared.state.key}`),
    ),
    mayNot(
      "a partner's writer uses the key for another bucket",
      partner,
      does.keyThroughS3("Decrypt", file, "arn:aws:s3:::other"),
    ),
    mayNot("a partner's writer uses the key without S3", partner, does.key("Decrypt", file)),
    mayNot("a partner's writer looks after the key", partner, does.key("PutKeyPolicy", file)),
    mayNot("a partner's writer reads another org's state", partner, does.readState(shared)),
    mayNot("a partner's writer removes another org's lock", partner, does.unlock(shared)),
    mayNot("a partner's writer writes without encryption", partner, does.writeState(file, {})),
    mayNot("a partner's writer overwrites the lock", partner, does.lock(file, does.ownKey(file))),
    mayNot(
      "a partner's writer deletes the state",
      partner,
      does.object("DeleteObject", file.state.key),
    ),
    mayNot(
      "a partner's writer deletes a version",
      partner,
      does.object("DeleteObjectVersion", file.state.key),
    ),
    mayNot(
      "a partner's writer changes the bucket's policy",
      partner,
      does.configuration("PutBucketPolicy"),
    ),
    may("a partner's reader reads the state", partnerReader, does.readState(file)),
    mayNot("a partner's reader writes the state", partnerReader, does.writeState(file)),
    mayNot(
      "a partner's reader aborts an upload",
      partnerReader,
      does.object("AbortMultipartUpload", file.state.key),
    ),
    mayNot("a partner without tags reads the state", untaggedPartner, does.readState(file)),
    mayNot("a partner without tags removes the lock", untaggedPartner, does.unlock(file)),
    mayNot(
      "another role of the partner, with the org's tags, reads the state",
      disguisedPartner,
      does.readState(file),
    ),
    mayNot(
      "another role of the partner, with the org's tags, writes the state",
      disguisedPartner,
      does.writeState(file),
    ),
    mayNot(
      "another role of the partner, with the org's tags, writes the state under a key of its own",
      disguisedWithOwnKey,
      does.writeState(file, { key: PARTNER_KEY }),
    ),
    may("a partner's reader lists the folder", partnerReader, does.list("orgs/file/")),
    mayNot(
      "another role of the partner, with the org's tags, lists the folder",
      disguisedPartner,
      does.list("orgs/file/"),
    ),
    mayNot(
      "another role of the partner, with the org's tags, gets the state as it is stored",
      disguisedPartner,
      does.object("GetObject", file.state.key),
    ),
    mayNot(
      "another role of the partner, with the org's tags, removes the lock",
      disguisedPartner,
      does.unlock(file),
    ),
    mayNot(
      "a partner's writer with another org's name as a tag removes its lock",
      who.retaggedPartner("shared"),
      does.unlock(shared),
    ),
    mayNot(
      "a partner's writer with another org's name as a tag overwrites its state, under its own key",
      who.retaggedPartner("shared"),
      does.writeState(shared, does.ownKey(file)),
    ),
    mayNot(
      "a partner's writer with another org's name as a tag reads its state",
      who.retaggedPartner("shared"),
      does.readState(shared),
    ),
    mayNot(
      "a partner's writer with another org's name as a tag deletes its state",
      who.retaggedPartner("shared"),
      does.object("DeleteObject", shared.state.key),
    ),
    mayNot("a stranger lists the folder", stranger, does.list("orgs/file/")),
    mayNot("a stranger reads the state", stranger, does.readState(file)),
    mayNot("a stranger removes the lock", stranger, does.unlock(file)),
  ];
}

/** An org whose roles are for the workflows of the home's repository. */
export function rowsOfWorkflows({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  const { repositoryId, ownerId } = GITHUB;
  return ROLES.flatMap((role) => {
    const good = claims(org.name, role);
    const what = `a workflow in the environment of ${org.name}'s ${role} assumes it`;
    const token = (patch: Record<string, string>) =>
      does.assumeWithToken(org, role, { ...good, ...patch });
    const immutable = `repo:example@${ownerId}/platform@${repositoryId}:environment:${good.environment}`;
    return [
      may(what, who.github, token({})),
      may(`${what}, with the immutable subject`, who.github, token({ sub: immutable })),
      mayNot(
        `${what}, from a branch`,
        who.github,
        token({ sub: "repo:example/platform:ref:refs/heads/main" }),
      ),
      mayNot(
        `${what}, from another repository of that name`,
        who.github,
        token({ repository_id: "9" }),
      ),
      mayNot(`${what}, for another audience`, who.github, token({ aud: "https://github.com" })),
      mayNot(
        `${what}, with another environment in the claim of that name`,
        who.github,
        token({ environment: "other" }),
      ),
    ];
  });
}

/** An org whose roles nobody was named for. */
export function rowsOfUnnamed({ who, does, may, mayNot }: Scene, org: Org): Row[] {
  return ROLES.flatMap((role) => [
    may(`a state admin assumes ${org.name}'s ${role}`, who.stateAdmin, does.assume(org, role)),
    mayNot(
      `an administrator assumes ${org.name}'s ${role}`,
      who.administrator,
      does.assume(org, role),
    ),
  ]);
}

/** Who becomes a role. */
export function rowsOfTrust({ who, does, org, may, mayNot }: Scene): Row[] {
  const shared = org("shared");
  const good = claims("shared", "writer");
  const token = (patch: Record<string, string>) =>
    does.assumeWithToken(shared, "writer", { ...good, ...patch });
  const without = (claim: string) =>
    does.assumeWithToken(
      shared,
      "writer",
      Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim)),
    );
  const { repositoryId, ownerId } = GITHUB;
  const immutable = `repo:example@${ownerId}/platform@${repositoryId}:environment:apply-shared`;
  const workflow = (what: string) => `a workflow ${what} assumes the writer`;
  return [
    may(workflow("with the immutable subject"), who.github, token({ sub: immutable })),
    mayNot(
      workflow("of another repository of that name"),
      who.github,
      token({ repository_id: "9" }),
    ),
    mayNot(
      workflow("of another repository"),
      who.github,
      token({ sub: good.sub?.replace("platform", "fork") ?? "" }),
    ),
    mayNot(
      workflow("of a pull request"),
      who.github,
      token({ sub: "repo:example/platform:pull_request" }),
    ),
    mayNot(
      workflow("on a branch"),
      who.github,
      token({ sub: "repo:example/platform:ref:refs/heads/main" }),
    ),
    mayNot(
      workflow("in the reader's environment"),
      who.github,
      does.assumeWithToken(shared, "writer", claims("shared", "reader")),
    ),
    mayNot(
      workflow("in another org's environment"),
      who.github,
      does.assumeWithToken(shared, "writer", claims("table", "writer")),
    ),
    mayNot(workflow("whose token says no environment"), who.github, without("environment")),
    mayNot(
      workflow("whose token is for another audience"),
      who.github,
      token({ aud: "https://github.com/example" }),
    ),
    may(
      "the principal that an org names assumes its writer",
      who.deployer,
      does.assume(shared, "writer"),
    ),
    mayNot(
      "that principal tags the session",
      who.deployer,
      does.assume(shared, "writer", "TagSession"),
    ),
    may(
      "the principal of another account that it names does so, too",
      who.remoteRunner,
      does.assume(shared, "writer"),
    ),
    may("and assumes the reader", who.remoteRunner, does.assume(shared, "reader")),
    mayNot(
      "the principal of another account tags the session",
      who.remoteRunner,
      does.assume(shared, "reader", "TagSession"),
    ),
    mayNot(
      "it assumes the unlocker, which it is not named for",
      who.remoteRunner,
      does.assume(shared, "unlocker"),
    ),
    mayNot(
      "another role of that account assumes the reader",
      who.partner,
      does.assume(shared, "reader"),
    ),
    mayNot("that principal assumes its reader", who.deployer, does.assume(shared, "reader")),
    mayNot(
      "that principal assumes another org's writer",
      who.deployer,
      does.assume(org("table"), "writer"),
    ),
    mayNot("an administrator assumes a writer", who.administrator, does.assume(shared, "writer")),
    mayNot(
      "a role of another account assumes a writer",
      who.partner,
      does.assume(shared, "writer"),
    ),
    mayNot(
      "a state admin assumes a writer that others are named for",
      who.stateAdmin,
      does.assume(shared, "writer"),
    ),
  ];
}

/** What is left of an org that has gone. */
export function rowsOfRetired(scene: Scene): Row[] {
  const { who, does, org, mayNot } = scene;
  const retired = org("retired");
  return [
    ...rowsOfKey(scene, retired),
    mayNot(
      "an administrator with a retired org's tags reads its state",
      who.disguised("retired"),
      does.readState(retired),
    ),
  ];
}
