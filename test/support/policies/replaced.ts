import type { Check, Document } from "./evaluate";
import { type Row, verdict } from "./rows";
import type { Statement } from "./statement-parts";
import type { World } from "./world";

/** One statement of one policy, and what stands in its place. */
export interface Replacement {
  readonly what: string;
  readonly policy: string;
  readonly statement: Statement;
  readonly instead: readonly Statement[];
}

/** Replaces each statement of a world in turn, in each of the ways that `ways` names. */
export const withStatements = (
  { documents }: World,
  ways: (statement: Statement, policy: string) => { what: string; instead: Statement[] }[],
): Replacement[] =>
  [...documents].flatMap(([policy, { Statement }]) =>
    (Statement as readonly Statement[]).flatMap((statement) =>
      ways(statement, policy).map((way) => ({ policy, statement, ...way })),
    ),
  );

/** Whether some row turns out another way than it says. */
export async function isNoticed(
  { world, rows }: { readonly world: World; readonly rows: readonly Row[] },
  { policy, statement, instead }: Replacement,
): Promise<boolean> {
  const document = world.documents.get(policy);
  if (!document) throw new Error(`there is no policy ${policy}`);
  const replaced: Document = {
    Statement: document.Statement.flatMap((each) => (each === statement ? [...instead] : [each])),
  };
  const documents = new Map(world.documents).set(policy, replaced);
  const before = (check: Check) => said(statement, check);
  const after = (check: Check) => instead.map((each) => said(each, check)).join("");
  // Without an allow, less is allowed; without a deny, more.
  const turns = ({ allowed }: Row) =>
    instead.length > 0 || allowed === (statement.Effect === "Allow");
  const concerns = ({ who, does }: Row) =>
    does.some(
      (check) =>
        (check.policy === policy || who.policies.includes(document)) &&
        before(check) !== after(check),
    );
  for (const row of rows.filter(turns).filter(concerns)) {
    const policies = row.who.policies.map((each) => (each === document ? replaced : each));
    const { who, allowed } = row;
    if ((await verdict({ ...row, who: { ...who, policies } }, documents)) !== allowed) return true;
  }
  return false;
}

/**
 * What a statement says about a check: nothing, or its effect under its conditions. A change of a
 * statement that says the same as before cannot change the verdict.
 */
function said(statement: Statement, { action, resource }: Check): string {
  const { Action, NotAction, Resource = "*", NotResource, ...under } = statement;
  const matches = (patterns: string | readonly string[], value: string) =>
    [patterns].flat().some((pattern) => patternOf(pattern).test(value));
  const ofAction = NotAction ? !matches(NotAction, action) : matches(Action ?? "*", action);
  const ofResource = NotResource
    ? !matches([NotResource].flat().filter(isLiteral), resource)
    : matches(Resource, resource);
  const open = [Resource, NotResource ?? []].flat().filter((pattern) => !isLiteral(pattern));
  return ofAction && ofResource ? JSON.stringify([under, open]) : "";
}

// The value of a policy variable is not known here: it could be any.
const isLiteral = (pattern: string) => !pattern.includes("${");

const patterns = new Map<string, RegExp>();
function patternOf(text: string): RegExp {
  const known = patterns.get(text);
  if (known) return known;
  const plain = text.replaceAll(/[.+?^()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${plain.replaceAll(/\$\{[^}]*\}|\*/g, ".*")}$`, "i");
  patterns.set(text, pattern);
  return pattern;
}
