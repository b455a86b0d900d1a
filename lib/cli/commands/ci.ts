import { Command } from "commander";
import type { Io } from "../terminal/io";
import { actionsCommand } from "./ci/actions";
import { commentCommand } from "./ci/comment";
import { githubCommand, gitlabCommand } from "./ci/pipeline";
import { targetsCommand } from "./ci/targets";

/** `genesys-orgs ci`: the commands that write a pipeline, and those that its jobs run. */
export const ciCommand = (io: Io): Command =>
  new Command("ci")
    .summary("write the pipeline of the project, for GitHub or GitLab")
    .description("Write the pipeline of the project, and help its jobs")
    .addCommand(githubCommand(io))
    .addCommand(gitlabCommand(io))
    .addCommand(targetsCommand(io))
    .addCommand(commentCommand(io))
    .addCommand(actionsCommand(io));
