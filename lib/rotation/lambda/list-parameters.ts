import { paginateGetParametersByPath, type SSMClient } from "@aws-sdk/client-ssm";
import { awsCall } from "../../aws/call";

/**
 * Reads all parameters of an org.
 * @param prefix beginning of their names; ends with a slash
 * @returns values by name
 */
export const listParameters = (client: SSMClient, prefix: string): Promise<Map<string, string>> =>
  awsCall(`GetParametersByPath of ${prefix}`, read(client, prefix.replace(/\/$/, "")));

async function read(client: SSMClient, Path: string): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  const pages = paginateGetParametersByPath({ client }, { Path, Recursive: true });
  for await (const { Parameters = [] } of pages) {
    for (const { Name = "", Value = "" } of Parameters) values.set(Name, Value);
  }
  return values;
}
