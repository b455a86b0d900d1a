import {
  DeleteParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { AwsCallError, awsCall } from "../../aws/call";
import { type RotationAttempt, readAttempt } from "../attempt";
import type { CredentialRecords, StoredCredential } from "../credential-records";
import { isMarked } from "../retirement-mark";
import { PARAMETER_KINDS, type ParameterKind, parameterNameOf } from "../rotation-names";
import { readSpecification } from "../specification";
import { type CredentialStatus, readStatus } from "../status";
import { type Configuration, credentialOf, secretNamePrefixOf } from "./configuration";
import { listParameters } from "./list-parameters";

/** A credential whose specification is valid. */
export type SpecifiedCredential = StoredCredential &
  Required<Pick<StoredCredential, "specification">>;

/**
 * The parameters of credentials: the specifications that Terraform wrote, the marks of those that are
 * being retired, and the reconciler's notes.
 */
export class Parameters implements CredentialRecords {
  private readonly prefix: string;

  constructor(
    private readonly client: SSMClient,
    private readonly configuration: Configuration,
  ) {
    this.prefix = secretNamePrefixOf(configuration);
  }

  /**
   * Reads the specification of one credential.
   * @throws Error when it does not exist, or is not valid
   */
  async specified(name: string): Promise<SpecifiedCredential> {
    const { specification, problem, ...stored } = await this.read(name);
    if (specification && problem === undefined) return { ...stored, specification };
    const parameter = this.nameOf(name, "specification");
    throw new Error(problem ?? `the parameter ${parameter} does not exist: apply the org's stack`);
  }

  async read(name: string): Promise<StoredCredential> {
    const Names = PARAMETER_KINDS.map((kind) => this.nameOf(name, kind));
    const command = new GetParametersCommand({ Names });
    const { Parameters: found = [] } = await awsCall(
      `GetParameters of ${Names[0]}`,
      this.client.send(command),
    );
    return this.stored(name, new Map(found.map(({ Name = "", Value = "" }) => [Name, Value])));
  }

  /** Reads the parameters of all credentials, ordered by name. */
  async all(): Promise<StoredCredential[]> {
    const values = await listParameters(this.client, this.prefix);
    const names = [...values.keys()]
      .map((name) => name.slice(this.prefix.length).split("/")[0] ?? "")
      .sort();
    return [...new Set(names)]
      .filter((name) => PARAMETER_KINDS.some((kind) => values.has(this.nameOf(name, kind))))
      .map((name) => this.stored(name, values));
  }

  async change(
    name: string,
    change: (status: CredentialStatus) => CredentialStatus,
  ): Promise<void> {
    const { status } = await this.read(name);
    const [before, Value] = [status, change(status)].map((each) => JSON.stringify(each));
    if (before === Value) return;
    const Name = this.nameOf(name, "status");
    // 4 KB are enough for all but a long list of clients that are still listed.
    const Tier = "Intelligent-Tiering";
    await this.put({ Name, Value, Tier });
  }

  /** Writes the rotator's note about an attempt. */
  async noteAttempt(name: string, attempt: RotationAttempt): Promise<void> {
    await this.put({ Name: this.nameOf(name, "attempt"), Value: JSON.stringify(attempt) });
  }

  /**
   * Marks a credential as being retired. The mark concerns this secret only, and no later secret of
   * the same name.
   */
  async mark({ name, specification }: StoredCredential, since: Date): Promise<void> {
    const Value = JSON.stringify({
      since: since.toISOString(),
      secretArn: specification?.secretArn,
    });
    await this.put({ Name: this.nameOf(name, "retirement"), Value });
  }

  /** Removes the mark. It is not an error if there is none. */
  unmark(name: string): Promise<void> {
    return this.delete(name, "retirement");
  }

  /** Deletes all notes about a credential. */
  async forget(name: string): Promise<void> {
    for (const kind of ["attempt", "retirement", "status"] as const) await this.delete(name, kind);
  }

  private async delete(name: string, kind: ParameterKind): Promise<void> {
    const Name = this.nameOf(name, kind);
    const command = new DeleteParameterCommand({ Name });
    try {
      await awsCall(`DeleteParameter of ${Name}`, this.client.send(command));
    } catch (error) {
      if (!(error instanceof AwsCallError) || error.code !== "ParameterNotFound") throw error;
    }
  }

  private async put(input: Pick<PutParameterCommandInput, "Name" | "Value" | "Tier">) {
    const command = new PutParameterCommand({ ...input, Type: "String", Overwrite: true });
    await awsCall(`PutParameter of ${input.Name}`, this.client.send(command));
  }

  private nameOf(credential: string, kind: ParameterKind): string {
    return parameterNameOf(`${this.prefix}${credential}`, kind);
  }

  /** @param values values of parameters by their names */
  private stored(name: string, values: ReadonlyMap<string, string>): StoredCredential {
    const contentOf = (kind: ParameterKind) => values.get(this.nameOf(name, kind));
    const [text, mark] = [contentOf("specification"), contentOf("retirement")];
    const status = readStatus(contentOf("status"));
    const attempt = readAttempt(contentOf("attempt"));
    const parameter = this.nameOf(name, "specification");
    if (text === undefined) return { name, retiring: false, status, attempt };
    try {
      const specification = readSpecification(text, parameter);
      const { secretArn } = specification;
      if (credentialOf(this.configuration, secretArn) !== name) {
        throw new Error(
          `the parameter ${parameter} is for another secret, ${secretArn}: apply the org's stack`,
        );
      }
      const retiring = isMarked(mark, secretArn);
      return { name, specification, retiring, status, attempt };
    } catch (error) {
      return { name, retiring: false, status, attempt, problem: (error as Error).message };
    }
  }
}
