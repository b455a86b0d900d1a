const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const putInFrontOfTerraform = require("./quick-terraform.cjs");

/** Gives the whole run one temporary folder: cdktf's Testing leaves a folder behind for every app. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), "genesys-orgs-jest-"));
  process.env.TMPDIR = folder;
  putInFrontOfTerraform(join(folder, "bin"), process.env);
};
