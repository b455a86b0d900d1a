import { SENSITIVITIES } from "../classification";
import type { OrgSecret } from "../managed-secret";
import type { Org } from "../model";
import { problemAbout, type RegistryProblem } from "../registry-error";
import { endsLikeSuffix, ROOT } from "../secret-name";
import type { CheckedOrg } from "./checked";
import { classificationProblems } from "./classification";
import { partitionProblems } from "./principals";
import { regionProblems } from "./region";

/** Rules over the credentials of an org that are not OAuth clients. */
export function* managedSecretProblems({
  subject,
  entry,
  org,
}: CheckedOrg): Generator<RegistryProblem> {
  const first = new Map(
    (entry.oauthClients ?? []).map(({ name }, index) => [name, `oauthClients[${index}]`]),
  );
  for (const [index, secret] of org.secrets.entries()) {
    const path: (string | number)[] = ["secrets", index];
    yield* classificationProblems(subject, [...path, "classification"], org, secret.classification);
    for (const [place, arn] of secret.consumers.entries()) {
      if (!arn.startsWith("arn:")) continue;
      const at = [...path, "consumers", place];
      yield* partitionProblems(subject, at, arn, org.aws.region, "aws.region");
    }
    const problem = (field: string, value: unknown, rule: string, expected: string) =>
      problemAbout(subject, [...path, field], value, rule, expected);
    const before = first.get(secret.name);
    if (before !== undefined) {
      const expected = `choose another name, because ${before} has this one`;
      yield problem("name", secret.name, "secret-duplicate", expected);
    } else first.set(secret.name, `secrets[${index}]`);
    if (endsLikeSuffix(secret.secretName)) {
      yield problem(
        "name",
        secret.name,
        "secret-suffix",
        "choose another last word; Secrets Manager confuses a hyphen and six characters at the end of a name with its own suffix",
      );
    }
    if (secret.value === undefined && secret.consumers.length > 0) {
      const expected = "leave it out, or give the secret a value, because nobody can read it here";
      yield problem("consumers", secret.consumers, "secret-consumers", expected);
    }
    if (secret.value?.source === "vault" && !org.vault) {
      const expected = "add vault to the organisation's entry, or use another source";
      yield problemAbout(subject, [...path, "value", "source"], "vault", "secret-value", expected);
    }
    yield* rotationProblems(secret, problem);
    yield* replicaProblems(subject, index, org, secret);
  }
}

type Problem = (field: string, value: unknown, rule: string, expected: string) => RegistryProblem;

function* rotationProblems(secret: OrgSecret, problem: Problem): Generator<RegistryProblem> {
  const { kind, root, rotates, rotatedElsewhere, value, key } = secret;
  if (!rotates) return;
  const expected =
    rotatedElsewhere !== undefined
      ? `leave it out, because ${rotatedElsewhere} replaces the credential`
      : kind !== "webhook-secret"
        ? "leave it out; only a webhook's secret can be made here"
        : value?.source !== "outside"
          ? "leave it out, or the value, because the rotator makes the value itself"
          : root !== ROOT
            ? "leave it out, or the root, because the rotator may write below /genesys only"
            : typeof key === "object"
              ? "leave it out, or kmsKeyArn, because the rotator may use only the organisation's key"
              : undefined;
  if (expected !== undefined) yield problem("rotates", true, "secret-rotates", expected);
}

function* replicaProblems(
  subject: string,
  index: number,
  org: Org,
  { replicas, classification }: OrgSecret,
): Generator<RegistryProblem> {
  const seen = new Set([org.aws.region]);
  for (const [place, { region, kmsKeyArn }] of replicas.entries()) {
    const path = ["secrets", index, "replicas", place];
    yield* regionProblems(subject, [...path, "region"], region);
    if (seen.has(region)) {
      const expected = "name each region once, and not aws.region, which has the secret itself";
      yield problemAbout(subject, [...path, "region"], region, "secret-replica", expected);
    }
    seen.add(region);
    if (kmsKeyArn === undefined && SENSITIVITIES[classification.sensitivity].needsOwnKey) {
      const expected = `name a KMS key of ${region}, because a credential whose sensitivity is ${classification.sensitivity} must not use AWS's own`;
      yield problemAbout(
        subject,
        [...path, "kmsKeyArn"],
        undefined,
        "secret-replica-key",
        expected,
      );
    } else if (kmsKeyArn !== undefined && kmsKeyArn.split(":")[3] !== region) {
      const expected = `name a key of ${region}`;
      yield problemAbout(
        subject,
        [...path, "kmsKeyArn"],
        kmsKeyArn,
        "secret-replica-key",
        expected,
      );
    }
  }
}
