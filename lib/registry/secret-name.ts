import { UserError } from "../errors";
import type { Environment, Org, OrgAwsEntry, OrgEntry, VaultCredential } from "./model";
import { ENVIRONMENT_LABELS, partitionOf, projectOf } from "./names";

/** The parts of the name of a secret. */
export interface SecretNameParts {
  /**
   * First part of the name: the product that the credential opens, such as `cxone`.
   * @default "genesys"
   */
  readonly root?: string;
  readonly environment: Environment;
  /** Project that the credential belongs to. */
  readonly project: string;
  /** Name of the credential within its project. */
  readonly credential: string;
}

/** First part of a name, unless its entry says otherwise. */
export const ROOT = "genesys";

/** The longest name that Secrets Manager takes. */
const MOST_CHARACTERS = 512;

/** The characters that Secrets Manager takes, without the slash. None of them is a wildcard of IAM. */
const PART = /^[A-Za-z0-9_+=.@-]+$/;

/**
 * The end of a name that looks like the suffix which AWS adds to ARNs. Secrets Manager also finds a
 * secret by a partial ARN, and could take `…:secret:crm-export` for the whole ARN of `crm`.
 */
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/** Whether the end of a name looks like the suffix that AWS adds to the ARN of a secret. */
export const endsLikeSuffix = (name: string): boolean => SUFFIX.test(name);

/** The name of a secret: `/<root>/<environment>/<project>/<credential>`. */
export class SecretName {
  private constructor(
    readonly root: string,
    readonly environment: Environment,
    readonly project: string,
    readonly credential: string,
  ) {}

  /**
   * Returns the name with these parts.
   * @throws UserError with everything that is wrong with it
   */
  static of({ root = ROOT, environment, project, credential }: SecretNameParts): SecretName {
    const parts = { root, environment, project, credential };
    const name = `/${root}/${environment}/${project}/${credential}`;
    const problems = [
      ...Object.entries(parts).flatMap(([part, value]) =>
        PART.test(value)
          ? []
          : `the ${part} is ${JSON.stringify(value)}: use letters, digits and _+=.@-, and at least one of them`,
      ),
      environment in ENVIRONMENT_LABELS
        ? ""
        : `the environment is ${JSON.stringify(environment)}: use one of ${Object.keys(ENVIRONMENT_LABELS).join(", ")}`,
      name.length <= MOST_CHARACTERS
        ? ""
        : `it has ${name.length} characters: use at most ${MOST_CHARACTERS}`,
      endsLikeSuffix(name)
        ? "it ends with a hyphen and six characters, like the suffix that AWS adds to ARNs: choose another last word"
        : "",
    ].filter(Boolean);
    if (problems.length === 0) return new SecretName(root, environment, project, credential);
    throw new UserError(
      problems.map((problem) => `secret ${printed(name)}: ${problem}`).join("\n"),
    );
  }

  /**
   * Reads a name.
   * @throws UserError when the text does not have four parts, or with everything that is wrong with them
   */
  static parse(text: string): SecretName {
    const [empty, root, environment, project, credential, ...others] = text.split("/");
    if (empty !== "" || credential === undefined || others.length > 0) {
      throw new UserError(
        `secret ${printed(text)}: give a name with four parts, /<root>/<environment>/<project>/<credential>`,
      );
    }
    const parts = { root, environment: environment as Environment, project, credential };
    return SecretName.of(parts as Required<SecretNameParts>);
  }

  toString(): string {
    return `${this.folder}${this.credential}`;
  }

  /** The beginning of the names of all secrets of the project; ends with a slash. */
  get folder(): string {
    return secretFolderOf(this.root, this.environment, this.project);
  }

  /**
   * Returns a pattern for IAM that matches the ARN of this secret, and of no other: AWS adds a hyphen
   * and six characters to the name, and a longer name makes a longer ARN.
   */
  arnPattern(place: Pick<OrgAwsEntry, "account" | "region">): string {
    return `${arnPrefix(place)}${this}-??????`;
  }

  /** Returns a pattern for IAM that matches the ARNs of all secrets of the project, and no others. */
  folderArnPattern(place: Pick<OrgAwsEntry, "account" | "region">): string {
    return `${arnPrefix(place)}${this.folder}*`;
  }
}

const printed = (name: string): string =>
  name.length > 120 ? `${name.slice(0, 100)}… (${name.length} characters)` : JSON.stringify(name);

const arnPrefix = ({ account, region }: Pick<OrgAwsEntry, "account" | "region">): string =>
  `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:`;

const secretFolderOf = (root: string, environment: Environment, project: string): string =>
  `/${root}/${environment}/${project}/`;

type Named = Pick<OrgEntry, "name" | "environment" | "project">;

/** Beginning of the name of each of an org's secrets. */
export const secretPrefixOf = (org: Named): string =>
  secretFolderOf(ROOT, org.environment, projectOf(org));

/** Beginnings of the names of all of an org's secrets, one for each root; Genesys Cloud's is first. */
export const secretPrefixesOf = (org: Named & Pick<OrgEntry, "secrets">): string[] => {
  const roots = new Set([ROOT, ...(org.secrets ?? []).map(({ root = ROOT }) => root)]);
  return [...roots].map((root) => secretFolderOf(root, org.environment, projectOf(org)));
};

/**
 * Name of the secret with one of the org's own credentials. The name of no OAuth client and no other
 * secret is the same, since theirs are in kebab-case.
 */
export const ownSecretNameOf = (
  org: Pick<Org, "secretPrefix">,
  credential: VaultCredential,
): string => `${org.secretPrefix}_${credential}`;

/** Name of the secret with the credential that the rotator works with. */
export const masterSecretNameOf = (org: Pick<Org, "secretPrefix">): string =>
  ownSecretNameOf(org, "master");

/** Name of a credential's secret. */
export const secretNameOf = (org: Named, credential: string, root = ROOT): string =>
  `${secretFolderOf(root, org.environment, projectOf(org))}${credential}`;
