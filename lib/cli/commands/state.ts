import { Command } from "commander";
import type { Io } from "../terminal/io";
import { bootstrapCommand } from "./state/bootstrap";
import { digestCommand } from "./state/digest";
import { migrateCommand } from "./state/migrate";
import { recordCommand } from "./state/record";

/** `genesys-orgs state`: the commands for state homes and states. */
export const stateCommand = (io: Io): Command =>
  new Command("state")
    .summary("manage state homes and states")
    .description("Manage state homes and states")
    .addCommand(bootstrapCommand(io))
    .addCommand(recordCommand(io))
    .addCommand(migrateCommand(io))
    .addCommand(digestCommand(io));
