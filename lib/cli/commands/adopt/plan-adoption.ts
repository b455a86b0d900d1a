import { counted } from "../../../counted";
import { UserError } from "../../../errors";
import type { Manifest } from "../../../existing/code/logical-ids";
import { ENTRY_FOLDER, ENTRY_FUNCTION } from "../../../existing/code/project-code";
import type { PlannedChange } from "../../../terraform/changes/planned-changes";
import { orgStackJson } from "../../project/org-stack-json";
import { withOutput } from "../../runs/select-stacks";
import { ReportedFailure } from "../../terminal/failure";
import type { Io } from "../../terminal/io";
import { planOrgs } from "../plan/plan-orgs";
import type { AdoptedOrg } from "./adopt-org";

/** What Terraform would do with the code. */
export interface AdoptionPlan {
  readonly text: string;
  readonly document: object;
  /** @throws ReportedFailure if the plan does more than to import and to move */
  refuse(): void;
}

/**
 * Plans an organisation after its objects got code.
 *
 * @throws UserError if it cannot be planned
 */
export async function planAdoption(
  io: Io,
  name: string,
  { manifest, folder }: AdoptedOrg,
): Promise<AdoptionPlan> {
  const changes = await changesOf(io, name, manifest);
  if (!changes) return notInStack(name, folder);
  const others = changes.filter(({ action }) => action !== "import" && action !== "move");
  const imports = changes.filter(({ action }) => action === "import").length;
  const moves = changes.length - others.length - imports;
  const taken = moves === 0 ? "" : `, ${counted(moves, "object")} to move`;
  return {
    text: [
      `plan of ${name}: ${counted(imports, "object")} to import${taken}, ${others.length === 0 ? "nothing to change" : `${counted(others.length, "other change")}:`}`,
      ...others.map((change) => `  ${change.action} ${change.address}${attributesText(change)}`),
      ...(others.every(isWhole)
        ? []
        : [
            "The code has what the Platform API returned. Where an attribute differs, the provider reads or writes it in another way, or the organisation was changed since: see docs/existing.md",
          ]),
      "",
    ].join("\n"),
    document: { imports, moves, changes: others },
    refuse: () => {
      if (others.length > 0) throw new ReportedFailure(2);
    },
  };
}

/**
 * Plans an organisation, and returns what would change; undefined if its stack does not have the objects of the
 * code.
 *
 * @throws UserError if it cannot be planned
 */
export async function changesOf(
  io: Io,
  name: string,
  manifest: Manifest,
): Promise<readonly PlannedChange[] | undefined> {
  const { stack } = await orgStackJson(io, name);
  const objects = Object.entries(manifest);
  const isInStack = objects.some(([logicalId, { type }]) => stack.resource?.[type]?.[logicalId]);
  if (objects.length > 0 && !isInStack) return undefined;
  const { plans, failed } = await withOutput(io, () =>
    planOrgs(io, { names: [name], parallel: 1 }),
  );
  if (failed.length > 0) {
    throw new UserError(failed.map(({ stack, error }) => `${stack}: ${error}`).join("\n"));
  }
  return plans.flatMap(({ changes }) => changes);
}

/** Whether one side does not have the object at all. */
const isWhole = ({ action }: PlannedChange): boolean => action === "create" || action === "delete";

/** Returns the attributes of a change, and which side has none. */
export const attributesText = (change: PlannedChange): string =>
  change.attributes.length === 0 || isWhole(change)
    ? ""
    : `: ${change.attributes
        .map(({ path, before, after }) => {
          if (before === undefined) return `${path} (the organisation has none)`;
          return after === undefined ? `${path} (the code has none)` : path;
        })
        .join(", ")}`;

/** What to do if a stack does not have the objects of the code. */
export const notInStack = (name: string, folder: string): AdoptionPlan => ({
  text: `not planned: the stack of ${name} does not use ${folder} yet. Add to the class of the organisation's stack:
  import { ${ENTRY_FUNCTION} } from "../${ENTRY_FOLDER}";
  ${ENTRY_FUNCTION}(this); // in the constructor
and then run \`genesys-orgs plan ${name}\`\n`,
  document: { inStack: false },
  refuse: () => {
    throw new ReportedFailure(2);
  },
});
