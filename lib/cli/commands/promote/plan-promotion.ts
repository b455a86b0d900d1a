import { counted } from "../../../counted";
import { ReportedFailure } from "../../terminal/failure";
import type { Io } from "../../terminal/io";
import { type AdoptionPlan, attributesText, changesOf, notInStack } from "../adopt/plan-adoption";
import type { PromotedOrg } from "./promote-org";

/**
 * Plans an organisation after objects were promoted to its code.
 *
 * @throws UserError if it cannot be planned
 */
export async function planPromotion(
  io: Io,
  name: string,
  { manifest, folder }: PromotedOrg,
): Promise<AdoptionPlan> {
  const changes = await changesOf(io, name, manifest);
  if (!changes) return notInStack(name, folder);
  // Those that are not deployed yet have arguments of their own.
  const wanted = new Set(
    Object.entries(manifest)
      .filter(([, { arguments: given }]) => given !== undefined)
      .map(([logicalId, { type }]) => `${type}.${logicalId}`),
  );
  const isWanted = ({ action, address }: (typeof changes)[number]): boolean =>
    action === "import" || (wanted.has(address) && (action === "create" || action === "update"));
  const count = (action: string): number =>
    changes.filter((each) => isWanted(each) && each.action === action).length;
  const others = changes.filter((each) => !isWanted(each));
  const counts = {
    create: count("create"),
    update: count("update"),
    import: count("import"),
  };
  return {
    text: [
      `plan of ${name}: ${counts.create} to create, ${counts.update} to change, ${counts.import} to import, ${others.length === 0 ? "nothing else" : `${counted(others.length, "other change")}:`}`,
      ...others.map((change) => {
        // All attributes of other changes come or go.
        const attributes = change.action === "update" ? attributesText(change) : "";
        return `  ${change.action} ${change.address}${attributes}`;
      }),
      `\`genesys-orgs rehearse ${name}\` rehearses it, \`genesys-orgs deploy ${name}\` makes the changes`,
      "",
    ].join("\n"),
    document: { ...counts, changes: others },
    refuse: () => {
      if (others.length > 0) throw new ReportedFailure(2);
    },
  };
}
