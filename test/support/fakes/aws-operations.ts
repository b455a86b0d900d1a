import { randomUUID } from "node:crypto";
import { FakeAwsError, type FakeSecret, type FakeSecretsManager } from "./fake-secrets-manager";

// AWS's answers to the operations that are used here, in the terms of its API.

/** An operation's parameters, or its answer. */
export type Json = Readonly<Record<string, unknown>>;
export type Operation = (input: Json) => Json;
export type Operations = Readonly<Record<string, Operation>>;

const seconds = (milliseconds: number) => milliseconds / 1000;

/** @param pageSize versions in one page, if a request does not give a number */
export function secretsManagerOperations(secrets: FakeSecretsManager, pageSize = 100): Operations {
  const known = ({ SecretId }: Json) => secrets.find(text(SecretId));
  const of = (input: Json) => {
    const secret = known(input);
    if (secret.deletedAt === undefined) return secret;
    const message =
      "You can't perform this operation on the secret because it was marked for deletion.";
    throw new FakeAwsError("InvalidRequestException", message);
  };
  return {
    CreateSecret: ({ Name, SecretString, ClientRequestToken }) => {
      const secret = secrets.create(text(Name));
      if (SecretString === undefined) return idsOf(secret);
      const token = tokenOf(ClientRequestToken);
      secret.put(token, text(SecretString), ["AWSCURRENT"]);
      return { ...idsOf(secret), VersionId: token };
    },
    DeleteSecret: (input) => {
      if (input.ForceDeleteWithoutRecovery === true) {
        secrets.deleteForGood(text(input.SecretId));
        return {};
      }
      const secret = of(input);
      secret.delete();
      return { ...idsOf(secret), DeletionDate: seconds(secret.deletedAt ?? 0) };
    },
    DescribeSecret: (input) => describe(known(input)),
    ListSecrets: (input) => {
      const [filter, ...others] = (input.Filters ?? []) as { Key: string; Values: string[] }[];
      if (filter?.Key !== "name" || others.length > 0) {
        throw new FakeAwsError("InvalidParameterException", "this fake filters by name alone");
      }
      const found = secrets.list(filter.Values, input.IncludePlannedDeletion === true);
      const { page, NextToken } = pageOf(found.map(describe), input, pageSize);
      return { SecretList: page, NextToken };
    },
    ListSecretVersionIds: (input) => {
      const secret = known(input);
      const versions = [...secret.versions]
        .filter(([, { stages }]) => input.IncludeDeprecated || stages.size > 0)
        .filter(([, { value }]) => secrets.listsEmpty || value !== undefined)
        .map(([VersionId, { stages, createdAt }]) => ({
          VersionId,
          VersionStages: stages.size > 0 ? [...stages] : undefined,
          CreatedDate: seconds(createdAt),
        }));
      const { page, NextToken } = pageOf(versions, input, pageSize);
      return { ...idsOf(secret), Versions: page, NextToken };
    },
    GetSecretValue: (input) => getValue(of(input), input),
    PutSecretValue: (input) => {
      const secret = of(input);
      const { SecretString, ClientRequestToken, VersionStages = ["AWSCURRENT"] } = input;
      const token = tokenOf(ClientRequestToken);
      secret.put(token, text(SecretString), VersionStages as string[]);
      return { ...idsOf(secret), VersionId: token, VersionStages: stagesOf(secret, token) };
    },
    UpdateSecretVersionStage: (input) => {
      const { VersionStage, MoveToVersionId, RemoveFromVersionId } = input;
      const secret = of(input);
      secret.move(text(VersionStage), optional(MoveToVersionId), optional(RemoveFromVersionId));
      return idsOf(secret);
    },
    RotateSecret: (input) => {
      const secret = of(input);
      const { RotationLambdaARN, RotationRules, ClientRequestToken, RotateImmediately } = input;
      const token = tokenOf(ClientRequestToken);
      const before = secret.rotation;
      const functionArn = optional(RotationLambdaARN) ?? before?.functionArn;
      const rules = (RotationRules as object | undefined) ?? before?.rules;
      if (functionArn !== undefined) secret.rotation = { functionArn, rules, enabled: true };
      try {
        secrets.rotate(secret, token, RotateImmediately !== false);
      } catch (error) {
        secret.rotation = before;
        throw error;
      }
      return { ...idsOf(secret), VersionId: token };
    },
    CancelRotateSecret: (input) => {
      const secret = of(input);
      if (!secret.rotation) {
        const message = "No Lambda rotation function ARN is associated with this secret.";
        throw new FakeAwsError("InvalidRequestException", message);
      }
      // The label stays where it is, and the pending version still blocks the next rotation.
      secret.rotation = { ...secret.rotation, enabled: false };
      return { ...idsOf(secret), VersionId: secret.idOf("AWSPENDING") };
    },
  };
}

const idsOf = ({ arn, name }: FakeSecret) => ({ ARN: arn, Name: name });

const stagesOf = ({ versions }: FakeSecret, id: string): string[] => [
  ...(versions.get(id)?.stages ?? []),
];

function describe(secret: FakeSecret): Json {
  const { versions, rotation, createdAt, changedAt, rotatedAt, accessedAt, deletedAt } = secret;
  const labelled = [...versions.keys()].filter((id) => stagesOf(secret, id).length > 0);
  return {
    ...idsOf(secret),
    CreatedDate: seconds(createdAt),
    LastChangedDate: seconds(changedAt),
    DeletedDate: deletedAt === undefined ? undefined : seconds(deletedAt),
    LastAccessedDate: accessedAt === undefined ? undefined : seconds(accessedAt),
    LastRotatedDate: rotatedAt === undefined ? undefined : seconds(rotatedAt),
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.functionArn,
    RotationRules: rotation?.rules,
    VersionIdsToStages:
      labelled.length === 0
        ? undefined
        : Object.fromEntries(labelled.map((id) => [id, stagesOf(secret, id)])),
  };
}

function getValue(secret: FakeSecret, { VersionId, VersionStage }: Json): Json {
  const stage = optional(VersionStage) ?? (VersionId === undefined ? "AWSCURRENT" : undefined);
  const id = optional(VersionId) ?? secret.idOf(stage ?? "");
  if (id === undefined) {
    const message = `Secrets Manager can't find the specified secret value for staging label: ${stage}`;
    throw new FakeAwsError("ResourceNotFoundException", message);
  }
  return {
    ...idsOf(secret),
    VersionId: id,
    SecretString: secret.get(id, stage),
    VersionStages: stagesOf(secret, id),
    CreatedDate: seconds(secret.versions.get(id)?.createdAt ?? 0),
  };
}

/**
 * CloudTrail's events, newest first, in pages of 50.
 * @param events each with the event's own text
 */
export function cloudTrailOperations(
  events: readonly {
    readonly EventName: string;
    readonly EventTime: number;
    readonly text: string;
  }[],
): Operations {
  return {
    LookupEvents: (input) => {
      const [{ AttributeKey, AttributeValue } = {}] = (input.LookupAttributes ?? []) as Json[];
      if (AttributeKey !== "EventName") {
        throw new FakeAwsError(
          "InvalidLookupAttributesException",
          "this fake looks for names alone",
        );
      }
      const from = Number(input.StartTime ?? 0);
      const found = events
        .filter(({ EventName, EventTime }) => EventName === AttributeValue && EventTime >= from)
        .sort((one, other) => other.EventTime - one.EventTime)
        .map(({ text: CloudTrailEvent, ...event }) => ({ ...event, CloudTrailEvent }));
      const { page, NextToken } = pageOf(found, input, 50);
      return { Events: page, NextToken };
    },
  };
}

/** Most characters of a value, by AWS's tier of the parameter. */
const SIZES: Readonly<Record<string, number>> = { Standard: 4096, "Intelligent-Tiering": 8192 };

/** @param parameters values by name */
export function ssmOperations(parameters: Map<string, string>): Operations {
  const shown = (Name: string) => ({
    Name,
    Type: "String",
    Value: parameters.get(Name),
    Version: 1,
  });
  const mustExist = (Name: string) => {
    if (!parameters.has(Name)) throw new FakeAwsError("ParameterNotFound", `no ${Name}`);
  };
  return {
    GetParameter: ({ Name }) => {
      mustExist(text(Name));
      return { Parameter: shown(text(Name)) };
    },
    GetParameters: ({ Names }) => {
      const names = Names as string[];
      if (names.length > 10) throw new FakeAwsError("ValidationException", "10 names at most");
      return {
        Parameters: names.filter((name) => parameters.has(name)).map(shown),
        InvalidParameters: names.filter((name) => !parameters.has(name)),
      };
    },
    GetParametersByPath: (input) => {
      const folder = `${text(input.Path).replace(/\/$/, "")}/`;
      const names = [...parameters.keys()].sort().filter((name) => {
        const isIn = name.startsWith(folder);
        return isIn && (input.Recursive === true || !name.slice(folder.length).includes("/"));
      });
      if (Number(input.MaxResults ?? 10) > 10) {
        throw new FakeAwsError("ValidationException", "MaxResults is 10 at most");
      }
      const { page, NextToken } = pageOf(names, input, 10);
      return { Parameters: page.map(shown), NextToken };
    },
    PutParameter: ({ Name, Value, Overwrite, Tier = "Standard" }) => {
      const { length } = text(Value);
      if (length === 0 || length > (SIZES[text(Tier)] ?? 0)) {
        throw new FakeAwsError("ValidationException", `a value of ${length} characters`);
      }
      if (parameters.has(text(Name)) && Overwrite !== true) {
        throw new FakeAwsError("ParameterAlreadyExists", `there is a ${Name}`);
      }
      parameters.set(text(Name), text(Value));
      return { Version: 1, Tier: "Standard" };
    },
    DeleteParameter: ({ Name }) => {
      mustExist(text(Name));
      parameters.delete(text(Name));
      return {};
    },
  };
}

/** @param events the events that were put */
export function eventBridgeOperations(events: Json[]): Operations {
  return {
    PutEvents: ({ Entries }) => {
      const entries = Entries as Json[];
      if (entries.length > 10) throw new FakeAwsError("ValidationException", "10 entries at most");
      for (const entry of entries) {
        events.push({ ...entry, Detail: JSON.parse(text(entry.Detail)) });
      }
      return {
        FailedEntryCount: 0,
        Entries: entries.map((_, index) => ({ EventId: `event-${events.length - index}` })),
      };
    },
  };
}

function pageOf<Item>(items: readonly Item[], { MaxResults, NextToken }: Json, most: number) {
  const from = NextToken === undefined ? 0 : Number(/^from-(\d+)$/.exec(text(NextToken))?.[1]);
  if (Number.isNaN(from)) throw new FakeAwsError("InvalidNextTokenException", "no such page");
  const to = from + Math.min(most, (MaxResults as number | undefined) ?? most);
  const more = to < items.length;
  return { page: items.slice(from, to), NextToken: more ? `from-${to}` : undefined };
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new FakeAwsError("ValidationException", "a parameter is missing, or is not a text");
}

const optional = (value: unknown) => (value === undefined ? undefined : text(value));

function tokenOf(value: unknown): string {
  const token = optional(value) ?? randomUUID();
  if (token.length >= 32 && token.length <= 64) return token;
  const message = "ClientRequestToken must be 32-64 characters long.";
  throw new FakeAwsError("InvalidParameterException", message);
}
