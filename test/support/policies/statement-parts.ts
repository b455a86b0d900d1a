/** A statement as its JSON is. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** A statement without one of its parts. */
export interface Part {
  /** Element of the statement, or operator and key of a condition. */
  readonly field: string;
  readonly entry: string;
  readonly without: Statement;
}

/**
 * Everything that can be taken out of a statement so that a valid one is left: entries of lists,
 * accounts of principals, conditions and their values.
 */
export const partsOf = (statement: Statement): Part[] => [
  ...["Action", "NotAction", "Resource", "NotResource"].flatMap((field) =>
    entriesOf((statement as unknown as Record<string, string[]>)[field]).map(([entry, rest]) => ({
      field,
      entry,
      without: { ...statement, [field]: rest },
    })),
  ),
  ...entriesOf((statement.Principal as { AWS?: string[] } | undefined)?.AWS).map(
    ([entry, rest]) => ({
      field: "Principal",
      entry,
      without: { ...statement, Principal: { AWS: rest } },
    }),
  ),
  ...conditionsOf(statement),
];

/** Each entry of a list of several, with the list that is left without it. */
function entriesOf(list: string | string[] = []): [string, string[]][] {
  if (typeof list === "string" || list.length < 2) return [];
  return list.map((entry, index) => [entry, list.toSpliced(index, 1)]);
}

function conditionsOf(statement: Statement): Part[] {
  const { Condition = {}, ...unconditional } = statement;
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) => {
      const field = `${operator} ${key}`;
      const others = Object.entries(keys).filter(([other]) => other !== key);
      const rest = { ...Condition, [operator]: Object.fromEntries(others) };
      if (others.length === 0) delete rest[operator];
      const without =
        Object.keys(rest).length === 0 ? unconditional : { ...unconditional, Condition: rest };
      return [
        { field, entry: "as a whole", without },
        ...entriesOf(values).map(([entry, left]) => ({
          field,
          entry,
          without: {
            ...statement,
            Condition: { ...Condition, [operator]: { ...keys, [key]: left } },
          },
        })),
      ];
    }),
  );
}
