import { join } from "node:path";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import type { ExistingOrg } from "../../existing/model";
import { type ReadOrgProps, readOrg } from "../../existing/read/read-org";
import { RememberedAnswers } from "../../existing/read/remembered-answers";
import { OBJECT_TYPES } from "../../existing/types";
import type { ObjectType } from "../../existing/types/object-type";
import { ApiError, BreakerOpenError } from "../../http/api-error";
import { findSecretsInSource } from "../../policies/secrets-in-source";
import type { OrgReport } from "../../registry/report";
import { type Io, pause } from "../terminal/io";
import { withHint } from "../terminal/nearest";
import type { Progress } from "../terminal/progress";
import { cacheFolder } from "./cache-folder";
import { orgApi } from "./org-api";
import { withoutSecretValues } from "./without-secret-values";

/** An organisation that was read, and how many calls of the API that took. */
export interface ReadExistingOrg extends ExistingOrg {
  /** Calls that this run made. */
  readonly calls: number;
  /** Answers that a run which was stopped had already. */
  readonly remembered: number;
}

/** Returns the types that a command names; all without a name. @throws UserError that names what there is */
export function typesNamed(names: readonly string[]): readonly ObjectType[] {
  if (names.length === 0) return OBJECT_TYPES;
  const plurals = OBJECT_TYPES.map(({ plural }) => plural);
  const unknown = names.filter((name) => !plurals.includes(name));
  if (unknown.length > 0) {
    throw new UserError(
      `no type of object is called ${unknown.map((name) => withHint(name, plurals)).join(", ")}. Choose from: ${plurals.join(", ")}`,
    );
  }
  return OBJECT_TYPES.filter(({ plural }) => names.includes(plural));
}

/**
 * Reads an organisation's objects as its planner, which may only view. A run that was stopped goes on where it
 * was.
 *
 * @throws UserError, which never contains a secret
 */
export async function readExistingOrg(
  io: Io,
  org: OrgReport,
  types: readonly ObjectType[],
  progress: Progress,
  names: Pick<ReadOrgProps, "named" | "ids"> = {},
): Promise<ReadExistingOrg> {
  const clock = { now: io.now, sleep: (milliseconds: number) => pause(io, milliseconds) };
  try {
    progress.step(`${org.name}: reading the planner's credential`);
    const api = await orgApi(io, org, { credential: "planner", clock });
    const { organizationId } = org;
    const file = join(cacheFolder(io.env), "answers", `${organizationId}.jsonl`);
    const answers = RememberedAnswers.open(
      file,
      `${organizationId} ${api.clientId}`,
      io.now(),
      (text) => findSecretsInSource(text, "value.json").length > 0,
    );
    const { size: remembered } = answers;
    if (remembered > 0) {
      progress.line(`${org.name}: goes on with ${counted(remembered, "answer")} of a stopped run`);
    }
    const read = await readOrg({
      name: org.name,
      organizationId,
      api,
      types,
      ...names,
      answers,
      signal: io.signal,
      onType: ({ plural }) => progress.step(`${org.name}: reading ${plural}`),
    });
    const calls = answers.size - remembered;
    answers.forget();
    return { ...read, objects: read.objects.map(withoutSecretValues), calls, remembered };
  } catch (error) {
    throw explained(org, error);
  }
}

function explained(org: OrgReport, error: unknown): unknown {
  if (error instanceof UserError) {
    return new UserError(
      error.message.startsWith(org.name) ? error.message : `${org.name}: ${error.message}`,
    );
  }
  if (!(error instanceof ApiError) && !(error instanceof BreakerOpenError)) return error;
  const fix =
    error instanceof ApiError && error.status === 403
      ? ": give the planner a role with the permission to view these objects, or name the types to read"
      : "";
  return new UserError(
    `${org.name}: ${error.message}${fix}. Run the command again: it goes on where it was`,
  );
}
