import type { OrgReport } from "../../../registry/report";
import {
  type Accepted,
  deletableFrom,
  type HandOver,
  type HandOverStep,
  objectionsTo,
  useText,
} from "../../../rotation/hand-over/judge";
import { handedOverAt } from "../../../rotation/hand-over/mark";
import { DRY_RUN_WITHOUT_YES } from "../../terminal/options";
import { onOneLine } from "../../terminal/printable";
import { isDone, type Replacing } from "./hand-over-client";

/** How far a handover is after a run. */
export interface Outcome {
  readonly org: OrgReport;
  readonly credential: Replacing;
  readonly step: HandOverStep;
  /** Undefined if the client made by hand no longer exists. */
  readonly state: HandOver | undefined;
  /** Whether this run changed the client. */
  readonly changed: boolean;
  readonly yes: boolean;
  readonly accepted: Accepted;
}

const DONE = { deactivate: "made inactive", delete: "deleted", undo: "made active again" } as const;

/** Returns the outcome as text. */
export function handOverText(outcome: Outcome): string {
  const { org, credential, state, yes } = outcome;
  const name = state ? `${onOneLine(state.old.name)} (${state.old.id})` : credential.replaces;
  return [
    `${org.name} ${credential.name}: takes over from ${name}`,
    ...(state ? stateLines(state) : []),
    `${org.name}: ${conclusionOf(outcome)}`,
    ...nextOf(outcome).map((step) => `next: ${step}`),
    ...(yes ? [] : [DRY_RUN_WITHOUT_YES]),
    "",
  ].join("\n");
}

function stateLines({ old, successor, lacking, use }: HandOver): string[] {
  const newClient = successor.works ? `${successor.id}, which works` : successor.reason;
  return [
    `  new client:  ${newClient}`,
    `  permissions: ${lackingText(lacking)}`,
    `  use:         ${useText(use)}`,
    `  old client:  ${old.state ?? "unknown"}${sinceText(old)}`,
  ];
}

function lackingText(lacking: HandOver["lacking"]): string {
  if (lacking === undefined) return "not compared, since there is no new client";
  return lacking.length === 0
    ? "the new client has all of them"
    : `the new client lacks ${onOneLine(lacking.join("; "))}`;
}

function sinceText(old: HandOver["old"]): string {
  const [at, from] = [handedOverAt(old), deletableFrom(old)];
  if (old.state !== "inactive" || at === undefined || from === undefined) return "";
  return ` since ${new Date(at).toISOString()}; its tokens may work until ${new Date(from).toISOString()}`;
}

function conclusionOf({ step, state, changed, yes, accepted, credential }: Outcome): string {
  if (changed) return `the old client was ${DONE[step]}`;
  if (!state) return `the client ${credential.replaces} no longer exists`;
  if (isDone(step, state.old)) return `the old client is ${state.old.state} already`;
  const objections = yes ? [] : objectionsTo(step, state, accepted);
  if (objections.length === 0) return `the old client would be ${DONE[step]}`;
  const list = objections.map((each) => `  ${onOneLine(each)}`).join("\n");
  return `the old client would not be ${DONE[step]}:\n${list}`;
}

/** The next steps of the operator. */
function nextOf({ org, credential, step, state, changed, accepted }: Outcome): string[] {
  const command = `genesys-orgs hand-over ${org.name} ${credential.name}`;
  if (!state) return [`remove replaces from the registry entry of ${credential.name}`];
  if (step === "undo" && changed) return [];
  const { old, now, successor, lacking = [], use } = state;
  if (objectionsTo("undo", state, {}).length === 0) {
    const from = deletableFrom(old) ?? 0;
    return now < from
      ? [
          `after ${new Date(from).toISOString()}, run \`${command} --delete --yes\`; if a consumer is refused before, \`${command} --undo --yes\``,
        ]
      : [`run \`${command} --delete --yes\``];
  }
  if (old.state !== "active" || state.ours !== undefined) return [];
  if (!successor.works) return [successor.next];
  if (lacking.length > 0 && !accepted.fewerPermissions) {
    return [
      `give ${credential.name} what it lacks, and run \`genesys-orgs deploy ${org.name}\`; or add --fewer-permissions`,
    ];
  }
  if (use.known && use.requests > 0 && !accepted.evenIfUsed) {
    return [
      `move its consumers to the secret ${credential.secretName}, and wait until Genesys Cloud has counted no calls for a week`,
    ];
  }
  return [`run \`${command}${use.known ? "" : " --even-if-used"} --yes\``];
}

/** Returns the outcome as a document. */
export function handOverDocument(outcome: Outcome): object {
  const { org, credential, step, state, changed, yes, accepted } = outcome;
  const from = state && deletableFrom(state.old);
  return {
    org: org.name,
    credential: credential.name,
    replaces: credential.replaces,
    step,
    done: changed,
    old: state && { id: state.old.id, name: state.old.name, state: state.old.state },
    successor: state?.successor,
    lacking: state?.lacking,
    use: state?.use,
    deletableFrom: from === undefined ? undefined : new Date(from).toISOString(),
    objections: yes || !state || isDone(step, state.old) ? [] : objectionsTo(step, state, accepted),
    next: nextOf(outcome),
  };
}
