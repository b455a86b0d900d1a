import { UserError } from "../../errors";
import type { Environment } from "../../registry/model";
import type { BlockSchema, ProviderSchema } from "../../rehearsal/double/core/schema";
import {
  type Dangling,
  type ExistingObject,
  isReference,
  keyOf,
  pathText,
  type Reference,
  referencesIn,
  targetOf,
} from "../model";
import { byText } from "../read/resolve";
import { KNOWN_TYPES } from "../types";
import { HOME_DIVISION } from "../types/authorization";
import { dependencyOrder } from "./dependency-order";
import { camelCase, logicalIds, type Manifest, pascalCase } from "./logical-ids";
import { differsByNature, splitArguments } from "./per-org";
import { parameterOf, propertiesCode, textCode } from "./typescript";
import { brokenRules, REASON } from "./waivers";

/** Properties of {@link codeFiles}. */
export interface CodeProps {
  /** Name of the organisation in the registry. */
  readonly org: string;
  /** Objects that get code. */
  readonly managed: readonly ExistingObject[];
  /** Objects that the code may refer to by data sources. */
  readonly others: readonly ExistingObject[];
  /** Objects that have code already. */
  readonly known: Manifest;
  /**
   * Keys of objects whose arguments the organisation does not have yet.
   * @default - none
   */
  readonly undeployed?: ReadonlySet<string>;
  /**
   * Its environment, which the names of its OAuth clients should have.
   * @default - any
   */
  readonly environment?: Environment;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
}

/** The code of an organisation's objects. */
export interface OrgCode {
  /** Texts of the files by their names. */
  readonly files: Readonly<Record<string, string>>;
  readonly manifest: Manifest;
  /** Circles of references: logical ids. Their code has an id in place of one reference. */
  readonly circles: readonly (readonly string[])[];
  /** Rules that objects break as they are, and that their code waives, by logical ids. */
  readonly waived: ReadonlyMap<string, readonly string[]>;
}

/** File with the logical ids, names and ids of the objects that have code. */
export const MANIFEST = "objects.json";
/** File with ids of objects that no data source finds. */
const REFERENCES = "references.json";
const REFERENCES_NAME = "references";
/** File with the values that differ between organisations by their nature. */
export const PARAMETERS = "parameters.json";
const PARAMETERS_NAME = "parameters";
export const JSON_FILES = [MANIFEST, REFERENCES, PARAMETERS];
const OTHERS = "others";

/** Returns typed code for objects: one file per type, and `index.ts`, which calls them in order. */
export function codeFiles(props: CodeProps): OrgCode {
  const code = new CodeOfOrg(props);
  const { circles, waived } = code;
  return { files: code.files(), manifest: code.manifest(), circles, waived };
}

class CodeOfOrg {
  readonly circles: readonly (readonly string[])[];
  readonly waived: ReadonlyMap<string, readonly string[]>;
  private readonly managed: ReadonlyMap<string, ExistingObject>;
  private readonly others: ReadonlyMap<string, ExistingObject>;
  private readonly ids: ReadonlyMap<string, string>;
  /** Position of each object in the order in which the code creates them. */
  private readonly positions: ReadonlyMap<string, number>;
  /** Types in the order of their files. */
  private readonly types: readonly string[];
  /** Files that each file's function needs. Known once the file was written, as all that follows. */
  private readonly dependencies = new Map<string, readonly string[]>();
  /** Data sources that the code needs, by their keys. */
  private readonly needed = new Map<string, ExistingObject>();
  /** Values that differ between organisations by their nature, by the logical ids of their objects. */
  private readonly parameters = new Map<string, Readonly<Record<string, unknown>>>();
  /** Ids of objects that no data source finds, by the places that refer to them. */
  private readonly looseIds = new Map<string, string>();

  constructor(private readonly props: CodeProps) {
    const { others, known } = props;
    const managed = inOrder(props.managed);
    this.managed = byKey(managed);
    this.others = byKey(others);
    this.ids = logicalIds([...managed, ...others], known);
    const needs = new Map(managed.map((one) => [keyOf(one), this.needsOf(one)]));
    const { order, circles } = dependencyOrder(needs);
    this.positions = new Map(order.map((key, index) => [key, index]));
    this.circles = circles.map((circle) => circle.map((key) => this.idOf(key)));
    this.types = this.orderOfTypes();
    this.waived = this.waivedRules();
  }

  files(): Record<string, string> {
    const files: Record<string, string> = {};
    for (const type of this.types) files[`${this.fileOf(type)}.ts`] = this.typeFile(type);
    if (this.needed.size > 0) files[`${OTHERS}.ts`] = this.othersFile();
    files["index.ts"] = this.indexFile();
    files[MANIFEST] = inJson(this.manifest());
    if (this.parameters.size > 0) files[PARAMETERS] = inJson(sorted([...this.parameters]));
    if (this.looseIds.size > 0) files[REFERENCES] = inJson(sorted([...this.looseIds]));
    return files;
  }

  manifest(): Manifest {
    return sorted(
      [...this.managed].map(([key, { type, path, id, movedFrom, ...object }]) => [
        this.idOf(key),
        {
          type,
          path,
          ...(id === undefined ? {} : { id }),
          ...(this.props.undeployed?.has(key)
            ? { arguments: splitArguments(type, object.arguments).common }
            : {}),
          ...(movedFrom === undefined ? {} : { movedFrom }),
        },
      ]),
    );
  }

  /** What is not deployed yet must keep the rules, or be waived by hand. */
  private waivedRules(): ReadonlyMap<string, readonly string[]> {
    const { org: name, environment, undeployed } = this.props;
    const deployed = [...this.managed.values()].filter(
      (object) => object.id !== undefined && !undeployed?.has(keyOf(object)),
    );
    const org = environment && { name, environment };
    return brokenRules(deployed, (key) => this.idOf(key), org);
  }

  private needsOf(object: ExistingObject): string[] {
    return [...referencesIn(object.arguments)].filter(isReference).map(targetOf);
  }

  /** Files follow each other so that most references go back; those that cannot are written as expressions. */
  private orderOfTypes(): string[] {
    const types = [...new Set([...this.managed.values()].map(({ type }) => type))];
    const needs = new Map<string, string[]>(types.map((type) => [type, []]));
    for (const object of this.managed.values()) {
      for (const reference of referencesIn(object.arguments)) {
        if (reference.$ref !== object.type) needs.get(object.type)?.push(reference.$ref);
      }
    }
    return [...dependencyOrder(needs).order];
  }

  private typeFile(type: string): string {
    const file = this.fileOf(type);
    const className = pascalCase(shortType(type));
    const used = new Set<string>();
    const objects = [...this.managed.values()]
      .filter((object) => object.type === type)
      .sort((one, other) => this.positionOf(one) - this.positionOf(other));
    const statements = objects.map((object) => this.statement(object, className, used));
    const dependencies = [...this.types.map((each) => this.fileOf(each)), OTHERS].filter((name) =>
      used.has(name),
    );
    this.dependencies.set(file, dependencies);
    const names = objects.map((object) => this.variableOf(keyOf(object)));
    const isWaived = objects.some((object) => this.waived.has(this.idOf(keyOf(object))));
    return `${importLines([
      ...(isWaived ? [`import { Policies } from "cdktf-genesys-orgs";`] : []),
      `import { ${className} } from "cdktf-genesys-orgs/genesyscloud/${shortType(type).replace(/_/g, "-")}";`,
      `import type { Construct } from "constructs";`,
      ...dependencies.map((name) => `import type { ${pascalCase(name)} } from "./${name}";`),
      ...jsonImport(OBJECTS, MANIFEST, used),
      ...jsonImport(PARAMETERS_NAME, PARAMETERS, used),
      ...jsonImport(REFERENCES_NAME, REFERENCES, used),
    ])}
/** The ${file.replace(/-/g, " ")} of ${this.props.org}. */
export function add${pascalCase(file)}(${parameters(dependencies)}) {
${statements.join("\n")}
  return {
${names.map((name) => `    ${name},\n`).join("")}  };
}

export type ${pascalCase(file)} = ReturnType<typeof add${pascalCase(file)}>;
`;
  }

  private statement(object: ExistingObject, className: string, used: Set<string>): string {
    const key = keyOf(object);
    const [id, variable] = [this.idOf(key), this.variableOf(key)];
    const schema = this.schemaOf(object.type);
    const properties = propertiesCode({
      schema,
      arguments: object.arguments,
      referenceCode: (reference, place) => this.referenceCode(object, reference, place, used),
      known: object.isPartial ? [] : Object.keys(KNOWN_TYPES.get(object.type)?.mapping ?? {}),
      elsewhere: (name) => this.parameterCode(object, name, used),
      indent: 2,
    });
    const lines = [
      ...(object.id === undefined ? [] : takeOverLines(object, variable, id)),
      ...(this.waived.get(id) ?? []).map(
        (rule) => `Policies.waive(${variable}, "${rule}", "${REASON}");`,
      ),
    ];
    if (object.id !== undefined && object.movedFrom === undefined) used.add(OBJECTS);
    return `  const ${variable} = new ${className}(scope, ${textCode(id)}, ${properties});\n${lines.map((line) => `  ${line}\n`).join("")}`;
  }

  /** A value that differs between organisations by its nature is a parameter. */
  private parameterCode(
    object: ExistingObject,
    name: string,
    used: Set<string>,
  ): string | undefined {
    const value = object.arguments[name];
    if (value === undefined || !differsByNature(object.type, name)) return undefined;
    const id = this.idOf(keyOf(object));
    const parameter = parameterOf(this.schemaOf(object.type), name, value);
    this.parameters.set(id, { ...this.parameters.get(id), [camelCase(name)]: parameter });
    used.add(PARAMETERS_NAME);
    return `${PARAMETERS_NAME}[${textCode(id)}].${camelCase(name)}`;
  }

  private referenceCode(
    from: ExistingObject,
    reference: Reference | Dangling,
    place: string,
    used: Set<string>,
  ): string {
    const fromId = this.idOf(keyOf(from));
    if (!isReference(reference)) {
      return this.looseId(`${fromId}.${place}`, reference.id, used);
    }
    const key = targetOf(reference);
    const target = this.managed.get(key);
    if (!target) return this.otherCode(reference, `${fromId}.${place}`, used);
    const isInCircle = target.id !== undefined && this.isInCircle(key, keyOf(from));
    const literal = (): string => {
      used.add(OBJECTS);
      return `${OBJECTS}[${textCode(this.idOf(key))}].id`;
    };
    // A new object may refer to those that exist by their ids, and never the other way round.
    if (isInCircle && from.id === undefined) return literal();
    const isBefore = this.positionOf(target) < this.positionOf(from);
    const variable = this.variableOf(key);
    if (target.type === from.type && isBefore) return `${variable}.id`;
    const [own, other] = [this.types.indexOf(from.type), this.types.indexOf(target.type)];
    if (target.type !== from.type && other < own) {
      used.add(this.fileOf(target.type));
      return `${camelCase(this.fileOf(target.type))}.${variable}.id`;
    }
    // Terraform refuses circles. The object of the other end exists, so its id is known.
    if (isInCircle) return literal();
    return JSON.stringify(`\${${target.type}.${this.idOf(key)}.id}`);
  }

  private otherCode(reference: Reference, place: string, used: Set<string>): string {
    const other = this.others.get(targetOf(reference));
    if (other && isFoundByName(other)) {
      this.needed.set(keyOf(other), other);
      used.add(OTHERS);
      return `${OTHERS}.${this.variableOf(keyOf(other))}.id`;
    }
    if (other?.id === undefined) {
      const { org } = this.props;
      throw new UserError(
        `${org}: ${place} refers to ${pathText(reference.path)} (${reference.$ref}), which ${org} does not have`,
      );
    }
    return this.looseId(place, other.id, used);
  }

  private looseId(place: string, id: string, used: Set<string>): string {
    used.add(REFERENCES_NAME);
    this.looseIds.set(place, id);
    return `${REFERENCES_NAME}[${textCode(place)}]`;
  }

  private othersFile(): string {
    const objects = [...this.needed.entries()].sort(([one], [other]) => byText(one, other));
    const classes = [...new Set(objects.map(([, object]) => dataTypeOf(object)))].sort();
    const statements = objects.map(([key, object]) => {
      const argument = nameArgument(object);
      const name = textCode(object.path.at(-1) ?? "");
      const properties = argument === undefined ? "" : `, { ${argument}: ${name} }`;
      return `    ${this.variableOf(key)}: new ${dataClassOf(dataTypeOf(object))}(scope, ${textCode(`${this.idOf(key)}-data`)}${properties}),\n`;
    });
    return `${importLines([
      ...classes.map(
        (type) =>
          `import { ${dataClassOf(type)} } from "cdktf-genesys-orgs/genesyscloud/data-genesyscloud-${type.replace(/_/g, "-")}";`,
      ),
      `import type { Construct } from "constructs";`,
    ])}
/** Objects of ${this.props.org} that are not managed here, by their names. */
export function add${pascalCase(OTHERS)}(scope: Construct) {
  return {
${statements.join("")}  };
}

export type ${pascalCase(OTHERS)} = ReturnType<typeof add${pascalCase(OTHERS)}>;
`;
  }

  private indexFile(): string {
    const files = [
      ...(this.needed.size > 0 ? [OTHERS] : []),
      ...this.types.map((type) => this.fileOf(type)),
    ];
    const calls = files.map((file) => {
      const dependencies = this.dependencies.get(file) ?? [];
      return `  const ${camelCase(file)} = add${pascalCase(file)}(scope${dependencies.length > 0 ? `, { ${dependencies.map(camelCase).join(", ")} }` : ""});\n`;
    });
    return `${importLines([
      `import type { Construct } from "constructs";`,
      ...files.map((file) => `import { add${pascalCase(file)} } from "./${file}";`),
    ])}
/** Adds everything that ${this.props.org} has in this folder. */
export function addObjects(scope: Construct) {
${calls.join("")}  return {
${files.map((file) => `    ${camelCase(file)},\n`).join("")}  };
}
`;
  }

  private isInCircle(one: string, other: string): boolean {
    const [first, second] = [this.idOf(one), this.idOf(other)];
    return this.circles.some((circle) => circle.includes(first) && circle.includes(second));
  }

  private schemaOf(type: string): BlockSchema {
    return this.props.schema.resource_schemas?.[type]?.block ?? {};
  }

  private positionOf(object: ExistingObject): number {
    return this.positions.get(keyOf(object)) ?? 0;
  }

  private idOf(key: string): string {
    return this.ids.get(key) ?? "";
  }

  private variableOf(key: string): string {
    return camelCase(this.idOf(key));
  }

  private fileOf(type: string): string {
    return KNOWN_TYPES.get(type)?.plural ?? shortType(type);
  }
}

/** Returns the lines by which Terraform takes an object over. */
function takeOverLines(
  { type, movedFrom, ignored = [] }: ExistingObject,
  variable: string,
  id: string,
): string[] {
  const { notRead = [] } = KNOWN_TYPES.get(type) ?? {};
  const left = [...new Set([...notRead, ...ignored])];
  return [
    movedFrom === undefined
      ? `${variable}.importFrom(${OBJECTS}[${textCode(id)}].id);`
      : `${variable}.moveFromId(${textCode(movedFrom)});`,
    ...(notRead.length === 0
      ? []
      : ["// The provider does not read it, and would set its default."]),
    ...(ignored.length === 0 ? [] : [`// Not known here: ${ignored.join(", ")}.`]),
    ...(left.length === 0
      ? []
      : [`${variable}.lifecycle = { ignoreChanges: ${JSON.stringify(left)} };`]),
  ];
}

/** Sorts objects by type and name: their order must not come from where they were read. */
export const inOrder = (objects: readonly ExistingObject[]): ExistingObject[] =>
  [...KNOWN_TYPES.keys()].flatMap((type) =>
    objects
      .filter((object) => object.type === type)
      .sort((one, other) => byText(keyOf(one), keyOf(other))),
  );

/** Whether a data source finds exactly this object. */
const isFoundByName = ({ path, hasNamesakes }: ExistingObject): boolean =>
  path.length === 1 && !hasNamesakes;

/** The data source's type, without the provider's name. */
const dataTypeOf = ({ type, path }: ExistingObject): string =>
  shortType(isHomeDivision(path) ? `${type}_home` : type);

/** Returns the argument of a data source that has the object's name; undefined if it has none. */
const nameArgument = ({ type, path }: ExistingObject): string | undefined =>
  isHomeDivision(path) ? undefined : (KNOWN_TYPES.get(type)?.nameArgument ?? "name");

const dataClassOf = (type: string): string => `DataGenesyscloud${pascalCase(type)}`;

const isHomeDivision = ([name]: readonly string[]): boolean => name === HOME_DIVISION;

const OBJECTS = "objects";

/** Returns the import of a JSON file, if it is used. */
const jsonImport = (name: string, file: string, used: ReadonlySet<string>): string[] =>
  used.has(name) ? [`import ${name} from "./${file}";`] : [];

const inJson = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

const sorted = <Item>(entries: readonly (readonly [string, Item])[]): Record<string, Item> =>
  Object.fromEntries([...entries].sort(([one], [other]) => byText(one, other)));

const byKey = (objects: readonly ExistingObject[]): ReadonlyMap<string, ExistingObject> =>
  new Map(objects.map((object) => [keyOf(object), object]));

const shortType = (type: string): string => type.replace(/^genesyscloud_/, "");

const importLines = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

const parameters = (dependencies: readonly string[]): string =>
  dependencies.length === 0
    ? "scope: Construct"
    : `\n  scope: Construct,\n  { ${dependencies.map(camelCase).join(", ")} }: {\n${dependencies
        .map((name) => `    readonly ${camelCase(name)}: ${pascalCase(name)};\n`)
        .join("")}  },\n`;
