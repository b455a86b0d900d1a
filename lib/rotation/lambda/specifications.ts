import {
  DeleteParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { AwsCallError, awsCall } from "../../aws/call";
import { retirementNameOf, specificationNameOf } from "../rotation-names";
import { type ClientSpecification, readSpecification } from "../specification";
import { type Configuration, credentialOf, secretNamePrefixOf } from "./configuration";

/** The content of one credential's parameters. */
export interface SpecifiedCredential {
  /** For example `crm-sync`. */
  readonly name: string;
  readonly specification: ClientSpecification;
  /** Whether the credential is being retired. */
  readonly retiring: boolean;
}

/** The specifications that Terraform wrote, and the marks of credentials that are being retired. */
export class Specifications {
  private readonly prefix: string;

  constructor(
    private readonly client: SSMClient,
    private readonly configuration: Configuration,
  ) {
    this.prefix = secretNamePrefixOf(configuration);
  }

  /**
   * Reads the specification of one credential.
   * @throws Error when it does not exist
   */
  async of(name: string): Promise<SpecifiedCredential> {
    const Names = [this.specificationName(name), this.retirementName(name)];
    const { Parameters = [] } = await awsCall(
      `GetParameters of ${Names[0]}`,
      this.client.send(new GetParametersCommand({ Names })),
    );
    const values = new Map(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
    const found = this.read(name, values);
    if (found) return found;
    throw new Error(
      `the parameter ${this.specificationName(name)} does not exist: apply the org's stack`,
    );
  }

  /** Reads the specifications of all credentials, ordered by name. */
  async all(): Promise<SpecifiedCredential[]> {
    const values = await awsCall(`GetParametersByPath of ${this.prefix}`, this.list());
    const names = [...values.keys()]
      .map((name) => name.slice(this.prefix.length).split("/")[0] ?? "")
      .sort();
    return [...new Set(names)].flatMap((name) => this.read(name, values) ?? []);
  }

  /**
   * Marks a credential as being retired. The mark concerns this secret only, and no later secret of
   * the same name.
   */
  async mark({ name, specification }: SpecifiedCredential, since: Date): Promise<void> {
    const Name = this.retirementName(name);
    const { secretArn } = specification;
    const Value = JSON.stringify({ since: since.toISOString(), secretArn });
    const command = new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true });
    await awsCall(`PutParameter of ${Name}`, this.client.send(command));
  }

  /** Removes the mark. It is not an error if there is none. */
  async unmark(name: string): Promise<void> {
    const Name = this.retirementName(name);
    const command = new DeleteParameterCommand({ Name });
    try {
      await awsCall(`DeleteParameter of ${Name}`, this.client.send(command));
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.code !== "ParameterNotFound") throw error;
    }
  }

  private specificationName(credential: string): string {
    return specificationNameOf(`${this.prefix}${credential}`);
  }

  private retirementName(credential: string): string {
    return retirementNameOf(`${this.prefix}${credential}`);
  }

  private async list(): Promise<Map<string, string>> {
    const values = new Map<string, string>();
    const Path = this.prefix.replace(/\/$/, "");
    const pages = paginateGetParametersByPath({ client: this.client }, { Path, Recursive: true });
    for await (const { Parameters = [] } of pages) {
      for (const { Name = "", Value = "" } of Parameters) values.set(Name, Value);
    }
    return values;
  }

  /** @param values values of parameters by their names */
  private read(name: string, values: ReadonlyMap<string, string>): SpecifiedCredential | undefined {
    const parameter = this.specificationName(name);
    const text = values.get(parameter);
    if (text === undefined) return undefined;
    const specification = readSpecification(text, parameter);
    if (credentialOf(this.configuration, specification.secretArn) !== name) {
      throw new Error(
        `the parameter ${parameter} is for another secret, ${specification.secretArn}: apply the org's stack`,
      );
    }
    const mark = values.get(this.retirementName(name));
    return { name, specification, retiring: concerns(mark, specification.secretArn) };
  }
}

/** Whether a mark concerns this secret. A mark that names no secret concerns any. */
function concerns(mark: string | undefined, secretArn: string): boolean {
  if (mark === undefined) return false;
  try {
    const { secretArn: marked = secretArn } = JSON.parse(mark) as { secretArn?: string };
    return marked === secretArn;
  } catch {
    return true;
  }
}
