import { Command } from "commander";
import type { Io } from "../terminal/io";
import { configureBrokerCommand } from "./broker/configure";

/** `genesys-orgs broker`: the commands for the engine of brokered OAuth clients. */
export const brokerCommand = (io: Io): Command =>
  new Command("broker")
    .summary("manage Vault's secrets engine of brokered OAuth clients")
    .description("Manage Vault's secrets engine of brokered OAuth clients")
    .addCommand(configureBrokerCommand(io));
