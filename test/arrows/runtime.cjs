// What is loaded at run time, from which rooms: types do not count.
const CDKTF = "node_modules/(cdktf|cdktn|constructs|@cdktf/[^/]+)/|^genesyscloud/";
const SDK = "node_modules/@aws-sdk/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "constructs never load the AWS SDK",
      severity: "error",
      from: {
        path: "^lib/(credentials|org|policies|stack|state|rotation/constructs|vault/constructs)/|^lib/index.ts$",
      },
      to: { path: SDK, reachable: true },
    },
    {
      name: "Lambda and runtime code never load cdktf",
      severity: "error",
      from: { path: "^lib/(rotation/lambda|runtime|secret-value|genesys|http)/" },
      to: { path: CDKTF, reachable: true },
    },
    {
      name: "commands and rehearsal know only what a synthesis leaves on disk",
      severity: "error",
      from: { path: "^lib/(cli|rehearsal|terraform)/" },
      to: { path: CDKTF, reachable: true },
    },
    {
      name: "Lambda and runtime code stay nearly free of dependencies",
      severity: "error",
      from: { path: "^lib/(rotation/lambda|runtime|secret-value|genesys|http)/" },
      to: {
        path: "node_modules/",
        pathNot: "node_modules/@aws-sdk/|node_modules/@types/node/",
        reachable: true,
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|^genesyscloud/" },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
