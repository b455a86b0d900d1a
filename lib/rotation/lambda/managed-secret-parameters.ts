import { GetParametersCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { awsCall } from "../../aws/call";
import { type ManagedSecretRecord, readManagedSecret } from "../managed-secret-record";
import type { ManagedSecret } from "../reminders";
import { parameterNameOf } from "../rotation-names";
import { type Configuration, secretNamePrefixOf } from "./configuration";
import { listParameters } from "./list-parameters";

/** The parameters of the credentials that are not OAuth clients. */
export class ManagedSecretParameters {
  private readonly prefix: string;

  constructor(
    private readonly client: SSMClient,
    configuration: Configuration,
  ) {
    this.prefix = secretNamePrefixOf(configuration);
  }

  /** Reads the records of all of them, ordered by name. */
  async all(): Promise<ManagedSecret[]> {
    const values = await listParameters(this.client, this.prefix);
    const suffix = parameterNameOf("", "managed");
    return [...values]
      .filter(([parameter]) => parameter.endsWith(suffix))
      .map(([parameter, value]): ManagedSecret => {
        const name = parameter.slice(this.prefix.length, -suffix.length);
        const remindedOn = values.get(this.nameOf(name, "reminded"));
        try {
          return { name, record: readManagedSecret(value, parameter), remindedOn };
        } catch (error) {
          return { name, problem: (error as Error).message, remindedOn };
        }
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Reads the record of one of them; undefined for the name of an OAuth client. */
  async record(name: string): Promise<ManagedSecretRecord | undefined> {
    const parameter = this.nameOf(name, "managed");
    const command = new GetParametersCommand({ Names: [parameter] });
    const { Parameters: [found] = [] } = await awsCall(
      `GetParameters of ${parameter}`,
      this.client.send(command),
    );
    return found?.Value === undefined ? undefined : readManagedSecret(found.Value, parameter);
  }

  /** Notes the day on which the owner of a credential was reminded. */
  async note(name: string, day: string): Promise<void> {
    const Name = this.nameOf(name, "reminded");
    const command = new PutParameterCommand({ Name, Value: day, Type: "String", Overwrite: true });
    await awsCall(`PutParameter of ${Name}`, this.client.send(command));
  }

  private nameOf(name: string, kind: "managed" | "reminded"): string {
    return parameterNameOf(`${this.prefix}${name}`, kind);
  }
}
