const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Gives the whole run one temporary folder: cdktf's Testing leaves a folder behind for every app. */
module.exports = () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "genesys-orgs-jest-"));
};
