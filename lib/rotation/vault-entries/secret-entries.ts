import { randomUUID } from "node:crypto";
import { AwsCallError } from "../../aws/call";
import { NOT_LOGGED_IN } from "../../aws/sdk";
import {
  CasMismatchError,
  type KvStore,
  type KvVersion,
  NotWrittenError,
} from "../../vault/client/kv-store";
import type { SecretHistory } from "../secret-store";
import { type EntryPlace, KEPT_VERSIONS } from "./vault-entry";

/** Secrets Manager, as far as the entries need it. A secret is called by its ARN, without AWS's suffix. */
export interface SecretCalls {
  /** Returns all versions that still exist, with and without a label. */
  history(arn: string): Promise<Pick<SecretHistory, "versions" | "changedAt">>;
  /** Returns the value of a version; undefined if it has none. */
  value(arn: string, versionId: string): Promise<string | undefined>;
  /** Adds a version with a label. Repeating the call is not an error. */
  put(arn: string, versionId: string, value: string, label: string): Promise<void>;
  /**
   * Moves or removes a label. AWS refuses it when the label is on another version than `from`, and when
   * it is on any other version and there is no `from`.
   */
  move(arn: string, label: string, to: string | undefined, from: string | undefined): Promise<void>;
}

/** The label of a version that was put, and is not the current one yet. */
const WRITTEN = "written";
const NUMBER = /^v(\d+)$/;
const labelOf = (version: number): string => `v${version}`;

/** A version that is, or once was, the current one. */
interface Numbered {
  readonly version: number;
  readonly id: string;
  readonly createdAt: number;
  /** Whether its number is in a label already. */
  readonly labelled: boolean;
}

/**
 * Secrets of AWS Secrets Manager as entries with numbered versions and check-and-set, which it has
 * neither of. Labels take their place:
 *
 * - Each version that was the current one has its number in a label, `v1`, `v2` and so on. AWS moves a
 *   label only from a version that the request names, so no number is given twice, and AWS keeps
 *   versions with a label. A value that a person wrote has no such label; its number is the next one.
 * - A new version is first put under a label of its own. Then AWSCURRENT moves to it, from the version
 *   that was read: AWS refuses that if somebody else has moved it.
 */
export class SecretEntries implements KvStore {
  /** Ids of the versions that were read or written as the newest, by name and number. */
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly calls: SecretCalls,
    private readonly place: EntryPlace,
  ) {}

  async read(name: string, version?: number): Promise<KvVersion | undefined> {
    const versions = await this.versions(name);
    const newest = versions.at(-1);
    if (version === undefined && newest) {
      this.seen.set(`${name} ${newest.version}`, newest.id);
    }
    const found =
      version === undefined ? newest : versions.find((each) => each.version === version);
    if (!found) return undefined;
    const text = await this.calls.value(this.arnOf(name), found.id);
    if (text === undefined) return undefined;
    return { version: found.version, createdAt: found.createdAt, value: objectIn(text) };
  }

  async put(name: string, value: KvVersion["value"], after: number): Promise<number> {
    const newest = await unwritten(name, () => this.prepare(name, after));
    const id = randomUUID();
    await unwritten(name, () =>
      this.calls.put(this.arnOf(name), id, JSON.stringify(value), WRITTEN),
    );
    await this.promote(name, newest.id, id);
    const version = after + 1;
    this.seen.set(`${name} ${version}`, id);
    // It has this number without the label as well, until another one is written.
    await this.calls.move(this.arnOf(name), labelOf(version), id, undefined).catch(() => {});
    return version;
  }

  async settle(name: string, version: number): Promise<void> {
    await unwritten(name, () => this.prepare(name, version));
  }

  /** Gives all versions their numbers, and makes room for the next one. */
  private async prepare(name: string, after: number): Promise<Numbered> {
    const versions = await this.versions(name);
    const newest = versions.at(-1);
    const seen = this.seen.get(`${name} ${after}`) ?? newest?.id;
    if (newest?.version !== after || newest.id !== seen) throw mismatch(name);
    for (const { version, id, labelled } of versions) {
      // AWS allows 20 labels in a secret.
      const isOld = version <= after + 1 - KEPT_VERSIONS;
      if (isOld && labelled)
        await this.calls.move(this.arnOf(name), labelOf(version), undefined, id);
      if (!isOld && !labelled)
        await this.calls.move(this.arnOf(name), labelOf(version), id, undefined);
    }
    return newest;
  }

  private async promote(name: string, from: string, to: string): Promise<void> {
    try {
      await this.calls.move(this.arnOf(name), "AWSCURRENT", to, from);
    } catch (error) {
      // Of several attempts, the first may have succeeded without an answer.
      const versions = await this.versions(name);
      if (versions.some(({ id }) => id === to)) return;
      if (isMismatch(error) && versions.at(-1)?.id !== from) throw mismatch(name);
      throw refusalIn(error) ?? error;
    }
  }

  /** With its ARN, AWS refuses a caller of another account, where the name may be another secret's. */
  private arnOf(name: string): string {
    return `${this.place.prefix}${name}`;
  }

  private explained(error: unknown): unknown {
    if (!(error instanceof AwsCallError)) return error;
    if (error.code === "CredentialsProviderError")
      return new AwsCallError(NOT_LOGGED_IN, error.code);
    if (!error.code.startsWith("AccessDenied")) return error;
    const { where } = this.place;
    const fix = `the secret is ${where}: log in to that account, as one of credentials.operators`;
    return new AwsCallError(`${error.message} (${fix})`, error.code);
  }

  /** Returns the versions that are or were the current one, the oldest first. */
  private async versions(name: string): Promise<Numbered[]> {
    let found: Awaited<ReturnType<SecretCalls["history"]>>;
    try {
      found = await this.calls.history(this.arnOf(name));
    } catch (error) {
      if (codeOf(error) === "ResourceNotFoundException") return [];
      throw this.explained(error);
    }
    const { versions, changedAt } = found;
    const current = versions.find(({ stages }) => stages.includes("AWSCURRENT"))?.id;
    if (current === undefined) return [];
    const numbered = versions
      .flatMap(({ id, stages }) =>
        stages.flatMap((stage) => {
          const [, digits] = NUMBER.exec(stage) ?? [];
          return digits === undefined ? [] : [{ version: Number(digits), id, labelled: true }];
        }),
      )
      .sort((one, other) => one.version - other.version);
    const add = (id: string) => {
      const version = (numbered.at(-1)?.version ?? 0) + 1;
      numbered.push({ version, id, labelled: false });
    };
    const previous = versions.find(({ stages }) => stages.includes("AWSPREVIOUS"))?.id;
    // A person wrote it, or made a previous version the current one again.
    if (previous !== undefined && !numbered.some(({ id }) => id === previous)) add(previous);
    if (numbered.at(-1)?.id !== current) add(current);
    const createdAt = (wanted: string) =>
      versions.find(({ id }) => id === wanted)?.createdAt ?? Number.NaN;
    return numbered.map((each, index) => {
      const isFirst = numbered.findIndex(({ id }) => id === each.id) === index;
      // The time at which it became the current one again is unknown, but no later than this.
      const next = numbered[index + 1];
      const again = next ? createdAt(next.id) : changedAt;
      return { ...each, createdAt: isFirst ? createdAt(each.id) : again };
    });
  }
}

const mismatch = (name: string) =>
  new CasMismatchError(`somebody else wrote the secret ${name} meanwhile: start again`);

const codeOf = (error: unknown): string | undefined =>
  error instanceof AwsCallError ? error.code : undefined;

/** Makes an error of a call before AWSCURRENT moves say that nothing was written. */
async function unwritten<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CasMismatchError) throw error;
    throw isMismatch(error) ? mismatch(name) : new NotWrittenError((error as Error).message);
  }
}

/** The label is on another version than the one that was read. */
const isMismatch = (error: unknown): boolean => codeOf(error) === "InvalidParameterException";

/** Returns what a refusal of AWS means; undefined for an error that leaves the result open. */
const refusalIn = (error: unknown): NotWrittenError | undefined =>
  /^(AccessDenied|InvalidRequest|ResourceNotFound|LimitExceeded)/.test(codeOf(error) ?? "")
    ? new NotWrittenError((error as Error).message)
    : undefined;

/** Returns the fields of a value; none if it is not an object in JSON, whose text is not quoted. */
function objectIn(text: string): KvVersion["value"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
